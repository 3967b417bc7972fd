"""The bank details of a structure: added, renamed, closed; never changed in silence, never deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import now
from plainchant.portal.structures import bank_accounts
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.portal.structures.permissions import MANAGE_BANK_ACCOUNT, MANAGE_STRUCTURE
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import BankAccountForm, BankAccountNameForm
from .sheet import shown_iban


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def add(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = BankAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusals_on(form):
            bank_accounts.add(
                structure=structure,
                actor=acting(request),
                label=typed["label"],
                iban=typed["iban"],
                bic=typed["bic"],
                at=now(),
            )
            messages.success(
                request, "Le compte est ajouté. Toutes les personnes de la structure en sont averties par courriel."
            )
            return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/bank_add.html", {"form": form, "structure": structure})


def _sheet_of(account: BankAccount) -> str:
    return reverse("structure_sheet", args=[account.structure.uid])


@page(get=MANAGE_BANK_ACCOUNT, post=MANAGE_BANK_ACCOUNT, back=_sheet_of)
def edit(request: HttpRequest, account: BankAccount) -> HttpResponse:
    if request.method != "POST" and not account.is_active:
        raise Http404  # there is nothing left to change
    closing = request.method == "POST" and request.POST.get("close") == "yes"
    form = BankAccountNameForm(
        request.POST if request.method == "POST" and not closing else None, initial={"label": account.label}
    )
    if closing:
        bank_accounts.close(account=account, actor=acting(request), at=now())
        messages.success(
            request, "Le compte est retiré. Toutes les personnes de la structure en sont averties par courriel."
        )
        return redirect(_sheet_of(account))
    if form.is_valid():
        with refusals_on(form):
            bank_accounts.rename(account=account, actor=acting(request), label=form.cleaned_data["label"], at=now())
            messages.success(request, "Le compte a son nouveau nom.")
            return redirect(_sheet_of(account))
    context = {"form": form, "account": account, "iban": shown_iban(account, in_full=True)}
    return render(request, "structures/bank_edit.html", context)
