"""The list of the people of a structure that has many: looked for, paged, taken away as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import memberships
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_member, a_person, a_service, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class World:
    town: Structure
    mayor: User


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        town = a_town(at=at)
        made = World(town, a_member(structure=town, at=at, name="Berthe", is_manager=True))
        culture = a_service(structure=town)
        _more(town, 60, at)
        first = Membership.objects.filter(structure=town, is_manager=False).order_by("pk").first()
        assert first is not None
        User.objects.filter(pk=first.user_id).update(last_name="=1+1")
        give(holder=first, profiles=[AccessProfile.READ], services=[culture])
        return made


def _more(town: Structure, number: int, at: datetime) -> None:
    before = User.objects.count()
    people = User.objects.bulk_create(
        User(
            email=f"agent{before + n}@example.org",
            first_name="Agent",
            last_name=f"{before + n:03d}",
            is_active=True,
            terms_version="test",
            terms_accepted_at=at,
            created_at=at,
        )
        for n in range(number)
    )
    held = Membership.objects.bulk_create(
        Membership(user=person, structure=town, state="VALIDEE", requested_at=at, decided_at=at) for person in people
    )
    for membership in held[:10]:
        give(holder=membership, profiles=[AccessProfile.PROCESS])


@pytest.fixture
def visitor(client: Client, world: World) -> Client:
    client.force_login(world.mayor)
    return client


def test_a_person_is_looked_for_among_many(world: World, visitor: Client) -> None:
    address = f"/structures/{world.town.uid}/personnes/"
    shown = visitor.get(address).text
    assert "Personnes 1 à 50 sur 60" in shown
    found = visitor.get(address, {"q": "agent 1+1"}).text
    assert found.count("data-row-link") == 1
    assert "Personne ne répond à" in visitor.get(address, {"q": "introuvable"}).text
    assert "et 41 autres" in visitor.get(f"/structures/{world.town.uid}/").text


def test_a_longer_list_asks_no_more(world: World, visitor: Client, at: datetime) -> None:
    addresses = [f"/structures/{world.town.uid}/{end}" for end in ("personnes/", "personnes.csv", "")]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                visitor.get(address)
            counts.append(len(queries))
        return counts

    asked()
    few = asked()
    _more(world.town, 40, at)
    assert asked() == few


def test_the_file_has_everybody_and_no_formula(world: World, visitor: Client) -> None:
    answer = visitor.get(f"/structures/{world.town.uid}/personnes.csv")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 1 + 61
    assert rows[1][3] == "oui"
    [limited] = [row for row in rows if row[5] == "CULTURE"]
    assert (limited[0], limited[4]) == ("'=1+1", "Consulter les factures reçues")


def test_one_word_goes_with_the_same_answer_to_many(world: World, visitor: Client, at: datetime) -> None:
    asking = [a_person(at=at, name=name) for name in ("Candide", "Zadig")]
    waiting = [
        memberships.ask_to_join(actor=Actor(person), structure=world.town, comment="", at=at) for person in asking
    ]
    typed = {"request": [membership.uid for membership in waiting], "answer": "refuse", "comment": "Passez nous\nvoir."}
    visitor.post("/structures/demandes/", typed)
    for person in asking:
        assert "Passez nous voir." in Message.objects.get(recipient=person.email).body
