"""Candidate sums: the amounts of the page that stand where a label says that one may, each with a score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.capture.amounts import AmountInText, amounts_in
from plainchant.capture.dates import dates_in
from plainchant.capture.labels import SUFFIXES, pattern
from plainchant.capture.place import Place
from plainchant.capture.regions import LabelledLines, Region

_KEPT = 10
_ZERO = Decimal(0)
_WHOLE = 0.75  # how sure a whole number without a currency is, where only an amount can stand
_TOTAL_ROW = re.compile(r"(?:total|totaux)(?: general)?(?: (?:en )?(?:euros?|eur|€))?\s*:?(?:\s\s|$)")
_DURATION = re.compile(r"\s?(?:jours?|mois|semaines?|annees?|ans?|heures?)\b")
_BASE = re.compile(
    r"\b(?:base|assiette)(?: (?:ht|hors taxes?|imposable|taxable))?(?: de)? ?:? ?$"
)  # « (base 600,00 €) »
_LEAST = 10  # below, it may be a number of pieces


@dataclass(frozen=True, slots=True)
class Sum:
    """A candidate amount; `place` is None when it was added up from several."""

    value: Decimal
    text: str
    place: Place | None
    score: float


def candidates(sheet: LabelledLines, field: str) -> list[Sum]:
    """The amounts that a label of `field` may name, the likeliest first."""
    found: list[Sum] = []
    columns: dict[tuple[int, int], list[tuple[Sum, bool]]] = {}
    for region in sheet.regions(field, column=True):
        amounts = [amount for amount in region.amounts if not _is_of_time(region.line.plain, amount)]
        if field == "tax_amount":
            amounts = [amount for amount in amounts if not _BASE.search(region.line.plain, 0, amount.start)]
        for rank, amount in enumerate(amounts):
            sureness = max(amount.sureness, _WHOLE if _fills_its_column(region, amount) else 0.0)
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
            candidate = Sum(amount.total, region.line.text[amount.start : amount.end], place, score)
            found.append(candidate)
            if region.is_below and sureness >= 0.8:
                is_total = _TOTAL_ROW.match(region.line.plain) is not None
                columns.setdefault((id(region.match), region.match.start), []).append((candidate, is_total))
    for column in columns.values():
        found += _feet([candidate for candidate, _ in column])
        found += _totals_of([candidate for candidate, is_total in column if is_total])
    found += _suffixed(sheet, field)
    return strongest(found)


def _fills_its_column(region: Region, amount: AmountInText) -> bool:
    """« Somme totale    1 200 »: a whole number alone in the last cell of its line, beside the name of a sum."""
    line = region.line
    is_last = amount.end == len(line.text) and line.cell(amount.start) == (amount.start, amount.end)
    return is_last and amount.start > 0 and abs(amount.value) >= _LEAST and not region.is_below


def _is_of_time(plain: str, amount: AmountInText) -> bool:
    """« Montant à régler sous 30 jours à compter du 15 octobre 2026 » has no amount."""
    if amount.sureness > 0.5:
        return False
    is_in_date = any(date.start <= amount.start < date.end for date in dates_in(plain))
    return is_in_date or _DURATION.match(plain, amount.end) is not None


def _totals_of(rows: list[Sum]) -> Iterator[Sum]:
    """Under a heading, the amount of the one row that is called the total: as good as under that name itself."""
    if len(rows) == 1:
        yield replace(rows[0], score=min(1.0, rows[0].score * 1.5))


def _feet(column: list[Sum]) -> Iterator[Sum]:
    """Of the amounts under a heading, the one that all those above it add up to: the foot of a recapitulation."""
    above = _ZERO
    strongest = max(amount.score for amount in column)
    for rank, amount in enumerate(column):
        if rank >= 2 and amount.value == above and above:
            yield replace(amount, score=min(1.0, strongest * 1.2))
            return
        above += amount.value


def _suffixed(sheet: LabelledLines, field: str) -> Iterator[Sum]:
    if field not in SUFFIXES:
        return
    suffix = pattern(r" ?" + SUFFIXES[field] + r"(?= ?(?:$|[,;.)+=(]| soit|  ))")
    for line in sheet.lines:
        for amount in amounts_in(line.text):
            if suffix.match(line.plain, amount.end):
                place = line.place_of(amount.start, amount.end)
                yield Sum(amount.total, line.text[amount.start : amount.end], place, 0.6 * amount.sureness)


def _depth(sheet: LabelledLines, region: Region) -> float:
    """0 at the head of the document, 1 at its foot: totals come last."""
    last = sheet.lines[-1].page
    return (region.line.page - 1 + region.line.box[1]) / last


def strongest(found: Iterable[Sum]) -> list[Sum]:
    """The best candidate of each value, the likeliest first."""
    by_value: dict[Decimal, Sum] = {}
    for candidate in found:
        known = by_value.get(candidate.value)
        if known is None or candidate.score > known.score:
            by_value[candidate.value] = candidate
    return sorted(by_value.values(), key=lambda candidate: -candidate.score)[:_KEPT]


def added_rates(sheet: LabelledLines, rows: Iterable[Place]) -> list[Sum]:
    """With several rates and no total of VAT printed: the sum of one amount a rate line.

    `rows`: where the lines of the invoice stand; « 10 % TVA » in one of them is no total.
    """
    rows = tuple(rows)
    lines: dict[tuple[int, float, int], Decimal] = {}
    score = 0.0
    for region in sheet.regions("tax_amount"):
        label = region.match.label
        if (
            region.is_below
            or not 0.8 <= label.weight < 1.0
            or any(row.is_level_with(region.line.place) for row in rows)
        ):
            continue
        if amounts := region.amounts:
            lines[(region.line.page, region.line.box[1], region.start)] = amounts[-1].total
            score = max(score, label.weight * amounts[-1].sureness * 0.7)
    if len(lines) < 2:
        return []
    return [Sum(sum(lines.values(), _ZERO), "", None, score)]
