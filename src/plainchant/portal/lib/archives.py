"""A zip made on the disk, file after file: of what is in it, no more than a piece stands in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .time import PARIS

_UNWANTED = re.compile(r"[^\w.() -]")


@dataclass(frozen=True)
class ArchivedFile:
    """``pieces`` gives its bytes when it is its turn. ``is_dense``: nothing is gained by compressing it."""

    name: str
    pieces: Callable[[], Iterable[bytes]]
    is_dense: bool = False


def text_file(name: str, text: str) -> ArchivedFile:
    return ArchivedFile(name, lambda: [text.encode()])


def write_archive(out: BinaryIO, files: Iterable[ArchivedFile], *, at: datetime) -> None:
    """Write them all into ``out``, dated ``at``. What a document's store or the reader raises ends it."""
    stamp = at.astimezone(PARIS).timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for file in files:
            info = ZipInfo(file.name, stamp)
            info.compress_type = ZIP_STORED if file.is_dense else ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as entry:
                for piece in file.pieces():
                    entry.write(piece)


def safe_name(name: str) -> str:
    """A name that somebody chose, without what would lead elsewhere."""
    return _UNWANTED.sub("-", name).strip(". ") or "document"
