"""Which draft a page is about, and where one is gone on with: beside its document, or in the sheet that is typed."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpRequest
from django.urls import reverse

from plainchant.einvoice.identifiers import siret_in
from plainchant.portal.directory.queries import body
from plainchant.portal.drafts.fields import DOCUMENT, DraftSource
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.queries import draft_of
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.models import Structure

# A row of a table is sent as it comes: there is no page to prepare it.
_FORM = {
    DraftSource.DOCUMENT: "deposit_prepare",
    DraftSource.SHEET: "entry_sheet",
    DraftSource.ROW: "issued_invoice",
}
_ATTACHMENTS = {
    DraftSource.DOCUMENT: ("deposit_prepare", "#pieces-jointes"),
    DraftSource.SHEET: ("entry_attachments", ""),
    DraftSource.ROW: ("issued_invoice", ""),
}


def form_url(draft: Draft) -> str:
    """The page with its form."""
    return reverse(_FORM[DraftSource(draft.source)], args=[draft.invoice.uid])


def attachments_url(draft: Draft) -> str:
    """The place where documents are joined to it and taken off."""
    name, anchor = _ATTACHMENTS[DraftSource(draft.source)]
    return reverse(name, args=[draft.invoice.uid]) + anchor


def draft_or_404(invoice: Invoice, sources: Collection[DraftSource]) -> Draft:
    """What an invoice was prepared from, if it is one of these sources. Http404 for any other, and for a flow's."""
    draft = draft_of(invoice=invoice)
    if draft is None or draft.source not in sources:
        raise Http404
    return draft


def document_draft_or_404(invoice: Invoice) -> Draft:
    """The draft of an invoice that was handed in as a document; 404 for any other."""
    return draft_or_404(invoice, DOCUMENT)


def asked_recipient(request: HttpRequest) -> Structure | None:
    """The public body that an address names: « ?destinataire= » and its SIRET, as the directory's pages link to it."""
    siret = siret_in(request.GET.get("destinataire", ""))
    return body(siret=siret) if siret else None
