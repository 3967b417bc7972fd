"""Where a page contradicts itself: a total that is printed in two ways, a rate that is not its tax's, lines that add up
to another sum. What was read may be right; somebody must look."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from plainchant.capture.amounts import amounts_in
from plainchant.capture.evidence import Evidence
from plainchant.capture.labels import Match
from plainchant.capture.lines import TextLine
from plainchant.capture.place import Place
from plainchant.capture.proposal import InvoiceLine, ReadField, VatLine
from plainchant.capture.regions import LabelledLines, Region
from plainchant.capture.vat import is_alone, is_tax_of, percents
from plainchant.einvoice.law.vat_rates import rates as law_rates

_TOTALS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount")
_SUMS = {*_TOTALS, "payable_amount", "prepaid_amount", "withheld_amount", "other"}
_PLAIN = 0.9  # from this weight on, a label leaves no doubt of what it names
_MONEY = 0.8
_ZERO, _CENT = Decimal(0), Decimal("0.01")
# What a row of the breakdown is made of: figures, signs and the names of the three.
_ROW_OF_RATE = re.compile(
    r"(?:[\d\s.,:;€%()'’+=x*/-]|\b(?:tva|t\.v\.a|taux|base|montant|ht|h\.t|sur|de|a|au|dont|eur|euros?|code|normal|reduit|intermediaire)\b)+"
)
_LESS = re.compile(r"remise|rabais|ristourne|\brem\b|\brem\.|escompte accord|net ht")
_NAMED = re.compile(r"tva|t\.v\.a|montant|base|ht|h\.t")
# A total of something else than this invoice.
_OF_A_PART = re.compile(
    r"cumul|preceden|anterieur|report|\bpage|section|\blot\b|tranche|option|marche|devis|commande|brut|avant|par \w+"
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
    if not _add_up(evidence, chosen) and (evidence.lines or _is_one_figure(evidence, chosen["tax_exclusive_amount"])):
        torn.add("tax_exclusive_amount")
    return torn


def _is_one_figure(evidence: Evidence, net: Decimal) -> bool:
    """Whether what may be the lines adds up to the net but for one figure of one amount: no other reason makes such a
    difference."""
    return any(
        len(str(abs(abs(value) - abs(net))).replace(".", "").strip("0")) == 1 for value in evidence.sums if value
    )


def _add_up(evidence: Evidence, chosen: dict[str, Decimal]) -> bool:
    """Whether the lines make the net, or the gross where they are given with VAT; give or take a rounding each."""
    slack = _CENT * len(evidence.lines)
    return any(
        abs(abs(value) - abs(chosen[name])) <= slack
        for value in evidence.sums
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
        if region.is_below and (region.nearness <= 0.8 or not _heads_totals(sheet, region.match)):
            continue
        amounts = [amount for amount in amounts_in(region.line.text[: region.end]) if amount.start >= region.start]
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
    rows = [line.place for line in lines]
    return (
        any(_is_torn_row(text, taxed, rows) for text in sheet.lines)
        or any(_is_other_rate(region, taxed) for region in sheet.regions("tax_amount") if not region.is_below)
        or _is_torn_by_lines(sheet, lines, vat)
    )


def _is_torn_row(line: TextLine, taxed: list[VatLine], rows: Sequence[Place]) -> bool:
    if any(row.is_level_with(line.place) for row in rows):
        return False  # a line of the invoice whose words stand above and below its figures
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


def _is_other_rate(region: Region, taxed: list[VatLine]) -> bool:
    """« TVA 10 % : 200,00 » where 200,00 is the tax of another rate."""
    rates = [rate for rate, start, _ in percents(region.line) if region.match.start <= start < region.end]
    amounts = [amount for amount in amounts_in(region.line.text[: region.end]) if amount.start >= region.start]
    if len(rates) != 1 or len(amounts) != 1 or amounts[0].sureness < _MONEY:
        return False
    own = [part.rate for part in taxed if abs(part.tax) == abs(amounts[0].total)]
    return bool(own) and rates[0] not in own


def _is_torn_by_lines(sheet: LabelledLines, lines: tuple[InvoiceLine, ...], vat: tuple[VatLine, ...]) -> bool:
    """Whether the lines, each with one rate, make other bases than the breakdown; where they make its whole base."""
    usual = set(law_rates())
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        rates = {
            rate
            for text in sheet.lines
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
    is_strict = not has_discounts and any(line.certainty == "certain" for line in lines)
    return tuple(replace(line, certainty="doubtful") if _is_torn_line(line, is_strict) else line for line in lines)


def _is_torn_line(line: InvoiceLine, is_strict: bool) -> bool:
    if line.quantity is None or line.price is None or not line.amount or line.certainty == "certain":
        return False
    made, amount = abs(line.quantity * line.price), abs(line.amount)
    return abs(made - amount) > _CENT if is_strict else not amount - _CENT <= made <= 2 * amount
