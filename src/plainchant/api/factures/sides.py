"""An invoice that a request names: on which side of it the program stands, and what that side may see."""

from __future__ import annotations

from django.db.models import QuerySet

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
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import Acting, acting
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
    for invoice in _seen(caller, permission, key):
        return invoice
    raise UnknownInvoice(name)


def seen_invoice(caller: Caller, key: int | None, *, name: str) -> tuple[Invoice, Side]:
    """The invoice of this key, and the side on which the program sees it. Raises ValueMissing, UnknownInvoice."""
    if key is None:
        raise ValueMissing(name)
    for permission, side in SIDES.items():
        for invoice in _seen(caller, permission, key):
            return invoice, side
    raise UnknownInvoice(name)


def _seen(caller: Caller, permission: Permission, key: int) -> list[Invoice]:
    """The invoice, if the permission reaches it."""
    who, account = acting(caller.actor)
    return _reached_by(permission, who, account=account, key=key)


@written_once(Invoice)
def _reached_by(permission: Permission, who: Acting, *, account: int, key: int) -> QuerySet[Invoice]:
    return permission.reached_by(who.by(account)).filter(pk=key)[:1]
