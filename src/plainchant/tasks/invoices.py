"""Carry deposited invoices to their recipients."""

from __future__ import annotations

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now


def forward(*, uid: str) -> None:
    """DEPOSEE → EN_COURS_ACHEMINEMENT."""
    invoice = Invoice.objects.get(uid=uid)
    try:
        operations.forward(invoice=invoice, at=now())
    except StatusHasChanged:
        pass  # done by an earlier run of this task


def make_available(*, uid: str) -> None:
    """EN_COURS_ACHEMINEMENT → MISE_A_DISPOSITION, and the notices to the recipient."""
    invoice = Invoice.objects.select_related("buyer", "seller", "buyer_service").get(uid=uid)
    try:
        operations.make_available(invoice=invoice, at=now())
    except StatusHasChanged:
        pass
