"""Tickets: one list, one question, one thread, for whoever asks and for whoever answers."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.invoices.lifecycle import IN_VALIDATION, IN_WORKS, NOT_SENT
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.tickets import operations, queries
from plainchant.portal.tickets.models import Ticket, TicketFile, TicketMessage
from plainchant.portal.tickets.permissions import (
    ADD_TO_TICKET,
    ANSWER_TICKET,
    OPEN_TICKET,
    SEE_TICKET,
    SEE_TICKET_FILE,
)
from plainchant.portal.tickets.subjects import STATE_ROW, STEP_WORDS, SUBJECTS, Step, Subject, TicketState
from plainchant.web import pages
from plainchant.web.account.limits import too_many
from plainchant.web.account.visitor import acting, person
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import TO_BODY, MessageForm, QuestionForm

PER_PAGE = 50
RECEIVED = "recues"
_COLUMNS = [
    {"label": "Demande", "kind": "name"},
    {"label": "Numéro", "kind": "code"},
    {"label": "De, ou à", "kind": "text"},
    {"label": "Où elle en est", "kind": "status"},
    {"label": "Depuis", "kind": "day"},
]


class SearchForm(forms.Form):
    """What one looks for."""

    marks_optional = False
    q = forms.CharField(label="Numéro, sujet, nom ou facture", required=False, max_length=100)
    open = forms.BooleanField(label="Sans celles qui sont clôturées", required=False)


@page(get=SEE_TICKET)
def list_tickets(request: HttpRequest, visible: QuerySet[Ticket]) -> HttpResponse:
    """What one asked; for those who answer, also what they were asked."""
    actor = acting(request)
    own = visible.filter(asker=actor.person)
    received = queries.received_for(actor=actor, right=Right.SEE_TICKETS)
    answers = received.exists()
    is_received = answers and request.GET.get("vue") == RECEIVED
    form = SearchForm(request.GET)
    looked_for = form.cleaned_data if form.is_valid() else {}
    text, only_open = str(looked_for.get("q", "")), bool(looked_for.get("open"))
    found = queries.matching(tickets=received if is_received else own, text=text, only_open=only_open)
    sheet = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    views = [
        {"label": "Mes demandes", "url": reverse("tickets"), "current": not is_received, "count": None},
        {
            "label": "Reçues",
            "url": f"{reverse('tickets')}?{urlencode({'vue': RECEIVED})}",
            "current": is_received,
            "count": received.filter(state=TicketState.OPEN).count() if answers else None,
        },
    ]
    context = {
        "form": form,
        "views": views if answers else [],
        "view": RECEIVED if is_received else "",
        "columns": _COLUMNS,
        "rows": [_row(ticket, is_received=is_received) for ticket in sheet],
        "page": sheet,
        "has_searched": bool(text or only_open),
    }
    return render(request, "tickets/list.html", context)


def _row(ticket: Ticket, *, is_received: bool) -> dict[str, Any]:
    row = STATE_ROW[TicketState(ticket.state)]
    status = (row.shape_for_desk, row.for_desk) if is_received else (row.shape, row.for_asker)
    return {
        "name": ticket.title,
        "url": reverse("ticket", kwargs={"uid": ticket.uid}),
        "cells": [
            ticket.title,
            ticket.number,
            ticket.asker_name if is_received else _who_answers(ticket),
            {"shape": status[0], "word": status[1]},
            ticket.state_at,
        ],
    }


def _who_answers(ticket: Ticket) -> str:
    return str(ticket.body) if ticket.body else "Ce portail"


@page(get=OPEN_TICKET, post=OPEN_TICKET)
def new(request: HttpRequest) -> HttpResponse:
    """Ask. ``?facture=``: about an invoice that the visitor sees."""
    actor = acting(request)
    invoice = _invoice(request)
    may_ask_body = (
        invoice is not None
        and invoice.buyer is not None
        and invoice.status not in NOT_SENT | IN_VALIDATION | IN_WORKS
        and may(actor, SEE_ISSUED_INVOICE, invoice)
    )
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        invoice=invoice,
        may_ask_body=may_ask_body,
    )
    if request.method == "POST" and form.is_valid():
        limited = too_many(request, action="ticket")
        if limited:
            return limited
        typed = form.cleaned_data
        question = operations.TicketQuestion(
            subject=Subject(typed["subject"]),
            title=typed["title"],
            text=typed["text"],
            invoice=invoice,
            to_body=typed["to"] == TO_BODY,
        )
        with refusals_on(form):
            ticket = operations.ask(question=question, uploads=form.uploads, actor=actor, at=now())
            messages.success(
                request, f"C’est envoyé, sous le numéro {ticket.number}. La réponse vous sera annoncée par courriel."
            )
            return redirect("ticket", uid=ticket.uid)
    context = {"form": form, "invoice": invoice, "may_ask_body": may_ask_body}
    return render(request, "tickets/new.html", context, status=422 if form.errors else 200)


def _invoice(request: HttpRequest) -> Invoice | None:
    """The invoice that the address names, if the visitor sees it. Http404 for any other."""
    named = request.GET.get("facture")
    if not named:
        return None
    try:
        uid = uuid.UUID(named)
    except ValueError as error:
        raise Http404 from error
    for permission in (SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE):
        found: Invoice | None = permission.reached_by(acting(request)).filter(uid=uid).first()
        if found is not None:
            return found
    raise Http404


@page(get=SEE_TICKET)
def show(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _shown(request, ticket, MessageForm())


def _shown(request: HttpRequest, ticket: Ticket, form: MessageForm) -> HttpResponse:
    actor = acting(request)
    row = STATE_ROW[TicketState(ticket.state)]
    is_own = ticket.asker_id == person(request).pk
    context = {
        "ticket": ticket,
        "form": form,
        "subject": SUBJECTS[Subject(ticket.subject)],
        "who_answers": _who_answers(ticket),
        "shape": row.shape if is_own else row.shape_for_desk,
        "word": row.for_asker if is_own else row.for_desk,
        "thread": [(message, STEP_WORDS[Step(message.step)]) for message in _thread(ticket)],
        "is_own": is_own,
        "may_answer": not is_own and may(actor, ANSWER_TICKET, ticket),
        "invoice_url": _invoice_url(request, ticket),
    }
    return render(request, "tickets/show.html", context, status=422 if form.errors else 200)


def _thread(ticket: Ticket) -> QuerySet[TicketMessage]:
    return ticket.thread.prefetch_related("files__stored")


def _invoice_url(request: HttpRequest, ticket: Ticket) -> str:
    """Where this visitor sees the invoice; empty if they do not."""
    if ticket.invoice is None:
        return ""
    for permission, name in ((SEE_ISSUED_INVOICE, "issued_invoice"), (SEE_RECEIVED_INVOICE, "received_invoice")):
        if may(acting(request), permission, ticket.invoice):
            return reverse(name, kwargs={"uid": ticket.invoice.uid})
    return ""


@page(get=ADD_TO_TICKET, post=ADD_TO_TICKET, back="ticket")
def add(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Whoever asked writes more, or closes."""
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        closes = request.POST.get("step") == Step.CLOSED
        limited = too_many(request, action="ticket")
        if limited:
            return limited
        with refusals_on(form):
            operations.add(
                ticket=ticket,
                text=form.cleaned_data["text"],
                uploads=form.uploads,
                actor=acting(request),
                at=now(),
                closes=closes,
            )
            messages.success(request, "La demande est clôturée." if closes else "C’est envoyé.")
            return redirect("ticket", uid=ticket.uid)
    return _shown(request, ticket, form)


@page(get=ANSWER_TICKET, post=ANSWER_TICKET, back="ticket")
def answer(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Those who answer: an answer, a question back, or the end of it."""
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        steps = {step.value: step for step in (Step.ANSWERED, Step.ASKED_MORE, Step.CLOSED)}
        with refusals_on(form):
            operations.answer(
                ticket=ticket,
                step=steps.get(request.POST.get("step", ""), Step.ANSWERED),
                text=form.cleaned_data["text"],
                uploads=form.uploads,
                actor=acting(request),
                at=now(),
            )
            messages.success(request, f"C’est envoyé. {ticket.asker_name} en est averti par courriel.")
            return redirect("ticket", uid=ticket.uid)
    return _shown(request, ticket, form)


@page(get=SEE_TICKET_FILE)
def file(request: HttpRequest, attached: TicketFile) -> FileResponse:
    return pages.download(stored=attached.stored, name=attached.name)
