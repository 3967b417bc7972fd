"""What a supplier does about a rejection: it stays among what waits for them until they have dealt with it.

Chorus Pro's « Traiter le rejet »: read and laid aside, or made again under another number and sent.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import histories
from .errors import StatusHasChanged
from .lifecycle import REFUSED, Status
from .models import Event, Invoice
from .permissions import ANSWER_INVOICE
from .queries import rejection_is_open


@transaction.atomic
def close(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Note that the supplier has dealt with a rejection. Twice is once. Raises NotAllowed, StatusHasChanged."""
    require(actor, ANSWER_INVOICE, invoice)
    close_by_replacement(invoice=invoice, actor=actor, at=at)


def close_by_replacement(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """The same for who has just sent its replacement, in the transaction of that. Raises StatusHasChanged."""
    at = max(at, invoice.status_at)
    closed = Invoice.objects.filter(rejection_is_open(), pk=invoice.pk).update(rejection_closed_at=at)
    if closed:
        invoice.rejection_closed_at = at
        histories.add([Event(invoice=invoice, kind=Event.Kind.REJECTION_CLOSED, at=at, actor=actor.author)])
        return
    invoice.refresh_from_db(fields=["status", "rejection_closed_at"])
    if invoice.status not in REFUSED:
        raise StatusHasChanged(status=Status(invoice.status))
