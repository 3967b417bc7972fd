"""Notice that this process hangs, and end it: whoever started it starts it again, and its jobs are taken over.

A thread cannot be ended from outside, so the process is. What must make progress has a deadline: each task that runs,
and the worker's event loop. A thread looks at the deadlines; two others look whether that thread lives. faulthandler's,
which needs no interpreter, ends a process whose interpreter is held. A process that is frozen as a whole is left to
its parent, which is sent a datagram at each look, in the words of systemd's sd_notify(3): that parent is `plainchant
run`, or systemd with its watchdog.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

SILENT_SECONDS = 60.0  # that long without a look, and the process is ended: longer than a busy machine keeps it waiting
LOOK_EVERY = 5.0
EXIT_CODE = 70  # EX_SOFTWARE
PARENT = "NOTIFY_SOCKET"  # in the environment of the process: where to send the datagrams, "@name" or a path


class Deadlines:
    """What must make progress in this process, until when; in seconds of the monotonic clock. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[object, tuple[str, float, float]] = {}  # by whose it is: name, begun, deadline

    @contextmanager
    def within(self, name: str, *, seconds: float) -> Iterator[None]:
        """The block ends within ``seconds``, or the process is ended."""
        key = object()
        self.renew(name, seconds=seconds, key=key)
        try:
            yield
        finally:
            self.forget(key)

    def renew(self, name: str, *, seconds: float, key: object) -> None:
        """What has the ``key`` is to renew this again within ``seconds``, or to be forgotten."""
        at = time.monotonic()
        with self._lock:
            self._all[key] = (name, at, at + seconds)

    def forget(self, key: object) -> None:
        """It has ended."""
        with self._lock:
            self._all.pop(key, None)

    def overdue(self, *, at: float) -> list[str]:
        """What is beyond its deadline, with the seconds since it began or was renewed."""
        with self._lock:
            return [f"{name} ({at - begun:.0f} s)" for name, begun, deadline in self._all.values() if at > deadline]


DEADLINES = Deadlines()


def start_watching(*, look_every: float = LOOK_EVERY, silent: float = SILENT_SECONDS) -> None:
    """Watch this process, in a thread, until it ends."""
    thread = threading.Thread(target=_look_for_ever, args=(look_every, silent), name="watch", daemon=True)
    thread.start()


def _look_for_ever(look_every: float, silent: float) -> None:
    while True:
        if late := DEADLINES.overdue(at=time.monotonic()):
            log.critical("this process hangs and is ended: %s", ", ".join(late))
            faulthandler.dump_traceback(sys.__stderr__ or 2)
            os._exit(EXIT_CODE)
        faulthandler.dump_traceback_later(silent, exit=True, file=sys.__stderr__ or 2)
        _tell_parent()
        time.sleep(look_every)


def _tell_parent() -> None:
    """Whoever listens no more will end us, or has ended."""
    if address := os.environ.get(PARENT):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as caller, suppress(OSError):
            caller.setblocking(False)
            caller.sendto(b"WATCHDOG=1", f"\0{address[1:]}" if address.startswith("@") else address)
