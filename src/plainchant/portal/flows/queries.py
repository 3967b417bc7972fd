"""Read flows. Who may see one: those attached to the structure that handed it in."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import structures_of

from .models import Flow, FlowInvoice


def flows_of(*, user: User) -> QuerySet[Flow]:
    """The flows of this person's structures, the newest first."""
    return (
        Flow.objects.filter(structure__in=structures_of(user=user))
        .select_related("structure", "sender")
        .order_by("-received_at", "-pk")
    )


def same_invoice(*, seller: Structure, number: str, content: str) -> Invoice | None:
    """The invoice that this very file has become before; None once its recipient has rejected it, which uses it up."""
    if not content:
        return None
    found = (
        FlowInvoice.objects.filter(invoice__seller=seller, invoice__number=number, content=content)
        .exclude(invoice__status=Status.REJECTED)
        .select_related("invoice")
        .first()
    )
    return found.invoice if found is not None else None
