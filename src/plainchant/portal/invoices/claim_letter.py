"""The letter by which a supplier claims what is owed for a late payment: its calculation, the law, where to pay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from plainchant.einvoice.model import Header, HeaderParty
from plainchant.einvoice.wording import day, money
from plainchant.portal.lib.time import PARIS
from plainchant.reader.drawings import draw_page
from plainchant.shapes import from_json

from .errors import NothingOwed
from .late_payment import AmountDue
from .models import Invoice
from .statement import days, in_euros, lines_of, total_of

_TEMPLATE = Path(__file__).with_name("claim_letter.typ")


def draw(*, invoice: Invoice, due: AmountDue | None, at: datetime) -> bytes:
    """The letter of that day as a PDF/A; parties and bank account as they were frozen with the invoice.

    Raises NothingOwed, ReaderFailed.
    """
    if due is None or not due.is_late:
        raise NothingOwed()
    return draw_page(template=_TEMPLATE, sheet=_sheet(invoice, due, at))


def _sheet(invoice: Invoice, due: AmountDue, at: datetime) -> dict[str, Any]:
    document = from_json(Header, invoice.document or {})
    today = at.astimezone(PARIS).date()
    return {
        "date": {"words": day(today), "year": today.year, "month": today.month, "day": today.day},
        "seller": _party(document.seller),
        "buyer": {**_party(document.buyer), "service": str(invoice.buyer_service or "")},
        "number": invoice.number,
        "the": invoice.kind.words["The"],
        "issued_on": day(invoice.issue_date) if invoice.issue_date else "",
        "amount": money(due.base, invoice.currency),
        "commitment": invoice.commitment,
        "due_on": day(due.due_on),
        "days_late": days(due.days_late),
        "paid_on": day(due.paid_on) if due.paid_on else "",
        "lateness_due_on": day(due.lateness_due_on) if due.lateness_due_on else "",
        "lines": [
            {"label": line.label, "amount": line.amount, "working": line.working, "article": line.article}
            for line in lines_of(due)
        ],
        "total": total_of(due),
        "for_lateness": in_euros(due.for_lateness),
        "account": document.payment_account,
        "bic": document.payment_bic,
    }


def _party(party: HeaderParty) -> dict[str, str]:
    town = f"{party.postcode} {party.city}".strip()
    return {
        "name": party.name,
        "scheme": party.identifier_scheme,
        "identifier": party.identifier,
        "address": party.address_line,
        "town": town,
    }
