"""Find a structure by its SIRET, or by what stands for one: create it, or ask to join it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF, INDIVIDUAL_TYPE, SIRET_TYPE
from plainchant.einvoice.identifiers import key_agrees
from plainchant.einvoice.structure_identifiers import in_words
from plainchant.portal.directory.sirene import identity_of
from plainchant.portal.lib.time import now
from plainchant.portal.structures import memberships, operations, queries
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.permissions import JOIN_STRUCTURE
from plainchant.web.account.limits import too_many
from plainchant.web.account.visitor import acting, person
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.templatetags.plainchant import joining_address

from .forms import IdentifierForm, JoinForm, NewStructureForm, SiretForm, WhoForm


@page(get=JOIN_STRUCTURE, post=JOIN_STRUCTURE)
def add(request: HttpRequest) -> HttpResponse:
    user = person(request)
    first = not queries.memberships_of(user=user).exists()
    form = SiretForm(
        request.POST if request.method == "POST" else None,
        initial={"siret": user.siret_at_registration if first else ""},
    )
    if request.method == "POST" and form.is_valid():
        limited = too_many(request, action="join_structure")
        if limited:
            return limited
        return redirect("structures_add_siret", siret=form.cleaned_data["siret"])
    return render(request, "structures/add.html", {"form": form})


@page(get=JOIN_STRUCTURE, post=JOIN_STRUCTURE, back="structures_mine")
def add_siret(request: HttpRequest, siret: str) -> HttpResponse:
    return _found(request, identifier_type=SIRET_TYPE, identifier=siret)


@page(get=JOIN_STRUCTURE)
def without_siret(request: HttpRequest) -> HttpResponse:
    """One question: what stands for the SIRET."""
    form = WhoForm(request.GET if "kind" in request.GET else None)
    if form.is_valid():
        return redirect("structures_add_other", kind=form.cleaned_data["kind"])
    return render(request, "structures/without_siret.html", {"form": form})


@page(get=JOIN_STRUCTURE, post=JOIN_STRUCTURE, back="structures_mine")
def add_other(request: HttpRequest, kind: str) -> HttpResponse:
    """The identifier, then the sheet. It stands in the query: that of a person has no place in the access log."""
    row = IDENTIFIER_TYPE_OF[kind]
    form = IdentifierForm(request.GET if "identifiant" in request.GET else None, row=row)
    if form.is_valid():
        return _found(request, identifier_type=kind, identifier=form.cleaned_data["identifiant"])
    return render(request, "structures/add_other.html", {"form": form})


def _found(request: HttpRequest, *, identifier_type: str, identifier: str) -> HttpResponse:
    # Reading counts too: the page tells whether a SIRET is known here, and nobody needs to ask eighty times.
    limited = too_many(request, action="join_structure")
    if limited:
        return limited
    structure = queries.with_identifier(identifier=identifier, identifier_type=identifier_type)
    if structure is None:
        return _create(request, identifier_type=identifier_type, identifier=identifier)
    mine = queries.memberships_of(user=person(request)).filter(structure=structure).first()
    if mine is not None and mine.state == Membership.State.ACCEPTED:
        messages.info(request, "Vous êtes déjà rattaché à cette structure. La voici.")
        return redirect("structure_sheet", uid=structure.uid)
    if mine is not None and mine.state == Membership.State.PENDING:
        return _pending(request, structure=structure)
    return _join(request, structure=structure)


def _create(request: HttpRequest, *, identifier_type: str, identifier: str) -> HttpResponse:
    user = person(request)
    initial = {"email": user.notice_address, "phone": user.phone}
    identity = identity_of(siret=identifier) if identifier_type == SIRET_TYPE and request.method == "GET" else None
    if identity is not None:
        filled_in = ("name", "address_line", "address_extra_1", "postcode", "city")
        initial |= {name: getattr(identity, name) for name in filled_in}
    if identifier_type == INDIVIDUAL_TYPE:
        initial |= {"first_name": user.first_name, "last_name": user.last_name}
    form = NewStructureForm(
        request.POST if request.method == "POST" else None,
        identifier_type=identifier_type,
        identifier=identifier,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            membership = operations.create(
                actor=acting(request),
                identifier_type=identifier_type,
                identifier=identifier,
                name=form.legal_name,
                sheet=form.sheet(),
                at=now(),
            )
            return _created(request, membership=membership)
    context = {
        "form": form,
        "known_as": in_words(identifier, identifier_type=identifier_type),
        "identity": identity,
        "has_siret": identifier_type == SIRET_TYPE,
        "is_individual": identifier_type == INDIVIDUAL_TYPE,
        "key_agrees": identifier_type != SIRET_TYPE or key_agrees(identifier),
    }
    return render(request, "structures/create.html", context)


def _created(request: HttpRequest, *, membership: Membership) -> HttpResponse:
    structure = membership.structure
    if membership.state != Membership.State.ACCEPTED:
        messages.warning(
            request,
            "Quelqu’un vient de créer la fiche de cette structure\u00a0: vous avez demandé à y être rattaché.",
        )
        return redirect(joining_address(structure))
    messages.success(
        request, "La fiche est créée et vous en êtes le gestionnaire. Ajoutez le compte où vous voulez être payé."
    )
    return redirect("structure_sheet", uid=structure.uid)


def _join(request: HttpRequest, *, structure: Structure) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    # An empty comment is an empty POST but for the token: the method says that it was sent.
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            memberships.ask_to_join(
                actor=acting(request), structure=structure, comment=form.cleaned_data["comment"], at=now()
            )
            return redirect(joining_address(structure))
    context = {"form": form, **_who_decides(structure)}
    return render(request, "structures/join.html", context)


def _pending(request: HttpRequest, *, structure: Structure) -> HttpResponse:
    return render(request, "structures/pending.html", _who_decides(structure))


def _who_decides(structure: Structure) -> dict[str, object]:
    """What may be said to someone not attached: the identifier they typed; the name of a public body only."""
    return {
        "known_as": structure.known_as,
        "public_name": structure.name if structure.is_public else "",
        "has_manager": queries.manager_of(structure=structure) is not None,
    }
