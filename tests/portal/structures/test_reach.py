"""How far a right reaches: which attachments give it, and over which structures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.profiles import AccessProfile, spaces_of
from plainchant.portal.rights.rights import Mode, Right, Space
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.models import Delegation, Grant, Membership, Structure
from plainchant.portal.structures.reach import reached, reached_in_part, services_reached
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db
EVERYTHING = set(Right) - {Right.MANAGE}

# What each profile gives, over the whole of a structure, besides to see it.
GIVEN = {
    AccessProfile.EVERYTHING: EVERYTHING,
    AccessProfile.INVOICE: {Right.SEE_ISSUED, Right.PREPARE, Right.SEND, Right.ANSWER, Right.SEE_FLOWS},
    AccessProfile.FOLLOW: {Right.SEE_ISSUED, Right.SEE_FLOWS},
    AccessProfile.PROCESS: {Right.SEE_RECEIVED, Right.PROCESS, Right.PAY, Right.SEE_COMMITMENTS},
    AccessProfile.READ: {Right.SEE_RECEIVED, Right.SEE_COMMITMENTS},
    AccessProfile.VALIDATE: {Right.SEE_VALIDATION, Right.VALIDATE},
    AccessProfile.WORK: {Right.SEE_WORKS, Right.WORK},
    AccessProfile.HELP: {Right.SEE_TICKETS, Right.ANSWER_TICKETS},
    AccessProfile.COMMIT: {Right.SEE_COMMITMENTS, Right.KEEP_COMMITMENTS},
    AccessProfile.MANAGE: {Right.MANAGE},
}


@pytest.fixture
def workshop(at: datetime) -> Structure:
    return a_structure(at=at)


def rights_of(person: User, structure: Structure) -> set[Right]:
    return {right for right in Right if structure in reached(actor=Actor(person), right=right)}


def test_a_manager_has_every_right(workshop: Structure, at: datetime) -> None:
    assert rights_of(a_member(structure=workshop, at=at, is_manager=True), workshop) == set(Right)


@pytest.mark.parametrize("profile", AccessProfile)
def test_a_profile_gives_what_it_says(workshop: Structure, at: datetime, profile: AccessProfile) -> None:
    person = a_person(at=at)
    an_attachment(person=person, structure=workshop, at=at, profiles=[profile])
    assert rights_of(person, workshop) == GIVEN[profile] | {Right.SEE}


def test_of_two_profiles_the_widest_counts(workshop: Structure, at: datetime) -> None:
    for profiles in ([AccessProfile.READ, AccessProfile.PROCESS], [AccessProfile.PROCESS, AccessProfile.READ]):
        person = a_person(at=at)
        an_attachment(person=person, structure=workshop, at=at, profiles=profiles)
        assert rights_of(person, workshop) == GIVEN[AccessProfile.PROCESS] | {Right.SEE}


def test_an_attachment_without_a_grant_only_shows_the_structure(workshop: Structure, at: datetime) -> None:
    person = a_person(at=at)
    an_attachment(person=person, structure=workshop, at=at, profiles=[])
    assert rights_of(person, workshop) == {Right.SEE}


def test_new_profiles_replace_the_former_ones_at_once(workshop: Structure, at: datetime) -> None:
    person = a_person(at=at)
    membership = an_attachment(person=person, structure=workshop, at=at)
    give(holder=membership, profiles=[AccessProfile.FOLLOW])
    assert rights_of(person, workshop) == GIVEN[AccessProfile.FOLLOW] | {Right.SEE}


# ---- one service of a public body ----


@pytest.mark.parametrize("profile", [AccessProfile.PROCESS, AccessProfile.READ])
def test_a_service_is_reached_alone(at: datetime, profile: AccessProfile) -> None:
    town, person = a_town(at=at), a_person(at=at)
    culture, _roads = a_service(structure=town), a_service(structure=town, code="VOIRIE")
    an_attachment(person=person, structure=town, at=at, profiles=[profile], services=[culture])
    actor = Actor(person)
    assert rights_of(person, town) == {Right.SEE}
    for right in Right:
        found = list(services_reached(actor=actor, right=right))
        assert found == ([culture] if right in GIVEN[profile] else [])
        in_part = list(reached_in_part(actor=actor, right=right))
        assert in_part == ([town] if right in GIVEN[profile] | {Right.SEE} else [])


def test_what_is_no_services_business_is_opened_for_the_whole(at: datetime) -> None:
    town, person = a_town(at=at), a_person(at=at)
    an_attachment(
        person=person, structure=town, at=at, profiles=[AccessProfile.EVERYTHING], services=[a_service(structure=town)]
    )
    whole = GIVEN[AccessProfile.INVOICE] | GIVEN[AccessProfile.VALIDATE] | GIVEN[AccessProfile.WORK] | {Right.SEE}
    assert rights_of(person, town) == whole


@pytest.mark.parametrize("state", [state for state in Membership.State if state != Membership.State.ACCEPTED])
def test_no_service_is_reached_by_an_attachment_that_is_not_accepted(at: datetime, state: str) -> None:
    town, person = a_town(at=at), a_person(at=at)
    an_attachment(
        person=person, structure=town, at=at, profiles=[AccessProfile.PROCESS], services=[a_service(structure=town)]
    )
    Membership.objects.filter(user=person).update(state=state)
    assert not services_reached(actor=Actor(person), right=Right.PROCESS).exists()


# ---- a delegation ----


@pytest.fixture
def office(at: datetime) -> Structure:
    return a_structure(at=at, name="Cabinet Mercier")


def delegated(client: Structure, delegate: Structure, *, at: datetime, **fields: Any) -> Delegation:
    fields.setdefault("begins_on", date(2026, 1, 1))
    by = a_member(structure=client, at=at, name="Cliente", is_manager=True)
    delegation = Delegation.objects.create(client=client, delegate=delegate, created_at=at, created_by=by, **fields)
    for space, mode in spaces_of([AccessProfile.INVOICE]).items():
        Grant.objects.create(delegation=delegation, space=space, mode=mode)
    return delegation


def test_a_delegation_gives_what_it_opens_to_those_who_do_the_same_at_home(
    workshop: Structure, office: Structure, at: datetime
) -> None:
    delegated(workshop, office, at=at)
    bookkeeper, manager = a_member(structure=office, at=at), a_member(structure=office, at=at, is_manager=True)
    trainee = a_person(at=at)
    an_attachment(person=trainee, structure=office, at=at, profiles=[AccessProfile.FOLLOW])
    assert rights_of(bookkeeper, workshop) == rights_of(manager, workshop) == GIVEN[AccessProfile.INVOICE] | {Right.SEE}
    assert rights_of(trainee, workshop) == GIVEN[AccessProfile.FOLLOW] | {Right.SEE}


@pytest.mark.parametrize(
    "fields",
    [
        {"begins_on": date(2999, 1, 1)},
        {"ends_on": date(2026, 6, 30)},
        {"ended_at": datetime(2026, 6, 1, tzinfo=UTC)},
    ],
    ids=["not begun", "over", "ended"],
)
def test_a_delegation_that_does_not_run_gives_nothing(
    workshop: Structure, office: Structure, at: datetime, fields: dict[str, Any]
) -> None:
    delegated(workshop, office, at=at, **fields)
    assert rights_of(a_member(structure=office, at=at), workshop) == set()


def test_a_delegation_goes_one_way_and_no_further(workshop: Structure, office: Structure, at: datetime) -> None:
    delegated(workshop, office, at=at)
    client = workshop.memberships.get().user
    assert rights_of(client, office) == set()
    third = a_structure(at=at)
    delegated(office, third, at=at)
    assert rights_of(a_member(structure=third, at=at, is_manager=True), workshop) == set()


def test_nobody_manages_by_delegation(workshop: Structure, office: Structure, at: datetime) -> None:
    delegation = delegated(workshop, office, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(delegation=delegation, space=Space.MANAGEMENT, mode=Mode.MODIFICATION)


# ---- what gives nothing ----


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
    an_attachment(person=person, structure=own, at=at, is_manager=True)
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
