"""« Mes espaces de travail »: what one has in each structure and why; asked for, decided, chosen for a structure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.access.permissions import OWN_ACCOUNT
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.rights.profiles import SPACE_NAMES
from plainchant.portal.rights.rights import Mode, Right, Space
from plainchant.portal.structures import queries, space_requests
from plainchant.portal.structures.models import SpaceRequest, Structure
from plainchant.portal.structures.permissions import DECIDE_SPACE, JOIN_STRUCTURE, MANAGE_STRUCTURE
from plainchant.portal.structures.reach import reached
from plainchant.portal.structures.spaces import HeldSpace, Why, spaces_of, used_by
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting, chosen_structure
from plainchant.web.fields import MANY, with_uid
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .rights_forms import AskSpaceForm, SpaceAnswerForm, UsedSpacesForm

PER_PAGE = 20
# What a space is for, in the words of somebody who has never met one; and where it is.
MEANINGS = {
    Space.ISSUED: ("Préparer, envoyer et suivre les factures de la structure.", "issued_list"),
    Space.RECEIVED: ("Voir et traiter les factures que la structure reçoit.", "received_list"),
    Space.VALIDATION: (
        "Donner l’accord de la structure sur les factures de ses sous-traitants et cotraitants.",
        "validation_list",
    ),
    Space.WORKS: (
        "Agir comme maître d’œuvre ou maître d’ouvrage\u00a0: vérifier une pièce de travaux et faire la suivante.",
        "works_list",
    ),
    Space.FLOWS: ("Suivre les fichiers de factures électroniques, et ce qui en a été refusé.", "flows_list"),
    Space.COMMITMENTS: ("Chercher ce que la structure s’est engagée à payer, et ce qu’il en reste.", "commitments"),
    Space.TICKETS: ("Répondre aux questions des fournisseurs sur leurs factures.", "tickets"),
    Space.MANAGEMENT: ("Tenir la fiche, les comptes bancaires, les personnes et leurs droits.", "structure_sheet"),
}
_MODES = {Mode.CONSULTATION: "voir", Mode.MODIFICATION: "voir et agir"}


@page(get=OWN_ACCOUNT)
def mine(request: HttpRequest) -> HttpResponse:
    """Each structure with its spaces: what the visitor has, and why; twenty structures a page."""
    everything = reached(actor=acting(request), right=Right.SEE).order_by("name", "pk")
    text = storable(request.GET.get("q", "")).strip()[:100]
    only = with_uid(everything, request.GET.get("structure", "")) or (None if text else chosen_structure(request))
    shown = everything.filter(pk=only.pk) if only else queries.named_like(structures=everything, text=text)
    sheet = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    structures = list(sheet)
    held = spaces_of(actor=acting(request), structures=structures)
    attached = queries.attached_to(actor=acting(request), structures=structures)
    context = {
        "structures": [
            {
                "structure": structure,
                "spaces": [_shown(row, structure, may_ask=structure.pk in attached) for row in held[structure.pk]],
                "manages": any(row.space is Space.MANAGEMENT and row.mode for row in held[structure.pk]),
            }
            for structure in structures
        ],
        "page": sheet,
        "text": text,
        "is_searched": bool(text) or sheet.paginator.count > MANY,
        "has_any": bool(structures) or bool(text),
    }
    return render(request, "structures/spaces.html", context)


def _shown(held: HeldSpace, structure: Structure, *, may_ask: bool) -> dict[str, Any]:
    meaning, place = MEANINGS[held.space]
    kwargs = {"uid": structure.uid} if held.space in (Space.MANAGEMENT, Space.COMMITMENTS) else {}
    return {
        "name": SPACE_NAMES[held.space],
        "meaning": meaning,
        "url": reverse(place, kwargs=kwargs) if held.mode else "",
        "has": _MODES[held.mode] if held.mode else "",
        "services": ", ".join(service.code for service in held.services),
        "why": _why(held),
        "is_asked": held.is_asked,
        "ask_url": _ask_url(held, structure) if may_ask else "",
    }


def _ask_url(held: HeldSpace, structure: Structure) -> str:
    complete = held.mode is Mode.MODIFICATION and not held.services
    if held.space is Space.MANAGEMENT or held.is_asked or complete:
        return ""
    return reverse("space_ask") + f"?structure={structure.uid}&espace={held.space.value}"


def _why(held: HeldSpace) -> str:
    if held.why is Why.DELEGATION and held.behalf is not None:
        return f"par la délégation qu’elle a donnée à {held.behalf.delegate}"
    return {
        Why.MANAGER: "vous en êtes le gestionnaire principal",
        Why.OWN: "un de ses gestionnaires vous l’a ouvert",
        Why.NOTHING: "",
    }[held.why]


@page(get=JOIN_STRUCTURE, post=JOIN_STRUCTURE, back=lambda _: reverse("spaces_mine"))
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for one space of one structure, with one word."""
    wanted = request.POST if request.method == "POST" else request.GET
    structure = with_uid(reached(actor=acting(request), right=Right.SEE), wanted.get("structure", ""))
    space = next((space for space in Space if space.value == wanted.get("espace")), None)
    if structure is None or space is None:
        raise Http404
    form = AskSpaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            space_requests.ask(
                structure=structure,
                space=space,
                mode=Mode(form.cleaned_data["mode"]),
                comment=form.cleaned_data["comment"],
                actor=acting(request),
                at=now(),
            )
            messages.success(request, "Votre demande est partie. Vous recevrez un courriel dès qu’on vous répond.")
            return redirect(reverse("spaces_mine") + f"?structure={structure.uid}")
    context = {
        "structure": structure,
        "space": space.value,
        "name": SPACE_NAMES[space],
        "meaning": MEANINGS[space][0],
        "form": form,
    }
    return render(request, "structures/space_ask.html", context)


@page(get=DECIDE_SPACE, post=DECIDE_SPACE, back=lambda _: reverse("structures_mine"))
def decide(request: HttpRequest, asked: SpaceRequest) -> HttpResponse:
    """Open the space that somebody asks for, or not."""
    if request.method != "POST" and asked.state != SpaceRequest.State.OPEN:
        raise Http404  # there is nothing left to answer
    structure, space = asked.membership.structure, Space(asked.space)
    form = SpaceAnswerForm(request.POST if request.method == "POST" else None, structure=structure, space=space)
    answer = request.POST.get("answer")
    if request.method == "POST" and answer in ("accept", "refuse") and form.is_valid():
        name, comment = asked.membership.user.get_full_name(), form.cleaned_data["comment"]
        with refusals_on(form):
            if answer == "accept":
                services = list(form.cleaned_data.get("services", ()))
                space_requests.accept(
                    request=asked, actor=acting(request), at=now(), services=services, comment=comment
                )
                messages.success(request, f"L’espace est ouvert à {name}, qui en est averti par courriel.")
            else:
                space_requests.refuse(request=asked, actor=acting(request), at=now(), comment=comment)
                messages.success(request, f"La demande {of(name)} est refusée. Un courriel le lui dit.")
            return redirect("structures_mine")
    context = {
        "asked": asked,
        "structure": structure,
        "name": SPACE_NAMES[space],
        "mode": _MODES[Mode(asked.mode)],
        "form": form,
    }
    return render(request, "structures/space_decide.html", context)


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def used(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Which spaces the structure uses."""
    form = UsedSpacesForm(
        request.POST if request.method == "POST" else None, initial={"spaces": list(used_by(structure))}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            spaces = [Space(code) for code in form.cleaned_data["spaces"]]
            space_requests.choose_spaces(structure=structure, spaces=spaces, actor=acting(request), at=now())
            messages.success(request, "C’est enregistré.")
            return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/spaces_used.html", {"structure": structure, "form": form})
