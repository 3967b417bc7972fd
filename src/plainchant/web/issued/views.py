"""Follow one's own invoices (suivi), and answer when the recipient asks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from plainchant.einvoice.codes.invoice_types import DEPOSIT
from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import after_sending
from plainchant.portal.drafts import queries as drafts
from plainchant.portal.drafts.deposits import family_of
from plainchant.portal.drafts.fields import MADE_HERE
from plainchant.portal.drafts.models import Certificate
from plainchant.portal.drafts.payee import new_since
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices import rejections, validation
from plainchant.portal.invoices.delay import delay_of, pays_in_silence
from plainchant.portal.invoices.lifecycle import (
    REFUSED,
    SELLER_MAY_HAVE_TO_ACT,
    SellersMove,
    Side,
    Status,
    moves_about,
    moves_from,
)
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach, Narrowing
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.invoices.payments import noted_on, owed_of, paid_on
from plainchant.portal.invoices.permissions import (
    ANSWER_INVOICE,
    CHASE_PAYMENT,
    PREPARE_INVOICE,
    SEE_ISSUED_FILE,
    SEE_ISSUED_INVOICE,
    permission_for,
)
from plainchant.portal.invoices.queries import rejection_is_open
from plainchant.portal.invoices.reminders import next_reminder
from plainchant.portal.invoices.story import question_of, story_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.searches.models import SavedSearch
from plainchant.portal.structures.reach import reached
from plainchant.reader.text import storable
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.drafts.addresses import form_url
from plainchant.web.filters import FilterForm
from plainchant.web.invoice_lists import SELECT, due_cell, how_many, list_context, status_in_list
from plainchant.web.list_files import ALL, bundled, downloads, export_links, exported
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.saved_searches import searches_context
from plainchant.web.showing import (
    amount_of,
    details_of,
    kind_in_list,
    sentence_for_seller,
    status_of,
    timeline,
)
from plainchant.web.viewer import viewer

from .forms import CompleteForm, RecycleForm, ValidatorForm
from .payment import owed_in_words
from .works import works_context

PER_PAGE = 25
WAITING = "a-faire"  # the view of what waits for the supplier, in the address
COLUMNS = [
    {"label": "Facture", "kind": "number", "order": "numero"},
    {"label": "Destinataire", "kind": "text", "order": "destinataire"},
    {"label": "Montant à payer", "kind": "money", "order": "montant"},
    {"label": "Où elle en est", "kind": "status", "order": "statut"},
    {"label": "Depuis", "kind": "day", "order": "depuis"},
    {"label": "À payer avant", "kind": "due", "order": "echeance"},
]
OF_WHOM = {"label": "Au nom de", "kind": "text"}  # where one sees those of several structures
_LATELY, *_ = ORDERS[Side.SELLER]


@page(get=SEE_ISSUED_INVOICE, bears_lag=True)
def list_invoices(request: HttpRequest, invoices: QuerySet[Invoice]) -> HttpResponse:
    """One's invoices: what waits for an action first, then all, newest first."""
    today = day_in_paris(now())
    form = _search(request)
    found, waiting = _listed(request, invoices, form)
    everything = replace(found, narrow=drafts.begun, statuses=None)
    only_waiting = request.GET.get("vue") == WAITING
    kept = {"vue": WAITING} if only_waiting else {}
    context = {
        **list_context(
            listed=waiting if only_waiting else found,
            form=form,
            columns=COLUMNS[:1] + ([OF_WHOM] if form.names_structures else []) + COLUMNS[1:],
            row=partial(_row, of_whom=form.names_structures, today=today),
            by=_LATELY,
            falls=True,
            size=PER_PAGE,
            **kept,
        ),
        "has_any": form.is_used or everything.exists(),
        "views": [
            {
                "label": "Toutes",
                "url": reverse("issued_list") + form.address(),
                "current": not only_waiting,
                "count": how_many(found.count()),
            },
            {
                "label": "À vous d’agir",
                "url": reverse("issued_list") + form.address(vue=WAITING),
                "current": only_waiting,
                "count": how_many(waiting.count()),
            },
        ],
        "view": WAITING if only_waiting else "",
        "exports": export_links("issued_export", query=form.address(**kept)),
        **searches_context(request, SavedSearch.Listing.ISSUED, form=form, **kept),
        "select": SELECT,
        "downloads": downloads("issued_bundle"),
        "download_all": downloads("issued_bundle", query=form.address(**kept, **{ALL: "1"})),
    }
    return render(request, "issued/list.html", context)


@page(get=SEE_ISSUED_INVOICE, bears_lag=True)
def export(request: HttpRequest, invoices: QuerySet[Invoice], extension: str) -> FileResponse:
    """The list as a file, with what is looked for in it and in its order."""
    form = _search(request)
    found, waiting = _listed(request, invoices, form)
    only_waiting = request.GET.get("vue") == WAITING
    return exported(
        waiting if only_waiting else found,
        form=form,
        by=_LATELY,
        falls=True,
        extension=extension,
        name="factures-a-suivre" if only_waiting else "factures-envoyees",
    )


@page(get=SEE_ISSUED_INVOICE)
def bundle(request: HttpRequest, invoices: QuerySet[Invoice], kind: str) -> FileResponse:
    """The documents of several invoices in one archive."""
    form = _search(request)
    found, waiting = _listed(request, invoices, form)
    listed = waiting if request.GET.get("vue") == WAITING else found
    answer, _ = bundled(request, listed, form=form, by=_LATELY, falls=True, kind=kind)
    return answer


def _search(request: HttpRequest) -> FilterForm:
    structures = reached(actor=acting(request), right=Right.SEE_ISSUED).order_by("name")
    return FilterForm(request.GET, side=Side.SELLER, structures=structures, chosen=chosen_among(request, structures))


def _listed(request: HttpRequest, invoices: QuerySet[Invoice], form: FilterForm) -> tuple[InvoiceList, InvoiceList]:
    """All that is looked for, and what of it waits for the supplier."""
    reach = InvoiceReach.of(actor=acting(request), right=Right.SEE_ISSUED, side=Side.SELLER, structure=form.whose)
    found = InvoiceList(
        side=Side.SELLER,
        scope=invoices.select_related("draft"),
        reach=reach,
        narrow=partial(_begun, form.narrowing(today=day_in_paris(now()))),
        statuses=form.statuses_among(),
    )
    waiting = replace(
        found,
        narrow=lambda rows: found.narrow(rows).filter(~Q(status__in=REFUSED) | rejection_is_open()),
        statuses=form.statuses_among(SELLER_MAY_HAVE_TO_ACT),
    )
    return found, waiting


def _begun(narrow: Narrowing, rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return drafts.begun(narrow(rows))


def _row(invoice: Invoice, *, of_whom: bool, today: date) -> dict[str, Any]:
    name = invoice.number or "Brouillon sans numéro"
    return {
        "url": invoice_url(invoice),
        "id": str(invoice.uid),
        "name": name,
        "what": kind_in_list(invoice),
        "cells": [
            name,
            *([str(invoice.seller)] if of_whom else []),
            str(invoice.buyer or "à choisir"),
            amount_of(invoice),
            status_in_list(invoice, side=Side.SELLER),
            invoice.status_at,
            due_cell(invoice, side=Side.SELLER, today=today),
        ],
    }


def invoice_url(invoice: Invoice) -> str:
    """Where a supplier goes on with an invoice: a draft is prepared, the others are followed."""
    if invoice.status == Status.DRAFT:
        return form_url(invoice.draft)
    return reverse("issued_invoice", args=[invoice.uid])


@page(get=SEE_ISSUED_INVOICE)
def show(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Where an invoice is, when it will be paid, and its whole story."""
    if invoice.status == Status.DRAFT:
        return redirect(form_url(invoice.draft))
    at = now()
    history = list(invoice.history.select_related("actor"))
    delay = delay_of(invoice=invoice, history=history)
    draft = drafts.draft_of(invoice=invoice)
    today, noted = day_in_paris(at), noted_on(invoice=invoice)
    asked = question_of(history)
    due = owed_of(invoice=invoice, delay=delay, paid_on=paid_on(history=history, noted=noted), today=today)
    context = {
        "invoice": invoice,
        "name": invoice.title,
        "status": status_of(invoice, side=Side.SELLER),
        "sentence": sentence_for_seller(invoice, delay, today=today, noted_on=noted),
        "events": timeline(story_of(invoice=invoice, history=history, side=Side.SELLER), delay, kind=invoice.kind),
        "clock": delay,
        "today": today,
        "noted": noted,
        "is_silent": pays_in_silence(invoice=invoice),
        "may_chase": invoice.kind.is_owed and may(acting(request), CHASE_PAYMENT, invoice),
        "reminder": due is not None and next_reminder(invoice=invoice, today=today) is not None,
        **owed_in_words(due),
        "new_account_since": new_since(invoice=invoice, account=invoice.bank_account, at=at),
        "calls": _calls(invoice, actor=acting(request)),
        "may_prepare": may(acting(request), PREPARE_INVOICE, invoice),
        "contested": next((change for change in history if change.amount is not None), None),
        "refusal": "{This} est refusé{e}".format(**invoice.kind.words),
        "is_rejected": invoice.status in REFUSED,
        "may_close": invoice.rejection_closed_at is None and may(acting(request), ANSWER_INVOICE, invoice),
        "was_made_here": draft is not None and draft.source in MADE_HERE,
        "family": family_of(invoice=invoice),
        "is_deposit": invoice.type_code == DEPOSIT,
        "successors": list(drafts.successors_of(invoice=invoice)),
        "draft": draft,
        "asked": asked,
        "asks_another": asked is None or not asked.reason_code or REASON_OF[asked.reason_code].asks_another,
        **works_context(invoice, actor=acting(request)),
        **details_of(invoice),
        **viewer(invoice, side="issued"),
        "certificate": Certificate.objects.filter(invoice=invoice).first(),
    }
    return render(request, "issued/show.html", context)


def _calls(invoice: Invoice, *, actor: Actor) -> list[dict[str, str]]:
    """What waits for the supplier on this invoice. A move without a page, or not this person's, has no button."""
    calls = []
    possible = moves_from(status=Status(invoice.status), party=Side.SELLER)
    for move in moves_about(cadre=invoice.billing_framework, moves=possible):
        if isinstance(move, SellersMove) and move.call:
            url = ""
            if may(actor, permission_for(move), invoice):
                with suppress(NoReverseMatch):
                    url = reverse(f"issued_{move.action}", args=[invoice.uid])
            calls.append({"title": move.call.format(**invoice.kind.words), "label": move.label, "url": url})
    return calls


@page(get=SEE_ISSUED_INVOICE)
def page_picture(request: HttpRequest, invoice: Invoice, number: int) -> HttpResponse:
    """A page of an invoice's document, as a picture."""
    return pages.picture(stored=pages.document_of(invoice).page, page=number)


@page(get=SEE_ISSUED_INVOICE)
def document(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The invoice as it was handed in."""
    found = pages.document_of(invoice)
    return pages.download(stored=found.stored, name=found.name)


@page(get=SEE_ISSUED_INVOICE)
def copy(request: HttpRequest, invoice: Invoice) -> FileResponse:
    """The PDF that the portal drew of an invoice handed in as a workbook or a picture."""
    stored, name = pages.copy_of(invoice)
    return pages.download(stored=stored, name=name)


@page(get=SEE_ISSUED_FILE)
def file(request: HttpRequest, file: InvoiceFile) -> FileResponse:
    """A document of one's invoice."""
    return pages.download(stored=file.stored, name=file.name)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def complete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Answer a suspension."""
    if invoice.status != Status.SUSPENDED:
        return redirect("issued_invoice", uid=invoice.uid)
    form = CompleteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploads = [Upload(file=f, name=f.name, size=f.size) for f in form.cleaned_data["attachments"]]
        was_stopped = delay_of(invoice=invoice, history=list(invoice.history.all())).state is ClockState.STOPPED
        with refusals_on(form):
            after_sending.complete(
                invoice=invoice, uploads=uploads, comment=form.cleaned_data["comment"], actor=acting(request), at=now()
            )
            resumed = " et le délai a repris" if was_stopped else ""
            messages.info(request, f"Votre réponse est partie. {invoice.buyer} est prévenu{resumed}.")
            return redirect("issued_invoice", uid=invoice.uid)
    asked = invoice.history.last()
    context = {"invoice": invoice, "form": form, "asked": asked}
    return render(request, "issued/complete.html", context, status=422 if form.errors else 200)


@page(post=ANSWER_INVOICE, back="issued_invoice")
def close_rejection(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Take a rejected invoice off what waits for its supplier."""
    rejections.close(invoice=invoice, actor=acting(request), at=now())
    messages.info(request, "C’est noté\u00a0: ce refus n’est plus dans ce qui vous attend.")
    return redirect("issued_invoice", uid=invoice.uid)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def name_validator(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Name another validator in place of the one who says that it is not his to validate."""
    if invoice.status != Status.WRONG_VALIDATOR_1:
        return redirect("issued_invoice", uid=invoice.uid)
    form = ValidatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            validation.name_validator(
                invoice=invoice,
                siret=form.cleaned_data["validator"],
                comment=form.cleaned_data["comment"],
                actor=acting(request),
                at=now(),
            )
            messages.info(request, f"{invoice.validator} est prévenu et a quinze jours pour répondre.")
            return redirect("issued_invoice", uid=invoice.uid)
    context = {"invoice": invoice, "form": form, "asked": invoice.history.last()}
    return render(request, "issued/name_validator.html", context, status=422 if form.errors else 200)


@page(get=ANSWER_INVOICE, post=ANSWER_INVOICE, back="issued_invoice")
def recycle(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Correct where an invoice goes, and send it again under the same number."""
    if invoice.status != Status.TO_RECYCLE:
        return redirect("issued_invoice", uid=invoice.uid)
    known = after_sending.routing_as_typed(invoice=invoice)
    typed = {name: storable(request.POST.get(name, known.get(name, ""))) for name in RecycleForm.base_fields}
    form = RecycleForm(typed=typed, invoice=invoice)
    if request.method == "POST" and request.POST.get("go") == "send":
        with refusals_on(form):
            after_sending.recycle_as_typed(invoice=invoice, typed=typed, actor=acting(request), at=now())
            invoice.refresh_from_db()
            messages.info(request, f"{invoice.kind.words['The']} {invoice.number} repart vers {invoice.buyer}.")
            return redirect("issued_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "form": form,
        "body": form.body,
        "demands": requirements_of(form.body, None) if form.body else None,
        "asked": invoice.history.last(),
    }
    return render(request, "issued/recycle.html", context, status=422 if form.errors else 200)
