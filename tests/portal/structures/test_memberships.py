"""Asking to join, deciding, and the operator's appointment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import managers, memberships, operations, queries
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.reach import reached

pytestmark = pytest.mark.django_db
Enrol = Callable[[str], User]


@pytest.fixture
def request_of_jean(pottery: Structure, enrol: Enrol, at: datetime) -> Membership:
    return memberships.ask_to_join(actor=Actor(enrol("Jean")), structure=pottery, comment="Comptable", at=at)


def test_nobody_decides_on_their_own_request(request_of_jean: Membership, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        memberships.decide(membership=request_of_jean, actor=Actor(request_of_jean.user), accept=True, at=at)


def test_the_manager_of_another_structure_decides_nothing_here(
    request_of_jean: Membership, enrol: Enrol, at: datetime
) -> None:
    stranger = enrol("Paul")
    operations.create(
        actor=Actor(stranger),
        identifier="35600000000048",
        name=LegalName(name="Autre"),
        sheet=operations.StructureDetails(),
        at=at,
    )
    for decide in (True, False):
        with pytest.raises(NotAllowed):
            memberships.decide(membership=request_of_jean, actor=Actor(stranger), accept=decide, at=at)
    request_of_jean.refresh_from_db()
    assert request_of_jean.state == Membership.State.PENDING


def test_a_member_who_is_not_the_manager_decides_nothing(
    request_of_jean: Membership, manager: User, enrol: Enrol, at: datetime
) -> None:
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=True, at=at)
    other = memberships.ask_to_join(actor=Actor(enrol("Paul")), structure=request_of_jean.structure, comment="", at=at)
    with pytest.raises(NotAllowed):
        memberships.decide(membership=other, actor=Actor(request_of_jean.user), accept=True, at=at)


def test_a_request_is_decided_once(request_of_jean: Membership, manager: User, at: datetime) -> None:
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=False, at=at)
    with pytest.raises(memberships.AlreadyDecided):
        memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=True, at=at)
    assert not reached(actor=Actor(request_of_jean.user), right=Right.SEE).exists()


def test_asking_twice_is_refused_while_the_first_waits(request_of_jean: Membership, at: datetime) -> None:
    with pytest.raises(memberships.AlreadyAsked):
        memberships.ask_to_join(
            actor=Actor(request_of_jean.user),
            structure=request_of_jean.structure,
            comment="",
            at=at + timedelta(hours=1),
        )
    assert Message.objects.filter(kind="membership_request").count() == 1


def test_a_closed_structure_takes_nobody(pottery: Structure, enrol: Enrol, at: datetime) -> None:
    pottery.is_active = False
    pottery.save()
    with pytest.raises(memberships.StructureClosed):
        memberships.ask_to_join(actor=Actor(enrol("Jean")), structure=pottery, comment="", at=at)


def test_a_pending_or_refused_person_reaches_nothing(request_of_jean: Membership, manager: User, at: datetime) -> None:
    jean = request_of_jean.user
    assert not reached(actor=Actor(jean), right=Right.SEE).exists()
    assert not queries.bank_accounts_for(actor=Actor(jean), right=Right.MANAGE).exists()
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=False, at=at)
    assert not reached(actor=Actor(jean), right=Right.SEE).exists()


def test_the_manager_is_told_who_asks_and_why(request_of_jean: Membership) -> None:
    message = Message.objects.get(kind="membership_request")
    assert message.recipient == "marie@exemple.fr"
    assert "Comptable" in message.body
    assert "jean@exemple.fr" in message.body


def test_a_colleague_who_manages_another_structure_is_not_asked_in_the_manager_s_place(
    pottery: Structure, manager: User, enrol: Enrol, at: datetime
) -> None:
    colleague = enrol("Alix")  # whose name comes first
    operations.create(
        actor=Actor(colleague),
        identifier="35600000000048",
        name=LegalName(name="Autre"),
        sheet=operations.StructureDetails(),
        at=at,
    )
    own = memberships.ask_to_join(actor=Actor(colleague), structure=pottery, comment="", at=at)
    memberships.decide(membership=own, actor=Actor(manager), accept=True, at=at)
    Message.objects.all().delete()
    memberships.ask_to_join(actor=Actor(enrol("Jean")), structure=pottery, comment="", at=at)
    assert Message.objects.get(kind="membership_request").recipient == "marie@exemple.fr"


def test_an_accepted_person_is_told_and_may_act_without_becoming_manager(
    request_of_jean: Membership, manager: User, at: datetime
) -> None:
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=True, at=at)
    jean = request_of_jean.user
    assert list(reached(actor=Actor(jean), right=Right.SEE)) == [request_of_jean.structure]
    assert not reached(actor=Actor(jean), right=Right.MANAGE).exists()
    assert Message.objects.get(kind="membership_decided").recipient == "jean@exemple.fr"


def test_a_refusal_does_not_tell_the_name_of_the_structure(
    request_of_jean: Membership, manager: User, at: datetime
) -> None:
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=False, at=at)
    message = Message.objects.get(kind="membership_decided")
    assert "Poterie" not in message.subject + message.body
    assert "Marie" not in message.body


def test_a_refused_person_may_ask_again(request_of_jean: Membership, manager: User, at: datetime) -> None:
    memberships.decide(membership=request_of_jean, actor=Actor(manager), accept=False, at=at)
    again = memberships.ask_to_join(
        actor=Actor(request_of_jean.user),
        structure=request_of_jean.structure,
        comment="On s’est parlé",
        at=at + timedelta(days=1),
    )
    assert (again.pk, again.state, again.decided_by) == (request_of_jean.pk, Membership.State.PENDING, None)
    assert Message.objects.filter(kind="membership_request").count() == 2


def test_several_requests_get_one_answer_and_those_already_decided_are_left(
    pottery: Structure, manager: User, enrol: Enrol, at: datetime
) -> None:
    asked = [
        memberships.ask_to_join(actor=Actor(enrol(name)), structure=pottery, comment="", at=at)
        for name in ("Anne", "Jean")
    ]
    memberships.decide(membership=asked[0], actor=Actor(manager), accept=False, at=at)
    assert memberships.decide_all(memberships=asked, actor=Actor(manager), accept=True, at=at) == 1
    assert sorted(Membership.objects.values_list("state", flat=True)) == ["REFUSEE", "VALIDEE", "VALIDEE"]


def test_without_a_manager_the_request_waits_and_nobody_is_written_to(
    town: Structure, enrol: Enrol, at: datetime
) -> None:
    memberships.ask_to_join(actor=Actor(enrol("Jean")), structure=town, comment="", at=at)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("email", "siret"),
    [("personne@exemple.fr", "21290232800016"), ("jean@exemple.fr", "00000000000000"), ("\x00", "\x00")],
)
def test_the_operator_appoints_only_someone_and_somewhere_that_exist(
    email: str, siret: str, town: Structure, enrol: Enrol, at: datetime
) -> None:
    enrol("Jean")
    with pytest.raises(managers.CannotAppoint):
        managers.appoint_manager(email=email, siret=siret, at=at)


def test_the_operator_cannot_appoint_a_closed_account(town: Structure, enrol: Enrol, at: datetime) -> None:
    User.objects.filter(pk=enrol("Jean").pk).update(is_active=False)
    with pytest.raises(managers.CannotAppoint):
        managers.appoint_manager(email="jean@exemple.fr", siret=town.identifier, at=at)


def test_the_operator_gives_a_public_body_its_first_manager_who_receives_waiting_requests(
    town: Structure, enrol: Enrol, at: datetime
) -> None:
    jean, anne = enrol("Jean"), enrol("Anne")
    for person in (jean, anne):
        memberships.ask_to_join(actor=Actor(person), structure=town, comment="", at=at)
    managers.appoint_manager(email="Jean@Exemple.fr", siret=town.identifier, at=at)
    assert list(reached(actor=Actor(jean), right=Right.MANAGE)) == [town]
    told = Message.objects.order_by("kind").values_list("kind", "recipient")
    assert list(told) == [("made_manager", "jean@exemple.fr"), ("membership_request", "jean@exemple.fr")]


def test_a_new_manager_replaces_the_former_who_stays_and_is_told(
    pottery: Structure, manager: User, enrol: Enrol, at: datetime
) -> None:
    jean = enrol("Jean")
    managers.appoint_manager(email=jean.email, siret=pottery.identifier, at=at)
    assert queries.manager_of(structure=pottery) == jean
    assert list(reached(actor=Actor(manager), right=Right.SEE)) == [pottery]
    assert Message.objects.get(kind="no_longer_manager").recipient == "marie@exemple.fr"


def test_appointing_the_manager_again_changes_nothing(pottery: Structure, manager: User, at: datetime) -> None:
    managers.appoint_manager(email=manager.email, siret=pottery.identifier, at=at)
    assert not Message.objects.exists()


def test_a_former_manager_who_asks_again_does_not_come_back_as_manager(
    pottery: Structure, manager: User, enrol: Enrol, at: datetime
) -> None:
    Membership.objects.filter(user=manager).update(state=Membership.State.REMOVED)
    managers.appoint_manager(email=enrol("Jean").email, siret=pottery.identifier, at=at)
    again = memberships.ask_to_join(actor=Actor(manager), structure=pottery, comment="", at=at)
    memberships.decide(membership=again, actor=Actor(User.objects.get(first_name="Jean")), accept=True, at=at)
    assert not reached(actor=Actor(manager), right=Right.MANAGE).exists()
