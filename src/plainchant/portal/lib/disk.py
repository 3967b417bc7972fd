"""What must be on the disk before anybody is answered."""

from __future__ import annotations

import os
from pathlib import Path


def flush(place: Path) -> None:
    """Have the disk keep a file's bytes, or a folder's names. Raises OSError."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
