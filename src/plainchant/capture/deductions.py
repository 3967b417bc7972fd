"""What is taken off between the totals: discounts before the net, earlier payments and sums withheld after the gross.

What a payer withholds (précompte, retention, VAT of art. 285 bis) lessens no total of the invoice: he owes it still, to
somebody else. EN 16931 has no term for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from plainchant.capture.amounts import AmountInText, amounts_in
from plainchant.capture.labels import Match
from plainchant.capture.place import Place
from plainchant.capture.proposal import InvoiceLine
from plainchant.capture.regions import LabelledLines
from plainchant.capture.sums import Sum

Kind = Literal["discount", "prepaid", "withheld", ""]
TAKEN_OFF: dict[str, Kind] = {
    "withheld_amount": "withheld",
    "discount_amount": "discount",
    "prepaid_amount": "prepaid",
}
_TOTALS = {"tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount"}
_ZERO = Decimal(0)
_MONEY = 0.8  # from this sureness on, figures have cents or a currency
_MANY = 24  # rows of a page that are looked at


@dataclass(frozen=True, slots=True)
class Deduction:
    """One row: `amount` is what it takes off, without sign. `weight` is the label's; without a label `kind` is ""."""

    kind: Kind
    amount: Decimal
    text: str
    place: Place
    weight: float


Taken = tuple[Deduction, ...]


@dataclass(frozen=True, slots=True)
class Deductions:
    """The rows of the document, and all last amounts of its lines in reading order (for rows without a known label)."""

    rows: Taken
    ends: Taken
    across: tuple[Taken, ...]  # the amounts of each line that has three or more
    is_vat_free: bool  # then a discount lessens the gross as it does the net
    discounts: tuple[Decimal, ...]  # what may have been taken off before the net: all discounts, or one of them
    after: dict[Decimal, Taken]  # what may have been taken off after the gross

    @classmethod
    def of(cls, sheet: LabelledLines, lines: tuple[InvoiceLine, ...], *, is_vat_free: bool) -> Deductions:
        """Look for the rows of a document; a discount in one of the lines of the invoice is the line's own."""
        found = [
            row
            for row in _rows(sheet)
            if row.kind != "discount" or not any(line.place.is_level_with(row.place) for line in lines)
        ]
        unique = {(row.place, row.amount): row for row in found}
        rows = tuple(unique.values())[:_MANY]
        discounts = _by_sum(tuple(row for row in rows if row.kind == "discount"))
        after = _by_sum(tuple(row for row in rows if row.kind != "discount"))
        return cls(
            rows=rows,
            ends=tuple(_ends(sheet)),
            across=tuple(_across(sheet)),
            is_vat_free=is_vat_free,
            discounts=tuple(discounts),
            after=after if is_vat_free else {**discounts, **after},
        )

    def of_kind(self, *kinds: Kind) -> Taken:
        """The rows of some kinds, as they stand."""
        return tuple(row for row in self.rows if row.kind in kinds)

    def explaining(self, total: Decimal, payable: Decimal) -> Taken:
        """The rows that lead from a total to what is to be paid; empty when none do."""
        return self.after.get(abs(total) - abs(payable), ())

    def between(self, total: Sum, payable: Sum) -> Taken:
        """The rows between a total and what is to be paid, whatever they are called, if they explain the second.

        They stand under the first and above the second, or between the two in a row of headings.
        """
        asked = abs(total.value) - abs(payable.value)
        if asked <= 0 or total.place is None or payable.place is None or total.place.page != payable.place.page:
            return ()
        low, high = total.place.box[3], payable.place.box[1]
        inside = [row for row in self.ends if row.place.page == total.place.page and low <= _middle(row.place) <= high]
        for row in self.across:
            places = [amount.place for amount in row]
            if total.place in places and payable.place in places:
                inside = list(row[places.index(total.place) + 1 : places.index(payable.place)])
        named = {row.place: row for row in self.rows}
        taken = _by_sum(tuple(named.get(row.place, row) for row in inside)).get(asked, ())
        has_discount = self.is_vat_free and any(row.kind == "discount" for row in taken)
        return () if has_discount else taken


def _middle(place: Place) -> float:
    return (place.box[1] + place.box[3]) / 2


def _by_sum(rows: Taken) -> dict[Decimal, Taken]:
    found: dict[Decimal, Taken] = {}
    for taken in _choices(rows):
        found.setdefault(sum((row.amount for row in taken), _ZERO), taken)
    found.pop(_ZERO, None)
    return found


def _choices(rows: Taken) -> Iterator[Taken]:
    """Which rows may have been taken off together: all but those that add up others, one kind, one row, or two."""
    if not rows:
        return
    whole = _without_sums(rows)
    yield whole
    if len(rows) > 2 and rows != whole:
        yield rows
    for kind in ("withheld", "prepaid"):
        part = tuple(row for row in whole if row.kind == kind)
        if part and part != whole:
            yield part
    for row in rows:
        yield (row,)
    if len(rows) <= _MANY // 2:
        yield from itertools.combinations(rows, 2)


def _without_sums(rows: Taken) -> Taken:
    """The rows less each that adds up two or more of those above it, or of those that follow it."""
    kept: list[Deduction] = []
    for rank, row in enumerate(rows):
        above = [sum((other.amount for other in rows[first:rank]), _ZERO) for first in range(rank - 1)]
        below = [
            sum((other.amount for other in rows[rank + 1 : last]), _ZERO) for last in range(rank + 3, len(rows) + 1)
        ]
        if row.amount not in (*above, *below):
            kept.append(row)
    return tuple(kept)


def _rows(sheet: LabelledLines) -> Iterator[Deduction]:
    for index, labels in enumerate(sheet.labels):
        named = [match for match in labels if match.label.field in TAKEN_OFF]
        for match in named:
            if any(other is not match and _hides(other, match) for other in named):
                continue
            found = _beside(sheet, index, match)
            if found is None and len(labels) > 1 and not _money(sheet.lines[index].text):
                yield from _under(sheet, index, match)
            elif found is not None:
                yield _deduction(match, sheet, index, found)


def _hides(other: Match, match: Match) -> bool:
    """« à déduire : précompte » says one thing, and what it is comes last."""
    kinds = tuple(TAKEN_OFF)
    is_same = other.start < match.end and match.start < other.end
    return is_same and kinds.index(other.label.field) < kinds.index(match.label.field)


def _beside(sheet: LabelledLines, index: int, match: Match) -> AmountInText | None:
    """The amount of a row: behind a base and a rate it comes last."""
    region = sheet.right(index, match)
    found = region.amounts
    if money := [amount for amount in found if amount.sureness >= _MONEY]:
        return money[-3] if match.label.field == "discount_amount" and _are_three_sums(money[-3:]) else money[-1]
    # Whole numbers, in a column of their own.
    alone = [amount for amount in found if region.line.cell(amount.start)[0] == amount.start]
    return alone[-1] if alone and alone[-1].end == len(region.line.text) else None


def _are_three_sums(money: list[AmountInText]) -> bool:
    """Whether they are what a row of a table may have: without VAT, the VAT, and with it."""
    return len(money) == 3 and money[0].value + money[1].value == money[2].value and bool(money[1].value)


def _under(sheet: LabelledLines, index: int, match: Match) -> Iterator[Deduction]:
    """The amount under a heading, in a row of headings."""
    for region in sheet.regions(match.label.field):
        is_mine = region.match is match and region.is_below and region.nearness > 0.8
        for amount in region.amounts if is_mine else ():
            if amount.sureness >= _MONEY:
                text = region.line.text[amount.start : amount.end]
                place = region.line.place_of(amount.start, amount.end)
                yield Deduction(TAKEN_OFF[match.label.field], abs(amount.total), text, place, match.label.weight)
                return


def _money(text: str) -> list[AmountInText]:
    return [amount for amount in amounts_in(text) if amount.sureness >= _MONEY]


def _deduction(match: Match, sheet: LabelledLines, index: int, amount: AmountInText) -> Deduction:
    line = sheet.lines[index]
    place = line.place_of(amount.start, amount.end)
    kind = TAKEN_OFF[match.label.field]
    return Deduction(kind, abs(amount.total), line.text[amount.start : amount.end], place, match.label.weight)


def _ends(sheet: LabelledLines) -> Iterator[Deduction]:
    """The last amount of every line that names no total."""
    for line, labels in zip(sheet.lines, sheet.labels, strict=True):
        if any(match.label.field in _TOTALS and match.label.weight >= 0.5 for match in labels):
            continue
        if money := _money(line.text):
            last = money[-1]
            kinds = [TAKEN_OFF[match.label.field] for match in labels if match.label.field in TAKEN_OFF]
            place = line.place_of(last.start, last.end)
            yield Deduction(kinds[0] if kinds else "", abs(last.total), line.text[last.start : last.end], place, 0.0)


def _across(sheet: LabelledLines) -> Iterator[Taken]:
    for line in sheet.lines:
        money = _money(line.text)
        if len(money) >= 3:
            yield tuple(
                Deduction("", abs(a.total), line.text[a.start : a.end], line.place_of(a.start, a.end), 0.0)
                for a in money
            )
