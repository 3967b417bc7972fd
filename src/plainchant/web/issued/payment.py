"""When an invoice was paid, as its supplier notes it, and what is owed of it today."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.invoices.delay import pays_in_silence
from plainchant.portal.invoices.late_payment import AmountDue
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payments import note_payment, noted_on, owed_today
from plainchant.portal.invoices.permissions import CHASE_PAYMENT
from plainchant.portal.invoices.statement import lines_of, total_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.account.visitor import acting
from plainchant.web.fields import DateField
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

_TAKEN_BACK = "non"


class PaymentForm(forms.Form):
    """One day, as people write it."""

    day = DateField(
        label="Le jour où l’argent est arrivé",
        help_text="Par exemple 12/03/2026. Il est sur votre relevé de compte.",
        required=True,
        error_messages={"required": "Donnez le jour où l’argent est arrivé."},
    )


def owed_in_words(due: AmountDue | None) -> dict[str, Any]:
    """What `issued/_owed.html` needs; nothing is owed for lateness where ``owed`` is missing."""
    if due is None or not due.is_late:
        return {}
    facts = [
        {"label": line.label, "value": line.amount, "note": " · ".join(filter(None, (line.working, line.article)))}
        for line in lines_of(due)
    ]
    return {"owed": due, "owed_total": total_of(due), "owed_facts": facts}


@page(get=CHASE_PAYMENT, post=CHASE_PAYMENT, back="issued_invoice")
def payment(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Note on which day the money arrived, or that it did not after all."""
    at = now()
    taken_back = request.POST.get("recu") == _TAKEN_BACK
    form = PaymentForm(request.POST if request.method == "POST" and not taken_back else None)
    if taken_back or (request.method == "POST" and form.is_valid()):
        day = None if taken_back else form.cleaned_data["day"]
        with refusals_on(form):
            note_payment(invoice=invoice, day=day, actor=acting(request), at=at)
            messages.info(request, "C’est corrigé." if taken_back else "C’est noté. Le destinataire n’en lit rien.")
            return redirect("issued_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "form": form,
        "noted": noted_on(invoice=invoice),
        "taken_back": _TAKEN_BACK,
        "is_silent": pays_in_silence(invoice=invoice),
        **owed_in_words(owed_today(invoice=invoice, today=day_in_paris(at))),
    }
    return render(request, "issued/payment.html", context, status=422 if form.errors else 200)
