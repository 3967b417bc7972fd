"""Dates as people write them: 12/03/26, 1er mars 2026, deux mars deux mille vingt-six, March 12, 2026, 20260312."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

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

# Days and years in words: « deux mars deux mille vingt-six ».
_UNITS = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf"
).split()
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatre-vingt": 80}
_UP_TO_99 = {name: value for value, name in enumerate(_UNITS)}
for _tens, _value in _TENS.items():
    for _rank, _unit in enumerate(["", *_UNITS[1 : 20 if _value >= 60 else 10]]):
        _joined = f"{_tens}-et-{_unit}" if _rank in (1, 11) and _value < 80 else f"{_tens}-{_unit}".rstrip("-")
        _UP_TO_99[_joined] = _value + _rank
_UP_TO_99 |= {"premier": 1, "quatre-vingts": 80}
_WORDS = "|".join(
    name.replace("-", r"[\s-]") for name in sorted(_UP_TO_99, key=lambda name: (-name.count("-"), -len(name)))
)
_IN_WORDS = re.compile(
    rf"(?<![a-z0-9])(?:(\d{{1,2}})(?:\s?er)?|({_WORDS}))\s({_NAMES})\s(?:(\d{{4}})(?!\d)|deux[\s-]mil(?:le)?(?:[\s-]({_WORDS}))?(?![a-z-]|[\s-](?:{_WORDS})(?![a-z])))"
)

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})(\s?[-/.]\s?)(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[.-]\d)")
_BETWEEN_WORDS = re.compile(r"[\s-]")
_ISO = re.compile(r"(?<![\d-])(\d{4})([-/.])(\d{2})\2(\d{2})(?![\d-])")
_COMPACT = re.compile(r"(?<![\w/.-])(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\w/-]|[.,]\d)")
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
    is_doubtful: bool = False  # day and month may be the other way round


def dates_in(plain: str) -> list[WrittenDate]:
    """Every possible date of a text in lower case without accents, left to right; 31/02 is none."""
    return sorted(_dates(plain), key=lambda date: date.start)


def labelled_dates_in(plain: str, *, is_english: bool = False) -> list[WrittenDate]:
    """The same where a label says that a date follows: also 20260312, and the American order, which is only a question.

    On an English page 03/04/2026 may be either; 03/25/2026 can be one thing only.
    """
    found = [replace(date, is_doubtful=is_english and _may_be_american(plain, date)) for date in dates_in(plain)]
    taken = {date.start for date in found}
    for hit in _COMPACT.finditer(plain):
        found += _date(hit, hit[1], hit[2], hit[3])
    for hit in _NUMERIC.finditer(plain):
        if hit.start() not in taken:
            found += [replace(date, is_doubtful=True) for date in _date(hit, hit[4], hit[1], hit[3])]
    return sorted(found, key=lambda date: date.start)


def _may_be_american(plain: str, date: WrittenDate) -> bool:
    is_numeric = _NUMERIC.match(plain, date.start) is not None
    return is_numeric and date.value.day <= 12 and date.value.day != date.value.month


def _date(hit: re.Match[str], year_text: str, month_text: str, day_text: str) -> list[WrittenDate]:
    """The date of a hit; none for what is no day of the calendar, or too far away."""
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    month = _MONTHS.get(month_text) or int(month_text)
    try:
        value = datetime.date(year, month, int(day_text))
    except ValueError:
        return []
    return [WrittenDate(value=value, start=hit.start(), end=hit.end())] if 1990 <= year <= 2100 else []


def _dates(plain: str) -> Iterator[WrittenDate]:
    for pattern, order in ((_NUMERIC, (4, 3, 1)), (_ISO, (1, 3, 4)), (_WRITTEN, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for hit in pattern.finditer(plain):
            yield from _date(hit, *(hit[group] for group in order))
    for hit in _IN_WORDS.finditer(plain):
        if hit[1] and hit[4]:
            continue  # 12 mars 2026, found above
        day = hit[1] or str(_UP_TO_99[_hyphened(hit[2])])
        year = hit[4] or str(2000 + (_UP_TO_99[_hyphened(hit[5])] if hit[5] else 0))
        yield from _date(hit, year, hit[3], day)


def _hyphened(words: str) -> str:
    return "-".join(_BETWEEN_WORDS.split(words))
