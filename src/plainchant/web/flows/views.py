"""Hand in electronic invoices, see how far they have come, read what must be mended."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from plainchant.access.permissions import Permission
from plainchant.portal.files.sandbox import ReaderFailed
from plainchant.portal.flows import operations
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import FlowRefused
from plainchant.portal.flows.queries import flows_of
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import structures_of
from plainchant.web.account.visitor import person
from plainchant.web.routes import page

UPLOAD = "UPLOAD_PORTAIL"  # modeDepot of the wire
PER_PAGE = 25
FEW = 10  # invoices that need no folding
SHOWN = 200  # invoices of a report on one page; the CSV has them all
COLUMNS = [
    {"label": "Envoi", "kind": "number"},
    {"label": "Numéro de flux", "kind": "text"},
    {"label": "Où il en est", "kind": "status"},
    {"label": "Prises", "kind": "text"},
    {"label": "Refusées", "kind": "text"},
    {"label": "Reçu le", "kind": "day"},
]
# State → the shape and the words people read.
STATES: dict[str, tuple[str, str]] = {
    State.RECEIVED: ("waiting", "Reçu, en attente"),
    State.WORKING: ("moving", "En cours de lecture"),
    State.INTEGRATED: ("paid", "Tout est pris"),
    State.PARTLY: ("needs_you", "Pris en partie"),
    State.REJECTED: ("stopped", "Rien n’a été pris"),
}


class FlowForm(forms.Form):
    """The file, and in whose name it is handed in."""

    structure = forms.ModelChoiceField(
        label="Au nom de quelle structure ?", queryset=Structure.objects.none(), to_field_name="uid", empty_label=None
    )
    file = forms.FileField(
        label="Votre fichier",
        help_text="Une facture (XML, PDF Factur-X) ou une archive .zip ou .tar.gz de 500 factures au plus.",
        allow_empty_file=True,  # an empty file gets the operation's own sentence
        max_length=None,
        error_messages={
            "required": "Choisissez le fichier à envoyer.",
            "invalid": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
            "missing": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
        },
    )

    def __init__(self, *args: Any, structures: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = structures
        only = list(structures[:2])
        if len(only) == 1:
            field.widget = forms.HiddenInput()
            self.initial["structure"] = only[0].uid


@page(Permission.DEPOSIT_INVOICE)
def start(request: HttpRequest) -> HttpResponse:
    """Choose the file."""
    user = person(request)
    structures = structures_of(user=user).filter(is_active=True).order_by("name")
    if not structures.exists():
        return render(request, "deposit/no_structure.html")
    form = FlowForm(request.POST or None, request.FILES or None, structures=structures)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            flow = operations.receive(
                structure=form.cleaned_data["structure"],
                file=file,
                name=file.name,
                size=file.size,
                user=user,
                at=now(),
                deposit_mode=UPLOAD,
            )
        except FlowRefused as refused:
            form.add_error("file", refused.sentence)
        except ReaderFailed:
            form.add_error(
                "file",
                "Ce fichier n’a pas pu être ouvert : il est abîmé, ou trop lourd. Produisez-le à nouveau avec votre "
                "logiciel, puis recommencez.",
            )
        else:
            return redirect("flows_show", uid=flow.uid)
    return render(request, "flows/start.html", {"form": form}, status=422 if form.errors else 200)


@page(Permission.LOGGED_IN, methods=("GET",))
def list_flows(request: HttpRequest) -> HttpResponse:
    """The flows of one's structures, the newest first."""
    sheet = Paginator(flows_of(user=person(request)), PER_PAGE).get_page(request.GET.get("page"))
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
    return render(request, "flows/list.html", {"columns": COLUMNS, "rows": rows, "page": sheet})


def status_of(flow: Flow) -> dict[str, str]:
    shape, word = STATES[flow.state]
    return {"shape": shape, "word": word, "official": flow.state}


@page(Permission.SEE_FLOW, methods=("GET",))
def show(request: HttpRequest, flow: Flow) -> HttpResponse:
    """How far it has come, and the report: what must be mended first."""
    results = FlowInvoice.objects.filter(flow=flow).select_related("invoice")
    refused, accepted = results.filter(invoice__isnull=True), results.filter(invoice__isnull=False)
    context = {
        "flow": flow,
        "status": status_of(flow),
        "done": results.count(),
        "accepted_count": accepted.count(),
        "refused_count": refused.count(),
        "accepted": accepted[:SHOWN],
        "accepted_are_few": accepted.count() <= FEW,
        "refused": [_refused(result) for result in refused[:SHOWN]],
        "facts": [
            {"label": "Numéro de flux", "value": flow.number},
            {"label": "Reçu le", "value": f"{localtime(flow.received_at):%d/%m/%Y à %H:%M}"},
            {"label": "Envoyé par", "value": flow.sender.get_full_name() or flow.sender.email},
            {"label": "Au nom de", "value": str(flow.structure)},
            {"label": "Format", "value": f"{flow.syntax} ({flow.interface})"},
        ],
    }
    if request.htmx and not flow.is_ended:  # type: ignore[attr-defined]
        return render(request, "flows/_progress.html", context)
    answer = render(request, "flows/show.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        answer["HX-Refresh"] = "true"  # it has ended while the page waited: the report is there
    return answer


def _refused(result: FlowInvoice) -> dict[str, Any]:
    return {
        "title": result.number or result.name or f"Fichier n° {result.position + 1}",
        "name": result.name,
        "findings": [
            {
                "what": finding["message"],
                "official": " · ".join(
                    part for part in (finding["rule"], f"ligne {finding['line']}" if finding["line"] else "") if part
                ),
            }
            for finding in result.findings
        ],
    }


@page(Permission.SEE_FLOW, methods=("GET",))
def report(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The report for a spreadsheet: a line for each finding, and one for each invoice that was taken."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="compte-rendu-{flow.number}.csv"'},
    )
    answer.write("\ufeff")  # spreadsheets take the file for another encoding without it
    rows = csv.writer(answer, delimiter=";")
    rows.writerow(["fichier", "facture", "fournisseur", "destinataire", "resultat", "code", "message"])
    if flow.trouble:
        rows.writerow([flow.name, "", "", "", "flux", "FLUX", flow.trouble])
    for result in FlowInvoice.objects.filter(flow=flow):
        place = [result.name, result.number, result.seller_identifier, result.buyer_identifier]
        if result.invoice_id is not None:
            rows.writerow([_cell(value) for value in (*place, "prise", "", "")])
        for finding in result.findings:
            rows.writerow([_cell(value) for value in (*place, "refusée", finding["rule"], finding["message"])])
    return answer


def _cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
