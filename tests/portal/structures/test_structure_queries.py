"""Who decides, who is told, what is open: each condition of the queries of structures."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import queries
from plainchant.portal.structures.models import Membership, Service, Structure
from tests.making import a_member, a_person, a_service, a_structure, a_town

pytestmark = pytest.mark.django_db

State = Membership.State
DAY = date(2026, 11, 3)


def attached(user: User, structure: Structure, at: datetime, *, state: str, is_manager: bool = False) -> Membership:
    return Membership.objects.create(
        user=user, structure=structure, state=state, is_manager=is_manager, requested_at=at
    )


# ---- who decides ----


def test_a_manager_decides_on_what_waits_at_her_structures_and_nothing_else(at: datetime) -> None:
    mine, other = a_structure(at=at), a_structure(at=at)
    manager = a_member(structure=mine, at=at, is_manager=True)
    attached(a_person(at=at), other, at, state=State.PENDING)
    waiting = [
        attached(a_person(at=at), mine, at + timedelta(minutes=minutes), state=State.PENDING) for minutes in (2, 1)
    ]
    for state in set(State) - {State.PENDING}:
        attached(a_person(at=at), mine, at, state=state)
    assert list(queries.memberships_to_decide(actor=Actor(manager))) == waiting[::-1]
    colleague = a_member(structure=mine, at=at)
    assert list(queries.memberships_to_decide(actor=Actor(colleague))) == []


@pytest.mark.parametrize("manages", [False, True])
def test_the_operator_decides_where_nobody_can(at: datetime, manages: bool) -> None:
    structure = a_structure(at=at)
    a_member(structure=structure, at=at, is_manager=manages)
    a_member(structure=a_structure(at=at), at=at, is_manager=True)
    request = attached(a_person(at=at), structure, at, state=State.PENDING)
    attached(a_person(at=at), structure, at, state=State.REFUSED)
    assert list(queries.requests_for_operator()) == ([] if manages else [request])
    assert queries.manager_of(structure=structure) == (
        structure.memberships.get(is_manager=True).user if manages else None
    )


def test_whoever_manages_another_structure_does_not_decide_here(at: datetime) -> None:
    structure, other = a_structure(at=at), a_structure(at=at)
    colleague = a_member(structure=structure, at=at, name="Arp")
    attached(colleague, other, at, state=State.ACCEPTED, is_manager=True)
    assert queries.manager_of(structure=structure) is None
    assert list(queries.accepted_people(structure=structure)) == [colleague]
    manager = a_member(structure=structure, at=at, name="Zola", is_manager=True)
    assert queries.manager_of(structure=structure) == manager
    assert list(queries.accepted_people(structure=structure)) == [manager, colleague]


@pytest.mark.parametrize(("state", "is_active"), [(State.DISABLED, True), (State.ACCEPTED, False)])
def test_a_manager_who_lost_their_right_or_their_account_decides_nothing(
    at: datetime, state: str, is_active: bool
) -> None:
    structure = a_structure(at=at)
    gone = a_person(at=at)
    User.objects.filter(pk=gone.pk).update(is_active=is_active)
    attached(gone, structure, at, state=state, is_manager=True)
    request = attached(a_person(at=at), structure, at, state=State.PENDING)
    assert list(queries.requests_for_operator()) == [request]
    assert queries.manager_of(structure=structure) is None


# ---- who is told ----


def test_those_attached_today_are_told_and_the_structure_itself(at: datetime) -> None:
    structure = a_structure(at=at, email="compta@exemple.fr")
    a_member(structure=a_structure(at=at), at=at)
    for state in set(State) - {State.ACCEPTED}:
        attached(a_person(at=at), structure, at, state=state)
    closed = a_member(structure=structure, at=at)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    member, manager = (
        a_member(structure=structure, at=at, name="Zoé"),
        a_member(structure=structure, at=at, name="Ada", is_manager=True),
    )
    told = queries.notice_addresses(structure=structure, right=Right.SEE_ISSUED)
    assert told == sorted([member.email, manager.email, "compta@exemple.fr"])
    assert list(queries.accepted_people(structure=structure)) == [manager, member]
    Structure.objects.filter(pk=structure.pk).update(email="")
    structure.refresh_from_db()
    assert queries.notice_addresses(structure=structure, right=Right.SEE_ISSUED) == sorted(
        [member.email, manager.email]
    )


def test_a_person_finds_all_their_own_attachments(at: datetime) -> None:
    person = a_person(at=at)
    a_member(structure=a_structure(at=at), at=at)
    mine = {attached(person, a_structure(at=at), at, state=state) for state in State}
    assert set(queries.memberships_of(user=person)) == mine


# ---- which structure, which service ----


def test_a_siret_is_not_the_same_number_under_another_scheme(at: datetime) -> None:
    a_structure(at=at)
    a_structure(at=at, identifier="73282932000074", identifier_type="RIDET")
    assert queries.with_identifier(identifier="73282932000074") is None
    found = a_structure(at=at, identifier="73282932000074")
    assert queries.with_identifier(identifier="73282932000074") == found


def test_the_recipients_of_the_directory_are_the_public_ones_active_or_not(at: datetime) -> None:
    a_structure(at=at)
    towns = {a_town(at=at), a_town(at=at, is_active=False)}
    assert set(queries.public_bodies()) == towns


@pytest.mark.parametrize(
    ("dates", "is_open"),
    [
        ({}, True),
        ({"valid_from": DAY}, True),
        ({"valid_from": DAY + timedelta(days=1)}, False),
        ({"valid_until": DAY}, True),
        ({"valid_until": DAY - timedelta(days=1)}, False),
        ({"is_active": False}, False),
    ],
)
def test_a_service_is_open_from_its_first_day_to_its_last(
    at: datetime, dates: dict[str, date | bool], is_open: bool
) -> None:
    town = a_town(at=at)
    service = a_service(structure=town, **dates)
    a_service(structure=a_town(at=at))
    assert list(queries.services_open_on(structure=town, day=DAY, to_private_supplier=True)) == [service] * is_open


def test_the_service_for_invoices_between_public_bodies_is_theirs_alone(at: datetime) -> None:
    town = a_town(at=at)
    culture, theirs = a_service(structure=town), a_service(structure=town, code=Service.PUBLIC_INVOICES)
    assert list(queries.services_open_on(structure=town, day=DAY, to_private_supplier=True)) == [culture]
    assert set(queries.services_open_on(structure=town, day=DAY, to_private_supplier=False)) == {culture, theirs}
