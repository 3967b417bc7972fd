"""Several files chosen together, or a folder: put into one archive on disk, so that they are one flow."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import File


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: ``size`` in bytes."""

    name: str
    file: File
    size: int


@contextmanager
def packed(*, pieces: Sequence[Piece]) -> Iterator[File]:
    """A .tar of them, copied piece by piece to a scratch file; the same files give the same bytes, in any order."""
    with tempfile.TemporaryFile() as scratch:
        with tarfile.open(fileobj=scratch, mode="w") as archive:
            for piece in sorted(pieces, key=lambda piece: piece.name):
                member = tarfile.TarInfo(piece.name.replace("\\", "/").lstrip("/")[:200] or "sans-nom")
                member.size = piece.size
                piece.file.seek(0)
                archive.addfile(member, piece.file)
        scratch.seek(0)
        yield File(scratch, name="dossier.tar")
