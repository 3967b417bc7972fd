"""How ids, instants, minutes and files are written on the wire.

An instant is `2026-11-03T10:30:00.000+01:00`, a minute `2026-11-03 10:30`: programs parse them with a fixed pattern.
What is read is more forgiving (`leniency`).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import IO, Annotated

from django.core.files.base import File
from msgspec import Meta

from plainchant.einvoice.amounts import LARGEST, MOST_DECIMALS
from plainchant.portal.lib.time import PARIS, day_in_paris

# Ids are primary keys; the database would fail on a longer one.
Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
MOST_NAMED = 1_000  # documents, or invoices, of one request that changes something: each is looked up
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$")]
Minute = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$")]


def instant(at: datetime) -> str:
    return at.astimezone(PARIS).isoformat(timespec="milliseconds")


def minute(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}"


def storable_amount(amount: Decimal | None) -> Decimal | None:
    """The nearest amount that a column can hold: what is compared with one has to be one."""
    if amount is None:
        return None
    largest = LARGEST - Decimal(1)
    return round(min(max(amount, -largest), largest), MOST_DECIMALS)


def day(at: datetime | None) -> date | None:
    return day_in_paris(at) if at else None


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
