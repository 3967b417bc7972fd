"""My structures, and the requests of others that wait for my answer."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.access.permissions import OWN_ACCOUNT
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.rights.profiles import SPACE_NAMES, usual
from plainchant.portal.rights.rights import Space
from plainchant.portal.structures import invitations, memberships, queries
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.permissions import DECIDE_MEMBERSHIP, JOIN_STRUCTURE, SEE_STRUCTURE
from plainchant.reader.text import storable
from plainchant.web.account.fields import one_line
from plainchant.web.account.visitor import acting, person
from plainchant.web.fields import uids_among
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .portfolio import portfolio_page
from .rights_forms import AnswerForm
from .team import opened_in_words

_MOST_AT_ONCE = 500
_UNANSWERED = (Membership.State.PENDING, Membership.State.REFUSED)


@page(get=OWN_ACCOUNT)
def mine(request: HttpRequest) -> HttpResponse:
    user = person(request)
    waiting = queries.memberships_to_decide(actor=acting(request))[:_MOST_AT_ONCE]
    context = {
        **portfolio_page(request),
        "memberships": queries.memberships_of(user=user).filter(state__in=_UNANSWERED)[:_MOST_AT_ONCE],
        "invitations": [
            (invitation, opened_in_words(invitation))
            for invitation in queries.invitations_to(actor=acting(request), at=now()).prefetch_related(
                "grants__service"
            )
        ],
        "delegation_requests": queries.delegation_requests_to_decide(actor=acting(request))[:_MOST_AT_ONCE],
        "space_requests": [
            (asked, SPACE_NAMES[Space(asked.space)])
            for asked in queries.space_requests_to_decide(actor=acting(request))[:_MOST_AT_ONCE]
        ],
        "columns": [
            {"label": "Personne", "kind": "name"},
            {"label": "Adresse", "kind": "text"},
            {"label": "Structure", "kind": "text"},
            {"label": "Demandé le", "kind": "day"},
        ],
        "rows": [
            {
                "id": membership.uid,
                "name": membership.user.get_full_name(),
                "url": reverse("membership_decide", kwargs={"uid": membership.uid}),
                "cells": [
                    membership.user.get_full_name(),
                    membership.user.email,
                    str(membership.structure),
                    membership.requested_at,
                ],
            }
            for membership in waiting
        ],
        "answers": [
            {"name": "answer", "value": "accept", "label": "Accepter"},
            {"name": "answer", "value": "refuse", "label": "Refuser"},
        ],
    }
    return render(request, "structures/mine.html", context)


@page(get=DECIDE_MEMBERSHIP, post=DECIDE_MEMBERSHIP, back=lambda _: reverse("structures_mine"))
def decide(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One request: accept it and say what the person may do, or refuse it."""
    answer = request.POST.get("answer")
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        structure=membership.structure,
        initial={"profiles": usual(is_public=membership.structure.is_public)},
    )
    if answer == "refuse":
        form.fields["profiles"].required = False
    if request.method == "POST" and answer in ("accept", "refuse") and form.is_valid():
        with refusals_on(form):
            _decide(request, membership, form, accept=answer == "accept")
            return redirect("structures_mine")
    if membership.state != Membership.State.PENDING:
        raise Http404  # there is nothing left to answer
    return render(request, "structures/decide.html", {"membership": membership, "form": form})


def _decide(request: HttpRequest, membership: Membership, form: AnswerForm, *, accept: bool) -> None:
    comment = form.cleaned_data["comment"]
    opened = form.opened if accept else {}
    memberships.decide(membership=membership, actor=acting(request), accept=accept, at=now(), comment=comment, **opened)
    name = membership.user.get_full_name()
    messages.success(
        request,
        f"{name} est maintenant rattaché à {membership.structure}, et en est averti par courriel."
        if accept
        else f"La demande {of(name)} est refusée. Un courriel le lui dit.",
    )


@page(post=JOIN_STRUCTURE, back=lambda _: reverse("structures_mine"))
def answer_invitation(request: HttpRequest) -> HttpResponse:
    """Accept or decline an invitation sent to one's own address. Those of others are not there for it."""
    answer = request.POST.get("answer")
    waiting = queries.invitations_to(actor=acting(request), at=now())
    invitation = waiting.filter(uid__in=uids_among(request.POST.getlist("invitation"))).first()
    if answer not in ("accept", "decline") or invitation is None:
        messages.warning(request, "Cette invitation n’attend plus de réponse. Demandez-en une autre, si besoin.")
        return redirect("structures_mine")
    invitations.answer(invitation=invitation, actor=acting(request), accept=answer == "accept", at=now())
    if answer == "accept":
        messages.success(request, f"Vous êtes maintenant rattaché à {invitation.structure}.")
        return redirect("structure_sheet", uid=invitation.structure.uid)
    messages.success(
        request, f"Vous n’avez pas rejoint {invitation.structure}. Un courriel le dit à qui vous invitait."
    )
    return redirect("structures_mine")


@page(get=SEE_STRUCTURE)
def leave_page(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Ask before leaving, and say what it means."""
    mine = get_object_or_404(queries.memberships_of(user=person(request)), structure=structure)
    return render(request, "structures/leave.html", {"structure": structure, "membership": mine})


@page(post=JOIN_STRUCTURE, back=lambda _: reverse("structures_mine"))
def leave(request: HttpRequest) -> HttpResponse:
    """Leave a structure, or take a request back."""
    mine = queries.memberships_of(user=person(request)).filter(uid__in=uids_among(request.POST.getlist("membership")))
    membership = mine.first()
    if membership is None:
        raise Http404
    was_attached = membership.state == Membership.State.ACCEPTED
    memberships.leave(structure=membership.structure, actor=acting(request), at=now())
    left = f"Vous avez quitté {membership.structure}." if was_attached else "Votre demande est retirée."
    messages.success(request, left)
    return redirect("structures_mine")


@page(post=DECIDE_MEMBERSHIP)
def decide_all(request: HttpRequest, requests: QuerySet[Membership]) -> HttpResponse:
    """The same answer for the chosen requests. Those that are not this person's to decide are not there for it."""
    answer = request.POST.get("answer")
    chosen = uids_among(request.POST.getlist("request"), most=_MOST_AT_ONCE)
    if answer not in ("accept", "refuse") or not chosen:
        messages.warning(request, "Aucune demande n’était choisie. Cochez-en une, puis acceptez ou refusez.")
        return redirect("structures_mine")
    waiting = requests.filter(uid__in=chosen, state=Membership.State.PENDING)
    comment = one_line(storable(request.POST.get("comment", "")))[:255]
    answered = memberships.decide_all(
        memberships=waiting, actor=acting(request), accept=answer == "accept", at=now(), comment=comment
    )
    done = "acceptée" if answer == "accept" else "refusée"
    if answered == 0:
        messages.warning(request, "Ces demandes avaient déjà reçu une réponse. Il n’y a plus rien à faire.")
    elif answered == 1:
        messages.success(request, f"Une demande est {done}. La personne en est avertie par courriel.")
    else:
        messages.success(request, f"{answered} demandes sont {done}s. Les personnes en sont averties par courriel.")
    return redirect("structures_mine")
