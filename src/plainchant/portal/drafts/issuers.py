"""Whose invoice a document is: the structure whose SIRET stands on it, and how the issuer of a draft is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from plainchant.capture.confirmation import confirmed
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.directory.queries import bodies_among, body
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, PREPARE_INVOICE
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.closing import require_open
from plainchant.portal.structures.models import Structure
from plainchant.shapes import from_json

from .models import DocumentReading, Draft
from .operations import reread, write_columns
from .proposal import propose

_MOST = 20  # SIRETs of one document that are looked up


def issuer_of(*, reading: Mapping[str, Any], candidates: QuerySet[Structure]) -> Structure | None:
    """The one of ``candidates`` that a reading (as JSON) names as the supplier; None when none does, or several may be.

    A document that names somebody else as its supplier for certain is nobody's of them, whoever else stands on it.
    """
    read = confirmed(from_json(FieldReading, dict(reading)), bodies_among=bodies_among)
    seller, buyer = read.fields.get("seller_siret"), read.fields.get("buyer_siret")
    named = {row.value for row in read.sirets[:_MOST]} | ({seller.value} if seller else set())
    own = {
        structure.identifier: structure
        for structure in candidates.filter(identifier_type=SIRET_TYPE, identifier__in=named)
    }
    if seller is not None and seller.certainty == "certain":
        return own.get(seller.value)
    if buyer is not None and body(siret=buyer.value) is not None:
        own.pop(buyer.value, None)
    return next(iter(own.values())) if len(own) == 1 else None


@transaction.atomic
def change_issuer(*, draft: Draft, seller: Structure, actor: Actor, at: datetime) -> Draft:
    """Put a draft in the name of another structure: its account is that one's, and what came from the former's shelf
    goes. What is typed besides stays.

    Raises NotAllowed (over either structure), StatusHasChanged (sent or deleted).
    """
    require(actor, PREPARE_INVOICE, draft.invoice)
    require(actor, BEGIN_INVOICE, seller)
    reread(draft, Invoice.objects.select_for_update(of=("self",)))
    if draft.invoice.status != Status.DRAFT:
        raise StatusHasChanged(status=Status(draft.invoice.status))
    former = draft.invoice.seller
    if former.pk == seller.pk:
        return draft
    require_open(seller)
    Invoice.objects.filter(pk=draft.invoice_id).update(seller=seller, updated_at=at)
    shelf = LibraryFile.objects.filter(structure=former).values("stored")
    InvoiceFile.objects.filter(invoice=draft.invoice_id, role=InvoiceFile.Role.COMPLEMENT, stored__in=shelf).delete()
    row = DocumentReading.objects.filter(invoice=draft.invoice_id).first()
    draft.invoice.seller = seller
    proposed = propose(reading=row.result if row else {}, seller=seller, buyer=None, at=at)
    fields = {**draft.fields, "bank_account": proposed.get("bank_account", "")}
    Draft.objects.filter(pk=draft.pk).update(
        typed={**draft.typed, "fields": fields}, revision=F("revision") + 1, typed_revision=F("revision") + 1
    )
    reread(draft)
    write_columns(draft, at=at)
    return draft
