"""« Mes structures » of somebody who acts for many: found, counted, chosen; and pages that cost no more for 300."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import delegations, memberships
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_draft, a_member, a_person, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class World:
    """A bookkeeper with an office, one client, and many workshops to manage."""

    bookkeeper: User
    office: Structure
    client: Structure


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        office, client = a_structure(at=at, name="Cabinet Mercier"), a_structure(at=at, name="Atelier Zircon")
        bookkeeper = a_member(structure=office, at=at, name="Simone", is_manager=True)
        artist = a_member(structure=client, at=at, is_manager=True)
        terms = delegations.Terms(profiles=[AccessProfile.INVOICE], begins_on=day_in_paris(now()))
        delegations.delegate(structure=client, siret=office.identifier, terms=terms, actor=Actor(artist), at=now())
        return World(bookkeeper, office, client)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


@pytest.fixture
def visitor(client: Client, world: World) -> Client:
    client.force_login(world.bookkeeper)
    return client


def more(world: World, number: int, at: datetime) -> None:
    first = Structure.objects.count()
    made = Structure.objects.bulk_create(
        Structure(
            name=f"Atelier {first + n:03d}",
            nature="PRIVEE",
            identifier=f"{80_000_000_000_000 + first + n}",
            created_at=at,
        )
        for n in range(number)
    )
    accepted = {"user": world.bookkeeper, "state": "VALIDEE", "is_manager": True, "requested_at": at, "decided_at": at}
    Membership.objects.bulk_create(Membership(structure=structure, **accepted) for structure in made)


def test_each_says_what_it_waits_for_and_for_whom_one_acts(world: World, visitor: Client, at: datetime) -> None:
    town, asking = a_town(at=at), a_person(at=at, name="Candide")
    a_draft(seller=world.client, user=world.bookkeeper, at=at, buyer=town)
    memberships.ask_to_join(actor=Actor(asking), structure=world.office, comment="", at=at)
    shown = visitor.get("/structures/").text
    assert re.search(
        r"Atelier Zircon</a></h3>.*?vous agissez pour elle, avec Cabinet Mercier.*?1 brouillon<", shown, re.S
    )
    assert re.search(r"Cabinet Mercier</a></h3>.*?vous en êtes le gestionnaire.*?1 demande<", shown, re.S)
    assert f"/factures/?vue=a-faire&amp;structure={world.client.uid}" in shown
    assert 'type="search"' not in shown


def test_what_is_chosen_is_proposed_everywhere_and_can_be_left(world: World, visitor: Client, at: datetime) -> None:
    town = a_town(at=at)
    numbers = {}
    for structure in (world.office, world.client):
        draft = a_draft(seller=structure, user=world.bookkeeper, at=at, buyer=town)
        numbers[structure.name] = draft.number
    both = visitor.get("/factures/").text
    assert all(number in both for number in numbers.values())
    assert "Au nom de</th>" in both
    assert (
        "Vous agissez pour <a"
        in visitor.post("/structures/choisir/", {"structure": world.client.uid}, follow=True).text
    )
    only = visitor.get("/factures/").text
    assert numbers["Atelier Zircon"] in only
    assert numbers["Cabinet Mercier"] not in only
    assert "Au nom de</th>" not in only
    assert numbers["Cabinet Mercier"] in visitor.get("/factures/?structure=").text  # all of them, for once
    assert visitor.get("/deposer/").context["form"].initial["seller"] == world.client.uid
    assert "Atelier Zircon" in visitor.get("/saisir/").text  # which has no mandate yet
    assert "Cabinet Mercier" in visitor.get("/saisir/?autre=oui").text
    assert "error" not in visitor.get("/recues/toutes/").text  # it receives nothing: the list is not narrowed
    assert "Vous agissez pour <a" not in visitor.post("/structures/choisir/", follow=True).text


def test_a_choice_gives_no_right_and_ends_with_it(world: World, visitor: Client, at: datetime) -> None:
    stranger = a_structure(at=at, name="Atelier Secret")
    answer = visitor.post("/structures/choisir/", {"structure": stranger.uid}, follow=True).text
    assert "Secret" not in answer
    visitor.post("/structures/choisir/", {"structure": world.client.uid})
    world.client.delegations_given.update(ended_at=at)
    assert "Zircon" not in visitor.get("/factures/").text


def test_many_are_looked_for_twenty_at_a_time(world: World, visitor: Client, at: datetime) -> None:
    more(world, 30, at)
    first = visitor.get("/structures/").text
    assert first.count('name="structure" value=') == 20
    assert "Structures 1 à 20 sur 32" in first
    found = visitor.get("/structures/?q=zirc").text
    assert found.count('name="structure" value=') == 1
    assert "Aucune de vos structures" in visitor.get("/structures/?q=introuvable").text
    assert "Zircon" in visitor.get("/saisir/?q=zirc").text
    form = {"structure": "zircon", "q": "", "status": ""}
    assert visitor.get("/factures/", form).context["form"].cleaned_data["structure"] == world.client
    for text, code in (("atelier", "several"), ("inconnue", "unknown")):
        errors = visitor.get("/factures/", {**form, "structure": text}).context["form"].errors
        assert errors.as_data()["structure"][0].code == code
    written = f"Atelier Zircon · SIRET {world.client.identifier}"
    assert visitor.get("/factures/", {**form, "structure": written}).context["form"].cleaned_data["structure"] == (
        world.client
    )


# Pages that ask in whose name, or list what is one's own.
PAGES = (
    "/",
    "/structures/",
    "/factures/",
    "/deposer/",
    "/saisir/",
    "/flux/",
    "/flux/deposer/",
    "/flux/rejets/",
    "/pieces/",
)


def test_three_hundred_structures_cost_no_page_more(world: World, visitor: Client, at: datetime) -> None:
    more(world, 10, at)
    town = a_town(at=at)
    sent = a_draft(seller=world.client, user=world.bookkeeper, at=at, buyer=town)
    submit(draft=sent.draft, actor=Actor(world.bookkeeper), at=at)
    made_available(invoice=sent, at=at)

    def asked() -> dict[str, int]:
        counts = {}
        for address in (*PAGES, f"/structures/{world.client.uid}/"):
            with CaptureQueriesContext(connection) as queries:
                assert visitor.get(address).status_code == 200
            counts[address] = len(queries)
        return counts

    asked()  # what a first request alone asks
    few = asked()
    more(world, 288, at)
    assert asked() == few
    assert max(few.values()) <= 25
