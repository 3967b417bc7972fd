"""The people of a structure, as its managers see them: what each may do, and how an attachment ends."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import PARIS, day_in_paris, now
from plainchant.portal.rights.profiles import PROFILE_ROW, usual
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import invitations, managers, memberships, queries
from plainchant.portal.structures.activity import activity_of
from plainchant.portal.structures.grants import Holder, profiles_held
from plainchant.portal.structures.models import Invitation, Membership, Structure
from plainchant.portal.structures.permissions import MANAGE_INVITATION, MANAGE_MEMBERSHIP, MANAGE_STRUCTURE
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .rights_forms import InvitationForm, RightsForm

PER_PAGE = 50
FEW = 8  # people whom one reads without looking for a name
_PEOPLE = [
    {"label": "Personne", "kind": "name"},
    {"label": "Adresse", "kind": "text"},
    {"label": "Ce qu’elle peut faire", "kind": "text"},
    {"label": "État", "kind": "status"},
]


@page(get=MANAGE_STRUCTURE)
def people(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Everybody attached to the structure, oneself first, and who was invited."""
    actor = acting(request)
    text = storable(request.GET.get("q", "")).strip()[:100]
    others = queries.people_managed(structure=structure, actor=actor, text=text).prefetch_related("grants__service")
    sheet = Paginator(others, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "structure": structure,
        "columns": _PEOPLE,
        "rows": [_row(membership) for membership in sheet],
        "page": sheet,
        "text": text,
        "is_searched": bool(text) or sheet.paginator.count > FEW,
        "waiting": queries.memberships_to_decide(actor=actor).filter(structure=structure).count(),
        "invitations": [
            (invitation, opened_in_words(invitation))
            for invitation in queries.invitations_for(actor=actor, right=Right.MANAGE)
            .filter(structure=structure, expires_at__gt=now())
            .prefetch_related("grants__service")
        ],
    }
    return render(request, "structures/people.html", context)


@page(get=MANAGE_STRUCTURE)
def people_file(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Everybody attached, for a spreadsheet."""
    rows = []
    for membership in queries.everybody_attached(structure=structure):
        is_open = membership.state == Membership.State.ACCEPTED
        profiles, services = profiles_held(holder=membership)
        rows.append(
            [
                membership.user.last_name,
                membership.user.first_name,
                membership.user.email,
                "oui" if membership.is_manager and is_open else "non",
                ", ".join(PROFILE_ROW[profile].name for profile in profiles),
                ", ".join(service.code for service in services),
                "A accès" if is_open else "Accès suspendu",
                membership.decided_at.astimezone(PARIS).strftime("%d/%m/%Y") if membership.decided_at else "",
            ]
        )
    heading = ["Nom", "Prénom", "Adresse", "Gestionnaire principal", "Peut", "Services", "État", "Depuis"]
    return _csv(structure, "personnes", csv_text(heading=heading, rows=rows))


def _csv(structure: Structure, what: str, text: str) -> HttpResponse:
    name = f"{what}-{structure.identifier}-{day_in_paris(now()).isoformat()}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def opened_in_words(holder: Holder) -> str:
    """What is open to somebody, as the pages say it."""
    if isinstance(holder, Membership) and holder.is_manager:
        return "Tout\u00a0: gestionnaire principal"
    profiles, services = profiles_held(holder=holder)
    names = ", ".join(PROFILE_ROW[profile].name for profile in profiles) or "Voir la fiche, rien d’autre"
    return f"{names} ({', '.join(service.code for service in services)})" if services else names


def _row(membership: Membership) -> dict[str, object]:
    is_open = membership.state == Membership.State.ACCEPTED
    return {
        "name": membership.user.get_full_name(),
        "url": reverse("member", kwargs={"uid": membership.uid}),
        "cells": [
            membership.user.get_full_name(),
            membership.user.email,
            opened_in_words(membership),
            {"shape": "moving" if is_open else "stopped", "word": "A accès" if is_open else "Accès suspendu"},
        ],
    }


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_people")
def invite(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        structure=structure,
        initial={"profiles": usual(is_public=structure.is_public)},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            invitations.invite(
                structure=structure,
                actor=acting(request),
                email=form.cleaned_data["email"],
                at=now(),
                **form.opened,
            )
            messages.success(request, f"L’invitation part par courriel à {form.cleaned_data['email']}.")
            return redirect("structure_people", uid=structure.uid)
    return render(request, "structures/invite.html", {"form": form, "structure": structure})


@page(post=MANAGE_INVITATION, back=lambda invitation: _people_of(invitation))
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    invitations.withdraw(invitation=invitation, actor=acting(request), at=now())
    messages.success(request, f"L’invitation {of(invitation.email)} est retirée.")
    return redirect(_people_of(invitation))


def _people_of(about: Membership | Invitation) -> str:
    return reverse("structure_people", kwargs={"uid": about.structure.uid})


@page(get=MANAGE_MEMBERSHIP, post=MANAGE_MEMBERSHIP, back=_people_of)
def member(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One person: what they may do, which can be changed here, and the ways on."""
    held, services = profiles_held(holder=membership)
    form = RightsForm(
        request.POST if request.method == "POST" else None,
        structure=membership.structure,
        initial={"profiles": held, "services": services},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            memberships.open_to(membership=membership, actor=acting(request), at=now(), **form.opened)
            messages.success(
                request, f"C’est enregistré. {membership.user.get_full_name()} en est averti par courriel."
            )
            return redirect(_people_of(membership))
    context = {
        "membership": membership,
        "structure": membership.structure,
        "form": form,
        "opened": opened_in_words(membership),
        "is_open": membership.state == Membership.State.ACCEPTED,
        "may_hand_over": queries.manager_of(structure=membership.structure) == acting(request).person,
    }
    return render(request, "structures/member.html", context)


@dataclass(frozen=True)
class Change:
    """What can be done with an attachment: the operation, and the words of its page."""

    question: str
    consequence: str
    button: str
    done: str


CHANGES = {
    "suspendre": Change(
        "Suspendre l’accès {of_person}\u00a0?",
        "Cette personne ne verra plus rien de la structure, tout de suite. Vous pourrez lui rendre son accès quand "
        "vous "
        "voudrez\u00a0: elle retrouvera ce qu’elle pouvait faire.",
        "Suspendre son accès",
        "L’accès {of_person} est suspendu.",
    ),
    "rendre": Change(
        "Rendre son accès à {person}\u00a0?",
        "Cette personne pourra de nouveau faire ce qu’elle faisait avant.",
        "Rendre son accès",
        "{person} a de nouveau accès à la structure.",
    ),
    "detacher": Change(
        "Mettre fin au rattachement {of_person}\u00a0?",
        "Cette personne ne verra plus rien de la structure, tout de suite. Les factures qu’elle a envoyées, et leur "
        "historique, restent. Pour revenir, elle devra le demander, ou être invitée.",
        "Mettre fin au rattachement",
        "{person} n’est plus rattaché à la structure.",
    ),
    "transmettre": Change(
        "Transmettre la gestion à {person}\u00a0?",
        "Cette personne deviendra le gestionnaire principal, avec tous les droits. Vous resterez rattaché, et pourrez "
        "encore tout faire, sauf transmettre la gestion de nouveau. Vous ne pourrez pas revenir en arrière seul.",
        "Transmettre la gestion",
        "{person} est maintenant le gestionnaire principal.",
    ),
}
_OPERATIONS = {
    "suspendre": memberships.disable,
    "rendre": memberships.enable,
    "detacher": memberships.detach,
    "transmettre": managers.hand_over,
}


@page(get=MANAGE_MEMBERSHIP, post=MANAGE_MEMBERSHIP, back=_people_of)
def change(request: HttpRequest, membership: Membership, action: str) -> HttpResponse:
    """Ask, say what it means, then do it."""
    words = CHANGES[action]
    person = membership.user.get_full_name()
    if request.method == "POST":
        _OPERATIONS[action](membership=membership, actor=acting(request), at=now())
        messages.success(request, f"{words.done.format(person=person, of_person=of(person))} Un courriel le lui dit.")
        # Whoever handed the structure over still manages it; whoever cannot any more is brought to their own list.
        return redirect(_people_of(membership))
    context = {
        "membership": membership,
        "structure": membership.structure,
        "question": words.question.format(person=person, of_person=of(person)),
        "words": words,
    }
    return render(request, "structures/member_change.html", context)


@page(get=MANAGE_STRUCTURE)
def activity(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Who did what for the structure, the newest first."""
    sheet = Paginator(activity_of(structure=structure), PER_PAGE).get_page(request.GET.get("page"))
    context = {"structure": structure, "entries": sheet, "page": sheet}
    return render(request, "structures/activity.html", context)


@page(get=MANAGE_STRUCTURE)
def activity_file(request: HttpRequest, structure: Structure) -> HttpResponse:
    """The whole log, for a spreadsheet."""
    rows = (
        [
            row.at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S"),
            row.who,
            row.get_kind_display(),
            row.about,
            row.where,
        ]
        for row in activity_of(structure=structure).iterator()
    )
    return _csv(
        structure, "activite", csv_text(heading=["Quand", "Qui", "A fait quoi", "À propos de", "D’où"], rows=rows)
    )
