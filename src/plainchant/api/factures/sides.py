"""An invoice that a request names: on which side of it the program stands, and what that side may see."""

from __future__ import annotations

from plainchant.api.callers import Caller
from plainchant.api.refusals import UnknownInvoice, ValueMissing
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)
from plainchant.portal.rights.permissions import Permission

SIDES = {
    SEE_ISSUED_INVOICE: Side.SELLER,
    SEE_RECEIVED_INVOICE: Side.BUYER,
    SEE_VALIDATION_INVOICE: Side.VALIDATOR,
    SEE_WORKS_PIECE: Side.WORKS,
}


def invoice_of(caller: Caller, key: int | None, *, name: str, permission: Permission) -> Invoice:
    """The invoice of this key that ``permission`` reaches; ``name`` is the key's name in the request.

    Raises ValueMissing, UnknownInvoice.
    """
    if key is None:
        raise ValueMissing(name)
    invoice = caller.objects(permission).filter(pk=key).first()
    if invoice is None:
        raise UnknownInvoice(name)
    return invoice


def seen_invoice(caller: Caller, key: int | None, *, name: str) -> tuple[Invoice, Side]:
    """The invoice of this key, and the side on which the program sees it. Raises ValueMissing, UnknownInvoice."""
    if key is None:
        raise ValueMissing(name)
    for permission, side in SIDES.items():
        invoice = caller.objects(permission).filter(pk=key).first()
        if invoice is not None:
            return invoice, side
    raise UnknownInvoice(name)
