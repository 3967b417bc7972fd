"""What can be taken away of a flow: its report as PDF, CSV and JSON, and the rejects of a day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from plainchant.access.permissions import Permission
from plainchant.portal.flows import report, report_page
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.queries import rejects_on, rejects_whole_on
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.queries import structures_of
from plainchant.web import pages
from plainchant.web.account.visitor import person
from plainchant.web.routes import page

from .forms import RejectsForm

SHOWN = 50  # rejects of a day on the page; the file has them all
REJECTS_COLUMNS = [
    {"label": "Facture", "kind": "number"},
    {"label": "Numéro de flux", "kind": "text"},
    {"label": "Déposée le", "kind": "day"},
    {"label": "Pourquoi", "kind": "text"},
]


@page(Permission.SEE_FLOW, methods=("GET",))
def as_csv(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report for a spreadsheet: a line for each finding, and one for each invoice that was taken."""
    return _csv(report.as_csv(flow), f"compte-rendu-{flow.number}.csv")


@page(Permission.SEE_FLOW, methods=("GET",))
def as_json(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report for software."""
    answer = JsonResponse(report.as_object(flow), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="compte-rendu-{flow.number}.json"'
    return answer


@page(Permission.SEE_FLOW, methods=("GET",))
def as_pdf(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report to print or to keep."""
    return pages.pdf(content=report_page.draw(flow=flow), name=f"compte-rendu-{flow.number}.pdf")


@page(Permission.LOGGED_IN, methods=("GET",))
def rejects(request: HttpRequest) -> HttpResponse:
    """The invoices refused on a day, and the file of them."""
    form, day, structures = _asked(request)
    found = rejects_on(structure_ids=structures, day=day)
    whole = list(rejects_whole_on(structure_ids=structures, day=day)[:SHOWN])
    rows = [
        {
            "url": f"/flux/{one.flow.uid}/",
            "cells": [
                one.number or one.name or f"Fichier n° {one.position + 1}",
                one.flow.number,
                one.flow.received_at,
                str(one.findings[0]["message"])[:300] if one.findings else "",
            ],
        }
        for one in found[:SHOWN]
    ]
    context = {"form": form, "day": day, "count": found.count(), "rows": rows, "whole": whole}
    return render(request, "flows/rejects.html", {**context, "columns": REJECTS_COLUMNS})


@page(Permission.LOGGED_IN, methods=("GET",))
def rejects_file(request: HttpRequest) -> HttpResponse:
    """« Fichier des rejets du jour »: one file a day, of one structure or of all of one's own."""
    form, day, structures = _asked(request)
    chosen = form.cleaned_data.get("structure")
    name = f"rejets-{day.isoformat()}{'-' + chosen.identifier if chosen else ''}.csv"
    return _csv(report.rejects_as_csv(structure_ids=structures, day=day), name)


def _asked(request: HttpRequest) -> tuple[RejectsForm, date, list[int]]:
    mine = structures_of(user=person(request)).order_by("name")
    today = day_in_paris(now())
    form = RejectsForm({"day": f"{today:%d/%m/%Y}", **request.GET.dict()}, structures=mine)
    form.is_valid()
    chosen = form.cleaned_data.get("structure")
    structures = [chosen.pk] if chosen else list(mine.values_list("pk", flat=True))
    return form, form.cleaned_data.get("day") or today, structures


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
