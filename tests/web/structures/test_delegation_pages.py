"""The pages by which a structure lets another act for it, and asks to act for a client."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import delegations
from plainchant.portal.structures.models import Delegation, DelegationRequest, Structure
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class World:
    workshop: Structure
    office: Structure
    artist: User
    chief: User


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        workshop = a_structure(at=at, identifier="73282932000074")
        office = a_structure(at=at, name="Cabinet Mercier", identifier="55208131766522")
        artist = a_member(structure=workshop, at=at, name="Marie", is_manager=True)
        return World(workshop, office, artist, a_member(structure=office, at=at, name="Simone", is_manager=True))


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def opened(world: World) -> Delegation:
    terms = delegations.Terms(profiles=[AccessProfile.INVOICE], begins_on=day_in_paris(now()))
    return delegations.delegate(
        structure=world.workshop, siret=world.office.identifier, terms=terms, actor=Actor(world.artist), at=now()
    )


def test_a_delegation_is_opened_seen_changed_and_ended(world: World) -> None:
    client, pages = of(world.artist), f"/structures/{world.workshop.uid}/delegations/"
    today = f"{day_in_paris(now()):%d/%m/%Y}"
    form = client.get(f"{pages}ouvrir/").text
    assert today in form
    assert "Gérer la structure" not in form
    typed = {"siret": "552 081 317 66522", "profiles": ["facturer"], "begins_on": today, "ends_on": "hier"}
    assert "hier" in client.post(f"{pages}ouvrir/", typed).text
    answer = client.post(f"{pages}ouvrir/", {**typed, "ends_on": ""}, follow=True)
    assert "Cabinet Mercier peut maintenant agir pour Atelier Lumen" in answer.text
    delegation = Delegation.objects.get()
    one = f"/structures/delegations/{delegation.uid}/"
    changed = client.post(one, {"profiles": ["suivre"], "begins_on": today, "ends_on": today}, follow=True).text
    assert "Suivre les factures envoyées, du" in changed
    assert "Suivre les factures envoyées, du" in client.get(f"/structures/{world.workshop.uid}/").text
    assert "tout de suite" in client.get(f"{one}finir/").text
    assert "Terminée" in client.post(f"{one}finir/", follow=True).text
    again = client.post(f"{one}finir/", follow=True)
    assert "déjà pris fin" in again.text


def test_what_was_done_is_listed_without_the_client_and_signed_for_both(world: World, at: datetime) -> None:
    delegation = opened(world)
    invoice = a_draft(seller=world.workshop, user=world.chief, at=at, buyer=a_town(at=at))
    submit(draft=invoice.draft, actor=Actor(world.chief), at=at)
    signed = "Simone Essai (Cabinet Mercier), pour Atelier Lumen"
    done = of(world.artist).get(f"/structures/delegations/{delegation.uid}/").text
    assert "par Simone Essai (Cabinet Mercier)." in done
    assert f"/factures/{invoice.uid}/" in done
    assert signed in of(world.chief).get(f"/factures/{invoice.uid}/").text
    assert of(world.chief).get(f"/structures/delegations/{delegation.uid}/").status_code == 404


def test_the_delegate_gives_it_back(world: World) -> None:
    delegation = opened(world)
    client = of(world.chief)
    assert "Atelier Lumen" in client.get(f"/structures/{world.office.uid}/delegations/").text
    address = f"/structures/delegations/{delegation.uid}/rendre/"
    assert "Ne plus agir pour Atelier Lumen" in client.get(address).text
    assert "Vous n’agissez plus pour Atelier Lumen" in client.post(address, follow=True).text
    assert of(world.artist).get(address).status_code == 404


def test_a_client_is_asked_and_answers_where_people_are_answered(world: World) -> None:
    asking, answering = of(world.chief), of(world.artist)
    ask = f"/structures/{world.office.uid}/delegations/demander/"
    sentences = []
    for siret in ("73282932000074", "44306184100047"):  # the second is nobody's here
        answer = asking.post(ask, {"siret": siret, "comment": "Pour vos factures"}, follow=True).text
        sentences.append([line for line in answer.splitlines() if "demande est enregistrée" in line])
        assert "Atelier Lumen" not in answer
    assert sentences[0] == sentences[1] != []
    request = DelegationRequest.objects.get(siret="73282932000074")
    assert "1 structure demande à agir pour vous" in answering.get("/").text
    assert f"/structures/delegations/demandes/{request.uid}/" in answering.get("/structures/").text
    address = f"/structures/delegations/demandes/{request.uid}/"
    assert "Pour vos factures" in answering.get(address).text
    refused = answering.post(address, {"answer": "refuse", "comment": "Non merci"}, follow=True).text
    assert "La demande de Cabinet Mercier est refusée" in refused
    assert answering.get(address).status_code == 404
    second = DelegationRequest.objects.get(siret="44306184100047")
    assert "retirée" in asking.post(f"/structures/delegations/demandes/{second.uid}/retirer/", follow=True).text
    third = delegations.ask(
        structure=world.office, siret="73282932000074", comment="", actor=Actor(world.chief), at=now()
    )
    terms = {"answer": "accept", "profiles": ["facturer"], "begins_on": f"{day_in_paris(now()):%d/%m/%Y}"}
    answering.post(f"/structures/delegations/demandes/{third.uid}/", terms)
    assert Delegation.objects.get().delegate == world.office
