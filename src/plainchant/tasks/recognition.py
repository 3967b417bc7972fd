"""Read the scans and photos that were handed in."""

from __future__ import annotations

from plainchant.portal.drafts.recognition import recognise as recognise_document
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now


def recognise(*, uid: str) -> None:
    """Read the document of a draft, and fill what is still empty in it."""
    recognise_document(invoice=Invoice.objects.select_related("seller").get(uid=uid), at=now())
