"""An invoice that was received, beside its document, with what can be done now; and its files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.portal.drafts.deposits import Family, family_of
from plainchant.portal.drafts.payee import payee_of
from plainchant.portal.invoices import operations, queries
from plainchant.portal.invoices.assignment import assignees, colleagues
from plainchant.portal.invoices.committed import committed
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.lifecycle import (
    BuyersMove,
    Side,
    moves_of,
)
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import (
    PROCESS_INVOICE,
    SEE_RECEIVED_FILE,
    SEE_RECEIVED_INVOICE,
    moves_for,
)
from plainchant.portal.invoices.story import story_of
from plainchant.portal.invoices.validation import says_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.models import StoredFile
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.context import uses_of
from plainchant.web.routes import page
from plainchant.web.showing import details_of, status_of, timeline
from plainchant.web.viewer import viewer
from plainchant.web.works.dossier import dossier_of

from .lists import address_of, beside


@page(get=SEE_RECEIVED_INVOICE)
def show(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An invoice beside its document, with what can be done now."""
    history = list(invoice.history.select_related("actor"))
    delay = delay_of(invoice=invoice, history=history)
    moves = [
        move
        for move in moves_for(actor=acting(request), invoice=invoice, side=Side.BUYER)
        if isinstance(move, BuyersMove)
    ]
    place = beside(request, invoice)
    query = place.query if place else ""
    context = {
        "invoice": invoice,
        "in_hands": _in_hands(request, invoice),
        "name": invoice.title,
        "status": status_of(invoice, side=Side.BUYER),
        "events": timeline(story_of(invoice=invoice, history=history, side=Side.BUYER), delay, kind=invoice.kind),
        "says": says_of(invoice=invoice, history=history),
        "clock": delay,
        "today": day_in_paris(now()),
        "processes": uses_of(request).processes,
        "place": place,
        "advance": [_button(invoice, move, query) for move in moves if not move.needs_reason],
        "stop": [_button(invoice, move, query) for move in moves if move.needs_reason],
        "hints": [
            (invoice.kind.agreed(move.label), move.hint.format(**invoice.kind.words))
            for move in moves_of(party=Side.BUYER)
            if isinstance(move, BuyersMove) and move.hint
        ],
        "committed": committed(invoice=invoice, actor=acting(request)),
        "payee": payee_of(invoice=invoice, at=now()),
        "dossier": dossier_of(invoice, side=Side.BUYER),
        "family": _family_in_reach(request, invoice),
        **details_of(invoice),
        **viewer(invoice, side="received"),
    }
    return render(request, "received/show.html", context)


def _in_hands(request: HttpRequest, invoice: Invoice) -> dict[str, Any]:
    """Who deals with it, and what the visitor may do about that: nothing where there is nobody to share it with."""
    assignee = assignees(invoices=[invoice]).get(invoice.pk)
    me = acting(request).person
    people = list(colleagues(invoice=invoice)) if may(acting(request), PROCESS_INVOICE, invoice) else []
    return {
        "who": assignee,
        "is_me": assignee is not None and assignee == me,
        "me": me if me in people and len(people) > 1 and assignee != me else None,
        "may_give": any(person != me for person in people),
    }


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


def _button(invoice: Invoice, move: BuyersMove, query: str) -> dict[str, Any]:
    return {
        "label": invoice.kind.agreed(move.label),
        "url": address_of(move, invoice=invoice) + query,
        "key": move.key,
        "at_once": move.is_at_once,
        "asks_payment_order": move.asks_payment_order,
    }


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
