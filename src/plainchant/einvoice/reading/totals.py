"""The totals of the invoice: labels propose amounts, and arithmetic (net + VAT = gross) decides between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.einvoice.reading.amounts import amounts_in, canonical
from plainchant.einvoice.reading.labels import SUFFIXES, VAT_FREE, pattern
from plainchant.einvoice.reading.place import Place
from plainchant.einvoice.reading.proposal import Certainty, ReadField, VatLine
from plainchant.einvoice.reading.regions import Region, Sheet
from plainchant.einvoice.reading.vat import breakdown

_KEPT = 10
_ZERO = Decimal(0)
_CENT = Decimal("0.01")
# Rates in force in France (CGI art. 278 to 298 septies; 8.5, 1.75 and 1.05 overseas).
_RATES = tuple(Decimal(rate) for rate in ("20", "10", "8.5", "5.5", "2.1", "1.75", "1.05", "0"))


@dataclass(frozen=True, slots=True)
class Sum:
    """A candidate amount; `place` is None when it was added up from several."""

    value: Decimal
    text: str
    place: Place | None
    score: float


@dataclass(frozen=True, slots=True)
class _Choice:
    net: Sum | None
    tax: Sum | None
    gross: Sum | None
    agrees: bool  # net + VAT = gross
    score: float
    is_sure: bool = False  # and nothing else on the page does so as well


def totals(sheet: Sheet) -> tuple[dict[str, ReadField], tuple[VatLine, ...]]:
    """The four totals (BT-109, BT-110, BT-112, BT-115), those that were found or follow from the others, and the VAT
    rate by rate (BG-23).
    """
    mention = _vat_free_mention(sheet)
    nets = _candidates(sheet, "tax_exclusive_amount")
    taxes = _candidates(sheet, "tax_amount")
    grosses = _candidates(sheet, "tax_inclusive_amount")
    if not any(gross.score >= 0.3 for gross in grosses):
        # Small invoices print one total only, the one to pay.
        grosses += [replace(payable, score=payable.score * 0.6) for payable in _candidates(sheet, "payable_amount")]
    if any(gross.value for gross in grosses):
        nets = [net for net in nets if net.value]  # an empty column's 0,00 is no total
    taxes += _added_rates(sheet)
    if mention is not None:
        taxes.append(Sum(_ZERO, mention.text, mention.place, 0.9))
    payables = _candidates(sheet, "payable_amount")
    payable = payables[0].value if payables and payables[0].score >= 0.5 else None
    choice = _choose(nets, taxes, grosses, payable=payable, is_vat_free=mention is not None)
    fields = _fields(choice, mention)
    to_pay = _payable(payables, choice)
    if to_pay is not None:
        fields["payable_amount"] = to_pay
    net, tax = fields.get("tax_exclusive_amount"), fields.get("tax_amount")
    return fields, breakdown(sheet, net=net, tax=tax, mention=mention.place if mention else None)


def _candidates(sheet: Sheet, field: str) -> list[Sum]:
    found: list[Sum] = []
    for region in sheet.regions(field, column=True):
        amounts = [a for a in amounts_in(region.line.text[: region.end]) if a.start >= region.start]
        for rank, amount in enumerate(amounts):
            sureness = amount.sureness
            if sureness < 0.6 and region.match.label.weight < 0.6:
                continue
            score = region.match.label.weight * region.nearness * sureness
            if region.is_below:
                score *= 1.0 if "total" in region.line.plain else 0.85
            elif field == "tax_amount":
                score *= 1 - 0.1 * (len(amounts) - 1 - rank)  # "TVA 20 %  base  montant": the last one is the tax
            else:
                score *= 1 - 0.12 * rank
            score *= 0.9 + 0.1 * _depth(sheet, region)
            place = region.line.place_of(amount.start, amount.end)
            found.append(Sum(amount.value, region.line.text[amount.start : amount.end], place, score))
    found += _suffixed(sheet, field)
    return _strongest(found)


def _suffixed(sheet: Sheet, field: str) -> Iterator[Sum]:
    if field not in SUFFIXES:
        return
    suffix = pattern(r" ?" + SUFFIXES[field] + r"(?= ?(?:$|[,;.)+=(]| soit|  ))")
    for line in sheet.lines:
        for amount in amounts_in(line.text):
            if suffix.match(line.plain, amount.end):
                place = line.place_of(amount.start, amount.end)
                yield Sum(amount.value, line.text[amount.start : amount.end], place, 0.6 * amount.sureness)


def _depth(sheet: Sheet, region: Region) -> float:
    """0 at the head of the document, 1 at its foot: totals come last."""
    last = sheet.lines[-1].page
    return (region.line.page - 1 + region.line.box[1]) / last


def _strongest(found: Iterable[Sum]) -> list[Sum]:
    by_value: dict[Decimal, Sum] = {}
    for one in found:
        known = by_value.get(one.value)
        if known is None or one.score > known.score:
            by_value[one.value] = one
    return sorted(by_value.values(), key=lambda one: -one.score)[:_KEPT]


def _added_rates(sheet: Sheet) -> list[Sum]:
    """With several rates and no total of VAT printed: the sum of one amount a rate line."""
    lines: dict[tuple[int, float], Decimal] = {}
    score = 0.0
    for region in sheet.regions("tax_amount"):
        label = region.match.label
        if region.is_below or not 0.8 <= label.weight < 1.0:
            continue
        amounts = [a for a in amounts_in(region.line.text[: region.end]) if a.start >= region.start]
        if amounts:
            lines[(region.line.page, region.line.box[1])] = amounts[-1].value
            score = max(score, label.weight * amounts[-1].sureness * 0.7)
    if len(lines) < 2:
        return []
    return [Sum(sum(lines.values(), _ZERO), "", None, score)]


def _choose(
    nets: list[Sum], taxes: list[Sum], grosses: list[Sum], *, payable: Decimal | None, is_vat_free: bool
) -> _Choice:
    choices: list[_Choice] = []
    for net, tax, gross in itertools.product([*nets, None], [*taxes, None], [*grosses, None]):
        if tax is not None and tax.value and any(one and one.place == tax.place for one in (net, gross)):
            continue  # one amount on the page is not both a tax and a total
        score = sum(one.score for one in (net, tax, gross) if one is not None)
        agrees = False
        if gross is not None and payable == gross.value:
            score += 0.2
        if net is not None and tax is not None and gross is not None:
            agrees = abs(net.value + tax.value - gross.value) <= _CENT and gross.value != 0
            if agrees:
                score += 1.0 + 0.3 * _has_usual_rate(net.value, tax.value)
                if tax.value == 0 and not is_vat_free:
                    score -= 0.4
            else:
                score -= 0.5
        choices.append(_Choice(net, tax, gross, agrees, score))
    # In a table with a column for each total, every row agrees with itself: the largest is the sum of the others.
    largest = max((abs(c.gross.value) for c in choices if c.agrees and c.gross), default=_ZERO)

    def merit(choice: _Choice) -> float:
        is_largest = choice.agrees and choice.gross is not None and abs(choice.gross.value) == largest
        return choice.score + 0.35 * is_largest

    best = max(choices, key=merit)
    rivals = [c for c in choices if c.agrees and c.gross and best.gross and c.gross.value != best.gross.value]
    is_alone = all(merit(rival) < 0.75 * merit(best) for rival in rivals)
    is_confirmed = best.gross is not None and best.gross.value == payable
    return replace(best, is_sure=best.agrees and (is_alone or is_confirmed))


def _has_usual_rate(net: Decimal, tax: Decimal) -> bool:
    return any(abs(net * rate / 100 - tax) <= 2 * _CENT for rate in _RATES)


def _fields(choice: _Choice, mention: Sum | None) -> dict[str, ReadField]:
    fields: dict[str, ReadField] = {}
    net, tax, gross = choice.net, choice.tax, choice.gross
    names: tuple[tuple[str, Sum | None], ...] = (
        ("tax_exclusive_amount", net),
        ("tax_amount", tax),
        ("tax_inclusive_amount", gross),
    )
    for name, one in names:
        if one is not None:
            fields[name] = _field(one, choice)
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


def _field(one: Sum, choice: _Choice) -> ReadField:
    certainty: Certainty = "doubtful"
    if choice.is_sure and one.score >= 0.4:
        certainty = "certain"
    elif choice.agrees or one.score >= 0.5:
        certainty = "likely"
    return ReadField(canonical(one.value), one.text, one.place, certainty)


def _deduced(value: Decimal) -> ReadField:
    return ReadField(canonical(value), "", None, "doubtful")


def _payable(candidates: list[Sum], choice: _Choice) -> ReadField | None:
    gross = choice.gross
    if candidates:
        top = candidates[0]
        is_gross = gross is not None and top.value == gross.value
        certainty: Certainty = "likely" if top.score >= 0.5 else "doubtful"
        if is_gross and choice.is_sure and top.score >= 0.4:
            certainty = "certain"
        return ReadField(canonical(top.value), top.text, top.place, certainty)
    if gross is not None:
        return ReadField(canonical(gross.value), gross.text, gross.place, "likely")
    return None


def _vat_free_mention(sheet: Sheet) -> Sum | None:
    wording = pattern(VAT_FREE)
    for line in sheet.lines:
        hit = wording.search(line.plain)
        if hit:
            start, end = hit.span()
            return Sum(_ZERO, line.text[start:end], line.place_of(start, end), 0.9)
    return None
