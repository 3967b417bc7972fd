"""A calendar of whole days, as RFC 5545 writes one: the little of it that a list of days needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FOLDED_AT = 75  # bytes of a line, its end not counted
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """Something on a day. ``uid`` is the same whenever the calendar is made again."""

    uid: str
    day: date
    summary: str
    url: str


def calendar(*, name: str, days: Iterable[CalendarDay], at: datetime) -> str:
    """The whole file. ``at``: when it was made, aware."""
    return "".join(f"{folded}\r\n" for line in _lines(name, days, at) for folded in _folded(line))


def _lines(name: str, days: Iterable[CalendarDay], at: datetime) -> Iterator[str]:
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plainchant//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    yield f"X-WR-CALNAME:{_text(name)}"
    for entry in days:
        yield from ("BEGIN:VEVENT", f"UID:{_text(entry.uid)}", f"DTSTAMP:{stamp}")
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_text(entry.summary)}"
        yield from (f"URL:{entry.url}", "TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _text(value: str) -> str:
    return "".join(sign for sign in value.translate(_ESCAPED) if unicodedata.category(sign) != "Cc")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes; those that go on begin with a space. No letter is cut."""
    part, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLDED_AT:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + width
    yield part
