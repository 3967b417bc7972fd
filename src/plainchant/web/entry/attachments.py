"""The documents that go with an entered invoice: from this computer, or from those kept at hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.making.authors import SITUATION_OF
from plainchant.portal.drafts import documents as deposits
from plainchant.portal.drafts.documents import PieceGone, Upload
from plainchant.portal.drafts.uploads import UploadRefused
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.store import antivirus
from plainchant.web.account.visitor import person
from plainchant.web.library import picker
from plainchant.web.routes import page

from .sheet import entry_or_404


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def attachments(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Join documents to a draft, or take them off."""
    entry = entry_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    wrong = ""
    if request.method == "POST":
        try:
            for file in request.FILES.getlist("files"):
                deposits.attach(
                    invoice=invoice,
                    upload=Upload(file=file, name=file.name or "", size=file.size or 0),
                    user=person(request),
                    at=now(),
                )
            picker.join(request=request, invoice=invoice, user=person(request), at=now())
        except (UploadRefused, PieceGone, *antivirus.REFUSALS) as refused:
            wrong = refused.sentence
        except StatusHasChanged:
            return redirect("issued_invoice", uid=invoice.uid)
        if not wrong:
            return redirect("entry_attachments", uid=invoice.uid)
    situation = SITUATION_OF.get(entry.typed["fields"].get("situation", ""))
    context = {
        "invoice": invoice,
        "attached": InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.COMPLEMENT).select_related(
            "stored"
        ),
        "pieces": picker.offer(request=request, invoice=invoice, user=person(request), at=now()),
        "wanted": situation.attachments if situation else (),
        "wrong": wrong,
        "errors": [{"message": wrong, "field_id": "id_files"}] if wrong else [],
    }
    return render(request, "entry/attachments.html", context, status=422 if wrong else 200)
