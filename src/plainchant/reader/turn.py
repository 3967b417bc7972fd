"""One at a time on this machine: character recognition takes up to half a gigabyte, and a core for seconds."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

# The lock is on a file that every process of this installation can open, whatever may be written and wherever: its own
# code. Temporary folders are often private to a service, and `plainchant read` runs without a data folder.
_FILE = Path(__file__)
_NAP = 0.1


@contextlib.contextmanager
def turn(*, seconds: float, file: Path = _FILE) -> Iterator[int | None]:
    """Hold the lock on `file` for the block; None when others have held it for `seconds`.

    What is given is the descriptor that holds the lock. Lent to another process, it holds it for that process too:
    the kernel gives the lock back when the last of its holders has ended, however it ended.
    """
    with file.open("rb") as opened:
        naps = round(seconds / _NAP)
        is_ours = _take(opened.fileno())
        while not is_ours and naps > 0:
            time.sleep(_NAP)
            naps -= 1
            is_ours = _take(opened.fileno())
        yield opened.fileno() if is_ours else None


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A network file system may want a writer to lock: better to read without a turn than never.
        return True
    return True
