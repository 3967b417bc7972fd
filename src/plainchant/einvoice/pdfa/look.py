"""What one probe carries along: what it found, and how much it may still look at."""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf

MAX_OBJECTS = 50_000
MAX_CONTENT = 24 * 1024 * 1024  # bytes of page content, unpacked, of the whole file
MAX_OPERATORS = 2_000_000
MAX_VALUES = 1_000_000  # items of arrays and dictionaries walked over
_SHOWN = 3  # values named in a finding


class Observations:
    """``found``: for each row of the table what was seen, at most a few. ``unseen``: limits that were met."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self.unseen: set[str] = set()
        self.content = MAX_CONTENT
        self.operators = MAX_OPERATORS

    def tell(self, probe: str, value: str = "") -> None:
        values = self.found.setdefault(probe, [])
        value = value[:60]
        if value and len(values) < _SHOWN and value not in values:
            values.append(value)

    def read(self, stream: Any, limit: int) -> bytes | None:
        """The unpacked bytes of a stream, bounded also while unpacking; None when it is too big or unreadable."""
        data = unpacked(stream, limit)
        if data is None:
            self.unseen.add("flux")
        return data


def unpacked(stream: Any, limit: int) -> bytes | None:
    try:
        kind = stream.get("/Filter")
        if isinstance(kind, pikepdf.Array) and len(kind) == 1:
            kind = kind[0]
        raw = bytes(stream.read_raw_bytes())
        if kind is None or (isinstance(kind, pikepdf.Array) and len(kind) == 0):
            return raw if len(raw) <= limit else None
        if kind == "/FlateDecode":
            data = zlib.decompressobj().decompress(raw, limit + 1)
            if len(data) > limit:
                return None
            return data if stream.get("/DecodeParms") is None else bytes(stream.read_bytes())
        # Other filters: what they give is bounded by what they take.
        return bytes(stream.read_bytes()) if len(raw) <= limit // 50 else None
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, RuntimeError, OverflowError, NotImplementedError):
        return None
