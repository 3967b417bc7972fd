"""What else the page says that right totals must agree with: the lines, what is taken off, what is left to pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from plainchant.capture.amounts import amounts_in
from plainchant.capture.deductions import TAKEN_OFF, Deductions, Taken
from plainchant.capture.invoice_lines import unheaded
from plainchant.capture.labels import Match
from plainchant.capture.lines import TextLine
from plainchant.capture.proposal import InvoiceLine
from plainchant.capture.regions import LabelledLines
from plainchant.capture.sums import Sum

_ZERO = Decimal(0)
_NAMES = {*TAKEN_OFF, "tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount"}
_MONEY = 0.8  # from this sureness on, figures have cents or a currency
_NAMED = 0.4  # from this score on, a candidate stands where its label says


@dataclass(slots=True)
class Evidence:
    """`sums`: what the lines add up to, less discounts, and how telling that is.

    `named`: the candidates of net and gross. `payables`: those of what is to be paid. `largest`: the largest amount
    that is printed as money.
    """

    sums: dict[Decimal, float]
    deductions: Deductions
    named: list[Sum]
    payables: list[Sum]
    is_vat_free: bool
    largest: Decimal
    lines: tuple[InvoiceLine, ...]
    _settled: dict[Decimal, tuple[float, Taken]] = field(default_factory=dict)
    _agreements: dict[tuple[Decimal, Decimal], float] = field(default_factory=dict)

    def agreement(self, net: Decimal, gross: Decimal) -> float:
        """How well a net and a gross total are explained."""
        if (net, gross) not in self._agreements:
            self._agreements[net, gross] = self._agreement(net, gross)
        return self._agreements[net, gross]

    def _agreement(self, net: Decimal, gross: Decimal) -> float:
        score = max(0.6 * self.sums.get(net, 0.0), 0.45 * self.sums.get(gross, 0.0))
        score += self._settlement(gross)[0]
        if self.is_discounted(net):
            score += 0.7
        if self.is_left_over(gross) or self._is_before_discount(net):
            score -= 0.9
        return score

    def is_discounted(self, net: Decimal) -> bool:
        """Whether `net` is a sum of the page less its discounts."""
        return any(
            abs(before.value) - discount == abs(net) for before in self.named for discount in self.deductions.discounts
        )

    def _is_before_discount(self, net: Decimal) -> bool:
        printed = {abs(candidate.value) for candidate in (*self.named, *self.payables)}
        return any(abs(net) - discount in printed for discount in self.deductions.discounts)

    def is_left_over(self, gross: Decimal) -> bool:
        """Whether `gross` is what is left of another sum of the page: to be paid, and no total."""
        return any(
            self.taken_from(total, payable)
            for payable in self.payables
            if payable.value == gross
            for total in self.named
            if total.value != gross
        )

    def taken_from(self, total: Sum, payable: Sum) -> Taken:
        """The rows that lead from one to the other."""
        return self.deductions.explaining(total.value, payable.value) or self.deductions.between(total, payable)

    def settled_by(self, gross: Decimal) -> Taken:
        """The rows that lead from `gross` to what is to be paid; empty when none are needed, or none do."""
        return self._settlement(gross)[1]

    def is_settled(self, gross: Decimal, payable: Decimal) -> bool:
        """Whether `payable` is what is left of `gross`."""
        if gross == payable and not self._must_be_less():
            return True
        return any(
            candidate.value == payable and self.taken_from(self._sum_of(gross), candidate)
            for candidate in self.payables
        )

    def proves(self, net: Decimal, gross: Decimal) -> bool:
        """Whether something that could have failed says that `net` and `gross`, without VAT between them, are right."""
        is_settled = any(row.kind for row in self._settlement(gross)[1])  # a row without a name may be a discount
        if self.sums.get(net, 0.0) >= 1.0 or is_settled or self.is_discounted(net):
            return True
        places = {
            candidate.place
            for candidate in (*self.named, *self.payables)
            if candidate.value == gross and candidate.score >= _NAMED
        }
        return len(places) > 1 and abs(gross) >= self.largest and not self._must_be_less()

    def _must_be_less(self) -> bool:
        return any(row.amount and row.weight >= 0.6 for row in self.deductions.of_kind("prepaid", "withheld"))

    def _sum_of(self, value: Decimal) -> Sum:
        placed = (candidate for candidate in self.named if candidate.value == value)
        return next(placed, Sum(value, "", None, 0.0))

    def _settlement(self, gross: Decimal) -> tuple[float, Taken]:
        if gross not in self._settled:
            best: tuple[float, Taken] = (0.0, ())
            for payable in self.payables:
                if payable.score < 0.5:
                    continue
                taken = self.taken_from(self._sum_of(gross), payable)
                score = 0.9 * payable.score if taken else 0.0
                if payable.value == gross and not self._must_be_less():
                    score = 0.5 * payable.score
                best = max(best, (score, taken), key=lambda pair: pair[0])
            self._settled[gross] = best
        return self._settled[gross]


def evidence_of(
    sheet: LabelledLines,
    lines: tuple[InvoiceLine, ...],
    deductions: Deductions,
    *,
    named: list[Sum],
    payables: list[Sum],
    is_vat_free: bool,
) -> Evidence:
    """All that the page says besides its totals."""
    sums = sums_of_lines(sheet, lines, deductions)
    printed = [abs(amount.total) for line in sheet.lines for amount in amounts_in(line.text) if amount.sureness >= 0.85]
    return Evidence(
        sums=sums,
        deductions=deductions,
        named=named,
        payables=payables,
        is_vat_free=is_vat_free,
        largest=max(printed, default=_ZERO),
        lines=lines,
    )


def sums_of_lines(sheet: LabelledLines, lines: tuple[InvoiceLine, ...], deductions: Deductions) -> dict[Decimal, float]:
    """What the lines add up to, and that less the discounts; 1.0 where it proves a total."""
    own = _proper(sheet, lines)
    amounts = tuple(line.amount for line in own) or unheaded(sheet)
    sums: dict[Decimal, float] = {}
    if len(own) < len(lines):  # something that is called like a deduction may well be sold
        sums[sum((line.amount for line in lines), _ZERO)] = 0.5
    if not amounts:
        return sums
    total = sum(amounts, _ZERO)
    discounts = deductions.discounts
    sums[total] = 0.4 if discounts or (len(amounts) == 1 and not _is_repeated(sheet, total)) else 1.0
    # A credit note takes its discount back.
    return {**sums, **{total - discount if total > 0 else total + discount: 1.0 for discount in discounts}}


def _is_repeated(sheet: LabelledLines, value: Decimal) -> bool:
    """Whether an amount stands on two lines: of the only row that there is, and of the total."""
    return sum(any(abs(a.value) == abs(value) for a in amounts_in(line.text)) for line in sheet.lines) > 1


def _begins_a_cell(line: TextLine, match: Match) -> bool:
    """Whether a line, or what follows a code or a rank, begins with a name."""
    return any(start <= match.start <= start + 2 for start, _ in line.cells()[:2])


def _proper(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """The lines that do not begin with the name of a total or of a deduction."""
    named = [
        line.place
        for line, labels in zip(sheet.lines, sheet.labels, strict=True)
        if any(m.label.field in _NAMES and m.label.weight >= 0.5 and _begins_a_cell(line, m) for m in labels)
    ]

    return tuple(line for line in lines if not any(place.is_level_with(line.place) for place in named))
