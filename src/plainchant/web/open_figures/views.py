"""« Délais de paiement des organismes publics »: what is published of each, for anyone. Read from a small table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from plainchant.access.permissions import SEE_OPEN_STATISTICS
from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.wording import NARROW
from plainchant.portal.invoices import open_figures
from plainchant.portal.invoices.lifecycle import STATUS_ROWS, Mood, Status
from plainchant.portal.invoices.models import BodyFigures
from plainchant.portal.invoices.open_figures import LEAST_IN_A_FIGURE, LEAST_INVOICES, LEAST_SUPPLIERS, PublishedFigures
from plainchant.portal.lib.csv_file import csv_text
from plainchant.reader.text import storable
from plainchant.web.plots import Bar, drawn
from plainchant.web.routes import page

PER_PAGE = 50
_COLUMNS = [
    {"label": "Organisme", "kind": "name"},
    {"label": "Factures", "kind": "text"},
    {"label": "Montant", "kind": "money"},
    {"label": "Payées en", "kind": "text"},
    {"label": "Délai légal", "kind": "text"},
    {"label": "Rejetées", "kind": "text"},
]
_RULES = {"least": LEAST_INVOICES, "suppliers": LEAST_SUPPLIERS, "in_a_figure": LEAST_IN_A_FIGURE}


@page(get=SEE_OPEN_STATISTICS, bears_lag=True)
def bodies(request: HttpRequest) -> HttpResponse:
    """All bodies of which something is published, or those that a text names."""
    text = storable(request.GET.get("q", "")).strip()[:100]
    rows = Paginator(open_figures.published(text=text), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "page_obj": rows,
        "columns": _COLUMNS,
        "rows": [_row(row) for row in rows],
        "counted_on": max((row.counted_on for row in rows), default=None),
        **_RULES,
    }
    return render(request, "open_figures/bodies.html", context)


@page(get=SEE_OPEN_STATISTICS, bears_lag=True)
def body(request: HttpRequest, siret: str) -> HttpResponse:
    """What is published of one body. Http404 where nothing is."""
    row = get_object_or_404(open_figures.published(), body__identifier=storable(siret))
    figures = open_figures.read(row)
    context = {
        "body": row.body,
        "counted_on": row.counted_on,
        "facts": _row(row)["cells"][1:],
        "limit": _days(figures.limit),
        "plot": drawn(_bars(figures)),
        "day_columns": [{"label": "Étape", "kind": "name"}, {"label": "La moitié en moins de", "kind": "text"}],
        "days": [{"cells": [STATUS_ROWS[Status(status)].label, _days(days)]} for status, days in figures.days.items()],
        "refusal_columns": [{"label": "Motif", "kind": "name"}, {"label": "Environ", "kind": "text"}],
        "refusals": [{"cells": [REASON_OF[code].label, number]} for code, number in _known(figures)],
        **_RULES,
    }
    return render(request, "open_figures/body.html", context)


@page(get=SEE_OPEN_STATISTICS, bears_lag=True)
def file(request: HttpRequest) -> HttpResponse:
    """Everything that is published, a figure a line."""
    heading = ["Organisme", "SIRET", "Compté le", "Mesure", "Précision", "Valeur"]
    lines = [line for row in open_figures.published() for line in _lines(row)]
    return HttpResponse(
        csv_text(heading=heading, rows=lines),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote('delais-de-paiement.csv')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "public, max-age=3600",
        },
    )


def _row(row: BodyFigures) -> dict[str, Any]:
    figures = open_figures.read(row)
    paid = figures.days.get(Status.PAID_OUT)
    return {
        "url": reverse("open_figures_body", args=[row.body.identifier]),
        "cells": [
            str(row.body),
            _number(figures.invoices),
            f"{_number(figures.euros)}\u00a0€",
            "trop peu pour le dire" if paid is None else _days(paid),
            _days(figures.limit),
            "trop peu pour le dire" if figures.rejected is None else f"{figures.rejected}\u00a0%",
        ],
    }


def _bars(figures: PublishedFigures) -> list[Bar]:
    paid = Status.PAID_OUT.value
    return [
        Bar(
            label=STATUS_ROWS[Status(status)].label,
            value=Decimal(days),
            text=_days(days),
            limit=Decimal(figures.limit) if status == paid else None,
            mood=Mood.STOPPED if status == paid and days > figures.limit else "",
        )
        for status, days in figures.days.items()
    ]


def _lines(row: BodyFigures) -> Iterator[list[object]]:
    figures = open_figures.read(row)
    whose = [str(row.body), row.body.identifier, row.counted_on]
    yield [*whose, "Factures reçues en 12 mois, environ", "", figures.invoices]
    yield [*whose, "Montant en euros, environ", "", figures.euros]
    yield [*whose, "Délai légal en jours", "", figures.limit]
    if figures.rejected is not None:
        yield [*whose, "Factures rejetées, pour cent", "", figures.rejected]
    for status, days in figures.days.items():
        yield [*whose, "Délai médian en jours", STATUS_ROWS[Status(status)].label, days]
    for code, number in _known(figures):
        yield [*whose, "Refus, environ", REASON_OF[code].label, number]


def _known(figures: PublishedFigures) -> list[tuple[str, int]]:
    return [(code, number) for code, number in figures.refusals.items() if code in REASON_OF]


def _days(days: int) -> str:
    return f"{days}\u00a0jour{'s' if days > 1 else ''}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", NARROW)
