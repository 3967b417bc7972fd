"""The totals of the invoice: labels propose amounts, and arithmetic decides between them.

Net + VAT = gross, and gross less what is taken off = to be paid. A sum plus nothing proves nothing: without VAT it is
the lines, the deductions or a second name of the same sum that must agree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.capture.amounts import amounts_in, canonical
from plainchant.capture.contradictions import is_torn_by_rate, torn_totals
from plainchant.capture.deductions import Deductions
from plainchant.capture.evidence import Evidence, evidence_of
from plainchant.capture.labels import VAT_FREE, pattern
from plainchant.capture.proposal import Certainty, InvoiceLine, ReadField, VatLine
from plainchant.capture.regions import LabelledLines
from plainchant.capture.sums import Sum, added_rates, candidates, strongest
from plainchant.capture.vat import breakdown
from plainchant.einvoice.amounts import to_cents
from plainchant.einvoice.law.vat_rates import rates

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_PLAIN = 0.6  # from this weight on, a label says what is taken off
_BASE = 0.4  # from this score on, a net is a base of a rate, or the total
_HIGHEST_SHARE = Decimal("0.3")  # of VAT in a total without it: no rate in Europe is higher


@dataclass(frozen=True, slots=True)
class _Choice:
    net: Sum | None
    tax: Sum | None
    gross: Sum | None
    agrees: bool  # net + VAT = gross
    score: float
    is_sure: bool = False  # and nothing else on the page does so as well

    @property
    def is_torn(self) -> bool:
        """Whether all three are printed and do not agree: one of them is wrong, and none says which."""
        return not self.agrees and None not in (self.net, self.tax, self.gross)


def totals(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> tuple[dict[str, ReadField], tuple[VatLine, ...]]:
    """The four totals (BT-109, BT-110, BT-112, BT-115), those that were found or follow from the others, and the VAT
    rate by rate (BG-23). `lines` are those of the invoice, as far as they could be read.
    """
    mention = _vat_free_mention(sheet)
    nets = candidates(sheet, "tax_exclusive_amount")
    taxes = candidates(sheet, "tax_amount")
    grosses = candidates(sheet, "tax_inclusive_amount")
    payables = candidates(sheet, "payable_amount")
    deductions = Deductions.of(sheet, lines, is_vat_free=mention is not None)
    payables = strongest([*payables, *_left_over([*nets, *grosses], payables, deductions)])
    evidence = evidence_of(
        sheet, lines, deductions, named=[*nets, *grosses], payables=payables, is_vat_free=mention is not None
    )
    if mention is not None:
        nets, grosses = _without_vat(sheet, nets, grosses, payables, evidence)
        taxes.append(Sum(_ZERO, mention.text, mention.place, 0.9))
    elif not any(gross.score >= 0.3 for gross in grosses):
        # Small invoices print one total only, the one to pay.
        grosses += [replace(payable, score=payable.score * 0.6) for payable in payables]
    if any(gross.value for gross in grosses):
        nets = [net for net in nets if net.value]  # an empty column's 0,00 is no total
    taxes += added_rates(sheet, [line.place for line in lines])
    grosses += _implied(sheet, nets, taxes, grosses, evidence)
    nets += _less_discounts(nets, taxes, grosses, evidence)
    nets += _added_bases(nets, taxes, grosses)
    if made := _made_by_lines(lines, payables, nets):
        nets, taxes, grosses = [*nets, made[0]], [*taxes, made[1]], strongest([*grosses, made[2]])
    choice = _choose(nets, taxes, grosses, evidence)
    fields = _fields(choice, mention)
    to_pay = _payable(payables, choice, fields, evidence)
    if to_pay is not None:
        fields["payable_amount"] = to_pay
        fields |= _taken_off(fields, evidence)
    net, tax = fields.get("tax_exclusive_amount"), fields.get("tax_amount")
    vat = breakdown(sheet, net=net, tax=tax, mention=mention.place if mention else None, lines=lines)
    for name in torn_totals(sheet, fields, evidence, vat):
        fields[name] = replace(fields[name], certainty="doubtful")
    if is_torn_by_rate(sheet, lines, vat):
        vat = tuple(replace(line, certainty="doubtful") for line in vat)
        if tax is not None and not vat:
            fields["tax_amount"] = replace(tax, certainty="doubtful")
    return fields, vat


def _without_vat(
    sheet: LabelledLines, nets: list[Sum], grosses: list[Sum], payables: list[Sum], evidence: Evidence
) -> tuple[list[Sum], list[Sum]]:
    """Without VAT the two totals are one: what is found under either name may be it, or what the lines add up to; what
    is to be paid is less where something is taken off."""
    is_less = bool(evidence.deductions.of_kind("prepaid", "withheld"))
    # One row alone proves nothing, unless what is taken off leads from it to what is to be paid.
    wanted = {
        value
        for value, weight in evidence.sums.items()
        if weight >= 1.0 or (is_less and any(row.kind for row in evidence.settled_by(value)))
    }
    if is_less:
        wanted |= _before_all_taken_off(sheet, payables, evidence.deductions)
    added = [
        Sum(amount.value, line.text[amount.start : amount.end], line.place_of(amount.start, amount.end), 0.45)
        for line in sheet.lines
        for amount in amounts_in(line.text)
        if amount.value in wanted and (amount.sureness >= 0.8 or line.cell(amount.start) == (amount.start, amount.end))
    ]
    to_pay = [replace(payable, score=payable.score * (0.3 if is_less else 0.6)) for payable in payables]
    either = strongest([*nets, *grosses, *added, *to_pay])
    printed = {candidate.value for candidate in either}
    either += [Sum(value, "", None, 0.35) for value in wanted - printed if is_less and evidence.settled_by(value)]
    lower = [replace(candidate, score=candidate.score * 0.6) for candidate in either]
    left_over = {payable.value for payable in payables} if is_less else set()
    return strongest([*nets, *lower]), strongest(
        [*(gross for gross in grosses if gross.value not in left_over), *lower]
    )


def _before_all_taken_off(sheet: LabelledLines, payables: list[Sum], deductions: Deductions) -> set[Decimal]:
    """Amounts of the page that are what is to be paid and all that was taken off, under whatever name."""
    taken = sum((row.amount for row in deductions.of_kind("prepaid", "withheld")), _ZERO)
    asked = {payable.value + taken for payable in payables if payable.score >= 0.5}
    return {amount.value for line in sheet.lines for amount in amounts_in(line.text)} & asked


def _left_over(named: list[Sum], payables: list[Sum], deductions: Deductions) -> Iterator[Sum]:
    """What is to be paid under a name that we do not know: the amount that all the rows taken off leave of a sum, where
    it stands right after them."""
    rows = deductions.of_kind("prepaid", "withheld")
    if not rows or not all(row.weight >= _PLAIN for row in rows):
        return
    known = {payable.value for payable in payables if payable.score >= 0.5}
    after = (
        end
        for end in deductions.ends
        if (end.place.page, end.place.box[1]) > (rows[-1].place.page, rows[-1].place.box[1])
    )
    following = next(after, None)
    if following is None:
        return
    for total in named[:4]:
        if total.value > 0 and following.amount not in known and deductions.explaining(total.value, following.amount):
            yield Sum(following.amount, following.text, following.place, 0.5)
            return


def _implied(
    sheet: LabelledLines, nets: list[Sum], taxes: list[Sum], grosses: list[Sum], evidence: Evidence
) -> list[Sum]:
    """Grosses without a name we know: amounts of the page that are a net and a tax together, or what such a pair makes
    where something is taken off that leads to what is to be paid."""
    named = {gross.value for gross in grosses}
    wanted = {
        net.value + tax.value
        for net in nets[:4]
        for tax in taxes[:4]
        if net.score >= 0.3 and tax.score >= 0.3 and tax.value and _has_usual_rate(net.value, tax.value)
    } - named
    if not wanted:
        return []
    printed = [
        Sum(amount.value, line.text[amount.start : amount.end], line.place_of(amount.start, amount.end), 0.4)
        for line in sheet.lines
        for amount in amounts_in(line.text)
        if amount.value in wanted and amount.sureness >= 0.8
    ]
    unprinted = wanted - {amount.value for amount in printed}
    return [*printed, *(Sum(value, "", None, 0.3) for value in unprinted if evidence.settled_by(value))]


def _less_discounts(nets: list[Sum], taxes: list[Sum], grosses: list[Sum], evidence: Evidence) -> list[Sum]:
    """Nets that are not printed: a total before discount less that discount, where it is what tax and gross ask for."""
    asked = {
        gross.value - tax.value
        for gross in grosses[:4]
        for tax in taxes[:4]
        if tax.value and _has_usual_rate(gross.value - tax.value, tax.value)
    } - {net.value for net in nets}
    discounts = evidence.deductions.discounts
    found = {
        net.value - discount if net.value > 0 else net.value + discount for net in nets[:4] for discount in discounts
    }
    return [Sum(value, "", None, 0.35) for value in found & asked]


def _added_bases(nets: list[Sum], taxes: list[Sum], grosses: list[Sum]) -> list[Sum]:
    """Nets that are not printed: the bases, rate by rate, where together they are gross less taxes."""
    asked = {gross.value - tax.value for gross in grosses[:4] for tax in taxes if tax.place is None and tax.value} - {
        net.value for net in nets
    }
    # All of them: a printed total that the bases do not make is one of the two wrong, and is asked about.
    bases = [net.value for net in nets if net.score >= _BASE]
    added = sum(bases, _ZERO)
    return [Sum(added, "", None, 0.35)] if len(bases) > 1 and added in asked else []


def _made_by_lines(lines: tuple[InvoiceLine, ...], payables: list[Sum], nets: list[Sum]) -> tuple[Sum, Sum, Sum] | None:
    """Net, tax and gross of an invoice that prints only what is to be paid, where its lines and their rates make it."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.rate is None:
            return None
        bases[line.rate] = bases.get(line.rate, _ZERO) + line.amount
    net = sum(bases.values(), _ZERO)
    tax = sum((to_cents(base * rate / 100) for rate, base in bases.items()), _ZERO)
    gross = next((payable for payable in payables if payable.value == net + tax), None)
    # A net that is printed and that the lines do not make is one of the two wrong, and is asked about.
    if gross is None or not tax or any(printed.score >= _BASE for printed in nets):
        return None
    return Sum(net, "", None, 0.35), Sum(tax, "", None, 0.35), replace(gross, score=0.6 * gross.score)


def _choose(nets: list[Sum], taxes: list[Sum], grosses: list[Sum], evidence: Evidence) -> _Choice:
    choices: list[_Choice] = []
    for net, tax, gross in itertools.product([*nets, None], [*taxes, None], [*grosses, None]):
        if tax and tax.place and tax.value and any(amount and amount.place == tax.place for amount in (net, gross)):
            continue  # one amount on the page is not both a tax and a total
        if tax is not None and net is not None and abs(tax.value) > abs(net.value) * _HIGHEST_SHARE + _CENT:
            continue
        score = sum(amount.score for amount in (net, tax, gross) if amount is not None)
        agrees = False
        if net is not None and tax is not None and gross is not None:
            agrees = abs(net.value + tax.value - gross.value) <= _CENT and gross.value != 0
            if agrees:
                score += 1.0 + 0.3 * _has_usual_rate(net.value, tax.value)
                if tax.value == 0 and not evidence.is_vat_free:
                    score -= 0.4
            else:
                score -= 0.5
        if net is not None or gross is not None:
            first, last = net or gross, gross or net
            score += evidence.agreement(first.value if first else _ZERO, last.value if last else _ZERO)
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
    if net is None or gross is None or not best.agrees:
        return best
    if not best.tax or not best.tax.value:  # a sum plus nothing is that sum: no proof
        return replace(best, is_sure=evidence.proves(net.value, gross.value))
    is_confirmed = evidence.agreement(net.value, gross.value) >= 0.4
    return replace(best, is_sure=is_alone or is_confirmed)


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
    is_one = choice.net is not None and choice.gross is not None and choice.net.value == choice.gross.value
    if choice.is_sure and (amount.score >= 0.4 or (is_one and amount.place is not None)):
        certainty = "certain"
    elif choice.agrees or (amount.score >= 0.5 and not choice.is_torn):
        certainty = "likely"
    return ReadField(canonical(amount.value), amount.text, amount.place, certainty)


def _deduced(value: Decimal) -> ReadField:
    return ReadField(canonical(value), "", None, "doubtful")


def _payable(
    candidates: list[Sum], choice: _Choice, fields: dict[str, ReadField], evidence: Evidence
) -> ReadField | None:
    gross = fields.get("tax_inclusive_amount")
    if not candidates:
        return gross and replace(gross, certainty="likely" if gross.certainty == "certain" else gross.certainty)
    top = candidates[0]
    if gross is not None and top.value == -Decimal(gross.value) > 0:
        # « Total TTC -180,00, à rembourser : 180,00 » is one sum: the words say which way it goes.
        return ReadField(gross.value, top.text, top.place, "certain" if choice.is_sure else "likely")
    certainty: Certainty = "likely" if top.score >= 0.5 else "doubtful"
    if gross is not None:
        # Of several sums under such names, the one that follows from the total is the one to pay.
        total = Decimal(gross.value)
        near = [candidate for candidate in candidates if candidate.score >= 0.75 * top.score]
        following = [candidate for candidate in near if evidence.is_settled(total, candidate.value)]
        # What is left after something was taken off is more to the point than the total again.
        following.sort(key=lambda candidate: candidate.value == total)
        is_first = bool(following) and (following[0] is top or following[0].value != total)
        top = following[0] if following else top
        has_rival = not evidence.settled_by(total) and any(
            candidate.value != top.value and candidate.score >= 0.6 * top.score for candidate in candidates
        )
        certainty = "likely" if top.score >= 0.5 else "doubtful"
        if is_first and choice.is_sure and not has_rival:
            certainty = "certain"
        elif choice.is_sure and not following:
            certainty = "doubtful"  # it does not follow from a total that is right
    return ReadField(canonical(top.value), top.text, top.place, certainty)


def _taken_off(fields: dict[str, ReadField], evidence: Evidence) -> dict[str, ReadField]:
    """What was paid before (BT-113) and what the payer withholds, where they lead from the gross to what is to pay."""
    gross, payable = fields.get("tax_inclusive_amount"), fields["payable_amount"]
    taken = evidence.settled_by(Decimal(gross.value)) if gross else ()
    if gross is None or not taken or not evidence.is_settled(Decimal(gross.value), Decimal(payable.value)):
        return {}
    found = {}
    kinds = {row.kind for row in taken} - {""}
    for name, kind in (("prepaid_amount", "prepaid"), ("withheld_amount", "withheld")):
        # A row of an unknown name among those of one kind is of that kind, most likely.
        rows = [row for row in taken if row.kind == kind or (not row.kind and kinds == {kind})]
        if kind in kinds:
            value = sum((row.amount for row in rows), _ZERO)
            text = rows[0].text if len(rows) == 1 else ""
            certainty = payable.certainty if all(row.kind for row in taken) else "doubtful"
            found[name] = ReadField(canonical(value), text, rows[0].place, certainty)
    return found


def _vat_free_mention(sheet: LabelledLines) -> Sum | None:
    wording = pattern(VAT_FREE)
    for line in sheet.lines:
        hit = wording.search(line.plain)
        if hit:
            start, end = hit.span()
            return Sum(_ZERO, line.text[start:end], line.place_of(start, end), 0.9)
    return None
