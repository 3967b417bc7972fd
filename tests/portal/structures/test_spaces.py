"""Spaces: what somebody has and why, asked for and opened; which of them a structure uses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Right, Space
from plainchant.portal.structures import delegations, memberships, queries, space_requests
from plainchant.portal.structures.activity import activity_of
from plainchant.portal.structures.models import Grant, Membership, Service, SpaceRequest, Structure
from plainchant.portal.structures.reach import reached, services_reached
from plainchant.portal.structures.spaces import HeldSpace, Why, spaces_of, used_by
from plainchant.web.structures.rights_forms import RightsForm
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db
SEE, ACT = Mode.CONSULTATION, Mode.MODIFICATION


@dataclass
class World:
    town: Structure
    culture: Service
    mayor: Actor
    agent: Actor  # processes the invoices of one service


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        town, person = a_town(at=at), a_person(at=at, name="Basile")
        culture = a_service(structure=town)
        an_attachment(person=person, structure=town, at=at, profiles=[AccessProfile.PROCESS], services=[culture])
        mayor = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        return World(town, culture, Actor(mayor), Actor(person))


def held(actor: Actor, structure: Structure) -> dict[Space, HeldSpace]:
    return {row.space: row for row in spaces_of(actor=actor, structures=[structure])[structure.pk]}


def ask(world: World, at: datetime, space: Space = Space.ISSUED, mode: Mode = SEE) -> SpaceRequest:
    return space_requests.ask(
        structure=world.town, space=space, mode=mode, comment="Pour la régie", actor=world.agent, at=at
    )


# ---- what one has, and why ----


def test_a_manager_has_all_and_an_agent_what_was_opened(world: World) -> None:
    mine = held(world.mayor, world.town)
    assert {(row.mode, row.why) for row in mine.values()} == {(ACT, Why.MANAGER)}
    theirs = held(world.agent, world.town)
    assert (theirs[Space.RECEIVED].mode, theirs[Space.RECEIVED].services) == (ACT, [world.culture])
    # Whoever processes invoices reads the commitments that they name.
    assert (theirs[Space.COMMITMENTS].mode, theirs[Space.COMMITMENTS].services) == (SEE, [world.culture])
    others = set(theirs) - {Space.RECEIVED, Space.COMMITMENTS}
    assert {theirs[space].why for space in others} == {Why.NOTHING}


def test_a_delegation_is_why(at: datetime) -> None:
    workshop, office = a_structure(at=at), a_structure(at=at, name="Cabinet Mercier")
    artist, bookkeeper = a_member(structure=workshop, at=at, is_manager=True), a_member(structure=office, at=at)
    terms = delegations.Terms(profiles=[AccessProfile.FOLLOW], begins_on=day_in_paris(now()))
    delegations.delegate(structure=workshop, siret=office.identifier, terms=terms, actor=Actor(artist), at=now())
    issued = held(Actor(bookkeeper), workshop)[Space.ISSUED]
    assert (issued.mode, issued.why) == (SEE, Why.DELEGATION)
    assert issued.behalf is not None
    assert issued.behalf.delegate == "Cabinet Mercier"
    with pytest.raises(memberships.HasChanged):  # it is asked of the client, not here
        space_requests.ask(structure=workshop, space=Space.ISSUED, mode=ACT, comment="", actor=Actor(bookkeeper), at=at)


# ---- asked for ----


def test_a_space_is_asked_for_and_opened(world: World, at: datetime) -> None:
    asked = ask(world, at)
    assert held(world.agent, world.town)[Space.ISSUED].is_asked
    assert "Pour la régie" in Message.objects.get(recipient=world.mayor.account.email).body
    assert list(queries.space_requests_to_decide(actor=world.mayor)) == [asked]
    assert not reached(actor=world.agent, right=Right.SEE_ISSUED).exists()
    space_requests.accept(request=asked, actor=world.mayor, at=at, comment="Bienvenue")
    assert reached(actor=world.agent, right=Right.SEE_ISSUED).exists()
    assert not reached(actor=world.agent, right=Right.PREPARE).exists()
    assert held(world.agent, world.town)[Space.RECEIVED].services == [world.culture]  # what they had stays
    assert "Bienvenue" in Message.objects.get(recipient=world.agent.account.email).body
    assert [row.kind for row in activity_of(structure=world.town).order_by("pk")] == ["ESPACE_DEMANDE", "DROITS"]
    with pytest.raises(space_requests.SpaceRequestHasChanged):
        space_requests.refuse(request=asked, actor=world.mayor, at=at)
    with pytest.raises(space_requests.SpaceAlreadyOpen):
        ask(world, at)
    assert ask(world, at, mode=ACT).state == SpaceRequest.State.OPEN  # more than one has may be asked for


def test_a_refusal_changes_nothing(world: World, at: datetime) -> None:
    asked = ask(world, at)
    with pytest.raises(space_requests.SpaceAlreadyAsked):
        ask(world, at)
    before = list(Grant.objects.values_list())
    space_requests.refuse(request=asked, actor=world.mayor, at=at, comment="Pas encore")
    assert list(Grant.objects.values_list()) == before
    assert "Pas encore" in Message.objects.get(recipient=world.agent.account.email).body
    ask(world, at)  # and may be asked again


def test_a_space_is_opened_for_services_alone(world: World, at: datetime) -> None:
    roads = a_service(structure=world.town, code="VOIRIE")
    asked = ask(world, at, space=Space.RECEIVED, mode=ACT)
    elsewhere = a_service(structure=a_town(at=at))
    with pytest.raises(memberships.WrongService):
        space_requests.accept(request=asked, actor=world.mayor, at=at, services=[elsewhere])
    space_requests.accept(request=asked, actor=world.mayor, at=at, services=[roads])
    services = services_reached(actor=world.agent, right=Right.PROCESS)
    assert {service.code for service in services} == {"CULTURE", "VOIRIE"}
    whole = ask(world, at, space=Space.RECEIVED, mode=ACT)
    space_requests.accept(request=whole, actor=world.mayor, at=at)
    assert reached(actor=world.agent, right=Right.PROCESS).exists()
    assert Grant.objects.filter(membership=asked.membership, space=Space.RECEIVED).count() == 1


def test_nobody_opens_a_space_to_themselves(world: World, at: datetime) -> None:
    asked = ask(world, at)
    second = Membership.objects.get(user=world.agent.account)
    memberships.open_to(membership=second, actor=world.mayor, profiles=[AccessProfile.MANAGE], at=at)
    with pytest.raises(NotAllowed):
        space_requests.accept(request=asked, actor=world.agent, at=at)


def test_whoever_has_left_is_given_nothing(world: World, at: datetime) -> None:
    asked = ask(world, at)
    memberships.leave(structure=world.town, actor=world.agent, at=at)
    assert not queries.space_requests_to_decide(actor=world.mayor).exists()
    with pytest.raises(space_requests.SpaceRequestHasChanged):
        space_requests.accept(request=asked, actor=world.mayor, at=at)
    with pytest.raises(memberships.HasChanged):
        ask(world, at)


def test_the_management_is_not_asked_for(world: World, at: datetime) -> None:
    with pytest.raises(space_requests.SpaceNotUsed):
        ask(world, at, space=Space.MANAGEMENT)


# ---- what a structure uses ----


def test_what_a_structure_does_not_use_is_not_offered(world: World, at: datetime) -> None:
    assert used_by(world.town) == tuple(Space)
    assert Space.RECEIVED not in used_by(a_structure(at=at))
    town = Structure.objects.get(pk=world.town.pk)
    space_requests.choose_spaces(structure=town, spaces=[Space.RECEIVED], actor=world.mayor, at=at)
    assert used_by(town) == (Space.RECEIVED, Space.MANAGEMENT)
    offered = [code for code, _ in RightsForm(structure=town).fields["profiles"].choices]  # type: ignore[attr-defined]
    assert offered == ["traiter", "consulter", "gerer"]
    with pytest.raises(space_requests.SpaceNotUsed):
        space_requests.ask(structure=town, space=Space.ISSUED, mode=SEE, comment="", actor=world.agent, at=at)
    with pytest.raises(space_requests.SpaceNotUsed):
        space_requests.choose_spaces(structure=town, spaces=[], actor=world.mayor, at=at)
    with pytest.raises(NotAllowed):
        space_requests.choose_spaces(structure=town, spaces=[Space.ISSUED], actor=world.agent, at=at)


# ---- pages ----


@pytest.mark.one_database
def test_the_page_says_what_one_has_and_a_request_is_answered_where_people_are(
    world: World, client: Client, at: datetime
) -> None:
    client.force_login(world.agent.account)
    shown = client.get("/structures/espaces/").text
    assert "Vous pouvez <strong>voir et agir</strong>, pour CULTURE" in shown
    asking = f"/structures/espaces/demander/?structure={world.town.uid}&espace=FACTURES_EMISES"
    assert asking.replace("&", "&amp;") in shown
    assert "Demander" in client.get(asking).text
    typed = {"structure": world.town.uid, "espace": "FACTURES_EMISES", "mode": SEE, "comment": "Pour la régie"}
    assert "Votre demande attend sa réponse" in client.post("/structures/espaces/demander/", typed, follow=True).text
    asked = SpaceRequest.objects.get()
    client.force_login(world.mayor.account)
    assert "1 personne demande un espace" in client.get("/").text
    address = f"/structures/espaces/demandes/{asked.uid}/"
    assert address in client.get("/structures/").text
    assert "Pour la régie" in client.get(address).text
    assert "est ouvert à Basile Essai" in client.post(address, {"answer": "accept"}, follow=True).text
    assert client.get(address).status_code == 404
    chosen = client.post(f"/structures/{world.town.uid}/espaces/", {"spaces": ["FACTURES_RECUES"]}, follow=True)
    assert "enregistré" in chosen.text


@pytest.mark.one_database
def test_twenty_structures_cost_the_page_no_more_than_one(world: World, client: Client, at: datetime) -> None:
    client.force_login(world.agent.account)

    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get("/structures/espaces/")
        return len(made)

    asked()
    few = asked()
    for _ in range(19):
        an_attachment(person=world.agent.account, structure=a_structure(at=at), at=at, profiles=[])
    assert asked() == few
