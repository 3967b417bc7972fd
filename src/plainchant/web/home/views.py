"""The first page, and the conditions of use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import Permission
from plainchant.portal.accounts import terms as conditions
from plainchant.portal.accounts.models import User
from plainchant.portal.structures.queries import structures_of
from plainchant.web.routes import page

from .todo import things_to_do


@page(Permission.PUBLIC, methods=("GET",))
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return render(request, "home/welcome.html")
    return render(
        request,
        "home/home.html",
        {
            "todo": things_to_do(user=request.user),
            "has_structure": structures_of(user=request.user).exists(),
        },
    )


@page(Permission.PUBLIC, methods=("GET",))
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "home/terms.html", {"version": conditions.VERSION})
