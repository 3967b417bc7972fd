"""The programs that act for a structure (comptes techniques), as its managers see them.

A password is shown on the page that answers its making, and on no other. Whoever makes one, or widens what a program
may do, proves again who they are (`account.proof`); to withdraw one, or to end an account, needs no proof.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import queries, technical_accounts
from plainchant.portal.structures.grants import profiles_held
from plainchant.portal.structures.models import Structure, TechnicalAccount, TechnicalSecret
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE, MANAGE_TECHNICAL_ACCOUNT
from plainchant.portal.structures.technical_notices import WARNED_DAYS
from plainchant.web.account.proof import needs_proof
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .rights_forms import ProgramForm
from .team import opened_in_words


def base_addresses() -> dict[str, str]:
    """What a program is given in place of the addresses of Chorus Pro; empty where the portal lets no program in."""
    base = settings.PUBLIC_URL
    return {"token": f"{base}/api/oauth/token", "services": f"{base}/cpro"} if settings.API else {}


@page(get=MANAGE_STRUCTURE)
def listed(request: HttpRequest, structure: Structure) -> HttpResponse:
    """The programs of a structure, those that serve first."""
    accounts = queries.technical_accounts_for(actor=acting(request), right=Right.MANAGE).filter(structure=structure)
    accounts = accounts.prefetch_related("grants__service", "secrets__created_by")
    at = now()
    managers = set(queries.managers_of(structure=structure).values_list("pk", flat=True))
    context = {
        "structure": structure,
        "addresses": base_addresses(),
        "applications": queries.applications_for(actor=acting(request), right=Right.MANAGE).filter(structure=structure),
        "programs": [
            {
                "account": account,
                "opened": opened_in_words(account),
                "passwords": shown_passwords(account, at=at, managers=managers),
            }
            for account in accounts
        ],
    }
    return render(request, "structures/programs.html", context)


def shown_passwords(account: TechnicalAccount, *, at: datetime, managers: set[int]) -> list[dict[str, Any]]:
    """The passwords that were not withdrawn, the oldest first, with what is to be done about each."""
    kept = sorted((row for row in account.secrets.all() if row.withdrawn_at is None), key=lambda row: row.pk)
    return [
        {
            "row": secret,
            "is_over": secret.ends_at <= at,
            "ends_soon": at < secret.ends_at <= at + timedelta(days=max(WARNED_DAYS)),
            "is_known_outside": secret.created_by_id not in managers,
        }
        for secret in kept
    ]


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="programs")
@needs_proof()
def make(request: HttpRequest, structure: Structure) -> HttpResponse:
    usual = AccessProfile.PROCESS if structure.is_public else AccessProfile.INVOICE
    form = ProgramForm(
        request.POST if request.method == "POST" else None, structure=structure, initial={"profiles": [usual]}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            account, secret = technical_accounts.make(
                structure=structure, actor=acting(request), name=form.cleaned_data["name"], at=now(), **form.opened
            )
            return _shown_once(request, account, secret)
    return render(request, "structures/program_make.html", {"structure": structure, "form": form})


def _shown_once(request: HttpRequest, account: TechnicalAccount, secret: str) -> HttpResponse:
    context = {
        "account": account,
        "structure": account.structure,
        "secret": secret,
        "addresses": base_addresses(),
    }
    answer = render(request, "structures/program_password.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _own(account: TechnicalAccount) -> str:
    return reverse("program", args=[account.uid])


@page(get=MANAGE_TECHNICAL_ACCOUNT, post=MANAGE_TECHNICAL_ACCOUNT, back=_own)
@needs_proof()
def show(request: HttpRequest, account: TechnicalAccount) -> HttpResponse:
    """One program: its passwords, its name and what it may do, which can be changed here."""
    profiles, services = profiles_held(holder=account)
    form = ProgramForm(
        request.POST if request.method == "POST" else None,
        structure=account.structure,
        initial={"name": account.name, "profiles": profiles, "services": services},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _change(request, account, form, profiles, services)
            messages.success(request, "C’est enregistré.")
            return redirect(_own(account))
    managers = set(queries.managers_of(structure=account.structure).values_list("pk", flat=True))
    context = {
        "account": account,
        "structure": account.structure,
        "form": form,
        "opened": opened_in_words(account),
        "passwords": (kept := shown_passwords(account, at=now(), managers=managers)),
        "addresses": base_addresses(),
        "may_add": sum(not each["is_over"] for each in kept) < technical_accounts.MOST_SECRETS,
    }
    return render(request, "structures/program.html", context)


def _change(
    request: HttpRequest, account: TechnicalAccount, form: ProgramForm, profiles: list[Any], services: list[Any]
) -> None:
    """Only what was changed: managers are told of rights, and not of a name."""
    actor, at, opened = acting(request), now(), form.opened
    technical_accounts.rename(account=account, actor=actor, name=form.cleaned_data["name"], at=at)
    if (set(opened["profiles"]), set(opened["services"])) != (set(profiles), set(services)):
        technical_accounts.open_to(account=account, actor=actor, at=at, **opened)


@page(get=MANAGE_TECHNICAL_ACCOUNT, post=MANAGE_TECHNICAL_ACCOUNT, back=_own)
@needs_proof()
def add_password(request: HttpRequest, account: TechnicalAccount) -> HttpResponse:
    """Ask, say how one moves from one to the other, then show the new one."""
    if request.method == "POST":
        secret = technical_accounts.add_secret(account=account, actor=acting(request), at=now())
        return _shown_once(request, account, secret)
    return _asked(
        request,
        account,
        question="Demander un nouveau mot de passe\u00a0?",
        consequence="L’ancien continue de servir, jusqu’à ce que vous le retiriez ou qu’il prenne fin\u00a0: rien ne "
        "s’arrête. Le nouveau sera montré une seule fois, sur la page suivante. Ayez le logiciel sous la main.",
        button="Montrer le nouveau mot de passe",
    )


@page(get=MANAGE_TECHNICAL_ACCOUNT, post=MANAGE_TECHNICAL_ACCOUNT, back=_own)
def withdraw_password(request: HttpRequest, account: TechnicalAccount, number: int) -> HttpResponse:
    secret = get_object_or_404(
        TechnicalSecret.objects.select_related("technical_account__structure"), technical_account=account, pk=number
    )
    if request.method == "POST":
        technical_accounts.withdraw_secret(secret=secret, actor=acting(request), at=now())
        messages.success(request, "Ce mot de passe ne sert plus.")
        return redirect(_own(account))
    return _asked(
        request,
        account,
        question="Retirer ce mot de passe\u00a0?",
        consequence="Un logiciel qui l’utilise encore ne pourra plus rien envoyer ni lire, tout de suite. Vérifiez "
        "qu’il a reçu le nouveau.",
        button="Retirer ce mot de passe",
        is_danger=True,
    )


@page(get=MANAGE_TECHNICAL_ACCOUNT, post=MANAGE_TECHNICAL_ACCOUNT, back=_own)
def end(request: HttpRequest, account: TechnicalAccount) -> HttpResponse:
    """Ask, say what it means, then end it."""
    if request.method == "POST":
        technical_accounts.end(account=account, actor=acting(request), at=now())
        messages.success(request, f"Le logiciel {account.name} n’agit plus pour {account.structure}.")
        return redirect("programs", uid=account.structure.uid)
    return _asked(
        request,
        account,
        question=f"Mettre fin au compte technique {of(account.name)}\u00a0?",
        consequence="Ce logiciel ne pourra plus rien envoyer ni lire, tout de suite et pour toujours. Ce qu’il a fait "
        "reste dans l’historique, et les brouillons qu’il a commencés vous restent.",
        button="Mettre fin à ce compte",
        is_danger=True,
    )


def _asked(
    request: HttpRequest,
    account: TechnicalAccount,
    *,
    question: str,
    consequence: str,
    button: str,
    is_danger: bool = False,
) -> HttpResponse:
    context = {
        "structure": account.structure,
        "about": account.name,
        "own": _own(account),
        "question": question,
        "consequence": consequence,
        "button": button,
        "is_danger": is_danger,
        "here": request.path,
    }
    return render(request, "structures/program_ask.html", context)
