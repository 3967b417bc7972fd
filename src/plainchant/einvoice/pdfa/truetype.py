"""As much of a TrueType program as the rules on fonts need: how many glyphs, how wide, which character is which."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_MAX_TABLES = 100
_MAX_CMAPS = 20


@dataclass(slots=True)
class TrueType:
    """``cmaps``: (platform, encoding) → where it is. `cmap` reads one, of the formats 0, 4 and 6; others are empty."""

    glyphs: int = 0
    units: int = 1000
    advances: tuple[int, ...] = ()
    cmaps: dict[tuple[int, int], int] = field(default_factory=dict)
    data: bytes = b""

    def width(self, glyph: int) -> float:
        """In thousandths of the size."""
        advance = self.advances[min(glyph, len(self.advances) - 1)] if self.advances else 0
        return advance * 1000 / self.units

    def cmap(self, platform: int, encoding: int) -> dict[int, int] | None:
        """Character → glyph; None when there is no such table or it is broken."""
        at = self.cmaps.get((platform, encoding))
        try:
            return _cmap(self.data, at) if at is not None else None
        except (struct.error, IndexError):
            return None


def read(data: bytes) -> TrueType | None:
    """None when it is no TrueType program that can be read."""
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError):
        return None


def _read(data: bytes) -> TrueType | None:
    if data[:4] not in (b"\0\1\0\0", b"true", b"OTTO"):
        return None
    tables = {}
    (count,) = struct.unpack_from(">H", data, 4)
    for row in range(min(count, _MAX_TABLES)):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * row)
        tables[tag] = (offset, length)
    if not {b"maxp", b"head", b"hhea", b"hmtx"} <= tables.keys():
        return None
    font = TrueType(data=data)
    (font.glyphs,) = struct.unpack_from(">H", data, tables[b"maxp"][0] + 4)
    (font.units,) = struct.unpack_from(">H", data, tables[b"head"][0] + 18)
    if not font.units:
        return None
    (metrics,) = struct.unpack_from(">H", data, tables[b"hhea"][0] + 34)
    font.advances = struct.unpack_from(f">{2 * metrics}H", data, tables[b"hmtx"][0])[::2]
    if b"cmap" in tables:
        font.cmaps = _cmaps(data, tables[b"cmap"][0])
    return font


def _cmaps(data: bytes, start: int) -> dict[tuple[int, int], int]:
    found = {}
    (count,) = struct.unpack_from(">H", data, start + 2)
    for row in range(min(count, _MAX_CMAPS)):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * row)
        found[platform, encoding] = start + offset
    return found


def _cmap(data: bytes, at: int) -> dict[int, int]:
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 0:
        return {code: glyph for code, glyph in enumerate(data[at + 6 : at + 262]) if glyph}
    if kind == 6:
        first, count = struct.unpack_from(">HH", data, at + 6)
        return {
            first + row: glyph for row, glyph in enumerate(struct.unpack_from(f">{count}H", data, at + 10)) if glyph
        }
    return _segments(data, at) if kind == 4 else {}


def _segments(data: bytes, at: int) -> dict[int, int]:
    (twice,) = struct.unpack_from(">H", data, at + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 2 * twice)
    base = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", data, base)
    found: dict[int, int] = {}
    for row in range(count):
        for code in range(starts[row], ends[row] + 1):
            if len(found) > 70_000:
                return found
            if offsets[row]:
                (glyph,) = struct.unpack_from(">H", data, base + 2 * row + offsets[row] + 2 * (code - starts[row]))
            else:
                glyph = code
            if glyph:
                glyph = (glyph + deltas[row]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found
