"""Read documents back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.core.files.base import File
from django.core.files.storage import storages

from .models import StoredFile
from .storage import reached

_PIECE = 1 << 16  # bytes


def open_file(*, stored: StoredFile) -> File:
    """The bytes, open for reading; the caller closes it. Raises StoreAway, an OSError, if they cannot be had."""
    with reached():
        opened = storages["documents"].open(stored.path, "rb")
        opened.file  # noqa: B018 - S3's is fetched when it is first asked for
        return opened


def pieces_of(*, stored: StoredFile) -> Iterator[bytes]:
    """The bytes piece by piece, from a file that is open no longer than that. Raises StoreAway."""
    with open_file(stored=stored) as file, reached():
        yield from iter(lambda: file.read(_PIECE), b"")


def read_bytes(*, stored: StoredFile) -> bytes:
    """The whole document in memory: for files whose size was limited when they were stored."""
    with open_file(stored=stored) as file, reached():
        return file.read()


@contextmanager
def local_file(*, stored: StoredFile) -> Iterator[IO[bytes]]:
    """The bytes as a file of this machine, with a descriptor that the reader can be given.

    S3's is a scratch file that it has filled, which goes to the disk when its descriptor is asked for. Raises
    StoreAway if they cannot be had.
    """
    with open_file(stored=stored) as source:
        yield cast("IO[bytes]", source.file)
