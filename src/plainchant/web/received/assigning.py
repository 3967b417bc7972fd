"""Who of a public body deals with an invoice: taken with one key, given to a colleague, alone or with several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import assignment
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PROCESS_INVOICE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting
from plainchant.web.fields import uids_among
from plainchant.web.invoice_lists import SELECT
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.showing import amount_of, counted

from .lists import beside

CONFIRMED = "confirme"
NOBODY = "personne"


class AssignForm(forms.Form):
    """To whom. ``seen``: in whose hands it was when the page was made."""

    to = forms.ChoiceField(
        label="Qui s’en occupe ?", error_messages={"required": "Choisissez une personne, ou « Personne »."}
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any = None, *, people: Iterable[User], seen: User | None = None) -> None:
        super().__init__(data, initial={"seen": seen.pk if seen else "", "to": seen.pk if seen else ""})
        self.people = {str(person.pk): person for person in people}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        names = [(key, str(person)) for key, person in self.people.items()]
        field.choices = [("", "Choisissez"), *names, (NOBODY, "Personne")]

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["to"])

    @property
    def was(self) -> User | None:
        return self.people.get(self.cleaned_data["seen"])


@page(get=PROCESS_INVOICE, post=PROCESS_INVOICE, back="received_invoice")
def assign(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Take an invoice, give it to a colleague, or put it back among those that nobody deals with."""
    place = beside(request, invoice)
    query = place.query if place else ""
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        people=assignment.colleagues(invoice=invoice),
        seen=assignment.assignees(invoices=[invoice]).get(invoice.pk),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            assignment.assign(invoice=invoice, to=form.chosen, seen=form.was, actor=acting(request), at=now())
            messages.info(request, f"{invoice.title} : {_done(request, form.chosen, '')}.")
            return redirect(reverse("received_invoice", args=[invoice.uid]) + query)
    context = {"invoice": invoice, "form": form, "query": query}
    return render(request, "received/assign.html", context, status=422 if form.errors else 200)


@page(post=PROCESS_INVOICE)
def assign_many(request: HttpRequest, received: QuerySet[Invoice], to_me: bool = False) -> HttpResponse:
    """The same with those that were chosen in a list; they are taken at once, and given once a person is chosen."""
    chosen = list(received.filter(uid__in=uids_among(request.POST.getlist(SELECT))).order_by("due_on", "pk"))
    if not chosen:
        messages.warning(request, "Choisissez d’abord des factures dans la liste.")
        return redirect("received_to_process")
    actor = acting(request)
    if to_me:
        assignment.assign_many(invoices=chosen, to=actor.person, actor=actor, at=now())
        messages.info(request, f"{counted(len(chosen), 'facture', 'factures')} : {_done(request, actor.person, 's')}.")
        return redirect("received_to_process")
    form = AssignForm(request.POST if CONFIRMED in request.POST else None, people=assignment.colleagues_of(actor=actor))
    if form.is_valid():
        with refusals_on(form):
            assignment.assign_many(invoices=chosen, to=form.chosen, actor=actor, at=now())
            messages.info(
                request, f"{counted(len(chosen), 'facture', 'factures')} : {_done(request, form.chosen, 's')}."
            )
            return redirect("received_to_process")
    context = {
        "title": f"Qui s’occupe de {'cette facture' if len(chosen) == 1 else f'ces {len(chosen)} factures'} ?",
        "form": form,
        "select": SELECT,
        "confirmed": CONFIRMED,
        "chosen": [
            {"uid": str(row.uid), "name": row.title, "seller": str(row.seller), "amount": amount_of(row)}
            for row in chosen
        ],
    }
    return render(request, "received/assign_many.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, to: User | None, plural: str) -> str:
    if to is None:
        return f"attribuée{plural} à personne"
    return f"attribuée{plural} à {'vous' if to == acting(request).person else to}"
