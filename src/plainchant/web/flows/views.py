"""Hand in electronic invoices, see how far they have come, read what must be mended."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.capture import billing_template
from plainchant.portal.flows import operations
from plainchant.portal.flows.codes import Row, refusals, remarks
from plainchant.portal.flows.collective import issuers_of
from plainchant.portal.flows.folder import Piece
from plainchant.portal.flows.models import Flow, FlowInvoice, Packaging, State
from plainchant.portal.flows.permissions import SEE_FLOW
from plainchant.portal.flows.queries import narrowed, progress_of, with_remarks
from plainchant.portal.flows.report import antivirus_of, flow_errors
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.invoices.queries import issued_for
from plainchant.portal.lib.time import instant_in_words, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.reader.text import storable
from plainchant.web import pages
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import FlowFilterForm, FlowForm
from .proposal import proposal_page
from .states import status_of, title_of

PER_PAGE = 25
FEW = 10  # invoices that need no folding
SHOWN = 200  # taken invoices named on the page; the others are in the suivi
MOST_FINDINGS = 50  # of one refused invoice on the page; the files have them all
MOST_REMARKS = 5  # of one invoice on the page
COLUMNS = [
    {"label": "Envoi", "kind": "number"},
    {"label": "Numéro de flux", "kind": "text"},
    {"label": "Où il en est", "kind": "status"},
    {"label": "Prises", "kind": "text"},
    {"label": "Refusées", "kind": "text"},
    {"label": "Reçu le", "kind": "day"},
]


@page(get=SEND_INVOICES, post=SEND_INVOICES)
def start(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """Choose the file, or several."""
    structures = structures.filter(is_active=True).order_by("name")
    if not structures.exists():
        return render(request, "deposit/no_structure.html")
    chosen = chosen_among(request, structures)
    form = FlowForm(request.POST or None, request.FILES or None, structures=structures, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data["file"]
        with refusals_on(form):
            flow = operations.receive_folder(
                structure=form.cleaned_data["structure"],
                pieces=[Piece(storable(file.name), file, file.size) for file in files],
                name=f"{len(files)} fichiers, {storable(files[0].name)[:100]}…",
                actor=acting(request),
                at=now(),
                deposit_mode=DepositMode.FLOW,
                syntax=form.cleaned_data["syntax"],
                is_confirmed=False,  # a table is looked at first
            )
            return redirect("flows_show", uid=flow.uid)
    return render(request, "flows/start.html", {"form": form}, status=422 if form.errors else 200)


@page(get=SEND_INVOICES)
def template(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """The table of invoices to fill in, its first column written for each structure of the visitor."""
    content = billing_template.template(issuers=issuers_of(structures=structures))
    return pages.workbook(content=content, name="tableau-de-factures.xlsx")


@page(get=SEE_FLOW, bears_lag=True)
def list_flows(request: HttpRequest, flows: QuerySet[Flow]) -> HttpResponse:
    """The flows of one's structures, the newest first."""
    form = FlowFilterForm(request.GET)
    sheet = Paginator(narrowed(flows, wanted=form.wanted()), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "url": reverse("flows_show", args=[flow.uid]),
            "cells": [
                flow.name,
                flow.number,
                status_of(flow),
                flow.accepted if flow.is_ended else "",
                flow.refused if flow.is_ended else "",
                flow.received_at,
            ],
        }
        for flow in sheet
    ]
    context = {"form": form, "columns": COLUMNS, "rows": rows, "page": sheet, "has_any": flows.exists()}
    return render(request, "flows/list.html", context)


@page(get=SEE_FLOW)
def show(request: HttpRequest, flow: Flow) -> HttpResponse:
    """How far it has come, and the report: what must be mended first. A table that waits: what would leave."""
    if flow.state == State.PROPOSED:
        return proposal_page(request, flow)
    taken, refused = progress_of(flow=flow)
    bad = FlowInvoice.objects.filter(flow=flow, invoice__isnull=True).select_related("flow")
    sheet = Paginator(bad, PER_PAGE).get_page(request.GET.get("page"))
    noted = with_remarks(flow=flow).select_related("flow")
    # A flow of one structure may hold the invoices of others, which not everyone who sees the flow may open.
    opened = issued_for(actor=acting(request), right=Right.SEE_ISSUED).filter(pk=OuterRef("invoice"))
    taken_rows = FlowInvoice.objects.filter(flow=flow, invoice__isnull=False).select_related("invoice")
    accepted = taken_rows.annotate(may_open=Exists(opened))
    context = {
        "flow": flow,
        "title": title_of(flow),
        "status": status_of(flow),
        "done": taken + refused,
        "accepted_count": taken,
        "refused_count": refused,
        "accepted": accepted[:SHOWN],
        "accepted_are_few": taken <= FEW,
        "refused": [_refused(result) for result in sheet],
        "noted": [_noted(result) for result in noted[:PER_PAGE]],
        "noted_count": noted.count(),
        "page": sheet,
        "told": flow_errors(flow) if flow.is_ended else [],
        "facts": [
            {"label": "Numéro de flux", "value": flow.number},
            {"label": "Reçu le", "value": instant_in_words(flow.received_at)},
            {"label": "Envoyé par", "value": flow.sender.get_full_name() or flow.sender.email},
            {"label": "Au nom de", "value": str(flow.structure)},
            {"label": "Format", "value": f"{flow.syntax} ({flow.interface})"},
            {"label": "Antivirus", "value": antivirus_of(flow).capitalize()},
        ],
    }
    if request.htmx and not flow.is_ended:  # type: ignore[attr-defined]
        return render(request, "flows/_progress.html", context)
    answer = render(request, "flows/show.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        answer["HX-Refresh"] = "true"  # it has ended while the page waited: the report is there
    return answer


def _is_table(result: FlowInvoice) -> bool:
    return result.flow.packaging == Packaging.WORKBOOK


def _place(result: FlowInvoice, finding: dict[str, Any]) -> str:
    if _is_table(result):
        return f"case {finding['path']}" if finding["path"] else ""
    return f"ligne {finding['line']}" if finding["line"] else ""


def _refused(result: FlowInvoice) -> dict[str, Any]:
    return {
        "title": _title(result),
        "findings": _shown(result, refusals(result.findings), most=MOST_FINDINGS, rest="autres motifs"),
        "remarks": _shown(result, remarks(result.findings), most=MOST_REMARKS, rest="autres remarques"),
    }


def _noted(result: FlowInvoice) -> dict[str, Any]:
    return {
        "title": f"{_title(result)} : prise, avec une remarque",
        "remarks": _shown(result, result.findings, most=MOST_REMARKS, rest="autres remarques"),
    }


def _title(result: FlowInvoice) -> str:
    return f"{result.number} · {result.name}" if result.number and result.name else result.title


def _shown(result: FlowInvoice, findings: list[Row], *, most: int, rest: str) -> list[dict[str, str]]:
    shown = [
        {
            "what": finding["message"],
            # Who fills in a table knows cells and no rules; the files for programs have both.
            "official": " · ".join(
                part for part in ("" if _is_table(result) else finding["rule"], _place(result, finding)) if part
            ),
        }
        for finding in findings[:most]
    ]
    left = len(findings) - most
    if left > 0:
        shown.append({"what": f"Et {left} {rest} : le compte rendu pour tableur a tout.", "official": ""})
    return shown
