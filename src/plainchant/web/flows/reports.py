"""What can be taken away of a flow: its report as PDF, CSV and JSON, and the rejects of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from plainchant.portal.flows import report, report_page
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.permissions import SEE_FLOW, SEE_REJECTS
from plainchant.portal.flows.queries import rejects_on, rejects_whole_on
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Structure
from plainchant.web import pages
from plainchant.web.routes import page

from .forms import RejectsForm

SHOWN = 50  # rejects of a day on the page; the file has them all
REJECTS_COLUMNS = [
    {"label": "Facture", "kind": "number"},
    {"label": "Numéro de flux", "kind": "text"},
    {"label": "Déposée le", "kind": "day"},
    {"label": "Pourquoi", "kind": "text"},
]


@page(get=SEE_FLOW)
def as_csv(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report for a spreadsheet: a line for each finding, and one for each invoice that was taken."""
    return _csv(report.as_csv(flow), f"compte-rendu-{flow.number}.csv")


@page(get=SEE_FLOW)
def as_json(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report for software."""
    answer = JsonResponse(report.as_object(flow), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="compte-rendu-{flow.number}.json"'
    return answer


@page(get=SEE_FLOW)
def as_pdf(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report to print or to keep."""
    return pages.pdf(content=report_page.draw(flow=flow), name=f"compte-rendu-{flow.number}.pdf")


@page(get=SEE_REJECTS, bears_lag=True)
def rejects(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """The invoices refused on a day, and the file of them."""
    form, day, keys = _asked(request, structures)
    found = rejects_on(structure_ids=keys, day=day)
    whole = list(rejects_whole_on(structure_ids=keys, day=day)[:SHOWN])
    rows = [
        {
            "url": f"/flux/{reject.flow.uid}/",
            "cells": [
                reject.title,
                reject.flow.number,
                reject.flow.received_at,
                str(reject.findings[0]["message"])[:300] if reject.findings else "",
            ],
        }
        for reject in found[:SHOWN]
    ]
    context = {"form": form, "day": day, "count": found.count(), "rows": rows, "whole": whole}
    return render(request, "flows/rejects.html", {**context, "columns": REJECTS_COLUMNS})


@page(get=SEE_REJECTS, bears_lag=True)
def rejects_file(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """« Fichier des rejets du jour »: one file a day, of one structure or of all of one's own."""
    form, day, keys = _asked(request, structures)
    chosen = form.cleaned_data.get("structure")
    name = f"rejets-{day.isoformat()}{'-' + chosen.identifier if chosen else ''}.csv"
    return _csv(report.rejects_as_csv(structure_ids=keys, day=day), name)


def _asked(request: HttpRequest, structures: QuerySet[Structure]) -> tuple[RejectsForm, date, list[int]]:
    structures = structures.order_by("name")
    today = day_in_paris(now())
    form = RejectsForm({"day": f"{today:%d/%m/%Y}", **request.GET.dict()}, structures=structures)
    form.is_valid()
    chosen = form.cleaned_data.get("structure")
    keys = [chosen.pk] if chosen else list(structures.values_list("pk", flat=True))
    return form, form.cleaned_data.get("day") or today, keys


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
