"""Who decides, who is told, what is open: each condition of the queries of structures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Right, Space
from plainchant.portal.structures import queries
from plainchant.portal.structures.models import (
    BankAccount,
    Delegation,
    DelegationRequest,
    Grant,
    Invitation,
    Membership,
    Service,
    SpaceRequest,
    Structure,
)
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment

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


# ---- lists of a structure's people, invitations and delegations: of that structure, and of that state ----


@pytest.fixture
def two(at: datetime) -> tuple[Structure, Structure, Actor, Actor]:
    """Two structures, somebody who manages both, and somebody who only works in both."""
    mine, other = a_structure(at=at, name="Atelier Lumen"), a_structure(at=at, name="Atelier Voisin")
    manager, colleague = a_person(at=at, name="Ada"), a_person(at=at, name="Bob")
    for structure in (mine, other):
        an_attachment(person=manager, structure=structure, at=at, is_manager=True)
        an_attachment(person=colleague, structure=structure, at=at)
    return mine, other, Actor(manager), Actor(colleague)


def test_the_people_of_one_structure_are_its_own_and_its_manager_s_to_change(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, colleague = two
    suspended = attached(a_person(at=at, name="Zoé"), mine, at, state=State.DISABLED)
    attached(a_person(at=at), other, at, state=State.ACCEPTED)
    for state in set(State) - {State.ACCEPTED, State.DISABLED}:
        attached(a_person(at=at), mine, at, state=state)
    colleague_s = Membership.objects.get(user=colleague.person, structure=mine)
    assert set(queries.people_managed(structure=mine, actor=manager)) == {colleague_s, suspended}
    assert list(queries.people_managed(structure=mine, actor=manager, text="zoé")) == [suspended]
    assert list(queries.people_managed(structure=mine, actor=colleague)) == []
    manager_s = Membership.objects.get(user=manager.person, structure=mine)
    assert queries.everybody_attached(structure=mine)[0] == manager_s
    assert set(queries.everybody_attached(structure=mine)) == {manager_s, colleague_s, suspended}
    assert queries.attached_to(actor=colleague, structures=[mine]) == {mine.pk}
    assert queries.attached_to(actor=Actor(a_person(at=at)), structures=[mine]) == set()


def test_an_invitation_waits_while_it_is_open_not_over_and_its_structure_too(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, _ = two
    closed = a_structure(at=at, is_active=False)
    invited = a_person(at=at, name="Cléo")

    def invitation(structure: Structure, days: int = 7, **fields: Any) -> Invitation:
        fields = {"email": invited.email, **fields}
        return Invitation.objects.create(
            structure=structure,
            created_at=at,
            created_by=manager.account,
            expires_at=at + timedelta(days=days),
            **fields,
        )

    waiting = invitation(mine)
    elsewhere = invitation(other, days=-1)
    invitation(closed)
    invitation(mine, state=Invitation.State.DECLINED)
    for_another = invitation(mine, email="autre@example.org")
    assert list(queries.invitations_to(actor=Actor(invited), at=at)) == [waiting]
    assert list(queries.invitations_for(actor=manager, right=Right.MANAGE)) == [waiting, elsewhere, for_another]


def test_what_is_asked_of_a_structure_is_decided_by_its_manager_while_it_is_open(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, colleague = two
    agency, closed = a_structure(at=at, name="Agence"), a_structure(at=at, is_active=False)
    foreign = a_structure(at=at, identifier_type="UE_HORS_FRANCE", identifier="DE123456789")
    for structure in (closed, foreign):
        an_attachment(person=manager.account, structure=structure, at=at, is_manager=True)

    def request(siret: str, delegate: Structure = agency, **fields: Any) -> DelegationRequest:
        return DelegationRequest.objects.create(
            delegate=delegate, siret=siret, created_at=at, created_by=colleague.account, **fields
        )

    asked = request(mine.identifier)
    answered = request(mine.identifier, state=DelegationRequest.State.REFUSED)
    for nobody in (closed.identifier, foreign.identifier, "99999999999999"):
        request(nobody)
    assert list(queries.delegation_requests_for(actor=manager, right=Right.MANAGE)) == [asked, answered]
    assert list(queries.delegation_requests_to_decide(actor=manager)) == [asked]
    assert list(queries.delegation_requests_to_decide(actor=colleague)) == []
    sent = request("99999999999998", delegate=other)
    request("99999999999997", delegate=other, state=DelegationRequest.State.WITHDRAWN)
    assert list(queries.delegation_requests_by(actor=manager, right=Right.MANAGE)) == [sent]


def test_a_space_is_asked_of_the_managers_of_that_structure(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, _, manager, colleague = two
    fields = {"space": Space.RECEIVED, "mode": Mode.CONSULTATION, "created_at": at}
    member = Membership.objects.get(user=colleague.person, structure=mine)
    asked = SpaceRequest.objects.create(membership=member, **fields)
    SpaceRequest.objects.create(membership=member, state=SpaceRequest.State.REFUSED, **fields)
    left = attached(a_person(at=at), mine, at, state=State.DISABLED)
    SpaceRequest.objects.create(membership=left, **fields)
    assert list(queries.space_requests_to_decide(actor=manager)) == [asked]
    assert list(queries.space_requests_to_decide(actor=colleague)) == []
    somebody = Membership.objects.get(user=manager.person, structure=mine)
    SpaceRequest.objects.create(membership=somebody, **fields)
    assert list(queries.space_requests_to_decide(actor=colleague)) == []


def test_the_delegations_of_a_structure_are_those_it_has_not_ended(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, _ = two
    fields = {"delegate": a_structure(at=at), "begins_on": DAY, "created_at": at, "created_by": manager.account}
    opened = Delegation.objects.create(client=mine, **fields)
    Delegation.objects.create(client=mine, ended_at=at, **fields)
    Delegation.objects.create(client=other, **fields)
    assert list(queries.delegations_open(structure=mine)) == [opened]


def test_those_acted_who_manage_the_delegate_or_have_the_whole_of_a_space_it_opened(at: datetime) -> None:
    client, delegate = a_structure(at=at), a_structure(at=at)
    chief, clerk = a_member(structure=delegate, at=at, is_manager=True), a_member(structure=delegate, at=at)
    of_both = a_member(structure=delegate, at=at)
    an_attachment(person=of_both, structure=client, at=at)  # what they do there is their own
    a_member(structure=a_structure(at=at), at=at, is_manager=True)
    delegation = Delegation.objects.create(
        client=client, delegate=delegate, begins_on=DAY, created_at=at, created_by=chief
    )
    Grant.objects.create(delegation=delegation, space=Space.ISSUED, mode=Mode.MODIFICATION)
    in_part = attached(a_person(at=at), delegate, at, state=State.ACCEPTED)
    Grant.objects.create(
        membership=in_part, service=a_service(structure=delegate), space=Space.ISSUED, mode=Mode.MODIFICATION
    )
    assert set(queries.acted_by(delegation=delegation)) == {chief, clerk}


def test_a_bank_account_is_confirmed_by_another_who_sends(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, _, manager, colleague = two
    fields = {"structure": mine, "bic": "", "created_at": at}
    waiting = BankAccount.objects.create(
        **fields, label="A", iban="FR76", is_waiting=True, is_active=False, created_by=manager.account
    )
    BankAccount.objects.create(**fields, label="B", iban="FR77", created_by=manager.account)
    BankAccount.objects.create(
        **fields, label="C", iban="FR78", is_waiting=True, is_active=False, created_by=colleague.account
    )
    assert list(queries.bank_accounts_to_confirm(actor=colleague)) == [waiting]
    reader = a_person(at=at)
    an_attachment(person=reader, structure=mine, at=at, profiles=(AccessProfile.FOLLOW,))
    assert list(queries.bank_accounts_to_confirm(actor=Actor(reader))) == []


def test_those_put_out_lately_were_put_out_here_by_another_and_within_three_days(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, _ = two

    def put_out(structure: Structure, state: str, *, days: int = 1, by: User | None = None) -> User:
        gone = attached(a_person(at=at), structure, at, state=state)
        Membership.objects.filter(pk=gone.pk).update(
            decided_at=at - timedelta(days=days), decided_by=by or manager.account
        )
        return gone.user

    lately = [put_out(mine, State.REMOVED), put_out(mine, State.DISABLED)]
    put_out(mine, State.REFUSED)
    put_out(other, State.REMOVED)
    put_out(mine, State.REMOVED, days=4)
    left = put_out(mine, State.REMOVED)
    Membership.objects.filter(user=left).update(decided_by=left)
    assert set(queries.put_out_lately(structure=mine, at=at)) == set(lately)


def test_what_an_operator_types_is_another_identifier_or_a_siret_never_one_for_the_other(at: datetime) -> None:
    foreign = a_structure(at=at, identifier_type="UE_HORS_FRANCE", identifier="DE123456789")
    wrong = a_structure(at=at, identifier="12345")  # what a SIRET is not
    assert queries.as_written(text="de 123456789") == foreign
    assert queries.as_written(text=wrong.identifier) is None


@pytest.mark.parametrize(
    ("state", "is_active", "is_manager"),
    [(State.ACCEPTED, True, False), (State.DISABLED, True, True), (State.ACCEPTED, False, True)],
)
def test_only_what_its_manager_left_behind_is_left_alone(
    at: datetime, state: str, is_active: bool, is_manager: bool
) -> None:
    gone = a_person(at=at)
    left = a_structure(at=at)
    attached(gone, left, at, state=State.ACCEPTED, is_manager=True)
    attached(gone, a_structure(at=at, is_active=is_active), at, state=state, is_manager=is_manager)
    a_member(structure=a_structure(at=at), at=at, is_manager=True)
    assert list(queries.structures_left_alone_by(user=gone)) == [left]


def test_what_waits_is_counted_for_the_structures_asked_about(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, colleague = two
    agency = a_structure(at=at, name="Agence")
    for structure in (mine, other):
        attached(a_person(at=at), structure, at, state=State.PENDING)
        DelegationRequest.objects.create(
            delegate=agency, siret=structure.identifier, created_at=at, created_by=colleague.account
        )
        member = Membership.objects.get(user=colleague.person, structure=structure)
        SpaceRequest.objects.create(membership=member, space=Space.RECEIVED, mode=Mode.CONSULTATION, created_at=at)
    assert queries.requests_by_structure(actor=manager, structures=[mine]) == {mine.pk: 3}
    assert queries.requests_by_structure(actor=colleague, structures=[mine]) == {}


# ---- who is alone, who is looked for ----


def test_who_works_with_nobody_works_alone_whatever_others_do(at: datetime) -> None:
    alone, newcomer = a_structure(at=at), a_person(at=at)
    artist = a_member(structure=alone, at=at, is_manager=True)
    shared = a_structure(at=at)
    manager, colleague = a_member(structure=shared, at=at, is_manager=True), a_member(structure=shared, at=at)
    third = a_structure(at=at)
    an_attachment(person=colleague, structure=third, at=at, is_manager=True)
    Delegation.objects.create(client=alone, delegate=shared, begins_on=DAY, created_at=at, created_by=artist)
    assert queries.works_alone(user=artist)
    assert not queries.works_alone(user=manager)
    assert not queries.works_alone(user=colleague)
    assert not queries.works_alone(user=newcomer)


@pytest.mark.parametrize("has_ended", [False, True])
def test_who_acts_for_a_client_does_not_work_alone_until_it_ends(at: datetime, has_ended: bool) -> None:
    client, office = a_structure(at=at), a_structure(at=at)
    bookkeeper = a_member(structure=office, at=at, is_manager=True)
    Delegation.objects.create(
        client=client, delegate=office, begins_on=DAY, created_at=at, created_by=bookkeeper,
        ended_at=at if has_ended else None,
    )  # fmt: skip
    assert queries.works_alone(user=bookkeeper) is has_ended


def test_an_operator_finds_people_by_their_names_or_the_siret_they_are_attached_to(at: datetime) -> None:
    structure = a_structure(at=at)
    member = a_member(structure=structure, at=at, name="Zoé")
    attached(a_person(at=at, name="Yves"), structure, at, state=State.PENDING)
    assert list(queries.people_like(text="zoé essai")) == [member]
    [found] = queries.people_like(text=structure.identifier)
    assert found == member
    assert [each.structure for each in found.memberships.all()] == [structure]


def test_an_operator_finds_structures_by_name_town_or_number(at: datetime) -> None:
    wanted = a_structure(at=at, name="Atelier Lumen", city="Roquebrac")
    a_structure(at=at, name="Atelier Voisin", city="Valbrume")
    for text in ("lumen", "atelier roquebrac", wanted.identifier):
        assert list(queries.structures_like(text=text)) == [wanted]


def test_a_bank_account_is_confirmed_by_those_of_its_own_structure(
    two: tuple[Structure, Structure, Actor, Actor], at: datetime
) -> None:
    mine, other, manager, colleague = two
    a_member(structure=other, at=at)
    settled = Membership.objects.get(user=colleague.person, structure=mine)
    later = at + timedelta(days=4)
    assert list(queries.confirmers_of(structure=mine, asked_by=manager.account, at=later)) == [settled]
