"""The totals of the invoice: labels propose amounts, and arithmetic (net + VAT = gross) decides between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.capture.amounts import amounts_in, canonical
from plainchant.capture.invoice_lines import unheaded
from plainchant.capture.labels import VAT_FREE, pattern
from plainchant.capture.proposal import Certainty, InvoiceLine, ReadField, VatLine
from plainchant.capture.regions import LabelledLines
from plainchant.capture.sums import Sum, added_rates, candidates, strongest
from plainchant.capture.vat import breakdown
from plainchant.einvoice.law.vat_rates import rates

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_HIGHEST_SHARE = Decimal("0.3")  # of VAT in a total without it: no rate in Europe is higher


@dataclass(frozen=True, slots=True)
class _Choice:
    net: Sum | None
    tax: Sum | None
    gross: Sum | None
    agrees: bool  # net + VAT = gross
    score: float
    is_sure: bool = False  # and nothing else on the page does so as well


@dataclass(frozen=True, slots=True)
class Explained:
    """What else the page says that a right total must agree with."""

    sums: dict[Decimal, float]  # what the lines of the table add up to, less what was taken off, and how telling it is
    prepaid: tuple[Decimal, ...]
    payables: dict[Decimal, float]  # value → score
    is_vat_free: bool

    def agreement(self, net: Decimal, gross: Decimal) -> float:
        """How well a net and a gross total are explained by the lines and by what is left to pay."""
        score = max(0.6 * self.sums.get(net, 0.0), 0.45 * self.sums.get(gross, 0.0))
        settled = max((s for value, s in self.payables.items() if self.is_settled(gross, value)), default=0.0)
        return score + 0.5 * settled

    def is_settled(self, gross: Decimal, payable: Decimal) -> bool:
        """Whether `payable` is what is left of `gross` after what was paid before (two of these sums at most)."""
        if gross == payable and not any(self.prepaid):
            return True
        left = abs(gross) - abs(payable)
        pairs = (*((payment, _ZERO) for payment in self.prepaid), *itertools.combinations(self.prepaid, 2))
        return any(left == abs(payment) + abs(other) for payment, other in pairs if payment)


def totals(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> tuple[dict[str, ReadField], tuple[VatLine, ...]]:
    """The four totals (BT-109, BT-110, BT-112, BT-115), those that were found or follow from the others, and the VAT
    rate by rate (BG-23). `lines` are those of the invoice, as far as they could be read.
    """
    mention = _vat_free_mention(sheet)
    nets = candidates(sheet, "tax_exclusive_amount")
    taxes = candidates(sheet, "tax_amount")
    grosses = candidates(sheet, "tax_inclusive_amount")
    payables = candidates(sheet, "payable_amount")
    explained = Explained(
        sums=_sums_of_lines(sheet, lines),
        prepaid=tuple(candidate.value for candidate in candidates(sheet, "prepaid_amount") if candidate.score >= 0.4),
        payables={candidate.value: candidate.score for candidate in payables if candidate.score >= 0.5},
        is_vat_free=mention is not None,
    )
    if mention is not None:
        # Without VAT the two totals are one: what is found under either name, or under « à payer », may be it.
        everything = strongest(
            [*nets, *grosses, *(replace(candidate, score=candidate.score * 0.6) for candidate in payables)]
        )
        nets = strongest([*nets, *(replace(candidate, score=candidate.score * 0.6) for candidate in everything)])
        grosses = strongest([*grosses, *(replace(candidate, score=candidate.score * 0.6) for candidate in everything)])
        taxes.append(Sum(_ZERO, mention.text, mention.place, 0.9))
    elif not any(gross.score >= 0.3 for gross in grosses):
        # Small invoices print one total only, the one to pay.
        grosses += [replace(payable, score=payable.score * 0.6) for payable in payables]
    if any(gross.value for gross in grosses):
        nets = [net for net in nets if net.value]  # an empty column's 0,00 is no total
    taxes += added_rates(sheet)
    grosses += _implied(sheet, nets, taxes, grosses)
    nets += _less_discounts(sheet, nets, taxes, grosses)
    choice = _choose(nets, taxes, grosses, explained)
    fields = _fields(choice, mention)
    to_pay = _payable(payables, choice, fields, explained)
    if to_pay is not None:
        fields["payable_amount"] = to_pay
    net, tax = fields.get("tax_exclusive_amount"), fields.get("tax_amount")
    return fields, breakdown(sheet, net=net, tax=tax, mention=mention.place if mention else None, lines=lines)


def _sums_of_lines(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> dict[Decimal, float]:
    amounts = tuple(line.amount for line in lines) or unheaded(sheet)
    if not amounts:
        return {}
    total = sum(amounts, _ZERO)
    taken_off = [
        abs(candidate.value)
        for candidate in candidates(sheet, "discount_amount")
        if candidate.value and candidate.score >= 0.4
    ]
    sums = {total: 0.4 if taken_off else 1.0}
    # A credit note takes its discount back.
    return {**sums, **{total - candidate if total > 0 else total + candidate: 1.0 for candidate in taken_off}}


def _implied(sheet: LabelledLines, nets: list[Sum], taxes: list[Sum], grosses: list[Sum]) -> list[Sum]:
    """Amounts of the page without a name we know that are a net and a tax together."""
    named = {gross.value for gross in grosses}
    wanted = {
        net.value + tax.value
        for net in nets[:4]
        for tax in taxes[:4]
        if net.score >= 0.4 and tax.score >= 0.4 and tax.value and _has_usual_rate(net.value, tax.value)
    } - named
    if not wanted:
        return []
    return [
        Sum(amount.value, line.text[amount.start : amount.end], line.place_of(amount.start, amount.end), 0.4)
        for line in sheet.lines
        for amount in amounts_in(line.text)
        if amount.value in wanted and amount.sureness >= 0.8
    ]


def _less_discounts(sheet: LabelledLines, nets: list[Sum], taxes: list[Sum], grosses: list[Sum]) -> list[Sum]:
    """Nets that are not printed: a total before discount less that discount, where it is what tax and gross ask for."""
    asked = {
        gross.value - tax.value
        for gross in grosses[:4]
        for tax in taxes[:4]
        if tax.value and _has_usual_rate(gross.value - tax.value, tax.value)
    } - {net.value for net in nets}
    discounts = [
        abs(discount.value)
        for discount in candidates(sheet, "discount_amount")
        if discount.value and discount.score >= 0.4
    ]
    found = {
        net.value - discount if net.value > 0 else net.value + discount for net in nets[:4] for discount in discounts
    }
    return [Sum(value, "", None, 0.35) for value in found & asked]


def _choose(nets: list[Sum], taxes: list[Sum], grosses: list[Sum], explained: Explained) -> _Choice:
    choices: list[_Choice] = []
    for net, tax, gross in itertools.product([*nets, None], [*taxes, None], [*grosses, None]):
        if tax is not None and tax.value and any(amount and amount.place == tax.place for amount in (net, gross)):
            continue  # one amount on the page is not both a tax and a total
        if tax is not None and net is not None and abs(tax.value) > abs(net.value) * _HIGHEST_SHARE + _CENT:
            continue
        score = sum(amount.score for amount in (net, tax, gross) if amount is not None)
        agrees = False
        if net is not None and tax is not None and gross is not None:
            agrees = abs(net.value + tax.value - gross.value) <= _CENT and gross.value != 0
            if agrees:
                score += 1.0 + 0.3 * _has_usual_rate(net.value, tax.value)
                if tax.value == 0 and not explained.is_vat_free:
                    score -= 0.4
            else:
                score -= 0.5
        if net is not None or gross is not None:
            first, last = net or gross, gross or net
            score += explained.agreement(first.value if first else _ZERO, last.value if last else _ZERO)
        choices.append(_Choice(net, tax, gross, agrees, score))
    # In a table with a column for each total, every row agrees with itself: the largest is the sum of the others.
    largest = max((abs(c.gross.value) for c in choices if c.agrees and c.gross), default=_ZERO)

    def merit(choice: _Choice) -> float:
        is_largest = choice.agrees and choice.gross is not None and abs(choice.gross.value) == largest
        return choice.score + 0.35 * is_largest

    best = max(choices, key=merit)
    if best.net is None and best.gross is None:
        return best
    rivals = [c for c in choices if c.agrees and c.gross and best.gross and c.gross.value != best.gross.value]
    is_alone = all(merit(rival) < 0.75 * merit(best) for rival in rivals)
    net, gross = (best.net or best.gross), (best.gross or best.net)
    is_confirmed = bool(net and gross and explained.agreement(net.value, gross.value) >= 0.4)
    return replace(best, is_sure=best.agrees and (is_alone or is_confirmed))


def _has_usual_rate(net: Decimal, tax: Decimal) -> bool:
    return any(abs(net * rate / 100 - tax) <= 2 * _CENT for rate in (*rates(), _ZERO))


def _fields(choice: _Choice, mention: Sum | None) -> dict[str, ReadField]:
    fields: dict[str, ReadField] = {}
    net, tax, gross = choice.net, choice.tax, choice.gross
    names: tuple[tuple[str, Sum | None], ...] = (
        ("tax_exclusive_amount", net),
        ("tax_amount", tax),
        ("tax_inclusive_amount", gross),
    )
    for name, amount in names:
        if amount is not None:
            fields[name] = _field(amount, choice)
    # The third follows from the other two; without VAT, one follows from the other.
    if mention is not None and (tax is None or tax.value == 0):
        only = gross or net
        if only is not None:
            for name in ("tax_exclusive_amount", "tax_inclusive_amount"):
                if name not in fields:
                    fields[name] = ReadField(canonical(only.value), only.text, only.place, "likely")
    elif net is not None and gross is not None and tax is None and abs(gross.value) >= abs(net.value):
        fields["tax_amount"] = _deduced(gross.value - net.value)
    elif net is not None and tax is not None and gross is None:
        fields["tax_inclusive_amount"] = _deduced(net.value + tax.value)
    elif gross is not None and tax is not None and net is None and abs(gross.value) > abs(tax.value):
        fields["tax_exclusive_amount"] = _deduced(gross.value - tax.value)
    return fields


def _field(amount: Sum, choice: _Choice) -> ReadField:
    certainty: Certainty = "doubtful"
    if choice.is_sure and amount.score >= 0.4:
        certainty = "certain"
    elif choice.agrees or amount.score >= 0.5:
        certainty = "likely"
    return ReadField(canonical(amount.value), amount.text, amount.place, certainty)


def _deduced(value: Decimal) -> ReadField:
    return ReadField(canonical(value), "", None, "doubtful")


def _payable(
    candidates: list[Sum], choice: _Choice, fields: dict[str, ReadField], explained: Explained
) -> ReadField | None:
    gross = fields.get("tax_inclusive_amount")
    if candidates:
        top = candidates[0]
        if gross is not None:
            # Of several sums under such names, the one that follows from the total is the one to pay.
            total = Decimal(gross.value)
            following = [
                candidate
                for candidate in candidates
                if candidate.score >= 0.75 * top.score and explained.is_settled(total, candidate.value)
            ]
            is_first = bool(following) and following[0] is top
            top = following[0] if following else top
            certainty: Certainty = "likely" if top.score >= 0.5 else "doubtful"
            has_rival = any(
                candidate.value != top.value and candidate.score >= 0.6 * top.score for candidate in candidates
            )
            if is_first and choice.is_sure and not has_rival:
                certainty = "certain"
            return ReadField(canonical(top.value), top.text, top.place, certainty)
        return ReadField(canonical(top.value), top.text, top.place, "likely" if top.score >= 0.5 else "doubtful")
    if gross is not None:
        return replace(gross, certainty="likely" if gross.certainty == "certain" else gross.certainty)
    return None


def _vat_free_mention(sheet: LabelledLines) -> Sum | None:
    wording = pattern(VAT_FREE)
    for line in sheet.lines:
        hit = wording.search(line.plain)
        if hit:
            start, end = hit.span()
            return Sum(_ZERO, line.text[start:end], line.place_of(start, end), 0.9)
    return None
