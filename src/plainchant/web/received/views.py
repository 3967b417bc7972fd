"""The recipient's side: a work list, an invoice beside its document, and what one does with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.drafts.deposits import Family, family_of
from plainchant.portal.drafts.payee import payee_of
from plainchant.portal.invoices import operations, queries
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import (
    BUYER_MUST_ACT,
    MOVE_OF,
    STATUS_ROWS,
    Action,
    BuyersMove,
    Mood,
    Move,
    Side,
    Status,
    moves_of,
)
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach, Order
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import (
    PAY_INVOICE,
    PROCESS_INVOICE,
    SEE_RECEIVED_FILE,
    SEE_RECEIVED_INVOICE,
    moves_for,
)
from plainchant.portal.invoices.story import story_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.reach import reached_in_part
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.filters import FilterForm
from plainchant.web.invoice_lists import due_cell, invoices_in_words, list_context
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import amount_of, details_of, kind_in_list, remark_of, status_of, timeline
from plainchant.web.viewer import viewer

from .forms import ProcessForm

PER_PAGE = 50
COLUMNS = [
    {"label": "Facture", "kind": "number", "order": "numero"},
    {"label": "Fournisseur", "kind": "text", "order": "fournisseur"},
    {"label": "Service", "kind": "code", "order": "service"},
    {"label": "Montant à payer", "kind": "money", "order": "montant"},
    {"label": "Où elle en est", "kind": "status", "order": "statut"},
    {"label": "Reçue", "kind": "day", "order": "recue"},
    {"label": "À payer avant", "kind": "due", "order": "echeance"},
]
_RECEIVED, *_ = ORDERS[Side.BUYER]
_DUE = next(order for order in ORDERS[Side.BUYER] if order.name == "echeance")


@page(get=SEE_RECEIVED_INVOICE, bears_lag=True)
def to_process(request: HttpRequest, received: QuerySet[Invoice]) -> HttpResponse:
    """« À traiter »: what waits for this recipient, the latest to be paid first."""
    form, receiving = _search(request)
    waiting = _listed(request, received, form, among=BUYER_MUST_ACT)
    context = _shown(waiting, form, by=_DUE, falls=False)
    return render(
        request,
        "received/to_process.html",
        {**context, "waiting": invoices_in_words(waiting.count()), "receives": receiving.exists()},
    )


@page(get=SEE_RECEIVED_INVOICE, bears_lag=True)
def list_invoices(request: HttpRequest, received: QuerySet[Invoice]) -> HttpResponse:
    """Everything received."""
    form, _ = _search(request)
    everything = _listed(request, received, form)
    context = _shown(everything, form, by=_RECEIVED, falls=True)
    return render(request, "received/list.html", {**context, "found": invoices_in_words(everything.count())})


def _search(request: HttpRequest) -> tuple[FilterForm, QuerySet[Structure]]:
    receiving = _receiving(request)
    chosen = chosen_among(request, receiving)
    return FilterForm(request.GET, side=Side.BUYER, structures=receiving, chosen=chosen), receiving


def _listed(
    request: HttpRequest, received: QuerySet[Invoice], form: FilterForm, *, among: Collection[Status] | None = None
) -> InvoiceList:
    return InvoiceList(
        side=Side.BUYER,
        scope=received,
        reach=InvoiceReach.of(actor=acting(request), right=Right.SEE_RECEIVED, side=Side.BUYER, structure=form.whose),
        narrow=form.narrowing(today=day_in_paris(now())),
        statuses=form.statuses_among(among),
    )


def _shown(listed: InvoiceList, form: FilterForm, *, by: Order, falls: bool) -> dict[str, Any]:
    today = day_in_paris(now())
    return list_context(
        listed=listed, form=form, columns=COLUMNS, row=partial(_row, today=today), by=by, falls=falls, size=PER_PAGE
    )


def _receiving(request: HttpRequest) -> QuerySet[Structure]:
    """The public bodies whose received invoices the visitor sees, wholly or for some of their services."""
    seeing = reached_in_part(actor=acting(request), right=Right.SEE_RECEIVED)
    return seeing.filter(nature=StructureNature.PUBLIC).order_by("name")


def _row(invoice: Invoice, *, today: date) -> dict[str, Any]:
    return {
        "url": reverse("received_invoice", args=[invoice.uid]),
        "what": kind_in_list(invoice),
        "remark": remark_of(invoice),
        "cells": [
            invoice.number,
            str(invoice.seller),
            invoice.buyer_service.code if invoice.buyer_service else "",
            amount_of(invoice),
            status_of(invoice, side=Side.BUYER),
            invoice.made_available_at,
            due_cell(invoice, side=Side.BUYER, today=today),
        ],
    }


@page(get=SEE_RECEIVED_INVOICE)
def show(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An invoice beside its document, with what can be done now."""
    history = list(invoice.history.select_related("actor"))
    delay = delay_of(invoice=invoice, history=history)
    moves = moves_for(actor=acting(request), invoice=invoice, side=Side.BUYER)
    context = {
        "invoice": invoice,
        "name": invoice.title,
        "status": status_of(invoice, side=Side.BUYER),
        "events": timeline(story_of(invoice=invoice, history=history, side=Side.BUYER), delay, kind=invoice.kind),
        "clock": delay,
        "today": day_in_paris(now()),
        "advance": [_button(invoice, move) for move in moves if not move.needs_reason],
        "stop": [_button(invoice, move) for move in moves if move.needs_reason],
        "hints": [
            (invoice.kind.agreed(move.label), move.hint.format(**invoice.kind.words))
            for move in moves_of(party=Side.BUYER)
            if isinstance(move, BuyersMove) and move.hint
        ],
        "payee": payee_of(invoice=invoice, at=now()),
        "family": _family_in_reach(request, invoice),
        **details_of(invoice),
        **viewer(invoice, side="received"),
    }
    return render(request, "received/show.html", context)


def _family_in_reach(request: HttpRequest, invoice: Invoice) -> Family:
    """The advances and the rest of the same work, as far as they have reached this recipient."""
    family = family_of(invoice=invoice)
    named = [*family.deposits, *([family.final] if family.final else [])]
    received = queries.received_for(actor=acting(request), right=Right.SEE_RECEIVED)
    seen = set(received.filter(pk__in=[other.pk for other in named]).values_list("pk", flat=True)) if named else set()
    return Family(
        [deposit for deposit in family.deposits if deposit.pk in seen],
        family.final if family.final and family.final.pk in seen else None,
    )


def _button(invoice: Invoice, move: Move) -> dict[str, str]:
    slug = move.action.value.replace("_", "-")
    address = "received_pay" if move.right is Right.PAY else "received_process"
    return {"label": invoice.kind.agreed(move.label), "url": reverse(address, args=[invoice.uid, slug])}


@page(get=PROCESS_INVOICE, post=PROCESS_INVOICE, back="received_invoice")
def process(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """« Traiter »: stop the invoice, or confirm that the work was done."""
    return _move(request, invoice, action, right=Right.PROCESS)


@page(get=PAY_INVOICE, post=PAY_INVOICE, back="received_invoice")
def pay(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """The steps of the payment."""
    return _move(request, invoice, action, right=Right.PAY)


def _move(request: HttpRequest, invoice: Invoice, action: str, *, right: Right) -> HttpResponse:
    """Say what happens, ask what must be known, do it. Http404 for a move that needs another right."""
    try:
        move = MOVE_OF[Action(action.replace("-", "_"))]
    except (ValueError, KeyError) as unknown:
        raise Http404 from unknown
    if not isinstance(move, BuyersMove) or move.right is not right:
        raise Http404
    if invoice.status not in move.sources:
        raise StatusHasChanged(status=Status(invoice.status))
    form = ProcessForm(request.POST if request.method == "POST" else None, move=move)
    target = STATUS_ROWS[move.target]
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            operations.process(
                invoice=invoice, action=move.action, actor=acting(request), at=now(), **form.cleaned_data
            )
            mailed = f" {invoice.seller} est prévenu par courriel." if target.mails_seller else ""
            messages.info(request, f"C’est fait.{mailed}")
            return redirect("received_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "move": move,
        "label": invoice.kind.agreed(move.label),
        "form": form,
        "title": move.question_about(kind=invoice.kind, number=invoice.number),
        "consequence": move.consequence_for(
            kind=invoice.kind, is_again=invoice.history.filter(action=move.action).exists()
        ),
        "is_final": target.mood is Mood.STOPPED,
        "mails_seller": target.mails_seller,
    }
    return render(request, "received/process.html", context, status=422 if form.errors else 200)


@page(get=SEE_RECEIVED_INVOICE)
def page_picture(request: HttpRequest, invoice: Invoice, number: int) -> HttpResponse:
    """A page of the received document, as a picture."""
    return pages.picture(stored=pages.document_of(invoice).page, page=number)


@page(get=SEE_RECEIVED_INVOICE)
def document(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The invoice as it was handed in; that it was downloaded is noted."""
    found = pages.document_of(invoice)
    return _downloaded(request, invoice, stored=found.stored, name=found.name)


@page(get=SEE_RECEIVED_INVOICE)
def copy(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The PDF that the portal drew of it, if it was handed in as a workbook or a picture; noted as well."""
    stored, name = pages.copy_of(invoice)
    return _downloaded(request, invoice, stored=stored, name=name)


def _downloaded(request: HttpRequest, invoice: Invoice, *, stored: StoredFile, name: str) -> FileResponse:
    answer = pages.download(stored=stored, name=name)  # before: what the store has lost was not downloaded
    operations.record_download(invoice=invoice, actor=acting(request), at=now())
    return answer


@page(get=SEE_RECEIVED_FILE)
def file(request: HttpRequest, file: InvoiceFile) -> FileResponse:
    """A document that came with an invoice."""
    return pages.download(stored=file.stored, name=file.name)
