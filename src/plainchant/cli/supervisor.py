"""Keep the processes of a portal alive: one that ends is started again, later and later each time it ends at once.

The supervisor is a process of one thread that does nothing else: what goes wrong in the portal goes wrong elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import click

SETTLED_SECONDS = 10.0  # a process that lived this long had started well: what ended it came later
MOST_EARLY_ENDS = 8
LONGEST_WAIT_SECONDS = 30.0
SECONDS_TO_STOP = 20.0  # a worker finishes the tasks it has begun
_LOOK_EVERY = 0.1
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class HangProbe(Protocol):
    """Finds out whether a process hangs. Instants are of the monotonic clock."""

    def begin(self, *, at: float) -> None:
        """The process has been started."""

    def finds_it_hung(self, *, at: float) -> bool:
        """Asked ten times a second; must not wait."""

    def hang_up(self) -> None:
        """Nobody asks any more."""


class GaveUp(Exception):
    """A process that ends as soon as it is started, again and again. ``code`` is the exit code to end with, never 0."""

    def __init__(self, name: str, code: int) -> None:
        self.code = code if 0 < code < 256 else 1
        super().__init__(f"{name} ended {MOST_EARLY_ENDS} times within {SETTLED_SECONDS:.0f} s of its start")


def end_with_parent(sent: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when the process that started it is gone, however it went."""
    _libc.prctl(_PR_SET_PDEATHSIG, sent, 0, 0, 0)


@dataclass
class _Child:
    name: str
    command: Sequence[str]
    probe: HangProbe | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    early_ends: int = 0
    start_at: float = 0.0  # when `process` is None


class Supervisor:
    """Processes that must live. Times are in seconds of the monotonic clock."""

    def __init__(self, *, settled: float = SETTLED_SECONDS, first_wait: float = 0.5) -> None:
        self._settled = settled
        self._first_wait = first_wait
        self._children: list[_Child] = []
        self.stopping = False

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT (Ctrl-C) end `run` and `wait`."""

        def stop(*_: object) -> None:
            self.stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def add(
        self,
        name: str,
        command: Sequence[str],
        *,
        probe: HangProbe | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start a process that must live; with a ``probe``, and not hang. ``environment``: in addition to ours."""
        child = _Child(name, command, probe, environment or {})
        self._children.append(child)
        self._start(child)

    def run(self) -> None:
        """Keep all of them alive until somebody says stop. Raises GaveUp."""
        while not self.stopping:
            self._look()
            time.sleep(_LOOK_EVERY)

    def wait(self, seconds: float) -> None:
        """Keep them alive for so long. Raises GaveUp."""
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            self._look()
            time.sleep(_LOOK_EVERY)

    def once(self, command: Sequence[str]) -> int:
        """The exit code of a command that is to end by itself; the others are kept alive meanwhile. Raises GaveUp.

        When somebody says stop, the command is stopped too.
        """
        process = _spawn(command)
        while not self.stopping and not _has_ended(process):
            self._look()
            time.sleep(_LOOK_EVERY / 4)
        return _end([process])[0]

    def stop(self) -> None:
        """End all of them."""
        _end([child.process for child in self._children if child.process is not None])
        for child in self._children:
            if child.probe is not None:
                child.probe.hang_up()
        self._children.clear()

    def _start(self, child: _Child) -> None:
        child.process = _spawn(child.command, child.environment)
        child.started_at = time.monotonic()
        if child.probe is not None:
            child.probe.begin(at=child.started_at)

    def _look(self) -> None:
        at = time.monotonic()
        for child in self._children:
            if child.process is None:
                if at >= child.start_at:
                    self._start(child)
            elif _has_ended(child.process):
                code = _end([child.process])[0]
                child.process = None
                if not self.stopping:
                    self._note_end(child, code, lived=at - child.started_at)
            elif child.probe is not None and child.probe.finds_it_hung(at=at):
                click.echo(f"{child.name} gives no sign of life: it is ended", err=True)
                # All of it, and without a word: what hangs does not listen. The next look starts it again.
                os.killpg(child.process.pid, signal.SIGKILL)

    def _note_end(self, child: _Child, code: int, *, lived: float) -> None:
        child.early_ends = child.early_ends + 1 if lived < self._settled else 1
        how = f"killed by {_signal_name(-code)}" if code < 0 else f"exit code {code}"
        line = f"{child.name} has ended after {lived:.0f} s ({how})"
        if child.early_ends >= MOST_EARLY_ENDS:
            click.echo(line, err=True)
            raise GaveUp(child.name, code)
        # The first time at once: whoever waits for an answer has waited for the start already.
        wait = (
            0.0 if child.early_ends == 1 else min(self._first_wait * 2 ** (child.early_ends - 2), LONGEST_WAIT_SECONDS)
        )
        child.start_at = time.monotonic() + wait
        click.echo(f"{line}: started again" + (f" in {wait:.1f} s" if wait else ""), err=True)


def _spawn(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A process in a session of its own: a Ctrl-C in the terminal is for the supervisor alone."""
    return subprocess.Popen(  # noqa: S603
        command,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended, without taking note of it: until it is waited for, no other process gets its number."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> list[int]:
    """Ask those that live to end, wait, and end what they leave behind; their exit codes."""
    for process in processes:
        if not _has_ended(process):
            process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        while not _has_ended(process) and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY / 4)
        # Itself, if it did not listen; and the processes of a server whose main process was killed.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return [process.wait() for process in processes]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
