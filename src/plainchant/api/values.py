"""How numbers, days, instants and files are written on the wire.

Amounts are JSON numbers of at most six decimals and never floats; a day is `2026-11-03`, a minute `2026-11-03 10:30`,
an instant `2026-11-03T10:30:00.000+01:00`: programs parse each with a fixed pattern. What is read is more forgiving
(`leniency`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import IO, Annotated

from django.core.files.base import File
from msgspec import Meta

from plainchant.portal.lib.time import PARIS

# Ids are primary keys; the database would fail on a longer one.
Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Whole = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Minute = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$")]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$")]

_MILLIONTH = Decimal("0.000001")


def amount(value: Decimal | None) -> Decimal | None:
    """As the wire writes it: no exponent, no zeros behind, at most six decimals."""
    if value is None:
        return None
    plain = value.quantize(_MILLIONTH).normalize()
    return plain.quantize(Decimal(1)) if plain.as_tuple().exponent > 0 else plain  # type: ignore[operator]


def minute(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}"


def instant(at: datetime) -> str:
    return at.astimezone(PARIS).isoformat(timespec="milliseconds")


class Base64File:
    """A file that came in a string of the body: its bytes, decoded. ``has_trouble`` where it was no base64."""

    def __init__(self, content: IO[bytes], size: int, *, has_trouble: bool = False) -> None:
        self.content, self.size, self.has_trouble = content, size, has_trouble

    def as_file(self, name: str) -> File:
        """For operations that take an upload."""
        self.content.seek(0)
        file = File(self.content, name=name)
        file.size = self.size
        return file
