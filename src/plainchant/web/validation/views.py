"""What one has to validate: the lists, an invoice beside its document with what can be answered, and its files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.portal.invoices.lifecycle import FIRST_MUST_ACT, SECOND_MUST_ACT, Side, ValidatorsMove
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import SEE_VALIDATION_FILE, SEE_VALIDATION_INVOICE, moves_for
from plainchant.portal.invoices.queries import waiting_for_say
from plainchant.portal.invoices.story import story_of
from plainchant.portal.invoices.validation import last_day, says_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.filters import FilterForm
from plainchant.web.invoice_lists import invoices_in_words, list_context
from plainchant.web.routes import page
from plainchant.web.showing import amount_of, details_of, kind_in_list, status_of, timeline
from plainchant.web.viewer import viewer

PER_PAGE = 25
COLUMNS = [
    {"label": "Facture", "kind": "number", "order": "numero"},
    {"label": "Fournisseur", "kind": "text", "order": "fournisseur"},
    {"label": "Acheteur", "kind": "text"},
    {"label": "Montant à payer", "kind": "money", "order": "montant"},
    {"label": "Où elle en est", "kind": "status", "order": "statut"},
    {"label": "Depuis", "kind": "day", "order": "depuis"},
    {"label": "Répondre avant", "kind": "day"},
]
_SINCE, *_ = ORDERS[Side.VALIDATOR]


@page(get=SEE_VALIDATION_INVOICE, bears_lag=True)
def to_validate(request: HttpRequest, invoices: QuerySet[Invoice]) -> HttpResponse:
    """What waits for the visitor's say, the one whose fifteen days end first on top."""
    return render(request, "validation/list.html", _context(request, invoices, is_waiting=True))


@page(get=SEE_VALIDATION_INVOICE, bears_lag=True)
def list_invoices(request: HttpRequest, invoices: QuerySet[Invoice]) -> HttpResponse:
    """Everything that names the visitor's structures as validators."""
    return render(request, "validation/list.html", _context(request, invoices, is_waiting=False))


def _context(request: HttpRequest, invoices: QuerySet[Invoice], *, is_waiting: bool) -> dict[str, Any]:
    structures = reached(actor=acting(request), right=Right.SEE_VALIDATION).order_by("name")
    form = FilterForm(request.GET, side=Side.VALIDATOR, structures=structures, chosen=chosen_among(request, structures))
    right = Right.SEE_VALIDATION
    reach = InvoiceReach.of(actor=acting(request), right=right, side=Side.VALIDATOR, structure=form.whose)
    narrowing = form.narrowing(today=day_in_paris(now()))

    def waiting(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
        return narrowing(rows).filter(waiting_for_say(reach.structures))

    listed = InvoiceList(
        side=Side.VALIDATOR,
        scope=invoices,
        reach=reach,
        narrow=waiting if is_waiting else narrowing,
        statuses=form.statuses_among(FIRST_MUST_ACT | SECOND_MUST_ACT if is_waiting else None),
    )
    return {
        **list_context(
            listed=listed,
            form=form,
            columns=COLUMNS,
            row=_row,
            by=_SINCE,
            falls=not is_waiting,
            size=PER_PAGE,
        ),
        "found": invoices_in_words(listed.count()),
        "is_waiting": is_waiting,
        "views": [
            {"label": "À valider", "url": reverse("validation_list"), "current": is_waiting},
            {"label": "Toutes", "url": reverse("validation_all"), "current": not is_waiting},
        ],
    }


def _row(invoice: Invoice) -> dict[str, Any]:
    return {
        "url": reverse("validation_invoice", args=[invoice.uid]),
        "name": invoice.number,
        "what": kind_in_list(invoice),
        "cells": [
            invoice.number,
            str(invoice.seller),
            str(invoice.buyer or ""),
            amount_of(invoice),
            status_of(invoice, side=Side.VALIDATOR),
            invoice.status_at,
            last_day(invoice=invoice),
        ],
    }


@page(get=SEE_VALIDATION_INVOICE)
def show(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An invoice beside its document, with what can be answered."""
    history = list(invoice.history.select_related("actor"))
    moves = [
        move
        for move in moves_for(actor=acting(request), invoice=invoice, side=Side.VALIDATOR)
        if isinstance(move, ValidatorsMove)
    ]
    context = {
        "invoice": invoice,
        "name": invoice.title,
        "status": status_of(invoice, side=Side.VALIDATOR),
        "events": timeline(story_of(invoice=invoice, history=history, side=Side.VALIDATOR), None, kind=invoice.kind),
        "says": says_of(invoice=invoice, history=history),
        "last_day": last_day(invoice=invoice),
        "moves": [
            {
                "label": move.label,
                "hint": move.hint.format(**invoice.kind.words),
                "url": reverse(
                    "validation_answer_second" if move.of_second else "validation_answer",
                    args=[invoice.uid, move.action.value.replace("_", "-")],
                ),
            }
            for move in moves
        ],
        **details_of(invoice),
        **viewer(invoice, side="validation"),
    }
    return render(request, "validation/show.html", context)


@page(get=SEE_VALIDATION_INVOICE)
def page_picture(request: HttpRequest, invoice: Invoice, number: int) -> HttpResponse:
    """A page of the document, as a picture."""
    return pages.picture(stored=pages.document_of(invoice).page, page=number)


@page(get=SEE_VALIDATION_INVOICE)
def document(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The invoice as it was handed in."""
    found = pages.document_of(invoice)
    return pages.download(stored=found.stored, name=found.name)


@page(get=SEE_VALIDATION_INVOICE)
def copy(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The PDF that the portal drew of it, if it was handed in as a workbook or a picture."""
    stored, name = pages.copy_of(invoice)
    return pages.download(stored=stored, name=name)


@page(get=SEE_VALIDATION_FILE)
def file(request: HttpRequest, file: InvoiceFile) -> FileResponse:
    """A document that came with an invoice."""
    return pages.download(stored=file.stored, name=file.name)
