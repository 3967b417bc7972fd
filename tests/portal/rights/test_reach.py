"""How far a right reaches: which attachments give it, and over which structures."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.rights import rights
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.reach import ACCEPTED
from plainchant.portal.rights.rights import ROLE_RIGHTS, Right, Role
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.queries import reached
from tests.making import a_member, a_person, a_structure

pytestmark = pytest.mark.django_db
OF_A_MEMBER = {Right.SEE, Right.PREPARE, Right.SEND, Right.ANSWER, Right.PROCESS, Right.PAY}


@pytest.fixture
def workshop(at: datetime) -> Structure:
    return a_structure(at=at)


def rights_of(person: User, structure: Structure) -> set[Right]:
    return {right for right in Right if structure in reached(actor=Actor(person), right=right)}


def test_a_manager_has_every_right(workshop: Structure, at: datetime) -> None:
    assert rights_of(a_member(structure=workshop, at=at, is_manager=True), workshop) == set(Right)


def test_a_member_has_every_right_but_to_manage(workshop: Structure, at: datetime) -> None:
    assert rights_of(a_member(structure=workshop, at=at), workshop) == OF_A_MEMBER
    assert ROLE_RIGHTS[Role.MEMBER] == OF_A_MEMBER


@pytest.mark.parametrize("is_manager", [True, False])
@pytest.mark.parametrize("state", [state for state in Membership.State if state != Membership.State.ACCEPTED])
def test_an_attachment_that_is_not_accepted_gives_nothing(
    workshop: Structure, at: datetime, state: str, is_manager: bool
) -> None:
    person = a_person(at=at)
    Membership.objects.create(user=person, structure=workshop, state=state, is_manager=is_manager, requested_at=at)
    assert rights_of(person, workshop) == set()


@pytest.mark.parametrize("is_manager", [True, False])
def test_a_closed_account_keeps_nothing_whatever_the_object_in_memory_says(
    workshop: Structure, at: datetime, is_manager: bool
) -> None:
    person = a_member(structure=workshop, at=at, is_manager=is_manager)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert person.is_active
    assert rights_of(person, workshop) == set()


def test_a_person_reaches_only_the_structures_they_are_attached_to(workshop: Structure, at: datetime) -> None:
    stranger = a_member(structure=a_structure(at=at), at=at, is_manager=True)
    assert rights_of(stranger, workshop) == set()


def test_managing_one_structure_is_not_managing_another(workshop: Structure, at: datetime) -> None:
    person = a_member(structure=workshop, at=at)
    own = a_structure(at=at)
    Membership.objects.create(user=person, structure=own, state=ACCEPTED, is_manager=True, requested_at=at)
    assert list(reached(actor=Actor(person), right=Right.MANAGE)) == [own]
    assert set(reached(actor=Actor(person), right=Right.SEND)) == {own, workshop}


def test_somebody_elses_accepted_attachment_does_not_carry_one_that_is_pending(
    workshop: Structure, at: datetime
) -> None:
    a_member(structure=workshop, at=at, is_manager=True)
    person = a_person(at=at)
    Membership.objects.create(user=person, structure=workshop, state=Membership.State.PENDING, requested_at=at)
    assert rights_of(person, workshop) == set()


def test_the_portal_itself_reaches_nothing(workshop: Structure, at: datetime) -> None:
    a_member(structure=workshop, at=at, is_manager=True)
    for right in Right:
        assert not reached(actor=SYSTEM, right=right).exists()


def test_a_right_that_no_role_gives_reaches_nothing(
    workshop: Structure, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "ROLE_RIGHTS", {role: frozenset() for role in Role})
    assert rights_of(a_member(structure=workshop, at=at, is_manager=True), workshop) == set()


def test_the_state_that_counts_is_the_one_of_the_model() -> None:
    assert Membership.State.ACCEPTED == ACCEPTED
