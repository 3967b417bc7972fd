"""My structures, and the requests of others that wait for my answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.access.permissions import OWN_ACCOUNT
from plainchant.portal.lib.time import now
from plainchant.portal.structures import memberships, queries
from plainchant.portal.structures.models import Membership
from plainchant.portal.structures.permissions import DECIDE_MEMBERSHIP
from plainchant.web.account.visitor import acting, person
from plainchant.web.routes import page

_MOST_AT_ONCE = 500
_SHOWN = (Membership.State.ACCEPTED, Membership.State.PENDING, Membership.State.REFUSED)


@page(get=OWN_ACCOUNT)
def mine(request: HttpRequest) -> HttpResponse:
    user = person(request)
    waiting = queries.memberships_to_decide(actor=acting(request))[:_MOST_AT_ONCE]
    context = {
        "memberships": queries.memberships_of(user=user).filter(state__in=_SHOWN),
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
    answer = request.POST.get("answer")
    if request.method != "POST" or answer not in ("accept", "refuse"):
        if membership.state != Membership.State.PENDING:
            raise Http404  # there is nothing left to answer
        return render(request, "structures/decide.html", {"membership": membership})
    memberships.decide(membership=membership, actor=acting(request), accept=answer == "accept", at=now())
    name = membership.user.get_full_name()
    messages.success(
        request,
        f"{name} est maintenant rattaché à {membership.structure}, et en est averti par courriel."
        if answer == "accept"
        else f"La demande de {name} est refusée. Un courriel le lui dit.",
    )
    return redirect("structures_mine")


@page(post=DECIDE_MEMBERSHIP)
def decide_all(request: HttpRequest, requests: QuerySet[Membership]) -> HttpResponse:
    """The same answer for the chosen requests. Those that are not this person's to decide are not there for it."""
    answer = request.POST.get("answer")
    chosen = _uids(request.POST.getlist("request"))
    if answer not in ("accept", "refuse") or not chosen:
        messages.warning(request, "Aucune demande n’était choisie. Cochez-en une, puis acceptez ou refusez.")
        return redirect("structures_mine")
    waiting = requests.filter(uid__in=chosen, state=Membership.State.PENDING)
    answered = memberships.decide_all(memberships=waiting, actor=acting(request), accept=answer == "accept", at=now())
    done = "acceptée" if answer == "accept" else "refusée"
    if answered == 0:
        messages.warning(request, "Ces demandes avaient déjà reçu une réponse. Il n’y a plus rien à faire.")
    elif answered == 1:
        messages.success(request, f"Une demande est {done}. La personne en est avertie par courriel.")
    else:
        messages.success(request, f"{answered} demandes sont {done}s. Les personnes en sont averties par courriel.")
    return redirect("structures_mine")


def _uids(texts: list[str]) -> list[UUID]:
    uids = []
    for text in texts[:_MOST_AT_ONCE]:
        try:
            uids.append(UUID(text))
        except ValueError:
            continue
    return uids
