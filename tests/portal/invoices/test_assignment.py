"""One of those who process an invoice deals with it: for as long as they may, and the supplier reads nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import histories
from plainchant.portal.invoices.assignment import (
    AssignedMeanwhile,
    NotAColleague,
    assign,
    assign_many,
    assignee_of,
    assignees,
    colleagues,
    colleagues_of,
    with_assignees,
)
from plainchant.portal.invoices.criteria import NOBODY, narrowed
from plainchant.portal.invoices.histories import Head
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.operations import Routing, process, recycle
from plainchant.portal.invoices.story import story_of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.models import Grant, Membership, Structure
from tests.making import a_draft, a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db
PROCESS, READ = (AccessProfile.PROCESS,), (AccessProfile.READ,)


@dataclass(frozen=True)
class Town:
    """A town with two services: ``boss`` manages it, ``agent`` and ``schools`` process, ``reader`` only looks."""

    town: Structure
    other: Structure
    boss: User
    agent: User
    schools: User
    reader: User
    stranger: User
    artist: User


@pytest.fixture(scope="module")
def here(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Town:
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        culture, schools = a_service(structure=town), a_service(structure=town, code="ECOLES")
        artist = a_member(structure=seller, at=at)
        people = {name: a_person(at=at, name=name) for name in ("Agent", "Schools", "Reader")}
        an_attachment(person=people["Agent"], structure=town, at=at, profiles=PROCESS)
        an_attachment(person=people["Schools"], structure=town, at=at, profiles=PROCESS, services=[schools])
        an_attachment(person=people["Reader"], structure=town, at=at, profiles=READ)
        for number, service in (("CULT", culture), ("ECOLE", schools), ("VILLE", None)):
            draft = a_draft(seller=seller, user=artist, at=at, buyer=town, buyer_service=service, number=number)
            submit(draft=draft.draft, actor=Actor(artist), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        return Town(
            town=town,
            other=other,
            boss=a_member(structure=town, at=at, name="Boss", is_manager=True),
            agent=people["Agent"],
            schools=people["Schools"],
            reader=people["Reader"],
            stranger=a_member(structure=other, at=at, name="Stranger"),
            artist=artist,
        )


def of(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def holder(number: str) -> User | None:
    return assignees(invoices=[of(number)]).get(of(number).pk)


def gives(number: str, to: User | None, by: User, at: datetime, seen: User | None = None) -> None:
    assign(invoice=of(number), to=to, seen=seen, actor=Actor(by), at=at)


def sought(whom: str, at: datetime) -> set[str]:
    rows = narrowed(Invoice.objects.all(), values={"attribuee": whom}, side=Side.BUYER, today=day_in_paris(at))
    return set(rows.values_list("number", flat=True))


def test_an_invoice_is_taken_given_and_put_back(here: Town, at: datetime) -> None:
    gives("CULT", here.agent, here.agent, at)
    assert holder("CULT") == here.agent
    gives("CULT", here.boss, here.agent, at, seen=here.agent)
    gives("CULT", here.boss, here.agent, at, seen=here.boss)  # again: nothing more is written
    gives("CULT", None, here.boss, at, seen=here.boss)
    assert holder("CULT") is None
    events = Event.objects.filter(kind=Event.Kind.ASSIGNED).order_by("sequence")
    assert [(event.actor, event.assignee) for event in events] == [
        (here.agent, here.agent), (here.agent, here.boss), (here.boss, None),
    ]  # fmt: skip


def test_it_is_refused_to_whoever_may_not_process_it(here: Town, at: datetime) -> None:
    for to in (here.reader, here.stranger, here.artist, here.schools):
        with pytest.raises(NotAColleague):
            gives("CULT", to, here.agent, at)
    for by in (here.reader, here.stranger, here.artist, here.schools):
        with pytest.raises(NotAllowed):
            gives("CULT", here.agent, by, at)
    gives("ECOLE", here.schools, here.schools, at)
    with pytest.raises(NotAColleague, match="CULT"):  # all of them or none
        assign_many(invoices=[of("ECOLE"), of("CULT")], to=here.schools, actor=Actor(here.agent), at=at)
    with pytest.raises(NotAllowed):
        assign_many(invoices=[of("ECOLE"), of("CULT")], to=here.agent, actor=Actor(here.schools), at=at)
    assert (holder("CULT"), holder("ECOLE")) == (None, here.schools)
    assert Event.objects.filter(kind=Event.Kind.ASSIGNED).count() == 1


def test_what_a_colleague_took_meanwhile_is_not_taken_from_them_unawares(here: Town, at: datetime) -> None:
    gives("CULT", here.agent, here.agent, at)
    with pytest.raises(AssignedMeanwhile, match=str(here.agent)):
        gives("CULT", here.boss, here.boss, at)  # who saw it in nobody's hands
    assert holder("CULT") == here.agent


def test_whoever_loses_the_right_loses_the_invoice_at_once(here: Town, at: datetime) -> None:
    assign_many(invoices=[of("CULT"), of("VILLE")], to=here.agent, actor=Actor(here.boss), at=at)
    gives("ECOLE", here.schools, here.boss, at)
    assert sought(str(here.agent.pk), at) == {"CULT", "VILLE"}
    assert (sought(str(here.schools.pk), at), sought(NOBODY, at)) == ({"ECOLE"}, set())
    Grant.objects.filter(membership__user=here.schools).update(mode="CONSULTATION_UNIQUEMENT")
    Membership.objects.filter(user=here.agent).update(state=Membership.State.DISABLED)
    assert sought(NOBODY, at) == {"CULT", "ECOLE", "VILLE"}
    assert (sought(str(here.agent.pk), at), sought(str(here.schools.pk), at), sought("0", at)) == (set(), set(), set())
    assert not assignees(invoices=list(Invoice.objects.all()))
    assert [assignee_of(row) for row in with_assignees(Invoice.objects.all())] == [None] * 3
    Membership.objects.filter(user=here.agent).update(state=Membership.State.ACCEPTED)
    User.objects.filter(pk=here.agent.pk).update(is_active=False)
    assert holder("CULT") is None
    gives("CULT", here.boss, here.boss, at)  # it was in nobody's hands


def test_colleagues_are_those_who_may_process(here: Town) -> None:
    assert set(colleagues(invoice=of("CULT"))) == {here.boss, here.agent}
    assert set(colleagues(invoice=of("ECOLE"))) == {here.boss, here.agent, here.schools}
    assert set(colleagues_of(actor=Actor(here.boss))) == {here.boss, here.agent, here.schools}
    assert set(colleagues_of(actor=Actor(here.schools))) == {here.boss, here.agent, here.schools}
    assert set(colleagues_of(actor=Actor(here.boss), structure=here.other)) == set()
    assert set(colleagues_of(actor=Actor(here.stranger))) == {here.stranger}
    assert set(colleagues_of(actor=Actor(here.reader))) == set()


def test_the_buyer_reads_of_it_and_the_supplier_does_not(here: Town, at: datetime) -> None:
    gives("CULT", here.agent, here.boss, at)
    history = list(of("CULT").history.all())

    def read(side: Side) -> list[str]:
        steps = story_of(invoice=of("CULT"), history=history, side=side)
        return [step.assignee for step in steps if step.event is Event.Kind.ASSIGNED]

    assert (read(Side.BUYER), read(Side.SELLER), read(Side.VALIDATOR)) == ([str(here.agent)], [], [])


def test_it_ends_with_a_new_recipient(here: Town, at: datetime) -> None:
    gives("CULT", here.agent, here.boss, at)
    process(invoice=of("CULT"), action=Action.SEND_BACK, actor=Actor(here.agent), at=at, reason_code="SIRET_ERR")
    later = at + timedelta(hours=1)
    recycle(invoice=of("CULT"), routing=Routing(buyer=here.other), comment="", actor=Actor(here.artist), at=later)
    assert of("CULT").assigned_to is None


def test_to_whom_it_was_given_is_in_the_chain(here: Town, at: datetime) -> None:
    gives("CULT", here.agent, here.boss, at)
    event = Event.objects.get(kind=Event.Kind.ASSIGNED)
    assert all(isinstance(found, Head) for found in histories.looked_at(invoices=[of("CULT").pk]))
    before = (
        Event.objects.filter(invoice=event.invoice, sequence=event.sequence - 1).first() if event.sequence else None
    )
    digest = before.digest if before else ""
    assert histories.digest_of(event, uid=str(event.invoice.uid), before=digest) == event.digest
    event.assignee = here.boss
    assert histories.digest_of(event, uid=str(event.invoice.uid), before=digest) != event.digest
