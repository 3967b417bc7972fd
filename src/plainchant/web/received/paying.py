"""Payments that the accounts of a public body know of: a table is looked at, confirmed once, and its invoices move."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.capture.payment_table import COLUMNS, MAX_PAYMENTS
from plainchant.einvoice.codes.attachments import MEBIBYTE
from plainchant.portal.invoices import payment_imports
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payment_imports import LookedAt, Payment, RowMatch
from plainchant.portal.invoices.permissions import PAY_INVOICE
from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import StructureNature
from plainchant.portal.structures.reach import reached_in_part
from plainchant.reader.documents import read_payments
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import counted
from plainchant.web.templatetags.plainchant import money

MAX_MB = 5
CONFIRMED = "confirme"
PAYS = "paiement"  # in the form that confirms: an invoice and the day on which it was paid


class PaymentsForm(forms.Form):
    file = forms.FileField(
        label="Le tableau des paiements",
        help_text=f"CSV, XLSX ou ODS, {MAX_PAYMENTS} lignes et {MAX_MB} Mo au plus.",
        error_messages={
            "required": "Choisissez le fichier : cliquez sur le champ, ou faites-le glisser dessus.",
            "empty": "Ce fichier est vide. Choisissez celui des paiements.",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_MB * MEBIBYTE:
            raise forms.ValidationError(f"Ce fichier pèse plus de {MAX_MB} Mo. Répartissez ses lignes en plusieurs.")
        return file


def imports_payments(actor: Actor) -> bool:
    """Whether the page means something to them."""
    return reached_in_part(actor=actor, right=Right.PAY).filter(nature=StructureNature.PUBLIC).exists()


@page(get=PAY_INVOICE, post=PAY_INVOICE, back="received_payments")
def payments(request: HttpRequest, payable: QuerySet[Invoice]) -> HttpResponse:
    """Choose the table; then what it would do, line by line; then, once confirmed, what was done."""
    if CONFIRMED in request.POST:
        return _confirm(request, payable)
    form = PaymentsForm(request.POST, request.FILES) if request.method == "POST" else PaymentsForm()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            rows = read_payments(form.cleaned_data["file"].read())
            if not rows:
                form.add_error("file", _NO_TABLE if rows is None else _NO_ROW)
            elif len(rows) > MAX_PAYMENTS:
                form.add_error("file", f"Ce tableau a plus de {MAX_PAYMENTS} lignes. Répartissez-les en plusieurs.")
            else:
                today = day_in_paris(now())
                return _preview(request, payment_imports.looked_at(rows=rows, actor=acting(request), today=today))
    context = {"form": form, "columns": COLUMNS, "may": imports_payments(acting(request))}
    return render(request, "received/payments.html", context, status=422 if form.errors else 200)


_NO_TABLE = (
    "Nous n’y trouvons pas les colonnes d’un tableau de paiements. La première ligne doit les nommer : "
    "« Numéro de facture », « Montant payé », « Date de paiement »."
)
_NO_ROW = "Aucune ligne du tableau n’est remplie."


@page(get=PAY_INVOICE)
def template(_request: HttpRequest, payable: QuerySet[Invoice]) -> HttpResponse:
    """The table to fill in."""
    return HttpResponse(
        csv_text(heading=[column.headings[0] for column in COLUMNS], rows=[]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="paiements.csv"', "X-Content-Type-Options": "nosniff"},
    )


def _preview(request: HttpRequest, found: list[LookedAt]) -> HttpResponse:
    paying = [looked.payment for looked in found if looked.payment]
    context = {
        "title": f"Mettre en paiement\u00a0: {counted(len(paying), 'facture', 'factures')}" if paying else _NONE,
        "will": [_paying(looked) for looked in found if looked.payment],
        "groups": [
            {"title": title, "kind": kind, "lines": lines}
            for match, title, kind in _GROUPS
            if (lines := [_line(looked) for looked in found if looked.match is match])
        ],
        "total": " et ".join(money(amount, currency) for currency, amount in _totals(paying).items()),
        "pays": PAYS,
        "confirmed": CONFIRMED,
    }
    return render(request, "received/payments_preview.html", context)


def _totals(paying: Iterable[Payment]) -> dict[str, Decimal]:
    """What they come to, in each currency."""
    totals: dict[str, Decimal] = {}
    for payment in paying:
        currency = payment.invoice.currency
        totals[currency] = totals.get(currency, Decimal(0)) + (payment.invoice.to_pay or Decimal(0))
    return totals


_NONE = "Aucune facture à mettre en paiement"
_GROUPS = (
    (RowMatch.AMBIGUOUS, "À préciser", "warn"),
    (RowMatch.NOT_MOVED, "Rien ne change", "warn"),
    (RowMatch.ALREADY, "Déjà en paiement", "info"),
)


def _paying(looked: LookedAt) -> dict[str, Any]:
    assert looked.payment is not None  # noqa: S101 - chosen by it
    invoice, day = looked.payment.invoice, looked.payment.day
    return {
        "row": looked.row.row,
        "value": f"{invoice.uid}:{day.isoformat()}",
        "name": invoice.title,
        "url": reverse("received_invoice", args=[invoice.uid]),
        "seller": str(invoice.seller),
        "amount": money(invoice.to_pay, invoice.currency),
        "day": day,
    }


def _line(looked: LookedAt) -> dict[str, Any]:
    return {"row": looked.row.row, "number": looked.row.number, "why": looked.why}


def _confirm(request: HttpRequest, payable: QuerySet[Invoice]) -> HttpResponse:
    """Each is looked at again: what was paid, or changed, since the table was shown, does not change."""
    days: dict[UUID, date] = {}
    for value in request.POST.getlist(PAYS)[:MAX_PAYMENTS]:
        with suppress(ValueError):
            uid, _, day = value.partition(":")
            days[UUID(uid)] = date.fromisoformat(day)
    confirmed = [Payment(invoice=row, day=days[row.uid]) for row in payable.filter(uid__in=days).order_by("pk")]
    moved, refused = payment_imports.pay_out(payments=confirmed, actor=acting(request), at=now())
    if moved:
        messages.info(request, f"C’est fait : {counted(len(moved), 'facture mise', 'factures mises')} en paiement.")
    if refused:
        rest = counted(len(refused), "facture n’a pas changé", "factures n’ont pas changé")
        why = " ".join(f"{invoice.number} : {reason}" for invoice, reason in refused[:5])
        messages.warning(request, f"{rest}. {why}")
    if not confirmed:
        messages.warning(request, "Aucune facture n’était à mettre en paiement.")
    return redirect("received_payments")
