"""Where a page contradicts itself: a total that is printed in two ways, a rate that is not its tax's, lines that add up
to another sum. What was read may be right; somebody must look."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from plainchant.capture.amounts import amounts_in
from plainchant.capture.evidence import Evidence
from plainchant.capture.labels import Match
from plainchant.capture.lines import TextLine
from plainchant.capture.proposal import InvoiceLine, ReadField, VatLine
from plainchant.capture.regions import LabelledLines, Region
from plainchant.capture.torn_rows import has_torn_rate, has_torn_triple
from plainchant.capture.vat import is_alone, percents
from plainchant.einvoice.law.vat_rates import rates as law_rates

_TOTALS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount")
_SUMS = {*_TOTALS, "payable_amount", "prepaid_amount", "withheld_amount", "other"}
_PLAIN = 0.9  # from this weight on, a label leaves no doubt of what it names
_MONEY = 0.8
_USUAL_DISCOUNTS = (2, 3, 5, 10, 15, 20, 25, 30, 40, 50)  # in per cent
_ZERO, _CENT = Decimal(0), Decimal("0.01")
# What is added to the lines, between them and the totals.
_ADDED = re.compile(
    r"\b(?:port|frais|charge|livraison|emballage|transport|eco|majoration|supplement|arrondi|consigne)\b"
)
_LESS = re.compile(r"remise|rabais|ristourne|\brem\b|\brem\.|escompte accord|net ht")
# A total of something else than this invoice.
_OF_A_PART = re.compile(
    r"cumul|preceden|anterieur|report|\bpage|section|\blot\b|tranche|option|marche|devis|commande|avant|par \w+"
    r"|annuel|mois|dont"
)


def torn_totals(
    sheet: LabelledLines, fields: dict[str, ReadField], evidence: Evidence, vat: tuple[VatLine, ...]
) -> set[str]:
    """The totals that are printed otherwise elsewhere under a plain name."""
    chosen = {name: Decimal(fields[name].value) for name in _TOTALS if name in fields}
    if len(chosen) < len(_TOTALS) or not chosen["tax_amount"]:
        return set()
    known = {abs(value) for value in (*chosen.values(), *evidence.sums)}
    known |= {abs(part) for line in vat for part in (line.base, line.tax, line.base + line.tax)}
    known |= {abs(value) for value in evidence.deductions.discounts}
    known |= {
        abs(first) + abs(second)
        for first, second in itertools.combinations([*chosen.values(), *evidence.deductions.discounts], 2)
    }
    torn = {
        name for name in _TOTALS if any(_is_new(abs(value), abs(chosen[name]), known) for value in _named(sheet, name))
    }
    if has_torn_triple(sheet):
        torn.add("tax_exclusive_amount")
    if not _add_up(evidence, chosen, _charges(sheet, evidence.lines)) and (
        evidence.lines or _is_one_figure(evidence, chosen["tax_exclusive_amount"])
    ):
        torn.add("tax_exclusive_amount")
    return torn


def _is_one_figure(evidence: Evidence, net: Decimal) -> bool:
    """Whether what may be the lines adds up to the net but for one figure of one amount: no other reason makes such a
    difference."""
    return any(
        len(str(abs(abs(value) - abs(net))).replace(".", "").strip("0")) == 1 for value in evidence.sums if value
    )


def _charges(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> set[Decimal]:
    """What may have been added to the lines: nothing, one row of carriage or the like, or all of them."""
    rows = [
        abs(amounts[-1].total)
        for line in sheet.lines
        if _ADDED.search(line.plain)
        and not any(row.place.is_level_with(line.place) for row in lines)
        and (amounts := [amount for amount in amounts_in(line.text) if amount.sureness >= _MONEY])
    ]
    return {_ZERO, *rows, sum(rows, _ZERO)}


def _add_up(evidence: Evidence, chosen: dict[str, Decimal], charges: set[Decimal]) -> bool:
    """Whether the lines make the net, or the gross where they are given with VAT; give or take a rounding each."""
    slack = _CENT * len(evidence.lines)
    return any(
        abs(abs(value) + charge - abs(chosen[name])) <= slack
        for value in evidence.sums
        for charge in charges
        for name in ("tax_exclusive_amount", "tax_inclusive_amount")
    )


def _is_new(value: Decimal, chosen: Decimal, known: set[Decimal]) -> bool:
    """Whether a value under the name of a total is neither it, nor a part of it that is known."""
    return value not in known and chosen - value not in known and bool(value)


def _named(sheet: LabelledLines, name: str) -> Iterator[Decimal]:
    """What stands to the right of the plain names of a total, or under them in a row of names of totals."""
    for region in sheet.regions(name):
        if region.match.label.weight < _PLAIN or _OF_A_PART.search(region.line.plain):
            continue
        if name == "tax_exclusive_amount" and "brut" in region.line.plain:
            continue
        if region.is_below and (region.nearness <= 0.8 or not _heads_totals(sheet, region.match)):
            continue
        amounts = region.amounts
        if len(amounts) == 1 and amounts[0].sureness >= _MONEY:
            yield amounts[0].total


def _heads_totals(sheet: LabelledLines, match: Match) -> bool:
    """Whether a name stands in a line of nothing but names of totals, two at least."""
    index = next((index for index, labels in enumerate(sheet.labels) if any(found is match for found in labels)), None)
    if index is None:  # a name that is broken over two lines
        return False
    cells, labels = sheet.lines[index].cells(), sheet.labels[index]
    return len(cells) > 1 and all(
        any(start <= found.start < end and found.label.field in _SUMS for found in labels) for start, end in cells
    )


def is_torn_by_rate(sheet: LabelledLines, lines: tuple[InvoiceLine, ...], vat: tuple[VatLine, ...]) -> bool:
    """Whether a row of rate, base and tax does not come out, or a rate stands beside a tax or lines of another."""
    taxed = [part for part in vat if part.tax]
    return (
        has_torn_rate(sheet, [line.place for line in lines], taxed)
        or any(_is_other_rate(region, taxed) for region in sheet.regions("tax_amount") if not region.is_below)
        or _is_other_line_rate(lines, taxed)
        or _is_torn_by_lines(sheet, lines, vat)
    )


def _is_other_line_rate(lines: tuple[InvoiceLine, ...], taxed: list[VatLine]) -> bool:
    """Whether a line has a rate that the breakdown lacks: where another line has one of its rates, or where the only
    line has a usual one, and no discount that the figure might be."""
    known = {part.rate for part in taxed}
    rates = {line.rate for line in lines if line.rate}
    is_alone = len(lines) == 1 and lines[0].certainty == "certain" and rates <= set(law_rates())
    return bool(known) and (bool(rates & known) or is_alone) and not rates <= known


def _is_other_rate(region: Region, taxed: list[VatLine]) -> bool:
    """« TVA 10 % : 200,00 » where 200,00 is the tax of another rate."""
    rates = [rate for rate, start, _ in percents(region.line) if region.match.start <= start < region.end]
    amounts = region.amounts
    if len(rates) != 1 or len(amounts) != 1 or amounts[0].sureness < _MONEY:
        return False
    own = [part.rate for part in taxed if abs(part.tax) == abs(amounts[0].total)]
    return bool(own) and rates[0] not in own


def _is_torn_by_lines(sheet: LabelledLines, lines: tuple[InvoiceLine, ...], vat: tuple[VatLine, ...]) -> bool:
    """Whether the lines, each with one rate, make other bases than the breakdown; where they make its whole base."""
    usual = set(law_rates())
    pages: dict[int, list[TextLine]] = {}
    for text in sheet.lines:
        if "%" in text.text:
            pages.setdefault(text.page, []).append(text)
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        rates = {
            rate
            for text in pages.get(line.place.page, ())
            if line.place.is_level_with(text.place)
            for rate, start, end in percents(text)
            if is_alone(text, start, end)
        }
        if len(rates) != 1 or not rates <= usual:  # else how far the work is, or a strength
            return False
        rate = rates.pop()
        bases[rate] = bases.get(rate, _ZERO) + abs(line.amount)
    expected: dict[Decimal, Decimal] = {}
    for part in vat:
        expected[part.rate] = expected.get(part.rate, _ZERO) + abs(part.base)
    slack = _CENT * (len(lines) + 1)
    is_whole = bool(bases) and abs(sum(bases.values(), _ZERO) - sum(expected.values(), _ZERO)) <= slack
    return is_whole and any(abs(bases.get(rate, _ZERO) - base) > slack for rate, base in expected.items())


def doubted_lines(sheet: LabelledLines, lines: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """The lines, those doubted whose quantity and price do not make their amount.

    A line may be discounted, or have its price with VAT: then the price makes more than the amount, as it does on other
    lines.
    """
    has_discounts = any(_LESS.search(line.plain) for line in sheet.lines)
    is_strict = not has_discounts and (len(lines) == 1 or any(line.certainty == "certain" for line in lines))
    return tuple(replace(line, certainty="doubtful") if _is_torn_line(line, is_strict) else line for line in lines)


def _is_torn_line(line: InvoiceLine, is_strict: bool) -> bool:
    if line.quantity is None or line.price is None or not line.amount or line.certainty == "certain":
        return False
    made, amount = abs(line.quantity * line.price), abs(line.amount)
    if any(abs(made * (100 - less) / 100 - amount) <= _CENT for less in _USUAL_DISCOUNTS):
        return False  # one that is not printed
    if any(abs(amount * (100 + rate) / 100 - made) <= _CENT for rate in law_rates()):
        return False  # a price with VAT
    return abs(made - amount) > _CENT if is_strict else not amount - _CENT <= made <= 2 * amount
