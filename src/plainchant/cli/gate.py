"""A gate between the setup and the pages: the web server is loaded while the setup is at work, and waits for its end.

Both take seconds, mostly for importing; one after the other a restart took twice as long.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

_NAME = "GATE_OF_PLAINCHANT"  # in the environment of the processes that are started while it is closed


class Gate:
    """Closed until `open`, or until the process that made it is gone."""

    def __init__(self) -> None:
        self._keeper = socket.socket(socket.AF_UNIX)
        self._keeper.bind("")  # a name that the kernel chooses, and no file
        self._keeper.listen(128)
        os.environ[_NAME] = self._keeper.getsockname()[1:].decode("ascii")

    def open(self) -> None:
        os.environ.pop(_NAME, None)
        self._keeper.close()  # and with it the calls of those who wait


def pass_gate() -> None:
    """Wait until the gate that this process was started behind is open, if there is one."""
    if name := os.environ.get(_NAME):
        with socket.socket(socket.AF_UNIX) as caller, suppress(OSError):
            caller.connect(b"\0" + name.encode("ascii"))
            caller.recv(1)
