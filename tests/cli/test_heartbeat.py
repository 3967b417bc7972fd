"""A worker is hung when it has been heard before and then no more; it is started again then, and never earlier."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainchant.cli.heartbeat import Heartbeat
from plainchant.cli.supervisor import Supervisor
from plainchant.tasks.watch import PARENT
from tests.cli.test_supervisor import numbers, until


@pytest.fixture
def heartbeat() -> Iterator[Heartbeat]:
    heartbeat = Heartbeat(patience=3.0)
    yield heartbeat
    heartbeat.hang_up()


def beat(heartbeat: Heartbeat) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as caller:
        caller.sendto(b"WATCHDOG=1", "\0" + heartbeat.environment[PARENT][1:])


def test_one_that_was_heard_and_is_silent_for_too_long_is_hung(heartbeat: Heartbeat) -> None:
    heartbeat.begin(at=0)
    beat(heartbeat)
    assert [heartbeat.finds_it_hung(at=at) for at in (1, 2, 3, 4, 5)] == [False, False, False, False, True]


def test_one_that_is_heard_again_lives(heartbeat: Heartbeat) -> None:
    heartbeat.begin(at=0)
    for at in range(1, 30):
        if at % 3 == 1:
            beat(heartbeat)
        assert not heartbeat.finds_it_hung(at=at)


def test_before_it_is_heard_it_has_all_the_time_it_takes(heartbeat: Heartbeat) -> None:
    heartbeat.begin(at=0)
    assert not any(heartbeat.finds_it_hung(at=at) for at in range(1, 1000))
    beat(heartbeat)
    heartbeat.begin(at=1000)  # started again: what the former one sent counts no more
    assert not any(heartbeat.finds_it_hung(at=at) for at in range(1001, 2000))


def test_a_machine_that_was_paused_gets_its_time(heartbeat: Heartbeat) -> None:
    heartbeat.begin(at=0)
    beat(heartbeat)
    assert not heartbeat.finds_it_hung(at=1)
    assert not heartbeat.finds_it_hung(at=10_000)


def test_a_frozen_worker_is_ended_and_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SIGSTOP: nothing in it can notice."""
    place = tmp_path / "numbers"
    code = (
        "import os, threading\n"
        "from plainchant.tasks.watch import start_watching\n"
        f"print(os.getpid(), file=open({str(place)!r}, 'a'))\n"
        "start_watching(look_every=0.02)\n"
        "threading.Event().wait()"
    )
    supervisor = Supervisor(first_wait=0.001)
    heartbeat = Heartbeat(patience=1.0)
    try:
        command = [sys.executable, "-c", code]
        supervisor.add("the worker", command, probe=heartbeat, environment=heartbeat.environment)
        until(lambda: heartbeat.has_been_heard, lambda: supervisor.wait(0.05))
        os.kill(numbers(place)[0], signal.SIGSTOP)
        until(lambda: len(numbers(place)) == 2, lambda: supervisor.wait(0.05))
        until(lambda: heartbeat.has_been_heard, lambda: supervisor.wait(0.05))
    finally:
        supervisor.stop()
    assert "the worker gives no sign of life: it is ended" in capsys.readouterr().err
