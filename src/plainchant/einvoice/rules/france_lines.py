"""BR-FR on lines: one loop over them."""

from __future__ import annotations

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Identifier, Invoice, Item, Line

from . import france_amounts, france_parties, france_references
from .france_names import Failing
from .france_references import is_possible

_WITHOUT_VAT = ("GROUP", "INFORMATION")  # lines of CII that may leave the category out


def check(invoice: Invoice, fail: Failing, *, is_credit_note: bool) -> None:
    """``is_credit_note``: read from UBL's CreditNote, whose lines one rule does not look at."""
    may_be_negative = invoice.business_process in codes.BOTH_WAYS_CADRES
    has_french_rate = not is_credit_note
    fits = france_amounts.fits
    for line in invoice.lines:
        if line.quantity is not None and not fits(line.quantity, 4):
            fail("BR-FR-DEC-02_BT-129", line, "quantity", value=line.quantity)
        if line.net_amount is not None and not fits(line.net_amount, 2):
            fail("BR-FR-DEC-01_BT-131", line, "net_amount", value=line.net_amount)
        price = line.price
        if price is not None:
            france_amounts.price(price, fail, may_be_negative=may_be_negative)
        if line.vat is not None:
            is_wanted = not fail.in_ubl and line.status_reason_code not in _WITHOUT_VAT
            france_amounts.line_vat(line.vat, fail, is_wanted=is_wanted, has_french_rate=has_french_rate)
        if line.item is not None:
            _item(line.item, fail)
        if line.allowances or line.charges:
            for allowance in (*line.allowances, *line.charges):
                france_amounts.line_allowance(allowance, fail)
        if line.period is not None:
            _period(line, fail)
        if line.object_identifier is not None and fail.in_ubl:
            _objects((line.object_identifier, *line.other_object_identifiers), line, fail)
        if line.preceding_invoices:
            for reference in line.preceding_invoices:
                france_references.preceding_invoice_of_a_line(reference, fail)
        if line.delivery is not None:
            _delivery(line, fail)
        if line.seller is not None:
            france_parties.seller_line(line.seller, fail)
        if line.tax_totals and fail.in_ubl:  # CII's rule looks at the head only
            for tax in line.tax_totals:
                if tax.amount is not None and not fits(tax.amount, 2):
                    fail("BR-FR-DEC-01_BT-110", tax, "amount", value=tax.amount)


def _item(item: Item, fail: Failing) -> None:
    if item.standard_identifier is not None:
        france_parties.item(item, fail)
    for attribute in item.attributes:
        if attribute.name is None and attribute.type_code is None and not fail.in_ubl:
            fail("BR-FR-27_BG-32", attribute)
        if attribute.name == "" and not fail.in_ubl:
            fail("BR-FR-27_BT-160", attribute, "name")
        if attribute.type_code == "" and not fail.in_ubl:
            fail("BR-FR-27_EXT-FR-FE-159", attribute, "type_code")
        has_measure = attribute.measure is not None or attribute.measure_unit is not None
        if attribute.value is None:
            if not attribute.measure_unit:
                fail("BR-FR-28-Value", attribute, "value", value=attribute.name or "")
        elif has_measure:
            fail("BR-FR-28-Value", attribute, "value", value=attribute.name or "")


def _period(line: Line, fail: Failing) -> None:
    period = line.period
    if period is None:
        return
    if period.start is not None and not is_possible(period.start):
        fail("BR-FR-03_EXT-FR-FE-134", period, "start", value=period.start)
    if period.end is not None and not is_possible(period.end):
        fail("BR-FR-03_EXT-FR-FE-135", period, "end", value=period.end)


def _objects(objects: tuple[Identifier, ...], line: Line, fail: Failing) -> None:
    for identifier in objects:
        if identifier.scheme in (codes.PART_NUMBER, codes.PART_CADRE) and not identifier.value:
            fail(f"BR-FR-30_{identifier.scheme}", line, "object_identifier")


def _delivery(line: Line, fail: Failing) -> None:
    delivery = line.delivery
    if delivery is None:
        return
    if delivery.actual_date is not None and not is_possible(delivery.actual_date):
        fail("BR-FR-03_EXT-FR-FE-158", delivery, "actual_date", value=delivery.actual_date)
    france_parties.place(delivery, "EXT-FR-FE-146", fail)
