"""BR-FR on numbers, dates and documents: the invoice's own number, those it cites, notes, attachments, objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Identifier, Invoice, PrecedingInvoice

from .france_names import Failing
from .source import has_due_date

MAX_NUMBER = 35
_NUMBER = re.compile(r"[A-Za-z0-9+\-_/]+")


def is_possible(day: date) -> bool:
    """A day of this century's invoices."""
    return 2000 <= day.year <= 2099


def check(invoice: Invoice, fail: Failing, *, is_credit_note: bool) -> None:
    """``is_credit_note``: read from UBL's CreditNote, or to be written as one."""
    _numbers(invoice, fail)
    _dates(invoice, fail, is_credit_note=is_credit_note)
    if invoice.type_code is not None and invoice.type_code not in codes.DOCUMENT_TYPES:
        fail("BR-FR-04_BT-3", invoice, "type_code", value=invoice.type_code)
    for reference in invoice.preceding_invoices:
        _preceding_invoice(reference, "BT-25", "BT-26", "EXT-FR-FE-02", fail)
    _attachments(invoice, fail)
    if invoice.invoiced_object is not None:
        _objects(invoice, fail)


def preceding_invoice_of_a_line(reference: PrecedingInvoice, fail: Failing) -> None:
    """The same rules, under other names."""
    _preceding_invoice(reference, "EXT-FR-FE-136", "EXT-FR-FE-138", "EXT-FR-FE-137", fail)


def _preceding_invoice(
    reference: PrecedingInvoice, number_term: str, date_term: str, type_term: str, fail: Failing
) -> None:
    number = reference.number
    if number is not None:
        for rule in _broken(number):
            fail(f"{rule}_{number_term}", reference, "number", value=number, length=len(number))
    if reference.issue_date is not None and not is_possible(reference.issue_date):
        fail(f"BR-FR-03_{date_term}", reference, "issue_date", value=reference.issue_date)
    if reference.type_code is not None and reference.type_code not in codes.DOCUMENT_TYPES:
        fail(f"BR-FR-04_{type_term}", reference, "type_code", value=reference.type_code)


def _broken(number: str) -> Iterator[str]:
    if len(number) > MAX_NUMBER:
        yield "BR-FR-01"
    if not _NUMBER.fullmatch(number):
        yield "BR-FR-02"


def _numbers(invoice: Invoice, fail: Failing) -> None:
    number = invoice.number
    if number is None:
        return
    for rule in _broken(number):
        fail(f"{rule}_BT-1", invoice, "number", value=number, length=len(number))
        if fail.in_ubl:
            # A line says its role by citing its own invoice, so the rule on cited numbers meets the number again.
            for line in invoice.lines:
                if line.parent is not None or line.status_reason_code is not None:
                    fail(f"{rule}_EXT-FR-FE-136", line, value=number, length=len(number))


def _dates(invoice: Invoice, fail: Failing, *, is_credit_note: bool) -> None:
    for day, field, rule in (
        (invoice.issue_date, "issue_date", "BR-FR-03_BT-2"),
        (invoice.tax_point_date, "tax_point_date", "BR-FR-03_BT-7"),
    ):
        if day is not None and not is_possible(day):
            fail(rule, invoice, field, value=day)
    due = invoice.due_date
    in_ubl = fail.in_ubl
    if due and not is_possible(due) and has_due_date(invoice, in_ubl=in_ubl, is_credit_note=is_credit_note):
        fail("BR-FR-03_BT-9", invoice, "due_date", value=due)
    delivery = invoice.delivery
    if delivery is not None and delivery.actual_date is not None and not is_possible(delivery.actual_date):
        fail("BR-FR-03_BT-72", delivery, "actual_date", value=delivery.actual_date)
    period = invoice.period
    if period is not None:
        if period.start is not None and not is_possible(period.start):
            fail("BR-FR-03_BT-73", period, "start", value=period.start)
        if period.end is not None and not is_possible(period.end):
            fail("BR-FR-03_BT-74", period, "end", value=period.end)


def _attachments(invoice: Invoice, fail: Failing) -> None:
    readable = 0
    for document in invoice.supporting_documents:
        kind = document.description
        if kind == codes.READABLE_COPY:
            readable += 1
        if kind is None or kind in codes.ATTACHMENT_KINDS:
            continue
        # CII's rule looks at type 916 only, which is what a writer gives a document made here.
        is_attachment = document.type_code == "916" or (document.type_code is None and document.source is None)
        if fail.in_ubl or (kind and is_attachment):
            fail("BR-FR-17_BT-123", document, "description", value=kind)
    if readable > 1:
        fail("BR-FR-18_BT-123", invoice, "supporting_documents")


def _objects(invoice: Invoice, fail: Failing) -> None:
    objects: tuple[Identifier, ...] = (*filter(None, (invoice.invoiced_object,)), *invoice.other_invoiced_objects)
    for scheme in (codes.PART_NUMBER, codes.PART_CADRE):
        those = [identifier for identifier in objects if identifier.scheme == scheme]
        if len(those) > 1 and not fail.in_ubl:
            fail("BR-FR-29_BT-18", invoice, "invoiced_object", scheme=scheme)
        if any(not identifier.value for identifier in those):
            fail(f"BR-FR-29_{scheme}", invoice, "invoiced_object")
