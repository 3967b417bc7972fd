"""The five states of an attachment, who moves it from one to another, and what each person may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import invitations, managers, memberships, queries
from plainchant.portal.structures.activity import activity_of
from plainchant.portal.structures.grants import profiles_held
from plainchant.portal.structures.models import ActivityEntry, Invitation, Membership, Structure
from plainchant.portal.structures.reach import reached
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db
KIND = ActivityEntry.Kind


@pytest.fixture
def workshop(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def chief(workshop: Structure, at: datetime) -> User:
    return a_member(structure=workshop, at=at, name="Marie", is_manager=True)


@pytest.fixture
def member(workshop: Structure, at: datetime) -> Membership:
    return an_attachment(person=a_person(at=at, name="Jean"), structure=workshop, at=at)


def may_send(person: User) -> bool:
    return reached(actor=Actor(person), right=Right.SEND).exists()


def told(person: User) -> list[str]:
    return [message.subject for message in Message.objects.filter(recipient=person.email).order_by("pk")]


def noted(structure: Structure) -> list[tuple[str, str, str]]:
    rows = activity_of(structure=structure).order_by("pk")
    return [(row.kind, row.actor_name, row.about) for row in rows]


# ---- what each may do ----


def test_rights_count_at_once_are_told_and_noted(workshop: Structure, chief: User, member: Membership, at: datetime):
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.FOLLOW], at=at)
    assert not may_send(member.user)
    assert told(member.user) == [f"Vos droits sur « {workshop} » ont changé"]
    assert "suivre les factures envoyées" in Message.objects.get().body
    assert noted(workshop) == [(KIND.RIGHTS, "Marie Essai", "Jean Essai\u00a0: Suivre les factures envoyées")]


def test_an_accepted_request_opens_what_was_chosen(at: datetime) -> None:
    town, agent = a_town(at=at), a_person(at=at)
    chief, culture = a_member(structure=town, at=at, is_manager=True), a_service(structure=town)
    asked = memberships.ask_to_join(actor=Actor(agent), structure=town, comment="", at=at)
    memberships.decide(
        membership=asked, actor=Actor(chief), accept=True, at=at, profiles=[AccessProfile.PROCESS], services=[culture]
    )
    assert profiles_held(holder=asked) == ([AccessProfile.PROCESS], [culture])
    assert "traiter les factures reçues (services\u00a0: CULTURE)" in Message.objects.get(recipient=agent.email).body


def test_nothing_is_not_a_choice(chief: User, member: Membership, at: datetime) -> None:
    with pytest.raises(memberships.NothingOpened):
        memberships.open_to(membership=member, actor=Actor(chief), profiles=[], at=at)
    assert may_send(member.user)


def test_a_service_of_another_body_is_refused(chief: User, member: Membership, at: datetime) -> None:
    elsewhere = a_service(structure=a_town(at=at))
    with pytest.raises(memberships.WrongService):
        memberships.open_to(
            membership=member, actor=Actor(chief), profiles=[AccessProfile.READ], services=[elsewhere], at=at
        )
    assert may_send(member.user)


@pytest.mark.one_database
@pytest.mark.parametrize("profile", AccessProfile)
def test_the_profile_that_was_given_is_the_one_that_is_shown(
    member: Membership, chief: User, at: datetime, profile: AccessProfile
) -> None:
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[profile], at=at)
    assert profiles_held(holder=member) == ([profile], [])


def test_a_second_manager_decides_too_and_is_told_of_requests(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.MANAGE], at=at)
    asked = memberships.ask_to_join(actor=Actor(a_person(at=at)), structure=workshop, comment="", at=at)
    assert told(member.user)[-1] == told(chief)[-1] == "Une demande de rattachement attend votre réponse"
    memberships.decide(membership=asked, actor=Actor(member.user), accept=True, at=at)
    assert asked.state == Membership.State.ACCEPTED


def test_a_second_factor_asked_of_managers_is_asked_of_the_second_one_too(
    chief: User, member: Membership, at: datetime, settings
) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"managers"})
    assert not queries.must_have_second_factor(user=member.user)
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.MANAGE], at=at)
    assert queries.must_have_second_factor(user=member.user)


# ---- suspended, ended, left ----


def test_who_is_suspended_reaches_nothing_and_gets_back_what_they_had(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    memberships.disable(membership=member, actor=Actor(chief), at=at)
    assert member.state == Membership.State.DISABLED
    assert not reached(actor=Actor(member.user), right=Right.SEE).exists()
    memberships.enable(membership=member, actor=Actor(chief), at=at)
    assert may_send(member.user)
    assert [kind for kind, _, _ in noted(workshop)] == [KIND.DISABLED, KIND.ENABLED]
    assert len(told(member.user)) == 2


def test_who_is_detached_reaches_nothing_and_comes_back_with_nothing(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    memberships.detach(membership=member, actor=Actor(chief), at=at)
    assert member.state == Membership.State.REMOVED
    assert not reached(actor=Actor(member.user), right=Right.SEE).exists()
    assert not member.grants.exists()
    with pytest.raises(NotAllowed):
        memberships.enable(membership=member, actor=Actor(chief), at=at)
    assert memberships.ask_to_join(actor=Actor(member.user), structure=workshop, comment="", at=at).pk == member.pk


def test_leaving_takes_effect_at_once_and_the_managers_are_told(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    memberships.leave(structure=workshop, actor=Actor(member.user), at=at)
    assert not reached(actor=Actor(member.user), right=Right.SEE).exists()
    assert told(chief) == [f"Une personne a quitté « {workshop} »"]
    assert noted(workshop) == [(KIND.LEFT, "Jean Essai", "")]
    with pytest.raises(memberships.HasChanged):
        memberships.leave(structure=workshop, actor=Actor(member.user), at=at)


def test_a_request_can_be_taken_back_without_a_word_to_anybody(workshop: Structure, chief: User, at: datetime) -> None:
    person = a_person(at=at)
    asked = memberships.ask_to_join(actor=Actor(person), structure=workshop, comment="", at=at)
    Message.objects.all().delete()
    memberships.leave(structure=workshop, actor=Actor(person), at=at)
    asked.refresh_from_db()
    assert asked.state == Membership.State.REMOVED
    assert not Message.objects.exists()


def test_the_main_manager_stays(workshop: Structure, chief: User, member: Membership, at: datetime) -> None:
    with pytest.raises(memberships.ManagerStays):
        memberships.leave(structure=workshop, actor=Actor(chief), at=at)
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.MANAGE], at=at)
    main = Membership.objects.get(user=chief)
    calls: list[Callable[..., None]] = [memberships.disable, memberships.detach]
    for call in calls:
        with pytest.raises(memberships.ManagerStays):
            call(membership=main, actor=Actor(member.user), at=at)
    with pytest.raises(memberships.ManagerStays):
        memberships.open_to(membership=main, actor=Actor(member.user), profiles=[AccessProfile.READ], at=at)
    assert may_send(chief)


def test_nobody_changes_their_own_rights(chief: User, member: Membership, at: datetime) -> None:
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.MANAGE], at=at)
    with pytest.raises(NotAllowed):
        memberships.open_to(membership=member, actor=Actor(member.user), profiles=[AccessProfile.EVERYTHING], at=at)


# ---- handed over ----


def test_the_structure_is_handed_over_and_the_former_manager_stays(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    managers.hand_over(membership=member, actor=Actor(chief), at=at)
    assert queries.manager_of(structure=workshop) == member.user
    assert profiles_held(holder=Membership.objects.get(user=chief))[0] == [
        AccessProfile.EVERYTHING,
        AccessProfile.MANAGE,
    ]
    assert noted(workshop) == [(KIND.HANDED_OVER, "Marie Essai", "Jean Essai")]
    memberships.leave(structure=workshop, actor=Actor(chief), at=at)
    assert not reached(actor=Actor(chief), right=Right.SEE).exists()


def test_only_the_main_manager_hands_over(workshop: Structure, chief: User, member: Membership, at: datetime) -> None:
    memberships.open_to(membership=member, actor=Actor(chief), profiles=[AccessProfile.MANAGE], at=at)
    other = an_attachment(person=a_person(at=at), structure=workshop, at=at)
    with pytest.raises(managers.NotTheMainManager):
        managers.hand_over(membership=other, actor=Actor(member.user), at=at)
    assert queries.manager_of(structure=workshop) == chief


@pytest.mark.parametrize("gone", ["suspended", "closed"])
def test_a_structure_is_not_handed_to_somebody_who_is_gone(
    workshop: Structure, chief: User, member: Membership, at: datetime, gone: str
) -> None:
    if gone == "suspended":
        memberships.disable(membership=member, actor=Actor(chief), at=at)
    else:
        User.objects.filter(pk=member.user.pk).update(is_active=False)
    with pytest.raises(memberships.HasChanged):
        managers.hand_over(membership=member, actor=Actor(chief), at=at)
    assert queries.manager_of(structure=workshop) == chief


# ---- invited ----


@pytest.fixture
def invitation(workshop: Structure, chief: User, at: datetime) -> Invitation:
    return invitations.invite(
        structure=workshop, actor=Actor(chief), email="lise@example.org", profiles=[AccessProfile.FOLLOW], at=at
    )


def test_an_invitation_is_for_the_account_of_its_address(invitation: Invitation, at: datetime) -> None:
    lise, other = a_person(at=at, email="Lise@example.org"), a_person(at=at, name="Autre")
    assert list(queries.invitations_to(actor=Actor(lise), at=at)) == [invitation]
    assert not queries.invitations_to(actor=Actor(other), at=at).exists()
    with pytest.raises(memberships.HasChanged):
        invitations.answer(invitation=invitation, actor=Actor(other), accept=True, at=at)
    invitations.answer(invitation=invitation, actor=Actor(lise), accept=True, at=at)
    membership = Membership.objects.get(user=lise)
    assert (membership.state, profiles_held(holder=membership)) == ("VALIDEE", ([AccessProfile.FOLLOW], []))
    assert noted(invitation.structure) == [
        (KIND.INVITED, "Marie Essai", "lise@example.org"),
        (KIND.JOINED, "Ada Essai", ""),
    ]


@pytest.mark.parametrize("end", ["declined", "withdrawn", "too late"])
def test_an_invitation_that_ended_opens_nothing(invitation: Invitation, chief: User, at: datetime, end: str) -> None:
    lise = a_person(at=at, email="lise@example.org")
    when = at + invitations.LASTS if end == "too late" else at
    if end == "declined":
        invitations.answer(invitation=invitation, actor=Actor(lise), accept=False, at=at)
        assert told(chief) == ["Réponse à votre invitation : refusée"]
    if end == "withdrawn":
        invitations.withdraw(invitation=invitation, actor=Actor(chief), at=at)
    with pytest.raises(memberships.HasChanged):
        invitations.answer(invitation=invitation, actor=Actor(lise), accept=True, at=when)
    assert not Membership.objects.filter(user=lise).exists()


def test_an_address_is_invited_once_until_it_answers_or_the_time_is_over(
    invitation: Invitation, workshop: Structure, chief: User, at: datetime
) -> None:
    again = {"structure": workshop, "actor": Actor(chief), "email": invitation.email}
    with pytest.raises(invitations.AlreadyInvited):
        invitations.invite(**again, profiles=[AccessProfile.READ], at=at + timedelta(days=1))
    later = invitations.invite(**again, profiles=[AccessProfile.READ], at=at + invitations.LASTS)
    assert Invitation.objects.get(state=Invitation.State.OPEN) == later


def test_somebody_who_was_suspended_comes_back_by_an_invitation_of_a_manager(
    workshop: Structure, chief: User, member: Membership, at: datetime
) -> None:
    memberships.disable(membership=member, actor=Actor(chief), at=at)
    invitation = invitations.invite(
        structure=workshop, actor=Actor(chief), email=member.user.email, profiles=[AccessProfile.READ], at=at
    )
    invitations.answer(invitation=invitation, actor=Actor(member.user), accept=True, at=at)
    assert profiles_held(holder=member) == ([AccessProfile.READ], [])


# ---- the log ----


def test_the_log_can_be_neither_changed_nor_emptied(workshop: Structure, chief: User, member: Membership, at: datetime):
    memberships.detach(membership=member, actor=Actor(chief), at=at)
    for attempt in (lambda: ActivityEntry.objects.update(about=""), lambda: ActivityEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert activity_of(structure=workshop).count() == 1
