"""Read documents back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files.base import File
from django.core.files.storage import storages

from .models import StoredFile


def open_file(*, stored: StoredFile) -> File:
    """The bytes, open for reading; the caller closes it. OSError if the store has lost them."""
    return storages["documents"].open(stored.path, "rb")


def read_bytes(*, stored: StoredFile) -> bytes:
    """The whole document in memory: for files whose size was limited when they were stored."""
    with open_file(stored=stored) as file:
        return file.read()


@contextmanager
def local_file(*, stored: StoredFile) -> Iterator[IO[bytes]]:
    """The bytes as a file of this machine, with a descriptor that the reader can be given.

    A store elsewhere (S3) is copied to a scratch file first, piece by piece. OSError if the store has lost them.
    """
    with storages["documents"].open(stored.path) as source, tempfile.TemporaryFile() as scratch:
        file = getattr(source, "file", source)
        try:
            file.fileno()
        except (AttributeError, OSError):
            shutil.copyfileobj(source, scratch, 1 << 20)
            scratch.seek(0)
            file = scratch
        yield file
