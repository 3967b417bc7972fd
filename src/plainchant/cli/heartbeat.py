"""Does a task worker still live? It sends a datagram every few seconds, as services of systemd do (sd_notify(3))."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress

from plainchant.tasks.watch import PARENT, SILENT_SECONDS

_MOST_BETWEEN_LOOKS = 1.0


class Heartbeat:
    """Listens for one process. Instants are of the monotonic clock.

    Before its first datagram a process has all the time that it takes to start.
    """

    def __init__(self, *, patience: float = SILENT_SECONDS) -> None:
        """``patience``: seconds without a datagram."""
        self._patience = patience
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind("")  # a name that the kernel chooses, and no file
        self._ear.setblocking(False)
        self.begin(at=0.0)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process is started with."""
        return {PARENT: "@" + self._ear.getsockname()[1:].decode("ascii")}

    def begin(self, *, at: float) -> None:
        """The process has been started."""
        self._is_heard()  # what the former one has sent
        self.has_been_heard = False
        self._silent = 0.0
        self._looked_at = at

    def finds_it_hung(self, *, at: float) -> bool:
        """Whether it has been heard once and then not for ``patience`` seconds.

        To be asked often, and never waits. Only the time that is spent looking counts: after a pause of the whole
        machine the process gets its time.
        """
        self._silent += min(at - self._looked_at, _MOST_BETWEEN_LOOKS)
        self._looked_at = at
        if self._is_heard():
            self.has_been_heard, self._silent = True, 0.0
        return self.has_been_heard and self._silent > self._patience

    def hang_up(self) -> None:
        """Listen no more."""
        self._ear.close()

    def _is_heard(self) -> bool:
        heard = False
        with suppress(BlockingIOError):
            while self._ear.recv(100):
                heard = True
        return heard
