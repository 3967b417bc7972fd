"""The bank details of a structure: added, confirmed, renamed, closed; never changed in silence, never deleted.

Whoever changes them proves again who they are (`account.proof`). The forms name their address: after the proof they are
shown under another one.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import now
from plainchant.portal.structures import bank_accounts
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.portal.structures.permissions import CONFIRM_BANK_ACCOUNT, MANAGE_BANK_ACCOUNT, MANAGE_STRUCTURE
from plainchant.portal.structures.queries import confirmers_of
from plainchant.web.account.proof import needs_proof
from plainchant.web.account.visitor import acting, person
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .bank_forms import BankAccountAnswerForm, BankAccountForm, BankAccountNameForm
from .sheet import shown_iban

_EVERYBODY_IS_TOLD = "Toutes les personnes de la structure en sont averties par courriel."


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
@needs_proof()
def add(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = BankAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusals_on(form):
            account = bank_accounts.add(
                structure=structure,
                actor=acting(request),
                label=typed["label"],
                iban=typed["iban"],
                bic=typed["bic"],
                at=now(),
            )
            if account.is_waiting:
                messages.info(request, f"Il reste une étape\u00a0: un ou une collègue confirme. {_EVERYBODY_IS_TOLD}")
            else:
                messages.success(request, f"Le compte est ajouté. {_EVERYBODY_IS_TOLD}")
            return redirect("structure_sheet", uid=structure.uid)
    context = {
        "form": form,
        "structure": structure,
        "will_wait": confirmers_of(structure=structure, asked_by=person(request), at=now()).exists(),
    }
    return render(request, "structures/bank_add.html", context)


def _sheet_of(account: BankAccount) -> str:
    return reverse("structure_sheet", args=[account.structure.uid])


@page(get=CONFIRM_BANK_ACCOUNT, post=CONFIRM_BANK_ACCOUNT, back=_sheet_of)
@needs_proof()
def answer(request: HttpRequest, account: BankAccount) -> HttpResponse:
    """The second person compares the account with what they know, then confirms or refuses it."""
    if request.method != "POST" and not account.is_waiting:
        return redirect(_sheet_of(account))
    form = BankAccountAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if request.POST.get("answer") == "confirm":
            bank_accounts.confirm(account=account, actor=acting(request), at=now())
            messages.success(
                request, f"Le compte est confirmé\u00a0: les factures peuvent le nommer. {_EVERYBODY_IS_TOLD}"
            )
        else:
            comment = form.cleaned_data["comment"]
            bank_accounts.refuse(account=account, actor=acting(request), comment=comment, at=now())
            messages.success(request, f"Le compte est refusé. {_EVERYBODY_IS_TOLD}")
        return redirect(_sheet_of(account))
    context = {
        "form": form,
        "account": account,
        "iban": shown_iban(account, in_full=True),
        "is_own": account.created_by == person(request),
    }
    return render(request, "structures/bank_answer.html", context)


@page(post=MANAGE_BANK_ACCOUNT, back=_sheet_of)
def withdraw(request: HttpRequest, account: BankAccount) -> HttpResponse:
    """Give up an account that waits: nothing that a proof would protect."""
    bank_accounts.withdraw(account=account, actor=acting(request), at=now())
    messages.success(request, f"Ce compte n’est pas ajouté. {_EVERYBODY_IS_TOLD}")
    return redirect(_sheet_of(account))


@page(get=MANAGE_BANK_ACCOUNT, post=MANAGE_BANK_ACCOUNT, back=_sheet_of)
@needs_proof()
def edit(request: HttpRequest, account: BankAccount) -> HttpResponse:
    if request.method != "POST" and not account.is_active:
        raise Http404  # there is nothing left to change
    closing = request.method == "POST" and request.POST.get("close") == "yes"
    form = BankAccountNameForm(
        request.POST if request.method == "POST" and not closing else None, initial={"label": account.label}
    )
    if closing:
        bank_accounts.close(account=account, actor=acting(request), at=now())
        messages.success(request, f"Le compte est retiré. {_EVERYBODY_IS_TOLD}")
        return redirect(_sheet_of(account))
    if form.is_valid():
        with refusals_on(form):
            bank_accounts.rename(account=account, actor=acting(request), label=form.cleaned_data["label"], at=now())
            messages.success(request, "Le compte a son nouveau nom.")
            return redirect(_sheet_of(account))
    context = {"form": form, "account": account, "iban": shown_iban(account, in_full=True)}
    return render(request, "structures/bank_edit.html", context)
