"""The documents that go with an entered invoice: from this computer, or from those kept at hand."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.making.authors import SITUATION_OF
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.web.drafts.attachments import attachments_context, join
from plainchant.web.fields import FilesField
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .sheet import sheet_draft_or_404


class FilesForm(forms.Form):
    """Any number of files."""

    marks_optional = False

    files = FilesField(  # type: ignore[assignment]
        label="Depuis votre ordinateur",
        help_text="10 Mo et un nom de 50 caractères au plus par fichier.",
        required=False,
    )


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def attachments(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Join documents to a draft, or take them off."""
    draft = sheet_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    form = FilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            join(request, draft, request.FILES.getlist("files"))
            return redirect("entry_attachments", uid=invoice.uid)
    situation = SITUATION_OF.get(draft.fields["situation"])
    context = {
        "invoice": invoice,
        "wanted": situation.attachments if situation else (),
        "form": form,
        **attachments_context(request, draft),
    }
    return render(request, "entry/attachments.html", context, status=422 if form.errors else 200)
