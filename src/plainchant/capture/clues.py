"""What speaks for and against a reference, a date or a SIRET that was read: numbers from 0 to 1 for `certainty`.

Nothing here looks at how the value was chosen. The page is looked at again: the label beside or above the value, other
values under such a label, the characters around it, what the other fields say.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from plainchant.capture.dates import dates_in
from plainchant.capture.lines import TextLine
from plainchant.capture.proposal import FieldReading, ReadField
from plainchant.capture.regions import LabelledLines, Region
from plainchant.einvoice.identifiers import key_agrees

Clues = dict[str, float]

CODES = ("number", "purchase_order_reference", "contract_reference", "buyer_reference")
DATES = ("issue_date", "due_date")
SELLER = "seller_siret"
WEIGHED = (*CODES, *DATES, SELLER)
_CODE = re.compile(r"\w[\w/.-]*\d[\w/.-]*")
_CUT_BEFORE = re.compile(r"[\w/.+_-]$|[/–-]\s$")
_CUT_AFTER = re.compile(r"[\w/+_-]|\s[/–-]")
_WORD_AND_NUMBER = re.compile(r"[A-Za-z]{4,}[ .:]")
_CAPITALS_AND_DIGITS = re.compile(r"[A-Z0-9/_.-]+")
_NO_DIGIT = re.compile(r"\D")
_USUAL_DELAYS = {0, 7, 8, 10, 14, 15, 20, 21, 29, 30, 31, 45, 59, 60, 61}  # days from issue to payment
_LONG_DELAY = 95


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a value stands: a line of the sheet, and where in its text."""

    line: TextLine
    start: int
    end: int


def clues(sheet: LabelledLines, reading: FieldReading, names: tuple[str, ...] = WEIGHED) -> dict[str, Clues]:
    """The clues about each field of `reading` among `names` that stands on the page."""
    found: dict[str, Clues] = {}
    for name in names:
        read = reading.fields.get(name)
        spot = _spot(sheet, read) if read is not None else None
        if read is None or spot is None:
            continue
        common = {f"was {level}": float(read.certainty == level) for level in ("certain", "doubtful")}
        common |= _around(spot)
        if name == SELLER:
            found[name] = common | _siret(reading, read)
        else:
            own = _code(reading, name, read) if name in CODES else _date(sheet, reading, read)
            found[name] = common | _labels(sheet, name, read, spot) | own
    return found


def _spot(sheet: LabelledLines, read: ReadField) -> _Spot | None:
    """The place of a value, found again in the lines; None when its text does not stand there in one piece."""
    if read.place is None or not read.text:
        return None
    left, top, _, bottom = read.place.box
    best: tuple[float, _Spot] | None = None
    for line in sheet.lines:
        if line.page != read.place.page or not line.box[1] - 0.01 <= (top + bottom) / 2 <= line.box[3] + 0.01:
            continue
        start = line.text.find(read.text)
        while start >= 0:
            end = start + len(read.text)
            off = abs(line.box_of(start, end)[0] - left)
            if best is None or off < best[0]:
                best = off, _Spot(line, start, end)
            start = line.text.find(read.text, end)
    return best[1] if best else None


def _labels(sheet: LabelledLines, name: str, read: ReadField, spot: _Spot) -> Clues:
    """How well a label of the field names the value, and how well one names another value."""
    own: tuple[float, Region] | None = None
    rival = 0.0
    others: set[str] = set()
    for region in sheet.regions(name):
        strength = region.match.label.weight * region.nearness
        if region.line is spot.line and region.start <= spot.start + 1 and spot.end <= region.end + 1:
            if own is None or strength > own[0]:
                own = strength, region
            continue
        value = next(_values(name, region), None)
        if value is not None and not _is_part(name, value, read.value):
            others.add(value)
            rival = max(rival, strength)
    strength = own[0] if own else 0.0
    return {
        "label": strength,
        "plain label": float(own is not None and own[1].match.label.weight >= 0.95),
        "no label": float(own is None),
        "value under its label": float(own is not None and own[1].is_below),
        "value beside its label": float(own is not None and not own[1].is_below and spot.start - own[1].start <= 4),
        "rival": rival,
        "rival as strong": float(rival >= 0.85 * strength and rival > 0.3),
        "stronger rival": float(rival > strength + 0.1),
        "rivals": min(len(others), 4) / 4,
    }


def _values(name: str, region: Region) -> Iterator[str]:
    """The values that a region may hold, the first one first."""
    if name in DATES:
        days = dates_in(region.line.plain[: region.end])
        yield from (day.value.isoformat() for day in days if day.start >= region.start)
    elif hit := _CODE.search(region.line.text, region.start, region.end):
        yield hit[0]


def _is_part(name: str, value: str, other: str) -> bool:
    return value == other or (name in CODES and (value in other or other in value))


def _around(spot: _Spot) -> Clues:
    line = spot.line
    before, after = line.text[: spot.start][-2:], line.text[spot.end :][:2]
    cell = line.cell(spot.start)
    return {
        "cut before": float(bool(_CUT_BEFORE.search(before))),
        "cut after": float(bool(_CUT_AFTER.match(after))),
        "words after in the cell": float(spot.end < cell[1] - 1),
        "words before in the cell": float(spot.start > cell[0]),
        "first page": float(line.page == 1),
        "height": line.box[1],
        "in the foot": float(line.box[1] > 0.85),
        "right half": float(line.box_of(spot.start, spot.end)[0] > 0.5),
    }


def _code(reading: FieldReading, name: str, read: ReadField) -> Clues:
    value = read.value
    digits = _NO_DIGIT.sub("", value)
    number = reading.fields.get("number")
    elsewhere = {other.value for field, other in reading.fields.items() if field != name and field in WEIGHED}
    return {
        "short code": float(len(value) <= 3),
        "long code": float(len(value) >= 14),
        "share of digits": len(digits) / max(len(value), 1),
        "no digit": float(not digits),
        "space inside": float(" " in value),
        "a word and a number": float(bool(_WORD_AND_NUMBER.match(value))),
        "capitals and digits": float(bool(_CAPITALS_AND_DIGITS.fullmatch(value))),
        "same as another field": float(value in elsewhere),
        "inside an identifier": float(len(digits) >= 4 and any(digits in found.value for found in reading.sirets)),
        "ends with a hyphen": float(value[-1:] in "-/."),
        "like the number": float(name != "number" and number is not None and value in number.value),
    }


def _date(sheet: LabelledLines, reading: FieldReading, read: ReadField) -> Clues:
    days = {day.value for line in sheet.lines if line.page == 1 for day in dates_in(line.plain)}
    found = {
        "dates on the page": min(len(days), 6) / 6,
        "only date": float(len(days) == 1),
        "latest": float(bool(days) and datetime.date.fromisoformat(read.value) >= max(days)),
        "earliest": float(bool(days) and datetime.date.fromisoformat(read.value) <= min(days)),
    }
    issue, due = (reading.fields.get(name) for name in DATES)
    if issue is None or due is None:
        return found | {"one date alone": 1.0}
    delay = (datetime.date.fromisoformat(due.value) - datetime.date.fromisoformat(issue.value)).days
    return found | {
        "usual delay": float(delay in _USUAL_DELAYS),
        "due before issue": float(delay < 0),
        "long delay": float(delay > _LONG_DELAY),
    }


def _siret(reading: FieldReading, read: ReadField) -> Clues:
    vat = reading.fields.get("seller_vat_number")
    buyer = reading.fields.get("buyer_siret")
    count = len({found.value for found in reading.sirets})
    return {
        "wrong key": float(not key_agrees(read.value)),
        "its VAT number": float(vat is not None and vat.value[4:] == read.value[:9]),
        "only SIRET": float(count == 1),
        "two SIRETs": float(count == 2),
        "many SIRETs": float(count > 2),
        "public number": float(read.value[0] in "12"),
        "buyer known": float(buyer is not None),
        "buyer certain": float(buyer is not None and buyer.certainty == "certain"),
    }
