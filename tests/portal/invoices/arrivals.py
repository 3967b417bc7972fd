"""An invoice that its recipient has been told of."""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available


def arrived(at: datetime, **values: object) -> Invoice:
    seller, buyer = a_structure(at=at), a_town(at=at, name="Commune A")
    artist = a_member(structure=seller, at=at)
    a_member(structure=buyer, at=at, name="AgentA")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer, **values)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    carry(invoice, at)
    return invoice


def carry(invoice: Invoice, at: datetime) -> None:
    """To its recipient, whose notice leaves at once."""
    made_available(invoice=invoice, at=at)
    for message in Message.objects.filter(kind="invoice_available", created_at=at):
        operations.record_notification(message=message, at=at)
    invoice.refresh_from_db()
