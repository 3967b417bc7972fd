"""A document that holds several invoices: a draft of each at one press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from plainchant.capture.proposal import FieldReading
from plainchant.portal.drafts import splitting
from plainchant.portal.drafts.models import DocumentPart, DocumentReading
from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE, SEE_ISSUED_INVOICE
from plainchant.portal.lib.time import now
from plainchant.shapes import from_json
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts.addresses import document_draft_or_404
from plainchant.web.routes import page


@page(post=PREPARE_INVOICE, back="deposit_prepare")
def split(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A draft of each invoice of the document; pressing twice makes them once."""
    draft = document_draft_or_404(invoice)
    actor = acting(request)
    made = splitting.split(draft=draft, issuers=issuers_for(actor=actor), actor=actor, at=now())
    messages.info(
        request, f"{len(made)} brouillons, un par facture. Aucun n’est envoyé : vérifiez-les l’un après l’autre."
    )
    return redirect("deposit_prepare", uid=invoice.uid)


@page(get=SEE_ISSUED_INVOICE)
def original(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The whole document that an invoice was taken out of."""
    part = DocumentPart.objects.select_related("original").filter(invoice=invoice).first()
    if part is None:
        raise Http404
    return pages.download(stored=part.original, name=part.original_name)


def several_context(invoice: Invoice, reading: DocumentReading | None) -> dict[str, Any]:
    """What `deposit/_several.html` shows: that a document may be split, or what came of the same one."""
    drafts = [draft for draft in splitting.drafts_of(invoice=invoice) if draft.invoice.status != Status.DELETED]
    read = from_json(FieldReading, reading.result) if reading is not None else FieldReading()
    return {
        "siblings": [draft.invoice for draft in drafts],
        "found_invoices": read.numbers_found if not drafts and splitting.is_splittable(reading=read) else (),
    }
