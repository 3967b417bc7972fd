"""Every page that has an address of its own, by what it is for (plan du site): the second way to get anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse

from plainchant.access.permissions import PUBLIC
from plainchant.portal.accounts.models import User
from plainchant.portal.pins.models import Pin
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures.reach import reaches_any
from plainchant.web.account.visitor import acting, must_add_second_factor
from plainchant.web.context import Uses, uses_of
from plainchant.web.routes import page

from .pins import ADDRESSES, offered


@dataclass(frozen=True)
class PageGroup:
    """``pages``: those that can be pinned, by their name there; of the others the route and what the link says.

    ``is_for``: whether it means something to somebody who uses this; None to a visitor who has not logged in.
    """

    title: str
    is_for: Callable[[Uses | None], bool]
    pages: tuple[Pin.Page | tuple[str, str], ...]


def _everybody(_: Uses | None) -> bool:
    return True


def _strangers(uses: Uses | None) -> bool:
    return uses is None


def _people(uses: Uses | None) -> bool:
    return uses is not None


def _suppliers(uses: Uses | None) -> bool:
    return uses is not None and (uses.follows or uses.is_new)


def _recipients(uses: Uses | None) -> bool:
    return uses is not None and uses.receives


GROUPS: tuple[PageGroup, ...] = (
    PageGroup(
        "Avant d’envoyer",
        _everybody,
        (Pin.Page.VERIFY, Pin.Page.DIRECTORY),
    ),
    PageGroup(
        "Entrer",
        _strangers,
        (
            ("account_login", "Se connecter"),
            ("account_signup", "Créer un compte"),
            ("account_resend_activation", "Recevoir un nouveau lien pour activer son compte"),
            ("account_reset_password", "Mot de passe oublié"),
        ),
    ),
    PageGroup(
        "Envoyer des factures",
        _suppliers,
        (
            Pin.Page.DEPOSIT,
            Pin.Page.ENTRY,
            ("flows_start", "Envoyer des factures électroniques"),
            Pin.Page.PIECES,
        ),
    ),
    PageGroup(
        "Suivre ce que vous avez envoyé",
        _suppliers,
        (
            Pin.Page.ISSUED,
            ("issued_dashboard", "Tableau de bord"),
            ("issued_expected", "Vos échéances dans votre agenda"),
            Pin.Page.FLOWS,
            ("flows_rejects", "Factures refusées dans vos flux"),
        ),
    ),
    PageGroup(
        "Recevoir des factures",
        _recipients,
        (
            Pin.Page.TO_PROCESS,
            Pin.Page.RECEIVED,
            ("received_payments", "Dire quelles factures sont payées"),
        ),
    ),
    PageGroup(
        "Valider, et les travaux",
        _people,
        (
            ("validation_list", "Factures à valider"),
            ("validation_all", "Toutes les factures qu’on vous a données à valider"),
            ("works_list", "Pièces de travaux qui vous attendent"),
            ("works_all", "Toutes les pièces de travaux"),
        ),
    ),
    PageGroup(
        "Structures et espaces",
        _people,
        (
            Pin.Page.STRUCTURES,
            ("structures_add", "Ajouter une structure"),
            ("spaces_mine", "Mes espaces de travail"),
            Pin.Page.TICKETS,
            ("ticket_new", "Poser une question ou signaler un problème"),
        ),
    ),
    PageGroup(
        "Votre compte",
        _people,
        (
            ("account_profile", "Mon compte"),
            Pin.Page.NOTICES,
            ("mfa_index", "Protéger votre compte"),
            ("account_change_password", "Changer votre mot de passe"),
            ("account_identities", "Les services par lesquels vous entrez"),
            ("pins", "Vos raccourcis"),
            ("searches", "Vos recherches"),
            ("account_data", "Télécharger vos données"),
            ("account_close", "Fermer votre compte"),
        ),
    ),
    PageGroup(
        "Aide",
        _everybody,
        (
            ("help", "Aide, étape par étape"),
            ("help_questions", "Questions fréquentes"),
            ("help_terms", "Les mots de la facturation publique"),
            ("help_search", "Chercher dans l’aide"),
            ("help_who", "Qui peut vous aider"),
        ),
    ),
    PageGroup(
        "Ce portail",
        _everybody,
        (
            ("home", "Accueil"),
            ("help_state", "Ce qui marche en ce moment"),
            ("open_figures", "Délais de paiement des organismes publics"),
            ("explorer", "L’interface des logiciels"),
            ("operation", "Comment va le portail"),
            ("terms", "Conditions d’utilisation"),
            ("privacy", "Vos données"),
            ("legal", "Mentions légales"),
            ("accessibility", "Accessibilité"),
        ),
    ),
)


@page(get=PUBLIC, before_second_factor=True)
def site_map(request: HttpRequest) -> HttpResponse:
    is_person = isinstance(request.user, User) and not must_add_second_factor(request)
    uses = uses_of(request) if is_person else None
    shown = [(group.title, list(_links(request, group, uses))) for group in GROUPS if group.is_for(uses)]
    return render(request, "home/site_map.html", {"groups": shown})


def _links(request: HttpRequest, group: PageGroup, uses: Uses | None) -> Iterator[tuple[str, str]]:
    """Label and address of each page that this visitor may open, and that means something to them."""
    for entry in group.pages:
        if isinstance(entry, Pin.Page):
            if uses is None or entry in offered(uses):
                yield str(entry.label), reverse(ADDRESSES[entry])
            continue
        route, label = entry
        address = reverse(route)
        view: Any = resolve(address).func
        if _is_open(request, view.permissions["GET"], uses):
            yield label, address


def _is_open(request: HttpRequest, permission: Permission, uses: Uses | None) -> bool:
    """Whether the visitor has the right that the page needs, over something; who is new sees what suppliers do."""
    if not permission.allowed() or uses is None:
        return permission.allowed() and permission.anonymous
    actor = acting(request)
    if permission.right is None or uses.is_new:
        return permission.may_be_held_by(actor)
    return reaches_any(actor=actor, right=permission.right, in_part=True)
