"""The recipient's side: a work list, an invoice beside its document, and what one does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.access.permissions import Permission
from plainchant.portal.invoices import operations, queries
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action, Party, Status, moves_from
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Nature
from plainchant.portal.structures.queries import structures_of
from plainchant.web import pages
from plainchant.web.account.visitor import person
from plainchant.web.issued.forms import FilterForm
from plainchant.web.issued.views import filtered, sheet_of
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import clock_of, status_of, story
from plainchant.web.viewer import viewer

from .forms import ProcessForm

PER_PAGE = 50
COLUMNS = [
    {"label": "Facture", "kind": "number"},
    {"label": "Fournisseur", "kind": "text"},
    {"label": "Service", "kind": "code"},
    {"label": "Montant à payer", "kind": "money"},
    {"label": "Où elle en est", "kind": "status"},
    {"label": "Reçue", "kind": "day"},
    {"label": "À payer avant", "kind": "day"},
]

# What happens if one goes on: said before, never after.
CONSEQUENCES = {
    Action.SUSPEND: "Le délai de paiement s’arrête jusqu’à la réponse du fournisseur. La loi ne permet de l’arrêter "
    "qu’une seule fois par facture (art. R2192-27).",
    Action.SEND_BACK: "La facture retourne au fournisseur, qui corrige le destinataire, le service ou l’engagement et "
    "la renvoie sous le même numéro.",
    Action.REJECT: "Rejeter met fin à cette facture. Le fournisseur devra en émettre une nouvelle, sous un autre "
    "numéro, et le délai repartira de zéro. S’il manque un document, suspendez ; si elle est mal adressée, "
    "choisissez « à recycler ».",
    Action.CONFIRM_SERVICE: "Vous confirmez que la prestation a été faite.",
    Action.ORDER_PAYMENT: "Vous donnez l’ordre de payer. Le fournisseur est prévenu.",
    Action.HAND_TO_ACCOUNTANT: "La facture passe chez le comptable public.",
    Action.ACCOUNT: "Le comptable a enregistré la facture.",
    Action.PAY_OUT: "Le fournisseur est prévenu que le paiement est parti. C’est la fin du traitement.",
}
SECOND_SUSPENSION = (
    "Cette facture a déjà été suspendue\u00a0: le délai de paiement ne s’arrêtera pas une seconde fois "
    "(art. R2192-27). "
    "Le fournisseur est prévenu de ce qu’il manque."
)
TITLES = {
    Action.SUSPEND: "Suspendre la facture {}\u00a0?",
    Action.SEND_BACK: "Faire corriger l’adresse de la facture {}\u00a0?",
    Action.REJECT: "Rejeter la facture {}\u00a0?",
}
STOPPING = (Action.SUSPEND, Action.SEND_BACK, Action.REJECT)


@page(Permission.LOGGED_IN, methods=("GET",))
def to_process(request: HttpRequest) -> HttpResponse:
    """« À traiter »: what waits for this recipient, oldest first."""
    waiting = queries.to_process(user=person(request)).prefetch_related("history")
    sheet = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "received/to_process.html",
        {
            "columns": COLUMNS,
            "rows": [_row(invoice) for invoice in sheet],
            "page": sheet,
            "receives": structures_of(user=person(request)).filter(nature=Nature.PUBLIC).exists(),
        },
    )


@page(Permission.LOGGED_IN, methods=("GET",))
def list_invoices(request: HttpRequest) -> HttpResponse:
    """Everything received."""
    received = queries.received_for(user=person(request))
    form = FilterForm(request.GET, side=Party.BUYER)
    found = filtered(received, form, other_side="seller").order_by("-made_available_at", "-id")
    sheet = Paginator(found.prefetch_related("history"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "columns": COLUMNS, "rows": [_row(invoice) for invoice in sheet], "page": sheet}
    return render(request, "received/list.html", context)


def _row(invoice: Invoice) -> dict[str, Any]:
    clock = clock_of(invoice, list(invoice.history.all()))
    return {
        "url": reverse("received_invoice", args=[invoice.uid]),
        "is_new": False,
        "cells": [
            invoice.number,
            str(invoice.seller),
            invoice.buyer_service.code if invoice.buyer_service else "",
            invoice.payable_amount,
            status_of(invoice, side=Party.BUYER),
            invoice.made_available_at,
            clock.due_on if clock.state is ClockState.RUNNING else None,
        ],
    }


@page(Permission.SEE_RECEIVED_INVOICE, methods=("GET",))
def show(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An invoice beside its document, with what can be done now."""
    history = list(invoice.history.select_related("actor"))
    clock = clock_of(invoice, history)
    moves = moves_from(status=Status(invoice.status), party=Party.BUYER)
    context = {
        "invoice": invoice,
        "name": ("Avoir " if invoice.type_code == "381" else "Facture ") + invoice.number,
        "status": status_of(invoice, side=Party.BUYER),
        "events": story(invoice, history, clock, side=Party.BUYER),
        "clock": clock,
        "today": day_in_paris(now()),
        "advance": [_button(invoice, move.action) for move in moves if move.action not in STOPPING],
        "stop": [_button(invoice, move.action) for move in moves if move.action in STOPPING],
        "iban_is_shown": bool((invoice.document or {}).get("payment_account")),
        **sheet_of(invoice),
        **viewer(invoice, side="received"),
    }
    return render(request, "received/show.html", context)


def _button(invoice: Invoice, action: Action) -> dict[str, str]:
    slug = action.value.replace("_", "-")
    return {"label": MOVE_OF[action].label, "url": reverse("received_process", args=[invoice.uid, slug])}


@page(Permission.SEE_RECEIVED_INVOICE, back="received_invoice")
def process(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """Say what happens, ask what must be known, do it."""
    try:
        move = MOVE_OF[Action(action.replace("-", "_"))]
    except (ValueError, KeyError) as unknown:
        raise Http404 from unknown
    if move.party is not Party.BUYER:
        raise Http404
    if invoice.status not in move.sources:
        raise StatusHasChanged(status=Status(invoice.status))
    form = ProcessForm(request.POST or None, move=move)
    suspended_before = move.action is Action.SUSPEND and invoice.history.filter(action=Action.SUSPEND).exists()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            operations.process(invoice=invoice, action=move.action, user=person(request), at=now(), **form.cleaned_data)
            messages.info(request, f"C’est fait. {invoice.seller} est prévenu par courriel.")
            return redirect("received_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "move": move,
        "form": form,
        "title": TITLES.get(move.action, f"{move.label}\u00a0: facture {{}}").format(invoice.number),
        "consequence": SECOND_SUSPENSION if suspended_before else CONSEQUENCES[move.action],
        "is_final": move.action is Action.REJECT,
    }
    return render(request, "received/process.html", context, status=422 if form.errors else 200)


@page(Permission.SEE_RECEIVED_INVOICE, methods=("GET",))
def page_picture(request: HttpRequest, invoice: Invoice, number: int) -> HttpResponse:
    """A page of the received document, as a picture."""
    return pages.picture(stored=pages.document_of(invoice).page, page=number)


@page(Permission.SEE_RECEIVED_INVOICE, methods=("GET",))
def document(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The invoice as it was handed in; that it was downloaded is noted."""
    found = pages.document_of(invoice)
    operations.record_download(invoice=invoice, user=person(request), at=now())
    return pages.download(stored=found.stored, name=found.name)


@page(Permission.SEE_RECEIVED_INVOICE, methods=("GET",))
def copy(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The PDF that the portal drew of it, if it was handed in as a workbook or a picture; noted as well."""
    stored, name = pages.copy_of(invoice)
    operations.record_download(invoice=invoice, user=person(request), at=now())
    return pages.download(stored=stored, name=name)


@page(Permission.SEE_RECEIVED_FILE, methods=("GET",))
def file(request: HttpRequest, file: InvoiceFile) -> FileResponse:
    """A document that came with an invoice."""
    return pages.download(stored=file.stored, name=file.name)
