"""Search the public bodies, and read what one of them demands. No login: whoever must invoice starts here."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from plainchant.access.permissions import PUBLIC
from plainchant.portal.directory import queries
from plainchant.portal.directory.queries import SearchPage
from plainchant.portal.directory.requirements import Need, requirements_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.pins.queries import has_pinned
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.queries import heir_of
from plainchant.web.account.visitor import acting
from plainchant.web.routes import page

from . import words

PER_PAGE = 20
LONGEST_TEXT = 200

COLUMNS = [
    {"label": "Nom", "kind": "name"},
    {"label": "Où", "kind": "text"},
    {"label": "SIRET", "kind": "siret"},
    {"label": "Ce qu’il faut donner", "kind": "text"},
]
SERVICE_COLUMNS = [
    {"label": "Service", "kind": "text"},
    {"label": "Code service", "kind": "code"},
    {"label": "Numéro d’engagement", "kind": "text"},
    {"label": "Jusqu’au", "kind": "day"},
]


@page(get=PUBLIC, bears_lag=True)
def search(request: HttpRequest) -> HttpResponse:
    """Bodies by name, town, postcode or SIRET; the results alone when htmx asks while one types."""
    context = _searched(request.GET.get("q", ""), request.GET.get("page", ""))
    template = "directory/_results.html" if request.htmx else "directory/search.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@page(get=PUBLIC, bears_lag=True)
def sheet(request: HttpRequest, siret: str) -> HttpResponse:
    """What one body demands, its services, and when it must pay."""
    body = queries.body(siret=siret)
    if body is None:  # an old link or a slip: what resembles it, rather than a dead end
        return render(request, "directory/search.html", _searched(siret, ""), status=404)
    text = request.GET.get("service", "").strip()[:LONGEST_TEXT]
    day = day_in_paris(now())
    every = queries.services(structure=body, day=day)
    found = queries.services(structure=body, day=day, text=text) if text else every
    services = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "body": body,
        "heir": None if body.is_active else heir_of(structure=body),
        "facts": words.facts(body),
        "demands": words.demands(body, has_services=bool(every)),
        "invoice_url": _invoice_url(body),
        "is_pinned": request.user.is_authenticated and has_pinned(actor=acting(request), structure=body),
        "text": text,
        "services": services,
        "count": len(every),
        "is_filtered": len(every) > PER_PAGE,
        "said": words.services_found(len(found), text),
        **_service_table(body, services),
    }
    template = "directory/_services.html" if request.htmx else "directory/sheet.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _service_table(body: Structure, services: Page[Service]) -> dict[str, Any]:
    """The dates only where a service ends."""
    some_end = any(service.valid_until for service in services)
    rows = []
    for service in services:
        needs = requirements_of(body, service)
        cells = [service.name, service.code, "Obligatoire" if needs.commitment is Need.REQUIRED else "Facultatif"]
        rows.append({"cells": [*cells, service.valid_until] if some_end else cells})
    return {"columns": SERVICE_COLUMNS if some_end else SERVICE_COLUMNS[:-1], "rows": rows}


def _invoice_url(body: Structure) -> str:
    return f"{reverse('deposit_start')}?{urlencode({'destinataire': body.identifier})}"


def _searched(text: str, number: str) -> dict[str, Any]:
    text = text.replace("\0", "").strip()[:LONGEST_TEXT]
    wanted = max(int(number), 1) if number.isdecimal() and len(number) < 4 else 1
    found = queries.search(text=text, limit=PER_PAGE, offset=(wanted - 1) * PER_PAGE) if text else None
    return {
        "text": text,
        "found": found,
        "said": words.found(found, text) if found else "",
        "columns": COLUMNS,
        "rows": [_row(body) for body in found.results] if found else [],
        "page": _numbers(found, wanted),
    }


def _numbers(found: SearchPage | None, wanted: int) -> Any:
    return Paginator(range(found.total if found else 0), PER_PAGE).get_page(wanted)


def _row(body: Structure) -> dict[str, Any]:
    return {
        "url": reverse("directory_sheet", args=[body.identifier]),
        "cells": [body.name, f"{body.postcode} {body.city}".strip(), body.identifier, words.demand_in_short(body)],
    }
