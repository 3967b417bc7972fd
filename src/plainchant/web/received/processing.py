"""What a recipient does with an invoice, or with several at once: « traiter », and the steps of the payment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.drafts.service_hints import service_hints
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import MOVE_OF, STATUS_ROWS, Action, BuyersMove, Mood, Side, Status
from plainchant.portal.invoices.models import Invoice, ReasonText
from plainchant.portal.invoices.permissions import PAY_INVOICE, PROCESS_INVOICE
from plainchant.portal.invoices.queries import made_before
from plainchant.portal.invoices.reason_texts import as_read, texts_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.web.account.visitor import acting
from plainchant.web.fields import uids_among
from plainchant.web.invoice_lists import SELECT
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import amount_of, counted, status_of

from .forms import ProcessForm, ReadyText
from .lists import beside

CONFIRMED = "confirme"
WRONG_SERVICE = "CODE_ROUTAGE_ERR"  # of `codes.reasons`


@page(get=PROCESS_INVOICE, post=PROCESS_INVOICE, back="received_invoice")
def process(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """« Traiter »: stop the invoice, or confirm that the work was done."""
    return _move(request, invoice, _asked(action, Right.PROCESS))


@page(get=PAY_INVOICE, post=PAY_INVOICE, back="received_invoice")
def pay(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """The steps of the payment."""
    return _move(request, invoice, _asked(action, Right.PAY))


@page(post=PROCESS_INVOICE)
def process_many(request: HttpRequest, received: QuerySet[Invoice], action: str) -> HttpResponse:
    """« Traiter » those that were chosen in a list."""
    return _move_many(request, received, _asked(action, Right.PROCESS))


@page(post=PAY_INVOICE)
def pay_many(request: HttpRequest, received: QuerySet[Invoice], action: str) -> HttpResponse:
    """The steps of the payment, of those that were chosen in a list."""
    return _move_many(request, received, _asked(action, Right.PAY))


def _asked(action: str, right: Right) -> BuyersMove:
    """The move that an address names. Http404 for one that needs another right."""
    try:
        move = MOVE_OF[Action(action.replace("-", "_"))]
    except (ValueError, KeyError) as unknown:
        raise Http404 from unknown
    if not isinstance(move, BuyersMove) or move.right is not right:
        raise Http404
    return move


def _move(request: HttpRequest, invoice: Invoice, move: BuyersMove) -> HttpResponse:
    """Say what happens, ask what must be known, do it; then the next one of the list, if one comes from a list."""
    if invoice.status not in move.sources:
        raise StatusHasChanged(status=Status(invoice.status))
    place = beside(request, invoice)
    query = place.query if place else ""
    hints = service_hints(invoice=invoice, actor=acting(request), day=day_in_paris(now())) if _routes(move) else []
    texts = [
        *(ReadyText(hint.service.code, hint.sentence, WRONG_SERVICE) for hint in hints),
        *(_ready(text, words) for text, words in as_read(_texts(move, [invoice]), invoice=invoice)),
    ]
    form = ProcessForm(request.POST if request.method == "POST" else None, move=move, texts=texts)
    target = STATUS_ROWS[move.target]
    if request.method == "POST" and form.is_valid():
        title = invoice.title  # of before: what is admitted in part is called so afterwards
        with refusals_on(form):
            operations.process(
                invoice=invoice, action=move.action, actor=acting(request), at=now(), **form.cleaned_data
            )
            mailed = f" {invoice.seller} est prévenu par courriel." if target.mails_seller else ""
            done = invoice.kind.agreed(move.history)
            messages.info(request, f"C’est fait : {title}, {done[:1].lower()}{done[1:]}.{mailed}")
            if place:
                return redirect(place.after or place.list_url)
            return redirect("received_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "move": move,
        "query": query,
        "label": invoice.kind.agreed(move.label),
        "form": form,
        "title": move.question_about(kind=invoice.kind, number=invoice.number),
        "consequence": move.consequence_for(
            kind=invoice.kind, is_again=bool(made_before(move=move, invoices=[invoice]))
        ),
        "hints": hints,
        "is_final": target.mood is Mood.STOPPED,
        "mails_seller": target.mails_seller,
    }
    return render(request, "received/process.html", context, status=422 if form.errors else 200)


def _move_many(request: HttpRequest, received: QuerySet[Invoice], move: BuyersMove) -> HttpResponse:
    """List what will happen, ask once, then do it one by one: what cannot be done any more is said, and stays."""
    if not move.is_for_several:
        raise Http404
    chosen = list(received.filter(uid__in=uids_among(request.POST.getlist(SELECT))).order_by("due_on", "pk"))
    movable = [invoice for invoice in chosen if invoice.status in move.sources]
    if not movable:
        none_may = "Aucune des factures choisies ne peut l’être dans son état."
        messages.warning(request, none_may if chosen else "Choisissez d’abord des factures dans la liste.")
        return redirect("received_to_process")
    texts = [_ready(text, text.text) for text in _texts(move, movable)]
    form = ProcessForm(request.POST if CONFIRMED in request.POST else None, move=move, texts=texts)
    if form.is_valid():
        _do(request, movable, move, form.cleaned_data)
        return redirect("received_to_process")
    again = made_before(move=move, invoices=movable)
    context = {
        "title": f"{move.short_label} : {counted(len(movable), 'facture', 'factures')}",
        "label": move.label,
        "form": form,
        "action": request.path,
        "select": SELECT,
        "confirmed": CONFIRMED,
        "will": [_line(invoice, move, is_again=invoice.pk in again) for invoice in movable],
        "will_not": [_line(invoice, move) for invoice in chosen if invoice.status not in move.sources],
        "mails_seller": STATUS_ROWS[move.target].mails_seller,
    }
    return render(request, "received/process_many.html", context, status=422 if form.errors else 200)


def _texts(move: BuyersMove, invoices: list[Invoice]) -> list[ReasonText]:
    """What the body keeps to write with this move; nothing where the invoices are of several bodies."""
    bodies = {invoice.buyer for invoice in invoices}
    (body,) = bodies if len(bodies) == 1 else (None,)
    return list(texts_of(structure=body, move=move)) if body is not None and move.needs_reason else []


def _ready(text: ReasonText, words: str) -> ReadyText:
    return ReadyText(str(text.uid), words, text.reason_code)


def _routes(move: BuyersMove) -> bool:
    """Whether the supplier then chooses another address."""
    return move.target is Status.TO_RECYCLE


def _do(request: HttpRequest, invoices: list[Invoice], move: BuyersMove, given: dict[str, Any]) -> None:
    moved, refused = operations.process_many(
        invoices=invoices, action=move.action, actor=acting(request), at=now(), **given
    )
    if moved:
        messages.info(request, f"C’est fait pour {counted(len(moved), 'facture', 'factures')}.")
    if refused:
        rest = counted(len(refused), "n’a pas changé", "n’ont pas changé")
        why = " ".join(f"{invoice.number} : {reason}" for invoice, reason in refused[:5])
        messages.warning(request, f"{rest}. {why}")


def _line(invoice: Invoice, move: BuyersMove, *, is_again: bool = False) -> dict[str, Any]:
    return {
        "uid": str(invoice.uid),
        "name": invoice.title,
        "url": reverse("received_invoice", args=[invoice.uid]),
        "seller": str(invoice.seller),
        "amount": amount_of(invoice),
        "status": status_of(invoice, side=Side.BUYER),
        "consequence": move.consequence_for(kind=invoice.kind, is_again=is_again),
    }
