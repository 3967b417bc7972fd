"""Whom a structure lets act for it, and for whom it acts (délégations)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.invoices.lifecycle import MOVE_OF, Action, Side
from plainchant.portal.invoices.models import StatusChange
from plainchant.portal.invoices.queries import done_by_delegation
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import delegations, queries
from plainchant.portal.structures.delegation_words import terms_in_words
from plainchant.portal.structures.grants import profiles_held
from plainchant.portal.structures.models import Delegation, DelegationRequest, Structure
from plainchant.portal.structures.permissions import (
    DECIDE_DELEGATION,
    MANAGE_DELEGATION,
    MANAGE_STRUCTURE,
    RETURN_DELEGATION,
    WITHDRAW_DELEGATION_REQUEST,
)
from plainchant.web.account.limits import too_many, unhurried
from plainchant.web.account.visitor import acting
from plainchant.web.issued.views import invoice_url
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .delegation_forms import AskDelegationForm, DelegationForm, TermsForm

_LINES = 25


@page(get=MANAGE_STRUCTURE)
def of_structure(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Both directions on one page: who acts for it, for whom it acts, and what it has asked."""
    actor, manage = acting(request), Right.MANAGE
    given = queries.delegations_given_for(actor=actor, right=manage).filter(client=structure)
    held = queries.delegations_held_for(actor=actor, right=manage).filter(delegate=structure)
    context = {
        "structure": structure,
        "given": _shown(given.prefetch_related("grants__service")),
        "held": _shown(held.prefetch_related("grants__service")),
        "asked": queries.delegation_requests_by(actor=actor, right=manage).filter(delegate=structure),
    }
    return render(request, "structures/delegations.html", context)


def _shown(rows: Any) -> list[dict[str, Any]]:
    today = day_in_paris(now())
    return [{"row": row, "terms": terms_in_words(row), **_state(row, today)} for row in rows]


def _state(delegation: Delegation, today: Any) -> dict[str, Any]:
    """Where a delegation is, with its shape and its word."""
    over = delegation.ended_at is not None or (delegation.ends_on is not None and delegation.ends_on < today)
    if over:
        return {"is_over": True, "shape": "stopped", "word": "Terminée"}
    if delegation.begins_on > today:
        return {"is_over": False, "shape": "waiting", "word": "Pas encore commencée"}
    return {"is_over": False, "shape": "moving", "word": "En cours"}


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="delegations")
def delegate(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Let another structure act."""
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        structure=structure,
        initial={
            "profiles": _usual(structure),
            "begins_on": f"{day_in_paris(now()):%d/%m/%Y}",
        },
    )
    if request.method == "POST" and form.is_valid():
        # The answer tells whether that SIRET is known here: as often as one may ask it where one joins a structure.
        limited = too_many(request, action="join_structure")
        if limited:
            return limited
        with refusals_on(form):
            opened = delegations.delegate(
                structure=structure, siret=form.cleaned_data["siret"], terms=form.terms, actor=acting(request), at=now()
            )
            messages.success(
                request, f"{opened.delegate} peut maintenant agir pour {structure}. Un courriel le lui dit."
            )
            return redirect("delegations", uid=structure.uid)
    return render(request, "structures/delegation_open.html", {"structure": structure, "form": form})


@page(get=MANAGE_DELEGATION, post=MANAGE_DELEGATION, back=lambda delegation: _of_client(delegation))
def show(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """What one delegation lets do, which can be changed here, and what was done by it."""
    held, _ = profiles_held(holder=delegation)
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        structure=delegation.client,
        initial={
            "profiles": held,
            "begins_on": f"{delegation.begins_on:%d/%m/%Y}",
            "ends_on": f"{delegation.ends_on:%d/%m/%Y}" if delegation.ends_on else "",
            "comment": delegation.comment,
        },
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            delegations.change(delegation=delegation, terms=form.terms, actor=acting(request), at=now())
            messages.success(request, f"C’est enregistré. {delegation.delegate} en est averti par courriel.")
            return redirect(_of_client(delegation))
    done = Paginator(done_by_delegation(delegation=delegation, actor=acting(request)), _LINES)
    lines = done.get_page(request.GET.get("page"))
    context = {
        "delegation": delegation,
        "structure": delegation.client,
        "form": form,
        "terms": terms_in_words(delegation),
        "state": _state(delegation, day_in_paris(now())),
        "page": lines,
        "lines": [_line(line) for line in lines],
    }
    return render(request, "structures/delegation.html", context)


def _line(line: StatusChange) -> dict[str, Any]:
    invoice = line.invoice
    received = line.party == Side.BUYER
    return {
        "at": line.at,
        "who": line.actor_name.rsplit(", pour ", 1)[0],  # the page is about this client
        "what": invoice.kind.agreed(MOVE_OF[Action(line.action)].history),
        "name": invoice.title if invoice.number else "Brouillon sans numéro",
        "url": reverse("received_invoice", args=[invoice.uid]) if received else invoice_url(invoice),
    }


@page(get=MANAGE_DELEGATION, post=MANAGE_DELEGATION, back=lambda delegation: _of_client(delegation))
def end(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Ask, say what it means, then end it."""
    if request.method == "POST":
        delegations.end(delegation=delegation, actor=acting(request), at=now())
        messages.success(
            request, f"{delegation.delegate} n’agit plus pour {delegation.client}. Un courriel le lui dit."
        )
        return redirect(_of_client(delegation))
    return _asked(
        request,
        structure=delegation.client,
        question=f"Ne plus laisser {delegation.delegate} agir pour {delegation.client}\u00a0?",
        consequence="Ses personnes ne verront plus rien de votre structure, tout de suite. Ce qu’elles ont fait reste "
        "dans l’historique, et les brouillons qu’elles ont commencés vous restent.",
        button="Mettre fin à la délégation",
    )


@page(get=RETURN_DELEGATION, post=RETURN_DELEGATION, back=lambda delegation: _of_delegate(delegation))
def give_back(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """The delegate no longer wants to act."""
    if request.method == "POST":
        delegations.give_back(delegation=delegation, actor=acting(request), at=now())
        messages.success(request, f"Vous n’agissez plus pour {delegation.client}. Un courriel le lui dit.")
        return redirect(_of_delegate(delegation))
    return _asked(
        request,
        structure=delegation.delegate,
        question=f"Ne plus agir pour {delegation.client}\u00a0?",
        consequence="Vous et vos collègues ne verrez plus rien d’elle, tout de suite. Ce que vous avez fait reste dans "
        "son historique. Pour agir de nouveau, il faudra le lui demander.",
        button="Rendre la délégation",
    )


def _asked(request: HttpRequest, *, structure: Structure, question: str, consequence: str, button: str) -> HttpResponse:
    context = {
        "structure": structure,
        "question": question,
        "consequence": consequence,
        "button": button,
        "back": reverse("delegations", args=[structure.uid]),
    }
    return render(request, "structures/delegation_end.html", context)


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="delegations")
def ask(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Ask to act for a client. The answer is the same whether the SIRET is known here or not."""
    form = AskDelegationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limited = too_many(request, action="join_structure")
        if limited:
            return limited
        with unhurried(), refusals_on(form):
            delegations.ask(structure=structure, actor=acting(request), at=now(), **form.cleaned_data)
            messages.success(
                request,
                "Votre demande est enregistrée. Si cette structure est sur ce portail, ses gestionnaires viennent de "
                "recevoir un courriel\u00a0; sinon elle attend qu’elle y vienne. Prévenez-la aussi de vive voix.",
            )
            return redirect("delegations", uid=structure.uid)
    return render(request, "structures/delegation_ask.html", {"structure": structure, "form": form})


@page(get=DECIDE_DELEGATION, post=DECIDE_DELEGATION, back=lambda _: reverse("structures_mine"))
def decide(request: HttpRequest, asked: DelegationRequest) -> HttpResponse:
    """Accept a request, and say what is allowed, or refuse it."""
    if request.method != "POST" and asked.state != DelegationRequest.State.OPEN:
        raise Http404  # there is nothing left to answer
    client = queries.with_identifier(identifier=asked.siret)
    assert client is not None  # noqa: S101 - whoever manages it has reached this page
    answer = request.POST.get("answer")
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        structure=client,
        initial={"profiles": _usual(client), "begins_on": f"{day_in_paris(now()):%d/%m/%Y}"},
    )
    if answer == "refuse":
        for name in ("profiles", "begins_on"):
            form.fields[name].required = False
    if request.method == "POST" and answer in ("accept", "refuse") and form.is_valid():
        with refusals_on(form):
            if answer == "accept":
                delegations.accept(request=asked, terms=form.terms, actor=acting(request), at=now())
                messages.success(
                    request, f"{asked.delegate} peut maintenant agir pour {client}. Un courriel le lui dit."
                )
            else:
                comment = form.cleaned_data["comment"]
                delegations.refuse(request=asked, actor=acting(request), at=now(), comment=comment)
                messages.success(request, f"La demande {of(asked.delegate)} est refusée. Un courriel le lui dit.")
            return redirect("structures_mine")
    context = {"asked": asked, "structure": client, "form": form}
    return render(request, "structures/delegation_decide.html", context)


@page(post=WITHDRAW_DELEGATION_REQUEST, back=lambda asked: reverse("delegations", args=[asked.delegate.uid]))
def withdraw(request: HttpRequest, asked: DelegationRequest) -> HttpResponse:
    delegations.withdraw(request=asked, actor=acting(request), at=now())
    messages.success(request, "Votre demande est retirée.")
    return redirect("delegations", uid=asked.delegate.uid)


def _usual(client: Structure) -> tuple[AccessProfile, ...]:
    """What is delegated most: proposed to whoever decides."""
    return (AccessProfile.PROCESS,) if client.is_public else (AccessProfile.INVOICE,)


def _of_client(delegation: Delegation) -> str:
    return reverse("delegations", args=[delegation.client.uid])


def _of_delegate(delegation: Delegation) -> str:
    return reverse("delegations", args=[delegation.delegate.uid])
