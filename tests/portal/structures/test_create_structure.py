"""Creating a structure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import memberships, operations
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails
from plainchant.portal.structures.reach import reached

Enrol = Callable[[str], User]


@pytest.mark.django_db
def test_a_public_body_cannot_be_claimed_by_typing_its_siret(town: Structure, enrol: Enrol, at: datetime) -> None:
    jean = enrol("Jean")
    membership = operations.create(
        actor=Actor(jean), identifier=town.identifier, name=LegalName(name="À moi"), sheet=StructureDetails(), at=at
    )
    assert membership.state == Membership.State.PENDING
    assert not membership.is_manager
    assert not reached(actor=Actor(jean), right=Right.SEE).exists()
    town.refresh_from_db()
    assert town.name == "Commune de Quimper"


@pytest.mark.django_db
def test_the_second_to_create_a_siret_asks_to_join_and_the_first_is_told(
    pottery: Structure, enrol: Enrol, at: datetime
) -> None:
    jean = enrol("Jean")
    membership = operations.create(
        actor=Actor(jean), identifier=pottery.identifier, name=LegalName(name="Autre"), sheet=StructureDetails(), at=at
    )
    assert (membership.structure, membership.state) == (pottery, Membership.State.PENDING)
    message = Message.objects.get(kind="membership_request")
    assert message.recipient == "marie@exemple.fr"
    assert "jean@exemple.fr" in message.body


@pytest.mark.django_db
def test_creating_twice_the_structure_one_manages_changes_nothing(
    pottery: Structure, manager: User, at: datetime
) -> None:
    with pytest.raises(memberships.AlreadyAttached):
        operations.create(
            actor=Actor(manager),
            identifier=pottery.identifier,
            name=LegalName(name="Autre"),
            sheet=StructureDetails(),
            at=at,
        )
    assert Structure.objects.get().name == "Poterie du Pont"


@pytest.mark.django_db
def test_the_creator_manages_the_new_structure(pottery: Structure, manager: User) -> None:
    membership = Membership.objects.get()
    assert (membership.user, membership.state, membership.is_manager) == (manager, "VALIDEE", True)
    assert list(reached(actor=Actor(manager), right=Right.MANAGE)) == [pottery]


@pytest.mark.django_db
def test_what_the_database_refuses_for_another_reason_is_no_request_to_join(
    enrol: Enrol, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: Any) -> None:
        raise IntegrityError("une autre contrainte")

    monkeypatch.setattr(operations, "note", refused)
    with pytest.raises(IntegrityError, match="une autre contrainte"):
        operations.create(
            actor=Actor(enrol("Jean")),
            identifier="73282932000074",
            name=LegalName(name="À moi"),
            sheet=StructureDetails(),
            at=at,
        )
    assert not Structure.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the test database of SQLite lives in one thread")
@pytest.mark.django_db(transaction=True)
def test_of_people_who_create_the_same_siret_at_once_one_manages_and_the_others_ask(enrol: Enrol, at: datetime) -> None:
    people = [enrol(name) for name in ("Anne", "Jean", "Paul", "Zoé".encode("ascii", "ignore").decode())]
    start, outcomes = threading.Barrier(len(people)), []

    def create(person: User) -> None:
        try:
            start.wait()
            outcomes.append(
                operations.create(
                    actor=Actor(person),
                    identifier="35600000000048",
                    name=LegalName(name=person.first_name),
                    sheet=StructureDetails(),
                    at=at,
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.state for outcome in outcomes) == ["EN_COURS_DE_VALIDATION"] * 3 + ["VALIDEE"]
    assert Structure.objects.count() == 1
    assert Message.objects.filter(kind="membership_request").count() == 3
