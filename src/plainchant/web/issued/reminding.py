"""Remind the recipient of an invoice that is paid late: read the draft, change it, send it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.invoices.delay import pays_in_silence
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import CHASE_PAYMENT
from plainchant.portal.invoices.reminders import (
    REMINDERS,
    next_reminder,
    proposed_text,
    send_reminder,
    sent_reminders,
)
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page


class ReminderForm(forms.Form):
    """The message, in the supplier's words."""

    text = forms.CharField(
        label="Votre message",
        help_text="Changez ce que vous voulez. 2\u202f000 caractères au plus.",
        error_messages={"required": "Écrivez votre message\u00a0: il est vide."},
        widget=forms.Textarea(attrs={"rows": 12}),
    )


@page(get=CHASE_PAYMENT, post=CHASE_PAYMENT, back="issued_invoice")
def remind(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The next reminder, as a draft; sent when the supplier says so."""
    at = now()
    reminder = next_reminder(invoice=invoice, today=day_in_paris(at))
    initial = {"text": proposed_text(invoice=invoice, reminder=reminder)} if reminder else {}
    form = ReminderForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            send_reminder(
                invoice=invoice,
                kind=request.POST.get("kind", ""),
                text=form.cleaned_data["text"],
                actor=acting(request),
                at=at,
            )
            messages.info(request, f"Votre message est parti à {invoice.buyer}.")
            return redirect("issued_invoice", uid=invoice.uid)
    context = {
        "invoice": invoice,
        "form": form,
        "reminder": reminder,
        "place": REMINDERS.index(reminder.row) + 1 if reminder else 0,
        "count": len(REMINDERS),
        "sent": list(sent_reminders(invoice=invoice).values()),
        "is_silent": pays_in_silence(invoice=invoice),
    }
    return render(request, "issued/remind.html", context, status=422 if form.errors else 200)
