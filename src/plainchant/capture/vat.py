"""The VAT of the invoice rate by rate: what is printed, kept only where rate × base and the sums agree."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from plainchant.capture.amounts import amounts_in, parse_digits
from plainchant.capture.labels import pattern
from plainchant.capture.lines import TextLine
from plainchant.capture.place import Place
from plainchant.capture.proposal import Certainty, InvoiceLine, ReadField, VatLine
from plainchant.capture.regions import LabelledLines
from plainchant.einvoice.law.vat_rates import rates as law_rates

_ZERO, _CENT, _HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)
_HIGHEST = Decimal(30)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_RATE_HEADING = r"(?:taux|{TVA}|% ?{TVA}|{TVA} ?%|rate|steuersatz|ust\.?|mwst\.?|vat)"
_BARE = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,3})?)(?![\w.,]|\s?[%/])")
_MAX_EACH = 12  # candidates of one rate
_MAX_RATES = 5


@dataclass(frozen=True, slots=True)
class _Part:
    """A base and its tax at one rate, as a line of the page has them; a base of None is not printed beside."""

    base: Decimal | None
    tax: Decimal
    place: Place


def breakdown(
    sheet: LabelledLines,
    *,
    net: ReadField | None,
    tax: ReadField | None,
    mention: Place | None,
    lines: tuple[InvoiceLine, ...] = (),
) -> tuple[VatLine, ...]:
    """The breakdown that explains the totals `net` and `tax`; empty when nothing does.

    `mention`: where the page says that no VAT is due, if it does. `lines`: those of the invoice; with the rate of each,
    they give the base of a rate that has only its tax printed.
    """
    if net is None:
        return ()
    total, total_tax = Decimal(net.value), Decimal(tax.value) if tax else _ZERO
    is_sure = net.certainty == "certain" and tax is not None and tax.certainty == "certain"
    if total_tax == 0:
        if tax is None and mention is None:
            return ()
        certainty: Certainty = "certain" if is_sure and mention is not None else "likely"
        return (VatLine(_ZERO, total, _ZERO, mention or (tax.place if tax else None), certainty),)
    rates = _rates(sheet)
    if len([rate for rate in rates if rate]) > 1:
        several, is_printed = _several(sheet, rates, total, total_tax, _bases_of_lines(lines))
        if len(several) > 1:
            certainty = "certain" if is_sure and is_printed else "likely"
            return tuple(VatLine(rate, part[0], part[1], part[2], certainty) for rate, part in several)
    for rate, place in rates.items():
        if rate and is_tax_of(total, rate, total_tax):
            others = [other for other in rates if other not in (rate, _ZERO)]
            return (VatLine(rate, total, total_tax, place, "certain" if is_sure and not others else "likely"),)
    several, is_printed = _several(sheet, rates, total, total_tax, _bases_of_lines(lines))
    if several:
        certainty = "certain" if is_sure and is_printed else "likely"
        return tuple(VatLine(rate, part[0], part[1], part[2], certainty) for rate, part in several)
    usual = [rate for rate in law_rates() if is_tax_of(total, rate, total_tax)]
    if usual:  # and not printed
        is_silent = len(usual) == 1 and not _speaks_of_rates(sheet)
        certainty = "likely" if is_silent else "doubtful"
        return (VatLine(usual[0], total, total_tax, tax.place if tax else None, certainty),)
    return ()


def is_tax_of(base: Decimal, rate: Decimal, tax: Decimal, *, slack: Decimal = 2 * _CENT) -> bool:
    """Whether `tax` is `rate` per cent of `base`, give or take what rounding line by line costs."""
    return abs(base * rate / _HUNDRED - tax) <= slack


def _rates(sheet: LabelledLines) -> dict[Decimal, Place]:
    """Every rate of the page, with the last place where it stands: the recapitulation comes after the lines."""
    found: dict[Decimal, Place] = {}
    heading = pattern(rf"(?<![a-z]){_RATE_HEADING}(?![a-z])")
    columns: list[tuple[int, float, float]] = []  # page, left and right edge of columns headed by a rate's name
    for line in sheet.lines:
        for rate, start, end in percents(line):
            found[rate] = line.place_of(start, end)
        for page, left, right in columns:
            if page != line.page:
                continue
            for hit in _BARE.finditer(line.text):
                x0, _, x1, _ = line.box_of(*hit.span(1))
                if left <= (x0 + x1) / 2 <= right:
                    rate = parse_digits(hit[1])
                    if rate < _HIGHEST:
                        found.setdefault(rate, line.place_of(*hit.span(1)))
        for start, end in line.cells():
            cell = line.plain[start:end]
            if len(cell) <= 16 and heading.search(cell):
                x0, _, x1, _ = line.box_of(start, end)
                columns.append((line.page, x0 - 0.01, x1 + 0.01))
    return found


def percents(line: TextLine) -> Iterator[tuple[Decimal, int, int]]:
    """Each rate of a line that VAT may have, and where it stands."""
    for hit in _PERCENT.finditer(line.text):
        rate = parse_digits(hit[1])
        if rate < _HIGHEST:
            yield rate, *hit.span()


def _speaks_of_rates(sheet: LabelledLines) -> bool:
    """Whether a rate of VAT is printed: beside the word, or alone in its cell."""
    named = pattern(rf"(?<![a-z]){_RATE_HEADING}(?![a-z])")
    return any(
        rate and (named.search(line.plain) or is_alone(line, start, end))
        for line in sheet.lines
        for rate, start, end in percents(line)
    )


def is_alone(line: TextLine, start: int, end: int) -> bool:
    """Whether a rate fills its cell, as it does in a column of rates."""
    return line.text[slice(*line.cell(start))].strip(" ()") == line.text[start:end].strip()


_Row = tuple[Decimal, tuple[Decimal, Decimal, Place]]


def _bases_of_lines(lines: tuple[InvoiceLine, ...]) -> dict[Decimal, Decimal]:
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.rate is None:
            return {}
        bases[line.rate] = bases.get(line.rate, _ZERO) + line.amount
    return bases


def _several(
    sheet: LabelledLines,
    rates: dict[Decimal, Place],
    net: Decimal,
    tax: Decimal,
    bases_of_lines: dict[Decimal, Decimal],
) -> tuple[list[_Row], bool]:
    """One part for each of several rates, such that the bases make `net` and the taxes `tax`; and whether each base is
    printed (or added up from lines) rather than worked out from its tax."""
    parts = {rate: _parts(sheet, rate) for rate in rates if rate}
    parts = {rate: [part for part in found if part.tax] for rate, found in parts.items()}
    parts = {rate: found for rate, found in parts.items() if found}
    zero = rates.get(_ZERO)
    ranked = sorted(parts, key=lambda rate: -len(parts[rate]))[:_MAX_RATES]
    for count in range(len(ranked), 0, -1):
        for chosen in itertools.combinations(ranked, count):
            for combination in itertools.product(*(parts[rate] for rate in chosen)):
                if abs(sum((part.tax for part in combination), _ZERO) - tax) > _CENT:
                    continue
                bases = [
                    part.base if part.base is not None else _base(part.tax, rate, bases_of_lines)
                    for rate, part in zip(chosen, combination, strict=True)
                ]
                left = net - sum(bases, _ZERO)
                unprinted = [
                    index
                    for index, (rate, part) in enumerate(zip(chosen, combination, strict=True))
                    if part.base is None and bases[index] != bases_of_lines.get(rate)
                ]
                if unprinted and abs(left) <= sum(_slack(chosen[index]) for index in unprinted):
                    bases[unprinted[0]] += left
                    left = _ZERO
                rows = [
                    (rate, (base, part.tax, part.place))
                    for rate, base, part in zip(chosen, bases, combination, strict=True)
                ]
                if abs(left) <= _CENT and (count > 1 or zero is not None):
                    return sorted(rows, key=lambda row: -row[0]), not unprinted
                if zero is not None and left > 0:
                    return [*sorted(rows, key=lambda row: -row[0]), (_ZERO, (left, _ZERO, zero))], False
    return [], False


def _base(tax: Decimal, rate: Decimal, bases_of_lines: dict[Decimal, Decimal]) -> Decimal:
    """The base of a rate: what its lines make, if that is right, else what the tax says."""
    printed = bases_of_lines.get(rate)
    if printed is not None and is_tax_of(printed, rate, tax):
        return printed
    return (tax * _HUNDRED / rate).quantize(_CENT, ROUND_HALF_UP)


def _slack(rate: Decimal) -> Decimal:
    """How far a base recomputed from a tax rounded to the cent may be off."""
    return Decimal("0.005") * _HUNDRED / rate + _CENT


def _parts(sheet: LabelledLines, rate: Decimal) -> list[_Part]:
    """What lines of the page, or lines added up, say of one rate; those with a base first, the last line first."""
    whole: list[_Part] = []
    alone: list[_Part] = []
    for line in sheet.lines:
        here = [*percents(line)]
        if not any(found == rate for found, _, _ in here) and not _has_bare(line, rate):
            continue
        amounts = [amount for amount in amounts_in(line.text) if amount.sureness >= 0.6]
        pairs = [
            (base, tax)
            for base in amounts
            for tax in amounts
            if base is not tax and tax.value and base.value != tax.value and is_tax_of(base.value, rate, tax.value)
        ]
        if pairs:
            base, tax = pairs[0]
            whole.append(_Part(base.value, tax.value, line.place_of(tax.start, tax.end)))
        elif here and amounts and len(here) == 1:
            alone.append(_Part(None, amounts[-1].value, line.place_of(amounts[-1].start, amounts[-1].end)))
    found = list(dict.fromkeys(reversed(whole)))
    if len(whole) > 1:
        bases = sum((part.base or _ZERO for part in whole), _ZERO)
        found.append(_Part(bases, sum((part.tax for part in whole), _ZERO), whole[-1].place))
    return (found + alone[::-1])[:_MAX_EACH]


def _has_bare(line: TextLine, rate: Decimal) -> bool:
    return any(parse_digits(hit[1]) == rate for hit in _BARE.finditer(line.text))
