"""The first page, the conditions of use, and what a site says of itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import PUBLIC
from plainchant.portal.accounts import terms as conditions
from plainchant.portal.drafts.queries import MOST_COUNTED
from plainchant.portal.flows.queries import flows_for
from plainchant.portal.pins.queries import pins_of
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.queries import works_alone
from plainchant.portal.structures.reach import reached
from plainchant.portal.tickets.queries import received_for
from plainchant.portal.tickets.subjects import TicketState
from plainchant.web.account.visitor import acting, person
from plainchant.web.context import uses_of, work_waiting
from plainchant.web.routes import page

from .pins import shown
from .todo import things_to_do

_reading = page(get=PUBLIC, before_second_factor=True)


@page(get=PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    actor = acting(request)
    uses = uses_of(request)
    tickets = received_for(actor=actor, right=Right.SEE_TICKETS).filter(state=TicketState.OPEN)
    return render(
        request,
        "home/home.html",
        {
            "todo": things_to_do(actor=actor, work=work_waiting(request)),
            "has_structure": reached(actor=actor, right=Right.SEE).exists(),
            "uses": uses,
            "has_flows": uses.follows and flows_for(actor=actor, right=Right.SEE_FLOWS).exists(),
            "tickets": tickets.order_by()[: MOST_COUNTED + 1].count() if uses.receives else 0,
            "pins": shown(pins_of(actor=actor)),
            "is_alone": works_alone(user=person(request)),
            "work": work_waiting(request),
        },
    )


@_reading
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "home/terms.html", {"version": conditions.VERSION})


@_reading
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "home/legal.html")


@_reading
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@_reading
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")
