"""The documents that go with a draft: joined from this computer or from those kept at hand, and taken off."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plainchant.portal.drafts import attachments
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.queries import draft_of
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.invoices.permissions import PREPARE_FILE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting
from plainchant.web.library import picker
from plainchant.web.routes import page

from .addresses import attachments_url


def join(request: HttpRequest, draft: Draft, files: list[UploadedFile]) -> None:
    """Join what was sent with a form, and what was chosen of one's shelf. Raises what `attachments.attach` raises."""
    actor = acting(request)
    uploads = [Upload(file=file, name=file.name or "", size=file.size or 0) for file in files]
    pieces = picker.chosen_of(request=request, draft=draft, actor=actor)
    if uploads or pieces:
        attachments.attach(draft=draft, uploads=uploads, pieces=pieces, actor=actor, at=now())


def attached_to(draft: Draft) -> Any:
    """The documents that go with it, for `drafts/_attached.html`."""
    complements = InvoiceFile.objects.filter(invoice=draft.invoice_id, role=InvoiceFile.Role.COMPLEMENT)
    return complements.select_related("stored").order_by("id")


def attachments_context(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What `drafts/_attached.html` and `library/_picker.html` show."""
    return {
        "attached": attached_to(draft),
        "pieces": picker.offer(request=request, draft=draft, actor=acting(request), at=now()),
    }


def _back(file: InvoiceFile) -> str:
    draft = draft_of(invoice=file.invoice)
    return attachments_url(draft) if draft is not None else reverse("issued_invoice", args=[file.invoice.uid])


@page(post=PREPARE_FILE, back=_back)
def detach(request: HttpRequest, file: InvoiceFile) -> HttpResponse:
    """Take a document off a draft."""
    attachments.detach(file=file, actor=acting(request), at=now())
    return redirect(_back(file))
