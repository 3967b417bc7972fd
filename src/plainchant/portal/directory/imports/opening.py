"""Open a directory file without trusting it: plain, gzip or zip of one file; bounded in every direction."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from plainchant.portal.lib.errors import Refused

MOST_BYTES = 2 * 1024**3  # once unpacked: the whole directory of the country takes about 60 MB
HEAD = 64 * 1024


class UnreadableFile(Refused):
    """The file as a whole cannot be read; nothing was imported."""

    code = "directory_file_unreadable"


class TooLong(io.RawIOBase):
    """A stream that stops with a sentence once more than ``most`` bytes have come out of it."""

    def __init__(self, source: IO[bytes] | gzip.GzipFile, most: int) -> None:
        self._source, self._left, self._most = source, most, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        filled = 0  # always to the brim, so that a peek sees the whole head
        while filled < len(buffer):
            try:
                chunk = self._source.read(len(buffer) - filled)
            except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
                raise UnreadableFile(
                    "Le fichier compressé est abîmé ou incomplet. Téléchargez-le de nouveau."
                ) from error
            if not chunk:
                break
            buffer[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        self._left -= filled
        if self._left < 0:
            raise UnreadableFile(
                f"Le fichier est trop grand une fois décompressé\u00a0: {self._most // 1024**3}\u00a0Go au plus. "
                "La suite n’a pas été lue."
            )
        return filled


@contextmanager
def opened(path: Path, *, most_bytes: int | None = None) -> Iterator[io.BufferedReader]:
    """The bytes of the directory, unpacked as they are read. Raises `UnreadableFile`."""
    most = MOST_BYTES if most_bytes is None else most_bytes
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"Le fichier {path} ne s’ouvre pas. Vérifiez son chemin.") from error
    with file:
        start = file.read(4)
        file.seek(0)
        if start[:2] == b"\x1f\x8b":
            with gzip.open(file) as unpacked:
                yield io.BufferedReader(TooLong(unpacked, most), HEAD)
        elif start == b"PK\x03\x04":
            with _only_member(file) as member:
                yield io.BufferedReader(TooLong(member, most), HEAD)
        else:
            yield io.BufferedReader(TooLong(file, most), HEAD)


@contextmanager
def _only_member(file: IO[bytes]) -> Iterator[IO[bytes]]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile("L’archive ZIP est abîmée. Téléchargez-la de nouveau.") from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if any(member.filename == "[Content_Types].xml" for member in members):
            raise UnreadableFile("C’est un classeur. Enregistrez la feuille au format CSV et importez ce fichier.")
        if len(members) != 1:
            raise UnreadableFile(f"L’archive contient {len(members)} fichiers. Mettez-en un seul.")
        if members[0].flag_bits & 1:
            raise UnreadableFile("L’archive est protégée par un mot de passe. Décompressez-la d’abord.")
        try:
            member = archive.open(members[0])
        except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
            raise UnreadableFile("L’archive ZIP est abîmée. Téléchargez-la de nouveau.") from error
        with member:
            yield member
