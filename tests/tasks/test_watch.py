"""A process that hangs ends itself, however it hangs, and says where; one that is only busy lives."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from plainchant.tasks.watch import EXIT_CODE, Deadlines

_MINE = """
import os, threading, time
from plainchant.tasks.watch import DEADLINES, start_watching
start_watching(look_every=0.02, silent=0.5)
"""


def _ended(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _MINE + textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_task_over_its_deadline_ends_the_process_and_its_place_is_in_the_log() -> None:
    done = _ended(
        """
        def hangs_here():
            threading.Event().wait()
        with DEADLINES.within("mail.deliver, job 7", seconds=0.1):
            hangs_here()
        """
    )
    assert done.returncode == EXIT_CODE
    assert "this process hangs and is ended: mail.deliver, job 7 (" in done.stderr
    assert "in hangs_here" in done.stderr


def test_what_holds_the_interpreter_ends_the_process_too() -> None:
    """Code in C that never gives it back: no thread of Python looks any more."""
    done = _ended(
        """
        import ctypes
        def holds_it():
            ctypes.PyDLL(None).sleep(50)
        holds_it()
        """
    )
    assert done.returncode == 1
    assert "Timeout (0:00:00.500000)!" in done.stderr
    assert "in holds_it" in done.stderr


def test_a_process_that_renews_what_it_owes_lives() -> None:
    done = _ended(
        """
        for _ in range(40):
            DEADLINES.renew("the event loop", seconds=0.4, key=1)
            time.sleep(0.02)
        DEADLINES.forget(1)
        with DEADLINES.within("short", seconds=0.4):
            pass
        time.sleep(0.6)
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_only_what_has_not_ended_can_be_late(monkeypatch: pytest.MonkeyPatch) -> None:
    deadlines = Deadlines()
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    with deadlines.within("short", seconds=5), deadlines.within("long", seconds=50):
        assert deadlines.overdue(at=105.0) == []
        assert deadlines.overdue(at=106.0) == ["short (6 s)"]
    assert deadlines.overdue(at=1000.0) == []
