"""The first page, the conditions of use, and what a site says of itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import PUBLIC
from plainchant.portal.accounts import terms as conditions
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.queries import reached
from plainchant.web.account.visitor import acting
from plainchant.web.context import work_waiting
from plainchant.web.routes import page

from .todo import things_to_do


@page(get=PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    actor = acting(request)
    return render(
        request,
        "home/home.html",
        {
            "todo": things_to_do(actor=actor, work=work_waiting(request)),
            "has_structure": reached(actor=actor, right=Right.SEE).exists(),
        },
    )


@page(get=PUBLIC)
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "home/terms.html", {"version": conditions.VERSION})


@page(get=PUBLIC)
def help_(request: HttpRequest) -> HttpResponse:
    return render(request, "home/help.html")


@page(get=PUBLIC)
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "home/legal.html")


@page(get=PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@page(get=PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")
