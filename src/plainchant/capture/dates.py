"""Dates as people write them (12/03/26, 12.03.2026, 1er mars 2026, March 12, 2026, 2026-03-12), as datetime.date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = {
    "janv": 1, "fev": 2, "fevr": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
    "janvier": 1, "fevrier": 2, "avril": 4, "juillet": 7, "septembre": 9, "octobre": 10, "novembre": 11,
    "decembre": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
    "januar": 1, "februar": 2, "marz": 3, "juni": 6, "juli": 7, "oktober": 10, "okt": 10, "dezember": 12, "dez": 12,
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})(\s?[-/.]\s?)(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[.-]\d)")
_ISO = re.compile(r"(?<![\d-])(\d{4})([-/.])(\d{2})\2(\d{2})(?![\d-])")
_WRITTEN = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\s?(?:er|st|nd|rd|th|\.))?[\s/-]*({_NAMES})\.?,?"
    r"[\s/-]*(\d{4}|\d{2}(?=\s|$))(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<![a-z])({_NAMES})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date at `start:end` of a text."""

    value: datetime.date
    start: int
    end: int


def dates_in(plain: str) -> list[WrittenDate]:
    """Every possible date of a text in lower case without accents, left to right; 31/02 is none."""
    return sorted(_dates(plain), key=lambda date: date.start)


def _dates(plain: str) -> Iterator[WrittenDate]:
    for pattern, order in ((_NUMERIC, (4, 3, 1)), (_ISO, (1, 3, 4)), (_WRITTEN, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for hit in pattern.finditer(plain):
            year_text, month_text, day_text = (hit[group] for group in order)
            year = int(year_text) + (2000 if len(year_text) == 2 else 0)
            month = _MONTHS.get(month_text) or int(month_text)
            try:
                value = datetime.date(year, month, int(day_text))
            except ValueError:
                continue
            if 1990 <= year <= 2100:
                yield WrittenDate(value=value, start=hit.start(), end=hit.end())
