"""The public entry of the reader: a document in, proposed fields out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from plainchant.capture import parties, references, totals
from plainchant.capture.contradictions import doubted_lines
from plainchant.capture.invoice_lines import invoice_lines
from plainchant.capture.lines import lines_of
from plainchant.capture.place import Document, Place, set_back
from plainchant.capture.proposal import Certainty, FieldReading, FoundNumber, ReadField, WarningCode
from plainchant.capture.regions import LabelledLines

# From this score on, a number stands under a heading of its own, and not in passing.
_HEADING = 0.68


# Pages that are scans, and what is said when they matter.
_SCANS: tuple[tuple[Callable[[Document], tuple[int, ...]], WarningCode], ...] = (
    (lambda document: document.pictures, "picture_pages"),
    (lambda document: document.recognised, "recognised_pages"),
)


def read_fields(document: Document) -> FieldReading:
    """Propose the fields of the invoice that `document` shows; a field that was not found is absent.

    When the file holds two invoices or more, `numbers_found` has them all, the warning `two_invoices` is given, and the
    fields are those of the first.
    """
    warnings = _warnings(document)
    if not document.has_text:
        return FieldReading(warnings=tuple(warnings))
    sheet = LabelledLines.of(lines_of(document))
    found = _numbers_by_page(sheet)
    if len(found) > 1:
        warnings.append("two_invoices")
        others = min(number.pages[0] for number in found[1:])
        sheet = sheet.of_pages(1, others - 1)
    reading = _read(sheet)
    # General terms scanned behind a page of text are not worth reading; an invoice scanned behind a cover note is.
    for pages, code in _SCANS:
        numbers = pages(document)
        if numbers and (numbers[0] == 1 or "tax_inclusive_amount" not in reading.fields):
            warnings.append(code)
    reading = replace(reading, numbers_found=found, warnings=tuple(warnings))
    return _as_displayed(_as_recognised(reading, frozenset(document.recognised)), document)


def _as_displayed(reading: FieldReading, document: Document) -> FieldReading:
    """Lines were set level to be read: back to where they stand on the page."""
    quarters = {page.number: page.quarter for page in document.pages if page.quarter}
    if not quarters:
        return reading
    return reading.placed(lambda place: replace(place, box=set_back(place.box, quarters.get(place.page, 0))))


def _as_recognised(reading: FieldReading, pages: frozenset[int]) -> FieldReading:
    """Nothing is certain that a scanner alone has seen: one figure put for another looks like any figure."""
    if not pages:
        return reading

    def lowered(certainty: Certainty, place: Place | None) -> Certainty:
        is_theirs = place is None or place.page in pages
        return "likely" if certainty == "certain" and is_theirs else certainty

    return replace(
        reading,
        fields={name: replace(f, certainty=lowered(f.certainty, f.place)) for name, f in reading.fields.items()},
        vat_breakdown=tuple(replace(r, certainty=lowered(r.certainty, r.place)) for r in reading.vat_breakdown),
        lines=tuple(replace(r, certainty=lowered(r.certainty, r.place)) for r in reading.lines),
    )


def _warnings(document: Document) -> list[WarningCode]:
    warnings: list[WarningCode] = []
    if not document.has_text:
        warnings.append("image_only")
    if document.carries_data:
        warnings.append("facturx_embedded")
    if document.is_damaged:
        warnings.append("damaged")
    if document.page_count > len(document.pages):
        warnings.append("pages_unread")
    return warnings


def _read(sheet: LabelledLines) -> FieldReading:
    fields: dict[str, ReadField] = {}
    if not sheet.lines:
        return FieldReading()
    number = references.choose(references.numbers(sheet))
    if number is not None:
        fields["number"] = references.proposed(number[0], certainty=number[1])
    proposals: dict[str, ReadField | None] = {
        "issue_date": references.best(references.issue_dates(sheet, number[0] if number else None)),
        "due_date": references.best(references.due_dates(sheet)),
        "purchase_order_reference": references.best(references.codes(sheet, "purchase_order_reference")),
        "contract_reference": references.best(references.codes(sheet, "contract_reference")),
        "buyer_reference": references.best(references.codes(sheet, "buyer_reference")),
        "currency": references.currency(sheet),
        "type_code": references.type_code(sheet, number[0] if number else None),
        "iban": references.iban(sheet),
    }
    fields |= {name: read for name, read in proposals.items() if read is not None}
    companies = parties.parties(sheet.lines)
    fields |= companies.fields
    lines = invoice_lines(sheet)
    sums, vat_breakdown = totals.totals(sheet, lines)
    fields |= sums
    lines = doubted_lines(sheet, lines)
    issue, due = fields.get("issue_date"), fields.get("due_date")
    if issue and due and not references.is_after(due, issue):
        # A payment due before the invoice exists: one of the two was misread.
        fields["due_date"] = replace(due, certainty="doubtful")
    return FieldReading(fields=fields, vat_breakdown=vat_breakdown, lines=lines, sirets=companies.sirets)


def _numbers_by_page(sheet: LabelledLines) -> tuple[FoundNumber, ...]:
    """The invoice number of each page that has one under its own heading, in order of appearance."""
    pages: dict[str, list[int]] = {}
    for page in sorted({line.page for line in sheet.lines}):
        strong = [
            candidate
            for candidate in references.numbers(sheet.of_pages(page, page))
            if candidate.score >= _HEADING and candidate.region.line.box[1] < 0.6
        ]
        if 1 <= len({candidate.value for candidate in strong}) <= 2:  # more would be a list of invoices
            first = max(strong, key=lambda candidate: candidate.score)
            pages.setdefault(first.value, []).append(page)
    return tuple(FoundNumber(number=number, pages=tuple(found)) for number, found in pages.items())
