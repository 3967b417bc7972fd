"""What a supplier does in a dossier of works: name the right actors, answer, refuse the general account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.works import WORKS_PIECE_OF, WorksActor
from plainchant.portal.drafts import next_piece
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices import works
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import ANSWER_INVOICE, SEND_INVOICE
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.works.dossier import dossier_of
from plainchant.web.works.forms import PieceAnswerForm, WorksActorForm

from .forms import CompleteForm


def works_context(invoice: Invoice, *, actor: Actor) -> dict[str, Any]:
    """The dossier of a piece of works, and what its supplier may make next; nothing of another invoice."""
    if invoice.billing_framework not in WORKS_PIECE_OF:
        return {}
    today = day_in_paris(now())
    choices = works.choices_for(piece=invoice, by=WorksActor.SUPPLIER) if may(actor, SEND_INVOICE, invoice) else []
    awaits = invoice.status == Status.AT_SELLER
    return {
        "dossier": dossier_of(invoice, side=Side.SELLER),
        "next_pieces": [
            {
                "name": choice.piece.name,
                "url": reverse("issued_next_piece", args=[invoice.uid, choice.piece.code]),
                "from_day": choice.from_day,
                "is_open": choice.from_day is None or choice.from_day <= today,
            }
            for choice in choices
        ],
        "may_refuse_general": awaits and may(actor, ANSWER_INVOICE, invoice),
        "awaits_seller": awaits,
    }


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def name_moe(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Name another maître d'œuvre in place of the one who says that they are not."""
    return _name(request, invoice, Action.NAME_MOE, waits=Status.WRONG_MOE)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def name_moa(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Name another maître d'ouvrage in place of the one who says that they are not."""
    return _name(request, invoice, Action.NAME_MOA, waits=Status.WRONG_MOA)


def _name(request: HttpRequest, invoice: Invoice, action: Action, *, waits: Status) -> HttpResponse:
    if invoice.status != waits:
        return redirect("issued_invoice", uid=invoice.uid)
    form = WorksActorForm(request.POST or None, action=action)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            works.name_actor(
                piece=invoice,
                action=action,
                siret=form.cleaned_data[form.who],
                comment=form.cleaned_data["comment"],
                actor=acting(request),
                at=now(),
            )
            messages.info(request, f"{invoice.moe if action is Action.NAME_MOE else invoice.moa} est prévenu.")
            return redirect("issued_invoice", uid=invoice.uid)
    who = "maître d’œuvre" if action is Action.NAME_MOE else "maître d’ouvrage"
    former = invoice.moe if action is Action.NAME_MOE else invoice.moa
    context = {"invoice": invoice, "form": form, "asked": invoice.history.last(), "who": who, "former": former}
    return render(request, "issued/name_works_actor.html", context, status=422 if form.errors else 200)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def complete_for_moe(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Answer a maître d'œuvre who asked for more."""
    if invoice.status != Status.TO_COMPLETE:
        return redirect("issued_invoice", uid=invoice.uid)
    form = CompleteForm(request.POST or None, request.FILES or None)
    form.fields["comment"].label = "Votre réponse au maître d’œuvre"
    if request.method == "POST" and form.is_valid():
        uploads = [Upload(file=f, name=f.name, size=f.size) for f in form.cleaned_data["attachments"]]
        with refusals_on(form):
            next_piece.complete(
                piece=invoice, uploads=uploads, comment=form.cleaned_data["comment"], actor=acting(request), at=now()
            )
            messages.info(request, f"Votre réponse est partie. {invoice.moe} est prévenu.")
            return redirect("issued_invoice", uid=invoice.uid)
    context = {"invoice": invoice, "form": form, "asked": invoice.history.last(), "to_whom": invoice.moe}
    return render(request, "issued/complete.html", context, status=422 if form.errors else 200)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def refuse_general(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Refuse the general account that the maître d'ouvrage sent."""
    if invoice.status != Status.AT_SELLER:
        return redirect("issued_invoice", uid=invoice.uid)
    form = PieceAnswerForm(request.POST if request.method == "POST" else None)
    form.fields["comment"].label = "Pourquoi ? Un mot pour le maître d’ouvrage"
    if request.method == "POST" and form.is_valid():
        works.refuse_general(piece=invoice, comment=form.cleaned_data["comment"], actor=acting(request), at=now())
        messages.info(request, f"C’est fait : vous avez refusé {invoice.kind.words['the']} {invoice.number}.")
        return redirect("issued_invoice", uid=invoice.uid)
    context = {"invoice": invoice, "form": form}
    return render(request, "issued/refuse_general.html", context, status=422 if form.errors else 200)
