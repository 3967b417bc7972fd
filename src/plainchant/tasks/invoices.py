"""Carry deposited invoices to their recipients."""

from __future__ import annotations

from contextlib import suppress

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now


def forward(*, uid: str) -> None:
    """DEPOSEE → EN_COURS_ACHEMINEMENT."""
    invoice = Invoice.objects.get(uid=uid)
    with suppress(StatusHasChanged):  # done by an earlier run of this task
        operations.forward(invoice=invoice, at=now())


def make_available(*, uid: str) -> None:
    """EN_COURS_ACHEMINEMENT → MISE_A_DISPOSITION, and the notices to the recipient."""
    invoice = Invoice.objects.select_related("buyer", "seller", "buyer_service").get(uid=uid)
    with suppress(StatusHasChanged):
        operations.make_available(invoice=invoice, at=now())
