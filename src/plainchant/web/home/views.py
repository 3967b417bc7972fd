"""The first page, the conditions of use, and what a site says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from plainchant.access.permissions import PUBLIC
from plainchant.einvoice import wording
from plainchant.portal.accounts import terms as conditions
from plainchant.portal.accounts.links import public
from plainchant.portal.drafts.queries import MOST_COUNTED, Work, work_by_structure
from plainchant.portal.flows.queries import flows_for
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.pins.queries import pins_of
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.queries import works_alone
from plainchant.portal.structures.reach import reaches_any
from plainchant.portal.tickets.queries import received_for
from plainchant.portal.tickets.subjects import TicketState
from plainchant.web.account.visitor import acting, chosen_structure, person
from plainchant.web.context import uses_of, work_waiting
from plainchant.web.routes import page

from .due import of_recipient
from .money import of_supplier
from .pins import shown
from .todo import things_to_do

_PURPOSE = (
    "Déposez le PDF ou le classeur que vous avez déjà. "
    "Nous le lisons, vous vérifiez, et vous suivez votre paiement jusqu’au bout."
)
_reading = page(get=PUBLIC, before_second_factor=True)


@page(get=PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        context = {"purpose": _PURPOSE, "address": public("/"), "preview": public(static("plainchant/preview.png"))}
        return render(request, "home/welcome.html", context)
    actor, today = acting(request), day_in_paris(now())
    uses, work = uses_of(request), _work(request)
    tickets = received_for(actor=actor, right=Right.SEE_TICKETS).filter(state=TicketState.OPEN)
    return render(
        request,
        "home/home.html",
        {
            **(of_recipient(request, work=work, today=today) if uses.processes else {}),
            **(of_supplier(request, work=work, today=today) if uses.follows else {}),
            # What is received has its figures and its button above.
            "todo": things_to_do(actor=actor, work=replace(work, to_process=0) if uses.processes else work),
            "has_structure": reaches_any(actor=actor, right=Right.SEE),
            "uses": uses,
            "has_flows": uses.follows and flows_for(actor=actor, right=Right.SEE_FLOWS).exists(),
            "tickets": tickets.order_by()[: MOST_COUNTED + 1].count() if uses.receives else 0,
            "pins": shown(pins_of(actor=actor)),
            "is_alone": works_alone(user=person(request)),
            "work": work,
        },
    )


def _work(request: HttpRequest) -> Work:
    """What waits for the visitor; of invoices, for the structure that they have chosen to act for, if any."""
    work, chosen = work_waiting(request), chosen_structure(request)
    if chosen is None:
        return work
    here = work_by_structure(actor=acting(request), structures=[chosen])[chosen.pk]
    return replace(here, to_validate=work.to_validate, works=work.works)


@_reading
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "home/terms.html", {"version": wording.day(date.fromisoformat(conditions.VERSION))})


@_reading
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "home/legal.html")


@_reading
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@_reading
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")
