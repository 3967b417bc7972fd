"""A dossier of works as every page shows it: its pieces in order, who made each, what each asks, and where it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from plainchant.einvoice.codes.works import ACTOR_NAMES, WORKS_PIECE_OF
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import pieces_of
from plainchant.portal.invoices.works import maker_of
from plainchant.web.showing import status_of

_ROUTES = {Side.SELLER: "issued_invoice", Side.WORKS: "works_piece"}


def dossier_of(invoice: Invoice, *, side: Side) -> list[dict[str, Any]]:
    """What `works/_dossier.html` draws; nothing for what is no piece of works.

    ``side``: whose page it is. A payer reads who did what, and opens the last piece alone: the documents of the others
    came with it.
    """
    if invoice.billing_framework not in WORKS_PIECE_OF:
        return []
    shown = []
    before: Decimal | None = None
    for piece in pieces_of(piece=invoice):
        row = WORKS_PIECE_OF[piece.billing_framework]
        route = _ROUTES.get(side, "")
        shown.append(
            {
                "piece": piece,
                "name": piece.kind.name,
                "by": str(maker_of(piece=piece)),
                "role": ACTOR_NAMES[row.made_by],
                "corrected_from": before if before not in (None, piece.payable_amount) else None,
                "status": status_of(piece, side=side),
                "is_this": piece.pk == invoice.pk,
                "url": reverse(route, args=[piece.uid]) if route and piece.pk != invoice.pk else "",
            }
        )
        before = piece.payable_amount
    return shown
