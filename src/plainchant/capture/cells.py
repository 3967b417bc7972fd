"""What a cell that somebody typed says: a day, a number. Spreadsheets keep either as what it is, or as text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from plainchant.capture.amounts import parse_digits
from plainchant.capture.dates import labelled_dates_in
from plainchant.capture.lines import plain
from plainchant.capture.workbook import Cell

# Below zero as accounts print it: a minus before or behind it, or parentheses. « 1 200,- » is a whole amount.
_NUMBER = re.compile(r"(?P<minus>-|\()?\+?(?P<figures>\d[\d.,'’]*?)(?:,--?|(?P<behind>-))?(?P<closed>\))?")
# As accounts export a day: at midnight, or at the hour of the entry.
_HOUR = re.compile(r"(?: |t)\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$")
_IN_EUROS = re.compile(r" (?:\((?:en )?(?:€|eur|euros?)\)|en (?:€|euros?))$")
_MINUS = re.compile("[−–—]")  # as word processors make of a hyphen
_DECORATED = re.compile(r"[\s\u00a0\u202f]|€|EUR|euros?$", re.IGNORECASE)


def day_in(cell: Cell) -> date:
    """ValueError where it says no day, or more than one; 20260312 is one here. An hour after it is left out."""
    if cell.kind == "date":
        return date.fromisoformat(cell.value)
    text = _HOUR.sub("", plain(" ".join(cell.text.split())))
    found = [day for day in labelled_dates_in(text) if not day.is_doubtful]
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise ValueError("not a day")
    return found[0].value


def number_in(cell: Cell) -> Decimal:
    """ValueError where it says no number, or one of no invoice: too large, or of more than four decimals."""
    if cell.kind == "number":
        return Decimal(cell.value)
    found = _NUMBER.fullmatch(_MINUS.sub("-", _DECORATED.sub("", cell.text)))
    if found is None or (found["minus"] == "(") != bool(found["closed"]):
        raise ValueError("not a number")
    if found["minus"] and found["behind"]:
        raise ValueError("not a number: two signs")
    try:
        return parse_digits(found["figures"]) * (-1 if found["minus"] or found["behind"] else 1)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def same_heading(text: str) -> str:
    """A heading however it is typed: case, accents, apostrophes, a star or the currency at its end."""
    heading = plain(" ".join(text.split())).replace("’", "'").rstrip(" *:")
    return _IN_EUROS.sub("", heading)
