"""Pieces of works that name one's structures: the lists, a piece with its dossier and what can be done, its files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.einvoice.codes.works import WorksActor
from plainchant.portal.invoices.lifecycle import (
    MOA_MUST_ACT,
    MOE_MUST_ACT,
    Mood,
    Side,
    WorksMove,
)
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import SEE_WORKS_FILE, SEE_WORKS_PIECE, moves_for
from plainchant.portal.invoices.queries import waiting_in_works
from plainchant.portal.invoices.story import story_of
from plainchant.portal.invoices.works import choices_for
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.filters import FilterForm
from plainchant.web.invoice_lists import invoices_in_words, list_context
from plainchant.web.routes import page
from plainchant.web.showing import ShownStatus, details_of, status_of, timeline
from plainchant.web.templatetags.plainchant import money
from plainchant.web.viewer import viewer

from .dossier import dossier_of

PER_PAGE = 25
COLUMNS = [
    {"label": "Pièce", "kind": "number", "order": "numero"},
    {"label": "Titulaire", "kind": "text", "order": "fournisseur"},
    {"label": "Marché", "kind": "text"},
    {"label": "Montant", "kind": "money"},
    {"label": "Où elle en est", "kind": "status", "order": "statut"},
    {"label": "Depuis", "kind": "day", "order": "depuis"},
]
_SINCE, *_ = ORDERS[Side.WORKS]


@page(get=SEE_WORKS_PIECE, bears_lag=True)
def to_do(request: HttpRequest, pieces: QuerySet[Invoice]) -> HttpResponse:
    """What waits for the visitor's structures, the oldest on top."""
    return render(request, "works/list.html", _context(request, pieces, is_waiting=True))


@page(get=SEE_WORKS_PIECE, bears_lag=True)
def list_pieces(request: HttpRequest, pieces: QuerySet[Invoice]) -> HttpResponse:
    """Every piece that names the visitor's structures."""
    return render(request, "works/list.html", _context(request, pieces, is_waiting=False))


def _context(request: HttpRequest, pieces: QuerySet[Invoice], *, is_waiting: bool) -> dict[str, Any]:
    right = Right.SEE_WORKS
    structures = reached(actor=acting(request), right=right).order_by("name")
    form = FilterForm(request.GET, side=Side.WORKS, structures=structures, chosen=chosen_among(request, structures))
    reach = InvoiceReach.of(actor=acting(request), right=right, side=Side.WORKS, structure=form.whose)
    narrowing = form.narrowing(today=day_in_paris(now()))

    def waiting(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
        return narrowing(rows).filter(waiting_in_works(reach.structures))

    listed = InvoiceList(
        side=Side.WORKS,
        scope=pieces,
        reach=reach,
        narrow=waiting if is_waiting else narrowing,
        statuses=form.statuses_among(MOE_MUST_ACT | MOA_MUST_ACT if is_waiting else None),
    )

    def row(piece: Invoice) -> dict[str, Any]:
        return {
            "url": reverse("works_piece", args=[piece.uid]),
            "name": piece.number,
            "what": piece.kind.name,
            "cells": [
                piece.number,
                str(piece.seller),
                piece.contract,
                money(piece.kind.amount, piece.currency),
                _status(piece, is_theirs=is_waiting),
                piece.status_at,
            ],
        }

    return {
        **list_context(
            listed=listed, form=form, columns=COLUMNS, row=row, by=_SINCE, falls=not is_waiting, size=PER_PAGE
        ),
        "found": invoices_in_words(listed.count()),
        "is_waiting": is_waiting,
        "views": [
            {"label": "À traiter", "url": reverse("works_list"), "current": is_waiting},
            {"label": "Toutes", "url": reverse("works_all"), "current": not is_waiting},
        ],
    }


@page(get=SEE_WORKS_PIECE)
def show(request: HttpRequest, piece: Invoice) -> HttpResponse:
    """A piece beside its document, with its dossier and what can be done."""
    history = list(piece.history.select_related("actor"))
    moves = [
        move for move in moves_for(actor=acting(request), invoice=piece, side=Side.WORKS) if isinstance(move, WorksMove)
    ]
    context = {
        "invoice": piece,
        "name": piece.title,
        "status": _status(piece, is_theirs=bool(moves)),
        "events": timeline(story_of(invoice=piece, history=history, side=Side.WORKS), None, kind=piece.kind),
        "dossier": dossier_of(piece, side=Side.WORKS),
        "asked": history[-1] if moves and history[-1].comment else None,
        "moves": [button for move in moves for button in _buttons(piece, move)],
        "hints": [(move.label, move.hint.format(**piece.kind.words)) for move in moves if move.hint],
        **details_of(piece),
        **viewer(piece, side="works"),
    }
    return render(request, "works/show.html", context)


def _status(piece: Invoice, *, is_theirs: bool) -> ShownStatus:
    """Where a piece is; ``is_theirs``: it waits for who reads it."""
    status = status_of(piece, side=Side.WORKS)
    return ShownStatus(Mood.NEEDS_YOU.value, "À traiter", status.official) if is_theirs else status


def _buttons(piece: Invoice, move: WorksMove) -> list[dict[str, str]]:
    """What leads to a move: where it makes a piece, one button for each that it may make."""
    actor = WorksActor.MOA if move.of_moa else WorksActor.MOE
    if move.makes is not None:
        return [
            {
                "label": f"Accepter et faire : {choice.piece.name[0].lower()}{choice.piece.name[1:]}",
                "url": reverse(f"works_next_{actor.value}", args=[piece.uid, choice.piece.code]),
            }
            for choice in choices_for(piece=piece, by=actor)
        ]
    url = reverse(f"works_answer_{actor.value}", args=[piece.uid, move.action.value.replace("_", "-")])
    return [{"label": move.label, "url": url}]


@page(get=SEE_WORKS_PIECE)
def page_picture(request: HttpRequest, piece: Invoice, number: int) -> HttpResponse:
    """A page of the document, as a picture."""
    return pages.picture(stored=pages.document_of(piece).page, page=number)


@page(get=SEE_WORKS_PIECE)
def document(request: HttpRequest, piece: Invoice) -> FileResponse:
    """The piece as it was handed in."""
    found = pages.document_of(piece)
    return pages.download(stored=found.stored, name=found.name)


@page(get=SEE_WORKS_PIECE)
def copy(request: HttpRequest, piece: Invoice) -> FileResponse:
    """The PDF that the portal drew of it, if it was handed in as a workbook or a picture."""
    stored, name = pages.copy_of(piece)
    return pages.download(stored=stored, name=name)


@page(get=SEE_WORKS_FILE)
def file(request: HttpRequest, file: InvoiceFile) -> FileResponse:
    """A document that came with a piece."""
    return pages.download(stored=file.stored, name=file.name)
