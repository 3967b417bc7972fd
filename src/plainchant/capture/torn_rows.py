"""Rows of figures that must come out by themselves: rate × base = tax, and net + tax = gross."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainchant.capture.amounts import amounts_in
from plainchant.capture.figures import Figure, figures_of
from plainchant.capture.labels import pattern
from plainchant.capture.lines import TextLine
from plainchant.capture.place import Place
from plainchant.capture.proposal import VatLine
from plainchant.capture.regions import LabelledLines
from plainchant.capture.vat import is_tax_of, percents

_MONEY = 0.8
_CENT = Decimal("0.01")
_HIGHEST_SHARE = Decimal("0.3")
# What a row of the breakdown is made of: figures, signs and the names of the three.
_ROW_OF_RATE = re.compile(
    r"(?:[\d\s.,:;€%()'’+=x*/-]|\b(?:tva|t\.v\.a|taxes?|taux|base|montant|ht|h\.t|sur|de|a|au|dont|eur|euros?|code|normal"
    r"|reduit|intermediaire)\b)+"
)
_NAMED = re.compile(r"tva|t\.v\.a|montant|base|ht|h\.t|taxe")
# The headings of a recapitulation by rate.
_HEADINGS = (
    ("rate", r"^(?:taux|tx|%)(?: (?:de )?{TVA})?(?: ?%)?$|^{TVA} ?%$|^% ?{TVA}$"),
    ("base", r"^(?:montant |total )?base(?: (?:{HT}|imposable|taxable|{TVA}))?$|^(?:montant|total) {HT}$|^{HT}$"),
    ("tax", r"^(?:montant|total) (?:de )?(?:la )?{TVA}$|^{TVA}$|^montant$|^taxes?$"),
)
_MOST_ROWS = 8
_NEAR = 0.02  # of the page's width: rows of one table have their figures under each other


def has_torn_rate(sheet: LabelledLines, rows: Sequence[Place], taxed: list[VatLine]) -> bool:
    """Whether a rate, its base and its tax do not come out, in one line of text or under headings.

    `rows`: where the lines of the invoice stand, which are none of these. `taxed`: the breakdown that was chosen.
    """
    torn = (line.place for line in sheet.lines if _is_torn_row(line, taxed))
    return any(not any(row.is_level_with(place) for row in rows) for place in torn) or any(
        not is_tax_of(abs(base), rate, abs(tax)) for rate, base, tax in _under_headings(sheet)
    )


def _is_torn_row(line: TextLine, taxed: list[VatLine]) -> bool:
    rates = [rate for rate, _, _ in percents(line)]
    if len(rates) != 1 or not rates[0] or not _ROW_OF_RATE.fullmatch(line.plain):
        return False
    rate = rates[0]
    amounts = [abs(amount.total) for amount in amounts_in(line.text) if amount.sureness >= _MONEY]
    if len(amounts) == 1:
        return bool(taxed) and not any(abs(part.tax) == amounts[0] and part.rate == rate for part in taxed)
    pairs = [(base, tax) for base, tax in itertools.permutations(amounts, 2) if is_tax_of(base, rate, tax)]
    if len(amounts) == 3 and pairs and not _NAMED.search(line.plain):
        return not any(abs(base + tax - other) <= _CENT for base, tax in pairs for other in amounts)
    return len(amounts) > 1 and not pairs


@dataclass(frozen=True, slots=True)
class _Column:
    kind: str
    left: float
    right: float


def _under_headings(sheet: LabelledLines) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Rate, base and tax of the rows right under « Taux, Base HT, Montant TVA », whatever stands at their side."""
    for index, line in enumerate(sheet.lines):
        columns = _columns(line)
        if columns is None:
            continue
        for row in range(index + 1, min(index + 1 + _MOST_ROWS, len(sheet.lines))):
            below = sheet.lines[row]
            if below.page != line.page:
                break
            if not _is_over(columns, below):
                continue  # a line of what stands beside
            found = {column.kind: _figure_under(column, figures_of(below, row)) for column in columns}
            rate, base, tax = found["rate"], found["base"], found["tax"]
            if rate is None or base is None or tax is None:
                break
            if 0 < rate.value < 30 and base.is_money and tax.is_money:
                yield rate.value, base.value, tax.value


def _columns(line: TextLine) -> tuple[_Column, ...] | None:
    """The three columns where a line has exactly one heading of each, side by side; None for any other line."""
    cells = [(line.plain[start:end].strip(" :.*"), line.box_of(start, end)) for start, end in line.cells()]
    kinds = [next((kind for kind, words in _HEADINGS if pattern(words).search(text)), "") for text, _ in cells]
    for first in range(len(kinds) - 2):
        if set(kinds[first : first + 3]) == {"rate", "base", "tax"}:
            return tuple(
                _Column(kind, box[0], box[2])
                for kind, (_, box) in zip(kinds[first : first + 3], cells[first : first + 3], strict=True)
            )
    return None


def _is_over(columns: tuple[_Column, ...], line: TextLine) -> bool:
    left, right = min(column.left for column in columns), max(column.right for column in columns)
    boxes = (line.box_of(*cell) for cell in line.cells())
    return any(box[0] < right and box[2] > left for box in boxes)


def _figure_under(column: _Column, figures: Sequence[Figure]) -> Figure | None:
    """The figure that a column has most of: over it, or near its edge."""
    alone = [figure for figure in figures if figure.is_alone]
    shared = {figure: min(figure.right, column.right) - max(figure.left, column.left) for figure in alone}
    best = max(alone, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] > -_NEAR else None


def has_torn_triple(sheet: LabelledLines) -> bool:
    """Whether one of several rows that end with a net, its tax and the gross does not add up, and the others do."""
    rows = [triple for line in sheet.lines if (triple := _last_three(line)) is not None]
    for row in rows:
        if _adds_up(row):
            continue
        beside = [other for other in rows if other is not row and _are_one_table(row, other)]
        if beside and all(map(_adds_up, beside)):
            return True
    return False


_Triple = tuple[int, tuple[float, ...], tuple[Decimal, ...]]  # page, right edges, amounts


def _last_three(line: TextLine) -> _Triple | None:
    amounts = [amount for amount in amounts_in(line.text) if amount.sureness >= _MONEY][-3:]
    if len(amounts) < 3 or len({line.cell(amount.start) for amount in amounts}) < 3:
        return None
    rights = tuple(line.box_of(amount.start, amount.end)[2] for amount in amounts)
    return line.page, rights, tuple(amount.value for amount in amounts)


def _are_one_table(row: _Triple, other: _Triple) -> bool:
    return row[0] == other[0] and all(abs(a - b) < _NEAR for a, b in zip(row[1], other[1], strict=True))


def _adds_up(row: _Triple) -> bool:
    net, tax, gross = row[2]
    is_a_share = bool(tax) and abs(tax) <= abs(net) * _HIGHEST_SHARE
    return is_a_share and abs(net + tax - gross) <= _CENT
