"""BR-FR 1.4.0.04: what the French reform asks of an invoice beyond EN 16931 (XP Z12-012, FNFE's « Flux 2 »).

One code for both syntaxes, faithful to the official Schematron where the two differ, down to its oddities: a platform
that runs it gives the same verdict. The rows are in `france_table`, the rules beside this file by what they are about;
here are those that hold several terms against each other.
"""

from __future__ import annotations

from datetime import date

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.rule import Context, Report, RuleBook

from . import france_amounts, france_lines, france_notes, france_parties, france_references, france_sellers
from .france_names import MAX_SHOWN, Failing
from .france_table import RULES
from .france_unread import check as check_unread
from .source import dates, due_dates, holds


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Every rule, on one invoice."""
    fail = Failing(report, in_ubl=context.syntax == "ubl")
    is_credit_note = fail.in_ubl and _is_credit_note(invoice)
    france_references.check(invoice, fail, is_credit_note=is_credit_note)
    france_notes.check(invoice, fail)
    france_parties.check(invoice, fail)
    france_amounts.check(invoice, fail)
    france_lines.check(invoice, fail, is_credit_note=is_credit_note)
    france_sellers.check(invoice, fail)
    _cadre(invoice, fail)
    _corrections(invoice, fail, is_credit_note=is_credit_note)
    _due_date(invoice, fail)
    _currency(invoice, fail)
    check_unread(context, fail)


def _is_credit_note(invoice: Invoice) -> bool:
    """Whether UBL writes it as a CreditNote: what was read says so itself, for the others the type does."""
    tag = getattr(invoice.source, "tag", None)
    return tag.endswith("}CreditNote") if isinstance(tag, str) else invoice.type_code in codes.CREDIT_NOTE_TYPES


def _cadre(invoice: Invoice, fail: Failing) -> None:
    cadre = invoice.business_process
    if cadre not in codes.CADRES and (fail.in_ubl or holds(invoice, "ExchangedDocumentContext")):
        problem = f"« {cadre[:MAX_SHOWN]} » n’existe pas dans la réforme" if cadre else "manque"
        fail("BR-FR-08_BT-23", invoice, "business_process", problem=problem)
    if cadre in codes.AFTER_DEPOSIT_CADRES and invoice.type_code in codes.DEPOSIT_TYPES:
        fail("BR-FR-CO-08_BT-23", invoice, "business_process", value=cadre)
    if cadre not in codes.PAID_CADRES:
        return
    totals = invoice.totals
    paid = totals.prepaid_amount if totals is not None else None
    if totals is None or paid is None or paid != totals.tax_inclusive_amount:
        fail("BR-FR-CO-09_BT-23-1", totals or invoice, "prepaid_amount" if totals is not None else "totals")
    if totals is None or totals.payable_amount is None or totals.payable_amount:
        fail("BR-FR-CO-09_BT-23-2", totals or invoice, "payable_amount" if totals is not None else "totals")
    if not due_dates(invoice, in_ubl=fail.in_ubl):
        fail("BR-FR-CO-09_BT-23-3", invoice, "due_date")


def _corrections(invoice: Invoice, fail: Failing, *, is_credit_note: bool) -> None:
    """UBL's rules know a corrective invoice by its root Invoice, and a credit note by its root CreditNote."""
    kind, period = invoice.type_code, invoice.period
    is_looked_at = is_credit_note or not fail.in_ubl
    if (
        is_looked_at
        and kind == codes.GLOBAL_CREDIT_NOTE
        and (not invoice.contract_reference or period is None or period.start is None or period.end is None)
    ):
        fail("BR-FR-CO-03_BT-3", invoice, "contract_reference")
    if not is_credit_note and kind in codes.CORRECTIVE_TYPES and len(invoice.preceding_invoices) != 1:
        fail("BR-FR-CO-04_BT-4", invoice, "preceding_invoices", count=len(invoice.preceding_invoices))
    if is_looked_at and kind in codes.CREDITING_TYPES and not _cites_what_it_credits(invoice, fail):
        fail("BR-FR-CO-05_BT-3", invoice, "preceding_invoices")


def _cites_what_it_credits(invoice: Invoice, fail: Failing) -> bool:
    if any(cited_invoice.number is not None and dates(cited_invoice) for cited_invoice in invoice.preceding_invoices):
        return True
    for line in invoice.lines:
        role = line.status_reason_code
        if role != "DETAIL" and (role is not None or (fail.in_ubl and line.parent is not None)):
            continue
        if not any(
            cited_invoice.number is not None and dates(cited_invoice) for cited_invoice in line.preceding_invoices
        ):
            return False
    return True


def _due_date(invoice: Invoice, fail: Failing) -> None:
    issued = invoice.issue_date
    if issued is None or invoice.type_code in codes.DEPOSIT_TYPES or invoice.business_process in codes.PAID_CADRES:
        return
    if any(day < f"{issued:%Y%m%d}" for day in due_dates(invoice, in_ubl=fail.in_ubl)):
        fail("BR-FR-CO-07_BT-9", invoice, "due_date", value=invoice.due_date or "")


def _currency(invoice: Invoice, fail: Failing) -> None:
    if invoice.currency in (None, "EUR"):
        return
    has_euros = any(tax.currency == "EUR" and tax.amount is not None for tax in invoice.tax_totals)
    if invoice.accounting_currency != "EUR" or not has_euros:
        fail("BR-FR-CO-12_BT-5", invoice, "currency", value=invoice.currency)


BOOK = RuleBook(
    name="BR-FR",
    version="1.4.0.04",
    published=date(2026, 9, 3),
    rules=RULES,
    run=run,
    warning_until=date(2026, 8, 31),  # fatal in emission from 1 September, in reception a month later
)
