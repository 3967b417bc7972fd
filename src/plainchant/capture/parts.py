"""Which invoices a document holds, and on which of its pages: those of one lot, and what only goes with an invoice.

A document may be one invoice of several pages, several invoices one after the other, or an invoice among annexes. Each
page is read alone; what it says of number, parties, date, account and total is evidence. A page that agrees with the
invoice before it, or says nothing of its own, goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from plainchant.capture import references
from plainchant.capture.headings import heading_row, is_heading
from plainchant.capture.labels import Match
from plainchant.capture.lines import TextLine
from plainchant.capture.proposal import FieldReading
from plainchant.capture.regions import LabelledLines

Read = Callable[[LabelledLines], FieldReading]

# From this score on, a number stands under a heading of its own, and not in passing.
_HEADING = 0.68
_HEAD = 0.6  # of the page: further down stand the numbers of other invoices
_TITLES = 0.35  # of the page: where it says what it is
_TOTALS = {"tax_exclusive_amount", "tax_inclusive_amount", "payable_amount"}
_GRAND_TOTAL = 0.85  # from this weight on, a label names a total with VAT
_MANY_SIRETS = 4  # more of them are a list of clients
# What two pages may differ in, and how much that says that they are two invoices.
_SPEAKS = {
    "heading": 3,  # a number under a heading of its own
    "number": 2,
    "seller_siret": 2,
    "buyer_siret": 1,
    "issue_date": 1,
    "iban": 1,
    "tax_inclusive_amount": 1,
}
_ENOUGH = 3
# What a page calls itself when it only goes with an invoice.
_ANNEX = re.compile(
    r"(?:annexes?|pieces? jointes?|justificatifs?|devis|planning|emargements?|attestation|contrat|convention|rapport"
    r"|compte rendu|bons? (?:de|pour) (?:commande|livraison)|bordereau|conditions? generales?|c\.?g\.?v"
    r"|ordre de mission|proces[- ]verbal|notes? de frais|clients?|articles|tarifs?"
    r"|(?:feuilles?|releves?|etats?|details?|listes?|tableaux?|suivi|recapitulatif) (?:de |d'|des |du |de l'|de la )?"
    r"(?:temps|heures|presences?|frais|depenses?|prestations?|activites?|interventions?|deplacements?|clients?|articles?"
    r"|seances?|participants?|consommations?|operations?|factures))(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One invoice: `pages` (from 1) are its own and those that go with it; the sums of `own` alone are its sums."""

    pages: tuple[int, ...]
    own: tuple[int, ...]


class _Page:
    """One page; what it says is read when it is first asked, for most pages of a long document never are."""

    def __init__(self, sheet: LabelledLines, number: int, read: Read) -> None:
        self.number = number
        self._sheet = sheet
        self._read = read
        self._is_titled = any(_titles(sheet))
        self.is_annex = not self._is_titled and any(_annex_titles(sheet.lines))
        headings = {
            candidate.value: candidate.score
            for candidate in sorted(references.numbers(sheet), key=lambda candidate: candidate.score)
            if candidate.score >= _HEADING and candidate.region.line.box[1] < _HEAD
        }
        self._is_list = len(headings) > 2
        self._heading = max(headings, key=headings.__getitem__, default="")

    @cached_property
    def _reading(self) -> FieldReading:
        return self._read(self._sheet)

    @cached_property
    def is_head(self) -> bool:
        """Whether an invoice may begin here: a number under a heading of its own, or a title and more."""
        if self.is_annex or self._is_list or not (self._heading or self._is_titled):
            return False
        return len(self._reading.sirets) <= _MANY_SIRETS and (bool(self._heading) or len(self.values) > 1)

    @cached_property
    def values(self) -> dict[str, str]:
        """What it says, and is sure enough of, that invoices differ in."""
        fields = self._reading.fields
        sure = {name: fields[name].value for name in _SPEAKS if name in fields and fields[name].certainty != "doubtful"}
        return {"heading": self._heading, **sure} if self._heading else sure

    def is_detail_of(self, number: str) -> bool:
        """Whether it has lines, names the invoice, and gives no total with VAT: what comes behind a page of sums."""
        if self.is_annex or not number:
            return False
        names_it = re.compile(rf"(?<!\w){re.escape(number)}(?!\w)")
        return (
            any(names_it.search(line.text) for line in self._sheet.lines if line.box[1] < _TITLES)
            and any(self._has_lines_under(index) for index in range(len(self._sheet.lines)))
            and not any(
                region.match.label.weight >= _GRAND_TOTAL and region.amounts
                for region in self._sheet.regions("tax_inclusive_amount")
            )
        )

    def _has_lines_under(self, index: int) -> bool:
        row = heading_row(self._sheet, index)
        return row is not None and row.has("amount")

    @cached_property
    def _names_a_total(self) -> bool:
        """Whether a name of a total stands elsewhere than over the lines; else the page has none, and is not read."""
        return any(
            any(match.label.field in _TOTALS for match in found) and not is_heading(self._sheet, index)
            for index, found in enumerate(self._sheet.labels)
        )

    @property
    def total(self) -> str:
        if not self._names_a_total:
            return ""
        return self.values.get("tax_inclusive_amount", "")

    def is_sure_of_its_total(self) -> bool:
        total = self._reading.fields.get("tax_inclusive_amount")
        return total is not None and total.certainty == "certain"


@dataclass(slots=True)
class _Growing:
    """An invoice while its pages are gone through."""

    pages: list[_Page] = field(default_factory=list)
    head: _Page | None = None

    @property
    def values(self) -> dict[str, str]:
        """The first that was said of each."""
        values: dict[str, str] = {}
        for page in self.pages:
            if not page.is_annex:
                values = {**page.values, **values}
        return values


def parts_of(sheet: LabelledLines, *, read: Read) -> tuple[Part, ...]:
    """The invoices of a document, in their order; none when no page looks like one.

    `read` reads some pages as if there were no others.
    """
    pages = [_Page(sheet.on_pages((number,)), number, read) for number in sorted({line.page for line in sheet.lines})]
    parts = [_Growing()]
    for page in pages:
        if page.is_head and parts[-1].head is not None and _is_another(parts[-1].values, page.values):
            parts.append(_Growing())
        if page.is_head and parts[-1].head is None:
            parts[-1].head = page
        parts[-1].pages.append(page)
    return tuple(
        Part(_through(parts, index), _own(part.pages, part.head))
        for index, part in enumerate(parts)
        if part.head is not None
    )


def _through(parts: list[_Growing], index: int) -> tuple[int, ...]:
    """From its first page to the one before the next invoice: pages that were not read go with what comes before."""
    first = parts[index].pages[0].number if index else 1
    last = parts[index + 1].pages[0].number - 1 if index + 1 < len(parts) else parts[index].pages[-1].number
    return tuple(range(first, last + 1))


def _own(pages: list[_Page], head: _Page) -> tuple[int, ...]:
    """From the page with the number to the one with the total, and the lines behind it: sums before and after are those
    of annexes."""
    pages = [page for page in pages if page.number >= head.number]
    last: _Page | None = None
    for page in pages:
        if page.is_annex or not page.total:
            continue
        if last is None or _goes_on(last, page):
            last = page
    if last is None:
        return tuple(page.number for page in pages if not page.is_annex)
    end, number = last.number, head.values.get("number", "")
    while any(page.number == end + 1 and page.is_detail_of(number) for page in pages):
        end += 1
    return tuple(page.number for page in pages if page.number <= end and not page.is_annex)


def _goes_on(last: _Page, page: _Page) -> bool:
    """Whether the total of the invoice stands on `page` after all, and not on the one before where some total stood.

    The total carried over to the next page is one; the same total again is a copy.
    """
    if page.total == last.total:
        return False
    has_its_number = page.is_head and page.values.get("number") == last.values.get("number", page.values.get("number"))
    is_next = page.number == last.number + 1 and page.is_sure_of_its_total() and not last.is_sure_of_its_total()
    return has_its_number or is_next


def _titles(sheet: LabelledLines) -> Iterator[Match]:
    """The names by which a page calls itself an invoice."""
    for line, found in zip(sheet.lines, sheet.labels, strict=True):
        if line.box[1] < _HEAD:
            yield from (match for match in found if match.label.field == "number")


def _annex_titles(lines: Iterable[TextLine]) -> Iterator[str]:
    for line in lines:
        if line.box[1] < _TITLES:
            for start, end in line.cells():
                hit = _ANNEX.match(line.plain, start, end)
                if hit and len(line.plain[start:end].split()) <= 8:
                    yield hit[0]


def _is_another(values: dict[str, str], page: dict[str, str]) -> bool:
    differing = {name for name in _SPEAKS if name in values and name in page and values[name] != page[name]}
    if "number" in values and values["number"] == page.get("number"):
        # Two sellers may both begin with 2026-01; nobody gives one number to two of his invoices.
        return differing >= {"seller_siret", "tax_inclusive_amount"}
    return sum(_SPEAKS[name] for name in differing) >= _ENOUGH
