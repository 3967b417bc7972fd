"""What a validator answers: it agrees, refuses, or is not the right one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.invoices import validation
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import MOVE_OF, STATUS_ROWS, Action, Mood, Status, ValidatorsMove
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import VALIDATE_AS_SECOND, VALIDATE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import SayForm


@page(get=VALIDATE_INVOICE, post=VALIDATE_INVOICE, back="validation_invoice")
def answer(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """What the first validator answers, and whom it names after itself."""
    return _answer(request, invoice, _asked(action, of_second=False))


@page(get=VALIDATE_AS_SECOND, post=VALIDATE_AS_SECOND, back="validation_invoice")
def answer_as_second(request: HttpRequest, invoice: Invoice, action: str) -> HttpResponse:
    """What the second validator answers."""
    return _answer(request, invoice, _asked(action, of_second=True))


def _asked(action: str, *, of_second: bool) -> ValidatorsMove:
    """The move that an address names. Http404 for one that is the other validator's."""
    try:
        move = MOVE_OF[Action(action.replace("-", "_"))]
    except ValueError as unknown:
        raise Http404 from unknown
    if not isinstance(move, ValidatorsMove) or move.of_second is not of_second:
        raise Http404
    return move


def _answer(request: HttpRequest, invoice: Invoice, move: ValidatorsMove) -> HttpResponse:
    """Say what happens, ask what must be known, do it."""
    if invoice.status not in move.sources:
        raise StatusHasChanged(status=Status(invoice.status))
    words = {**invoice.kind.words, "number": invoice.number}
    form = SayForm(
        request.POST if request.method == "POST" else None,
        move=move,
        has_second=validation.has_second(invoice=invoice),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            validation.decide(invoice=invoice, action=move.action, actor=acting(request), at=now(), **form.cleaned_data)
            done = invoice.kind.agreed(move.history)
            mailed = f" {invoice.seller} est prévenu par courriel." if STATUS_ROWS[move.target].mails_seller else ""
            messages.info(request, f"C’est fait : {invoice.title}, {done[:1].lower()}{done[1:]}.{mailed}")
            return redirect("validation_list")
    context = {
        "invoice": invoice,
        "form": form,
        "label": move.label,
        "title": move.question.format(**words),
        "consequence": move.consequence.format(**words),
        "is_final": STATUS_ROWS[move.target].mood is Mood.STOPPED,
    }
    return render(request, "validation/answer.html", context, status=422 if form.errors else 200)
