"""Whose invoice it is: asked of a file that does not say it, and changed in a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.drafts.issuers import change_issuer
from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drops import operations as drops
from plainchant.portal.drops.models import DroppedFile
from plainchant.portal.drops.permissions import PREPARE_DROPPED_FILE
from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import named_like
from plainchant.reader.text import storable
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts.addresses import document_draft_or_404
from plainchant.web.fields import MANY, with_uid
from plainchant.web.routes import page
from plainchant.web.viewer import viewer, viewer_of_pages

SHOWN = 20  # structures to choose from at a time, those that stand on the page first


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def of_draft(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Put a draft in the name of another structure."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    issuers = issuers_for(actor=acting(request))
    chosen = _chosen(request, issuers)
    if chosen is not None:
        change_issuer(draft=draft, seller=chosen, actor=acting(request), at=now())
        messages.info(request, f"La facture est maintenant au nom de « {chosen} ».")
        return redirect("deposit_prepare", uid=invoice.uid)
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    back = reverse("deposit_prepare", args=[invoice.uid])
    context = {**viewer(invoice, side="issued"), "back": back, "current": invoice.seller}
    return _question(request, issuers, reading.result if reading else {}, context)


@page(get=PREPARE_DROPPED_FILE, post=PREPARE_DROPPED_FILE, back="deposit_start")
def of_file(request: HttpRequest, file: DroppedFile) -> HttpResponse:
    """Say whose invoice a file is: its draft comes next."""
    if file.invoice is not None:
        return redirect("deposit_prepare", uid=file.invoice.uid)
    if file.state != DroppedFile.State.ASKING:
        return redirect("deposit_start")
    issuers = issuers_for(actor=acting(request))
    chosen = _chosen(request, issuers)
    if chosen is not None:
        draft = drops.choose_issuer(file=file, seller=chosen, actor=acting(request), at=now())
        return redirect("deposit_prepare", uid=draft.invoice.uid)
    sizes = [(sheet["width_pt"], sheet["height_pt"]) for sheet in file.opened["pages"]]
    shown = viewer_of_pages(
        title=file.name, sizes=sizes, page_url=lambda number: reverse("drop_page", args=[file.uid, number])
    )
    return _question(request, issuers, file.opened["reading"], {"viewer": shown, "back": reverse("deposit_start")})


@page(get=PREPARE_DROPPED_FILE)
def page_picture(request: HttpRequest, file: DroppedFile, number: int) -> HttpResponse:
    """A page of a file that is no draft yet."""
    stored = file.legible or file.stored
    if stored is None:
        raise Http404
    return pages.picture(stored=stored, page=number)


def _chosen(request: HttpRequest, issuers: QuerySet[Structure]) -> Structure | None:
    uid = request.POST.get("seller", "")[:40] if request.method == "POST" else ""
    return with_uid(issuers, uid)


def _question(
    request: HttpRequest, issuers: QuerySet[Structure], reading: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """The structures to choose from, those that stand on the page first."""
    on_page = {read["value"] for read in reading.get("sirets", ())}
    text = storable(request.GET.get("q", "")).strip()[:100]
    named = named_like(structures=issuers, text=text)
    shown = list(named.annotate(is_named=Q(identifier__in=on_page)).order_by("-is_named", "name", "pk")[: SHOWN + 1])
    read = reading.get("fields", {}).get("seller_siret")
    context |= {
        "issuers": shown[:SHOWN],
        "has_more": len(shown) > SHOWN,
        "on_page": on_page,
        "siret_read": read["value"] if read else "",
        "own_on_page": issuers.filter(identifier__in=on_page).count(),
        "is_searched": issuers.count() > MANY,
        "text": text,
    }
    return render(request, "deposit/issuer.html", context, status=422 if request.method == "POST" else 200)
