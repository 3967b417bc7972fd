"""The commitments of a public body: looked up, seen with the invoices on each and what remains, and imported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.capture.commitment_table import COLUMNS, MAX_COMMITMENTS
from plainchant.einvoice.codes.attachments import MEBIBYTE
from plainchant.portal.commitments import operations
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.commitments.permissions import KEEP_COMMITMENTS, SEE_COMMITMENT, SEE_COMMITMENTS
from plainchant.portal.commitments.queries import looked_up
from plainchant.portal.invoices.committed import taken_of, taking
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import received_for
from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.reader.documents import read_commitments
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import amount_of, counted, status_of
from plainchant.web.templatetags.plainchant import money

MAX_MB = 5
PER_PAGE = 50
MOST_INVOICES = 100
LISTED = [
    {"label": "Engagement", "kind": "name"},
    {"label": "Objet", "kind": "text"},
    {"label": "Fournisseur", "kind": "text"},
    {"label": "Service", "kind": "code"},
    {"label": "Engagé", "kind": "money"},
    {"label": "Reste", "kind": "money"},
    {"label": "Jusqu’au", "kind": "day"},
]


@page(get=SEE_COMMITMENTS)
def listed(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Those that the visitor may see, narrowed to a number, a supplier, a subject or a contract."""
    if not structure.is_public:
        raise Http404
    actor = acting(request)
    theirs = SEE_COMMITMENT.reached_by(actor).filter(structure=structure)
    text = storable(request.GET.get("q", "")).strip()[:60]
    found, is_near = looked_up(theirs, text=text)
    sheet = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(sheet)
    taken = taken_of(rows)
    context = {
        "structure": structure,
        "columns": LISTED,
        "rows": [_row(row, taken=taken[row.pk]) for row in rows],
        "page": sheet,
        "text": text,
        "is_near": is_near,
        "keeps": may(actor, KEEP_COMMITMENTS, structure),
    }
    return render(request, "structures/commitments.html", context)


def _row(row: Commitment, *, taken: Any) -> dict[str, Any]:
    return {
        "url": reverse("commitment", args=[row.uid]),
        "cells": [
            row.number,
            row.subject,
            row.supplier or row.identifier,
            row.service.code if row.service else "",
            money(row.amount, "EUR"),
            money(row.remains(taken=taken), "EUR"),
            row.last_day,
        ],
    }


@page(get=SEE_COMMITMENT)
def show(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """One, with the invoices on it that the visitor may see."""
    taken = taken_of([commitment])[commitment.pk]
    seen = received_for(actor=acting(request), right=Right.SEE_RECEIVED).values("pk")
    invoices = taking(structure=commitment.structure, keys=[commitment.key]).filter(pk__in=seen)
    newest = invoices.select_related("seller", "buyer", "buyer_service").order_by("-made_available_at", "-pk")
    shown = list(newest[: MOST_INVOICES + 1])
    context = {
        "commitment": commitment,
        "structure": commitment.structure,
        "taken": taken,
        "remains": commitment.remains(taken=taken),
        "is_open": commitment.is_open_on(day_in_paris(now())),
        "columns": [
            {"label": "Facture", "kind": "name"},
            {"label": "Fournisseur", "kind": "text"},
            {"label": "Montant à payer", "kind": "money"},
            {"label": "Où elle en est", "kind": "status"},
        ],
        "rows": [_invoice(invoice) for invoice in shown[:MOST_INVOICES]],
        "is_cut": len(shown) > MOST_INVOICES,
    }
    return render(request, "structures/commitment.html", context)


def _invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "url": reverse("received_invoice", args=[invoice.uid]),
        "cells": [
            invoice.number,
            str(invoice.seller),
            amount_of(invoice),
            status_of(invoice, side=Side.BUYER),
        ],
    }


class ImportForm(forms.Form):
    """A table, and what becomes of what is there."""

    file = forms.FileField(
        label="Le tableau des engagements",
        help_text=f"CSV, XLSX ou ODS, {MAX_COMMITMENTS} lignes et {MAX_MB} Mo au plus.",
        error_messages={
            "required": "Choisissez le fichier : cliquez sur le champ, ou faites-le glisser dessus.",
            "empty": "Ce fichier est vide. Choisissez celui des engagements.",
        },
    )
    mode = forms.ChoiceField(
        label="Que faire des engagements déjà là ?",
        choices=[
            ("complete", "Les garder : ceux du tableau s’ajoutent, ou mettent à jour ceux du même numéro"),
            ("replace", "Les remplacer : ceux que le tableau n’a pas sont retirés"),
        ],
        initial="complete",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que deviennent ceux qui sont déjà là."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_MB * MEBIBYTE:
            raise forms.ValidationError(f"Ce fichier pèse plus de {MAX_MB} Mo. Répartissez ses lignes en plusieurs.")
        return file


@page(get=KEEP_COMMITMENTS, post=KEEP_COMMITMENTS, back="commitments")
def import_table(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Take over a table, whole or not at all."""
    if not structure.is_public:
        raise Http404
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            rows = read_commitments(form.cleaned_data["file"].read())
            if rows is None:
                form.add_error("file", _NO_TABLE)
            else:
                imported = operations.import_rows(
                    structure=structure,
                    rows=rows,
                    replaces=form.cleaned_data["mode"] == "replace",
                    actor=acting(request),
                    at=now(),
                )
                messages.success(
                    request,
                    f"C’est fait : {counted(imported.added, 'engagement ajouté', 'engagements ajoutés')}, "
                    f"{imported.changed} mis à jour, {counted(imported.removed, 'retiré', 'retirés')}.",
                )
                return redirect("commitments", uid=structure.uid)
    context = {"structure": structure, "form": form, "columns": COLUMNS}
    return render(request, "structures/commitments_import.html", context, status=422 if form.errors else 200)


_NO_TABLE = (
    "Nous n’y trouvons pas les colonnes d’un tableau d’engagements. La première ligne doit les nommer : "
    "« Numéro d’engagement », « Montant TTC »."
)


@page(get=KEEP_COMMITMENTS)
def template(_request: HttpRequest, structure: Structure) -> HttpResponse:
    """The table to fill in."""
    return HttpResponse(
        csv_text(heading=[column.headings[0] for column in COLUMNS], rows=[]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="engagements.csv"', "X-Content-Type-Options": "nosniff"},
    )
