"""The figures of a line of text, each with where it stands and whether it has its cell for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from plainchant.capture.amounts import amounts_in, parse_digits
from plainchant.capture.lines import TextLine

# A count or a rate, with what may follow it closely: « 3h », « 12 j », « 20 % ».
_COUNT = re.compile(r"(?<![\w.,/'’°-])-?\d{1,6}(?:[.,]\d{1,4})?(?![\d/:-]|[.,]\d)")
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(r"\s?%")
_MOST_UNIT_LETTERS = 12
_SQUARED = re.compile(r"\bm[23]\b")  # the only units that hold a figure
# What may stand before a figure in a cell of its own.
_BEFORE = re.compile(r"^[\s\W]*(?:t\.? ?v\.? ?a\.?|taux|qte|x|eur|net)?[\s\W]*(?:a|de|:)?[\s\W]*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `start:end` of a line; it stands, or its cell does, between `left` and `right` (fractions of the
    page's width).

    `sureness` (0..1): that it is an amount of money. `is_alone`: its cell has figures only, and their unit. `row` is
    the index of its line in the sheet.
    """

    value: Decimal
    start: int
    end: int
    left: float
    right: float
    sureness: float
    is_percent: bool
    is_alone: bool
    row: int

    @property
    def is_money(self) -> bool:
        """With cents or a currency."""
        return self.sureness >= 0.8


def figures_of(line: TextLine, row: int) -> tuple[Figure, ...]:
    """The figures of a line, left to right; dates, telephone numbers and codes with letters are left out."""
    return tuple(_figures(line, row))


def _figures(line: TextLine, row: int) -> Iterator[Figure]:
    if not any(map(str.isdigit, line.text)):
        return
    numbers = {(amount.start, amount.end): (amount.value, amount.sureness) for amount in amounts_in(line.text)}
    taken = [range(*span) for span in numbers]
    for hit in _COUNT.finditer(line.text):
        if not any(hit.start() in span or hit.end() - 1 in span for span in taken):
            sign = -1 if hit[0].startswith("-") else 1
            numbers[hit.span()] = sign * parse_digits(hit[0].lstrip("-")), 0.3
    for cell in line.cells():
        spans = sorted(span for span in numbers if cell[0] <= span[0] < cell[1])
        is_alone = bool(spans) and _is_numeric(line.plain, cell, spans)
        for start, end in spans:
            value, sureness = numbers[start, end]
            # With its unit, where it has its cell for itself: it is the cell that lines up.
            left, _, right, _ = line.box_of(*(cell if is_alone and len(spans) == 1 else (start, end)))
            is_percent = bool(_PERCENT.match(line.text, end))
            yield Figure(value, start, end, left, right, sureness, is_percent, is_alone, row)


def _is_numeric(text: str, cell: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    if not _BEFORE.match(text[cell[0] : spans[0][0]]):
        return False
    ends = [start for start, _ in spans[1:]] + [cell[1]]
    between = [_SQUARED.sub("m", text[end:start]) for (_, end), start in zip(spans, ends, strict=True)]
    return all(sum(map(str.isalpha, part)) <= _MOST_UNIT_LETTERS and not _DIGIT.search(part) for part in between)
