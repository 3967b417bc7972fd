"""What an archive holds, one file at a time, bounded: never unpacked on disk, never wholly in memory."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from .xml import MEBIBYTE

MAX_FILES = 1_000
MAX_FILE_BYTES = 120 * MEBIBYTE
MAX_BYTES = 1024 * MEBIBYTE


class BadArchive(Exception):
    """The archive cannot be read, or holds more than one flow may. The message is French."""


def members(stream: BinaryIO, *, name: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file of a .tar.gz, .tgz, .tar or .zip. BadArchive on trouble, also half-way."""
    try:
        yield from _zip(stream) if name.lower().endswith(".zip") else _tar(stream)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        raise BadArchive(
            f"L’archive {name} est abîmée ou protégée : elle n’a pas pu être lue en entier. Créez-la de nouveau."
        ) from None


def is_archive(name: str) -> bool:
    return name.lower().endswith((".tar.gz", ".tgz", ".tar", ".zip"))


def _bounded(rows: Iterator[tuple[str, int, BinaryIO]]) -> Iterator[tuple[str, bytes]]:
    left = MAX_BYTES
    for number, (name, _, stream) in enumerate(rows):
        if number >= MAX_FILES:
            raise BadArchive(f"L’archive contient plus de {MAX_FILES} fichiers. Répartissez-les en plusieurs envois.")
        # The size an archive declares may lie: what counts is what comes out.
        data = stream.read(min(MAX_FILE_BYTES, left) + 1)
        if len(data) > MAX_FILE_BYTES or len(data) > left:
            raise BadArchive(f"Le fichier {name} de l’archive est trop lourd. Retirez-le, ou allégez-le.")
        left -= len(data)
        yield name, data


def _tar(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=stream, mode="r|*") as archive:

        def rows() -> Iterator[tuple[str, int, BinaryIO]]:
            for member in archive:
                if member.isfile():
                    content = archive.extractfile(member)
                    yield member.name, member.size, content or io.BytesIO()  # type: ignore[misc]

        yield from _bounded(rows())


def _zip(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(stream) as archive:

        def rows() -> Iterator[tuple[str, int, BinaryIO]]:
            for member in archive.infolist():
                if not member.is_dir():
                    with archive.open(member) as content:
                        yield member.filename, member.file_size, content  # type: ignore[misc]

        yield from _bounded(rows())
