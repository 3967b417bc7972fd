"""The public entry of the reader: a document in, proposed fields out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from plainchant.capture import parties, references, totals
from plainchant.capture.certainty import weighed
from plainchant.capture.contradictions import doubted_lines
from plainchant.capture.invoice_lines import invoice_lines
from plainchant.capture.lines import lines_of
from plainchant.capture.parts import Part, parts_of
from plainchant.capture.place import Document, Place, set_back
from plainchant.capture.proposal import (
    Certainty,
    FieldReading,
    FoundNumber,
    InvoiceLine,
    ReadField,
    WarningCode,
)
from plainchant.capture.regions import LabelledLines

# Pages that are scans, and what is said when they matter.
_SCANS: tuple[tuple[Callable[[Document], tuple[int, ...]], WarningCode], ...] = (
    (lambda document: document.pictures, "picture_pages"),
    (lambda document: document.recognised, "recognised_pages"),
)


# What an invoice may have written on a page that only goes with it.
_BESIDE = frozenset(
    "seller_siret buyer_siret seller_vat_number iban".split()
    + "purchase_order_reference contract_reference buyer_reference due_date".split()
)
_FEW_SIRETS = 3


def read_fields(document: Document) -> FieldReading:
    """Propose the fields of the invoice that `document` shows; a field that was not found is absent.

    When the file holds two invoices or more, `numbers_found` has them all, the warning `two_invoices` is given, and the
    fields are those of the one on the sheet in front, or else of the first.
    """
    warnings = _warnings(document)
    if not document.has_text:
        return FieldReading(warnings=tuple(warnings))
    sheet = LabelledLines.of(lines_of(document))
    parts = parts_of(sheet, read=_read) if len(document.pages) > 1 else ()
    part = next((part for part in parts if document.active in part.own), parts[0] if parts else None)
    reading = _read_part(sheet, part) if part else _read_page(sheet, document.active) or _read(sheet)
    if len(parts) > 1:
        warnings.append("two_invoices")
        found = tuple(FoundNumber(_number(_read(sheet.on_pages(part.own))), part.pages, part.own) for part in parts)
    else:
        found = _lone(reading, part, document)
    # General terms scanned behind a page of text are not worth reading; an invoice scanned behind a cover note is.
    for pages, code in _SCANS:
        numbers = pages(document)
        if numbers and (numbers[0] == 1 or "tax_inclusive_amount" not in reading.fields):
            warnings.append(code)
    reading = replace(
        reading,
        numbers_found=found,
        warnings=tuple(warnings),
        proposed=parts.index(part) if part else 0,
        page_count=document.page_count,
        pages_read=len(document.pages),
    )
    return _as_displayed(_as_recognised(reading, frozenset(document.recognised)), document)


def _number(reading: FieldReading) -> str:
    return reading.fields["number"].value if "number" in reading.fields else ""


def _lone(reading: FieldReading, part: Part | None, document: Document) -> tuple[FoundNumber, ...]:
    pages = tuple(page.number for page in document.pages)
    number = _number(reading)
    return (FoundNumber(number, part.pages if part else pages, part.own if part else pages),) if number else ()


def _read_part(sheet: LabelledLines, part: Part) -> FieldReading:
    """One invoice: its own pages, and what they lack from those that go with it, but for sums."""
    reading = _read(sheet.on_pages(part.own))
    others = [page for page in part.pages if page not in part.own]
    if others and not reading.lines:
        reading = replace(reading, lines=_detail(sheet.on_pages(part.pages), reading))
    if not others or reading.fields.keys() >= _BESIDE:
        return reading
    beside = _read(sheet.on_pages(others), with_sums=False)
    if len(beside.sirets) > _FEW_SIRETS:  # a list of clients
        return reading
    missing = {
        name: read if read.certainty == "doubtful" else replace(read, certainty="likely")
        for name, read in beside.fields.items()
        if name in _BESIDE and name not in reading.fields
    }
    return replace(reading, fields={**reading.fields, **missing})


def _detail(sheet: LabelledLines, reading: FieldReading) -> tuple[InvoiceLine, ...]:
    """The lines that stand on a page of their own after the totals: those that make the total without VAT."""
    net = reading.fields.get("tax_exclusive_amount")
    lines = invoice_lines(sheet) if net is not None else ()
    return lines if net is not None and sum(line.amount for line in lines) == Decimal(net.value) else ()


def _read_page(sheet: LabelledLines, active: int) -> FieldReading | None:
    """The sheet on which a workbook was left, where no invoice is known by its heading; None if it has no total."""
    reading = _read(sheet.on_pages((active,))) if active else FieldReading()
    return reading if "tax_inclusive_amount" in reading.fields else None


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


def _read(sheet: LabelledLines, *, with_sums: bool = True) -> FieldReading:
    """Some pages as if there were no others; without its lines and sums, where only what else they say is wanted."""
    return weighed(read_by_rules(sheet, with_sums=with_sums), sheet)


def read_by_rules(sheet: LabelledLines, *, with_sums: bool = True) -> FieldReading:
    """The same, each value as certain as the rules that found it say."""
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
    if not with_sums:
        return FieldReading(fields=fields, sirets=companies.sirets)
    lines = invoice_lines(sheet)
    sums, vat_breakdown = totals.totals(sheet, lines)
    fields |= sums
    lines = doubted_lines(sheet, lines)
    issue, due = fields.get("issue_date"), fields.get("due_date")
    if issue and due and not references.is_after(due, issue):
        # A payment due before the invoice exists: one of the two was misread.
        fields["due_date"] = replace(due, certainty="doubtful")
    return FieldReading(fields=fields, vat_breakdown=vat_breakdown, lines=lines, sirets=companies.sirets)
