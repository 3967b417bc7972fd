"""What is done with a piece of works: answer, or accept it by making the next one; of the supplier too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.codes.works import ACTOR_NAMES, WORKS_PIECE_OF, WorksActor
from plainchant.portal.drafts import next_piece
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices import works
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import MOVE_OF, STATUS_ROWS, Action, Mood, Side, Status, WorksMove
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEND_INVOICE, WORK_AS_MOA, WORK_AS_MOE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .dossier import dossier_of
from .forms import NextPieceForm, PieceAnswerForm


@page(get=WORK_AS_MOE, post=WORK_AS_MOE, back="works_piece")
def answer_as_moe(request: HttpRequest, piece: Invoice, action: str) -> HttpResponse:
    """What the maître d'œuvre answers."""
    return _answer(request, piece, _asked(action, of_moa=False))


@page(get=WORK_AS_MOA, post=WORK_AS_MOA, back="works_piece")
def answer_as_moa(request: HttpRequest, piece: Invoice, action: str) -> HttpResponse:
    """What the maître d'ouvrage answers."""
    return _answer(request, piece, _asked(action, of_moa=True))


def _asked(action: str, *, of_moa: bool) -> WorksMove:
    """The move that an address names. Http404 for one that is the other's, or has a page of its own."""
    try:
        move = MOVE_OF[Action(action.replace("-", "_"))]
    except ValueError as unknown:
        raise Http404 from unknown
    if not isinstance(move, WorksMove) or move.of_moa is not of_moa or not move.question:
        raise Http404
    return move


def _answer(request: HttpRequest, piece: Invoice, move: WorksMove) -> HttpResponse:
    """Say what happens, ask what must be known, do it."""
    if piece.status not in move.sources:
        raise StatusHasChanged(status=Status(piece.status))
    words = {**piece.kind.words, "number": piece.number}
    form = PieceAnswerForm(request.POST if request.method == "POST" else None, move=move)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            works.decide(piece=piece, action=move.action, actor=acting(request), at=now(), **form.cleaned_data)
            done = piece.kind.agreed(move.history)
            messages.info(request, f"C’est fait : {piece.title}, {done[:1].lower()}{done[1:]}.")
            still_theirs = move.target in (Status.TAKEN_BY_MOE, Status.TAKEN_BY_MOA)
            return redirect("works_piece", uid=piece.uid) if still_theirs else redirect("works_list")
    context = {
        "invoice": piece,
        "form": form,
        "label": move.label,
        "title": move.question.format(**words),
        "consequence": move.consequence.format(**words),
        "is_final": STATUS_ROWS[move.target].mood is Mood.STOPPED,
    }
    return render(request, "works/answer.html", context, status=422 if form.errors else 200)


@page(get=WORK_AS_MOE, post=WORK_AS_MOE, back="works_piece")
def next_as_moe(request: HttpRequest, piece: Invoice, cadre: str) -> HttpResponse:
    """The maître d'œuvre makes the next piece."""
    return _next(request, piece, cadre, by=WorksActor.MOE)


@page(get=WORK_AS_MOA, post=WORK_AS_MOA, back="works_piece")
def next_as_moa(request: HttpRequest, piece: Invoice, cadre: str) -> HttpResponse:
    """The maître d'ouvrage makes the next piece."""
    return _next(request, piece, cadre, by=WorksActor.MOA)


@page(get=SEND_INVOICE, post=SEND_INVOICE, back="issued_invoice")
def next_as_seller(request: HttpRequest, piece: Invoice, cadre: str) -> HttpResponse:
    """The supplier makes the next piece."""
    return _next(request, piece, cadre, by=WorksActor.SUPPLIER)


def _next(request: HttpRequest, piece: Invoice, cadre: str, *, by: WorksActor) -> HttpResponse:
    row = WORKS_PIECE_OF.get(cadre.upper())
    if row is None or row.made_by is not by:
        raise Http404
    choice = next((choice for choice in works.choices_for(piece=piece, by=by) if choice.piece is row), None)
    if choice is None:
        raise StatusHasChanged(status=Status(piece.status))
    side = Side.SELLER if by is WorksActor.SUPPLIER else Side.WORKS
    shown = "issued_invoice" if side is Side.SELLER else "works_piece"
    at = now()
    initial = next_piece.proposed(piece=piece, row=row, at=at)
    form = NextPieceForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        document, attachments = given.pop("document"), given.pop("attachments")
        with refusals_on(form):
            made = next_piece.make(
                piece=piece,
                cadre=row.code,
                typed=given,
                document=_upload(document) if document else None,
                uploads=[_upload(file) for file in attachments],
                actor=acting(request),
                at=at,
            )
            assert row.goes_to is not None  # noqa: S101 - else it could not be chosen
            messages.info(request, f"C’est fait : {made.title} est parti vers {ACTOR_NAMES[row.goes_to]}.")
            return redirect(shown, uid=made.uid)
    context = {
        "invoice": piece,
        "form": form,
        "row": row,
        "goes_to": ACTOR_NAMES[row.goes_to] if row.goes_to else "",
        "from_day": choice.from_day,
        "dossier": dossier_of(piece, side=side),
        "back": shown,
        "is_seller": side is Side.SELLER,
    }
    return render(request, "works/next.html", context, status=422 if form.errors else 200)


def _upload(file: Any) -> Upload:
    return Upload(file=file, name=file.name, size=file.size)
