"""Read documents back."""

from __future__ import annotations

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
