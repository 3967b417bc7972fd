"""Hand in an invoice: drop the document, correct what was read, let the draft go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.capture.kinds import ACCEPTED, kinds_in_words
from plainchant.portal.drafts import documents, operations
from plainchant.portal.drafts.checking import wrong_by_itself
from plainchant.portal.drafts.duplicates import same_document
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.models import Draft, Recognition
from plainchant.portal.drafts.readiness import seen
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drops import operations as drops
from plainchant.portal.drops.queries import drops_of
from plainchant.portal.invoices.errors import DraftHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, PREPARE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.operations import sha256_of
from plainchant.portal.structures.models import Structure
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.drafts import attachments
from plainchant.web.drafts.addresses import asked_recipient, attachments_url, document_draft_or_404
from plainchant.web.drafts.forms import typed_of
from plainchant.web.drafts.recipients import search_page
from plainchant.web.drafts.saving import revision_seen, save_or_choose
from plainchant.web.fields import with_uid
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .draft_page import draft_page, progress_of, steps, values_of
from .forms import InvoiceForm, UploadForm
from .lots import place_in_lot
from .sending import sent_or_asked

FEW = 3  # structures for each of which a workbook to fill in is offered by name


@page(get=BEGIN_INVOICE, post=BEGIN_INVOICE)
def start(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """Choose the file."""
    sellers = structures.filter(is_active=True).order_by("name")
    few = list(sellers[: FEW + 1])
    if not few:
        return render(request, "deposit/no_structure.html")
    buyer = asked_recipient(request)
    chosen = chosen_among(request, sellers)
    form = UploadForm(request.POST or None, request.FILES or None, sellers=sellers, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _handed_in(request, form.cleaned_data["file"], seller=form.cleaned_data["seller"], buyer=buyer)
    lots = drops_of(actor=acting(request), right=Right.PREPARE).annotate(size=Count("files"))
    context = {
        "form": form,
        "buyer": buyer,
        "steps": steps(0),
        "sellers": [chosen] if chosen else few if len(few) <= FEW else [],
        "formats": {kind.family: kinds_in_words(family=kind.family) for kind in ACCEPTED},
        "lots": lots.filter(size__gt=1)[:3],
    }
    return render(request, "deposit/start.html", context, status=422 if form.errors else 200)


def _handed_in(
    request: HttpRequest, uploads: list[Upload], *, seller: Structure | None, buyer: Structure | None
) -> HttpResponse:
    """One document is read while its person waits; several, an archive, or data are a lot."""
    handed_in: dict[str, Any] = {"actor": acting(request), "at": now(), "buyer": buyer}
    if len(uploads) > 1 or drops.is_lot(uploads[0]):
        drop = drops.hand_in_many(uploads=uploads, seller=seller, **handed_in)
        return redirect("drop_show", uid=drop.uid)
    known = same_document(content=sha256_of(uploads[0].file), actor=acting(request))
    if known is not None and known.status == Status.DRAFT and (seller is None or seller == known.seller):
        messages.info(request, "Vous aviez déjà déposé ce document : voici son brouillon.")
        return redirect("deposit_prepare", uid=known.uid)
    if seller is not None:
        draft = documents.deposit_document(seller=seller, upload=uploads[0], **handed_in)
        return redirect("deposit_prepare", uid=draft.invoice.uid)
    taken = drops.hand_in(upload=uploads[0], **handed_in)
    if isinstance(taken, Draft):
        return redirect("deposit_prepare", uid=taken.invoice.uid)
    return redirect("drop_issuer", uid=taken.uid)


@page(get=BEGIN_INVOICE)
def template(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """The workbook to fill in, with what the portal knows of the supplier already in it."""
    sellers = structures.filter(is_active=True).order_by("name")
    few = list(sellers[:2])
    if not few:
        return redirect("deposit_start")
    only = few[0] if len(few) == 1 else None
    seller = with_uid(sellers, request.GET.get("pour", "")) or only
    buyer = asked_recipient(request)
    return pages.workbook(content=documents.template_for(seller=seller, buyer=buyer), name="modele-de-facture.xlsx")


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def prepare(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Correct what was read, beside the document."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        return _keep(request, draft)
    return draft_page(request, draft)


def _keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Save everything that was typed, then go where the button says."""
    go = request.POST.get("go", "")
    typed = typed_of(request.POST, draft)
    if request.htmx and go == "routing":  # type: ignore[attr-defined]
        draft.typed = cleaned(typed, source=DraftSource.DOCUMENT)
        form = InvoiceForm(draft=draft, findings=wrong_by_itself(draft=draft))
        return render(request, "deposit/_routing.html", values_of(form, draft, is_all_open=False))
    if go in ("check", "send", "lot"):
        typed = seen(typed, asked=dict(note.split("=", 1) for note in request.POST.getlist("asked") if "=" in note))
    if go == "send" and revision_seen(request) != draft.revision:
        raise DraftHasChanged
    choice = save_or_choose(request, draft, typed, form=InvoiceForm, page=draft_page)
    if choice is not None:
        return choice
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "drafts/_saved.html", {"draft": draft})
    form = InvoiceForm(draft=draft, findings=wrong_by_itself(draft=draft))
    with refusals_on(form):
        # Never by an autosave: a form that saves itself would send the same files again and again.
        attachments.join(request, draft, request.FILES.getlist("attachments"))
    uid = draft.invoice.uid
    if go == "recipient":
        return redirect("deposit_recipient", uid=uid)
    if go == "read":
        return redirect("deposit_prepare", uid=uid)
    if go == "save" and not form.errors.get("attachments"):
        messages.info(
            request, "Brouillon enregistré. Il n’est pas envoyé : l’acheteur ne voit rien tant que vous n’envoyez pas."
        )
        return redirect("issued_list")
    if go == "attach" and not form.errors.get("attachments"):
        return redirect(attachments_url(draft))
    lot = place_in_lot(request, draft.invoice) if go == "lot" and not form.errors else None
    if lot is not None:
        return redirect(lot["next"] or lot["url"])
    if go == "send" and not form.errors:
        return sent_or_asked(request, draft)
    if go == "check" and not form.errors:
        return redirect("deposit_check", uid=uid)
    return draft_page(request, draft, form=form, status=422 if form.errors else 200, is_all_open=go == "all")


@page(get=PREPARE_INVOICE)
def reading_progress(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """How far the reading of a scan has come."""
    recognition = Recognition.objects.filter(invoice=invoice).first()
    if recognition is None or not request.htmx:  # type: ignore[attr-defined]
        return redirect("deposit_prepare", uid=invoice.uid)
    return render(request, "deposit/_recognition.html", {"invoice": invoice, **progress_of(recognition)})


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def recipient(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Find the recipient in the directory; choosing one goes back to the form."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        chosen = {"buyer": request.POST.get("buyer", ""), "buyer_service": ""}
        operations.change(draft=draft, fields=chosen, actor=acting(request), at=now())
        return redirect(reverse("deposit_prepare", args=[invoice.uid]) + "#id_buyer_service")
    return search_page(request, invoice, template="deposit/recipient.html", steps=steps(1))


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def delete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Delete a draft, after having said what that means."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        operations.delete(draft=draft, actor=acting(request), at=now())
        messages.info(request, "Le brouillon est supprimé. L’acheteur n’en a rien vu.")
        return redirect("issued_list")
    return render(request, "deposit/delete.html", {"invoice": invoice})
