"""One at a time on this machine: character recognition takes half a gigabyte and a core for seconds."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

# The lock is on a file that is always there and that a walled-in child, which may write nothing, can still open.
_FILE = Path(__file__)
_NAP = 0.1


@contextlib.contextmanager
def turn(*, seconds: float, file: Path = _FILE) -> Iterator[bool]:
    """Hold the lock on `file` for the block; False when others have held it for `seconds`.

    The kernel gives the lock back when its holder ends, however it ends.
    """
    with file.open("rb") as opened:
        naps = round(seconds / _NAP)
        is_ours = _take(opened.fileno())
        while not is_ours and naps > 0:
            time.sleep(_NAP)
            naps -= 1
            is_ours = _take(opened.fileno())
        yield is_ours


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A network file system may want a writer to lock: better to read without a turn than never.
        return True
    return True
