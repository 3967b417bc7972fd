"""Who may ask whom, who sees and answers, what each step leads to, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.attachments import UploadRefused
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.tickets import operations, queries
from plainchant.portal.tickets.models import MAX_TEXT, Ticket, TicketFile, TicketMessage
from plainchant.portal.tickets.operations import TicketHasChanged, TicketQuestion, TicketRefused
from plainchant.portal.tickets.permissions import SEE_TICKET, SEE_TICKET_FILE
from plainchant.portal.tickets.subjects import Step, Subject, TicketState
from tests.making import (
    a_draft,
    a_member,
    a_person,
    a_service,
    a_structure,
    a_town,
    an_attachment,
    an_upload,
    made_available,
    put_in,
)

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """An invoice to a service, its supplier's artist, and people of the town: its chief, one helper, one reader."""

    invoice: Invoice
    town: Structure
    culture: Service
    artist: User
    chief: User
    helper: User
    reader: User


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at)
        culture = a_service(structure=town)
        artist = a_member(structure=seller, at=at)
        chief = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        helper, reader = a_person(at=at, name="Aide"), a_person(at=at, name="Lectrice")
        an_attachment(person=helper, structure=town, at=at, profiles=[AccessProfile.HELP], services=[culture])
        an_attachment(person=reader, structure=town, at=at, profiles=[AccessProfile.PROCESS])
        invoice = a_draft(seller=seller, user=artist, at=at, buyer=town, buyer_service=culture)
        submit(draft=invoice.draft, actor=Actor(artist), at=at)
        made_available(invoice=invoice, at=at)
        return World(invoice, town, culture, artist, chief, helper, reader)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def asked(world: World, at: datetime, *, to_body: bool = True, **changes: Any) -> Ticket:
    uploads = changes.pop("uploads", [])
    actor = changes.pop("actor", Actor(world.artist))
    about = {"subject": Subject.PAYMENT, "title": "Quand ?", "text": "Bonjour.", "invoice": world.invoice}
    question = TicketQuestion(**{**about, "to_body": to_body, **changes})
    return operations.ask(question=question, uploads=uploads, actor=actor, at=at)


def told() -> list[str]:
    return list(Message.objects.filter(kind="ticket").order_by("pk").values_list("recipient", flat=True))


# ---- who may ask ----


def test_nobody_asks_about_an_invoice_that_they_do_not_see(world: World, at: datetime) -> None:
    for actor in (Actor(a_person(at=at)), Actor(a_member(structure=a_structure(at=at), at=at)), SYSTEM):
        for to_body in (True, False):
            with pytest.raises(NotAllowed):
                asked(world, at, to_body=to_body, actor=actor)
    gone = a_person(at=at)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for actor in (Actor(User.objects.get(pk=gone.pk)), SYSTEM):
        with pytest.raises(NotAllowed):
            asked(world, at, to_body=False, invoice=None, actor=actor)
    assert not Ticket.objects.exists()


def test_a_body_is_asked_by_suppliers_about_an_invoice_that_was_sent(world: World, at: datetime) -> None:
    draft = a_draft(seller=world.invoice.seller, user=world.artist, at=at, buyer=world.town)
    for changes in ({"invoice": None}, {"invoice": draft}, {"actor": Actor(world.reader)}):
        with pytest.raises(TicketRefused) as refused:
            asked(world, at, **changes)
        assert refused.value.code == "ticket_without_invoice"
    assert asked(world, at, to_body=False, actor=Actor(world.reader)).body is None
    assert asked(world, at, to_body=False, invoice=None).invoice is None


def test_a_body_hears_of_no_invoice_that_waits_for_its_validator(world: World, at: datetime) -> None:
    put_in(Status.TO_VALIDATE_1, pk=world.invoice.pk)
    world.invoice.refresh_from_db()
    with pytest.raises(TicketRefused) as refused:
        asked(world, at)
    assert refused.value.code == "ticket_without_invoice"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "ticket_without_words"),
        ({"text": " "}, "ticket_without_words"),
        ({"text": "x" * (MAX_TEXT + 1)}, "ticket_too_long"),
        ({"uploads": [an_upload(content=b"x", name=f"{n}.pdf") for n in range(6)]}, "ticket_too_many_files"),
        ({"uploads": [an_upload(content=b"x", name="virus.exe")]}, "file_extension_refused"),
        ({"uploads": [an_upload(content=b"x", name="a.pdf")] * 2}, "file_name_taken"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_kept(
    world: World, at: datetime, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises((TicketRefused, UploadRefused)) as refused:
        asked(world, at, **changes)
    assert refused.value.code == code
    assert not Ticket.objects.exists()


# ---- who sees it, who answers ----


def test_a_ticket_is_seen_by_whoever_asked_and_by_those_who_answer_there(world: World, at: datetime) -> None:
    ticket = asked(world, at)
    assert (ticket.body, ticket.service) == (world.town, world.culture)
    operator = a_person(at=at, operator_since=at, mail_codes_since=at)
    other_helper = a_person(at=at)
    roads = a_service(structure=world.town, code="VOIRIE")
    an_attachment(person=other_helper, structure=world.town, at=at, profiles=[AccessProfile.HELP], services=[roads])
    colleague = a_member(structure=world.invoice.seller, at=at)
    seeing = {
        person
        for person in (
            world.artist, world.chief, world.helper, world.reader, operator, other_helper, colleague
        )
        if SEE_TICKET.reached_by(Actor(person)).exists()
    }  # fmt: skip
    assert seeing == {world.artist, world.chief, world.helper}
    assert not SEE_TICKET.reached_by(SYSTEM).exists()
    User.objects.filter(pk=world.artist.pk).update(is_active=False)
    assert not queries.asked_by(actor=Actor(world.artist)).exists()


def test_what_is_asked_of_the_portal_is_for_operators_with_a_second_factor(world: World, at: datetime) -> None:
    ticket = asked(world, at, to_body=False)
    operator, without = a_person(at=at, operator_since=at, mail_codes_since=at), a_person(at=at, operator_since=at)
    assert list(queries.received_for(actor=Actor(operator), right=Right.ANSWER_TICKETS)) == [ticket]
    for person in (without, world.chief, world.helper):
        assert not queries.received_for(actor=Actor(person), right=Right.ANSWER_TICKETS).exists()


def test_a_file_is_kept_and_seen_with_its_ticket(world: World, at: datetime) -> None:
    asked(world, at, uploads=[an_upload(content=b"x", name="ecran.png")])
    [file] = TicketFile.objects.all()
    assert file.name == "ecran.png"
    for person, sees in ((world.artist, True), (world.helper, True), (world.reader, False)):
        assert SEE_TICKET_FILE.reached_by(Actor(person)).filter(pk=file.pk).exists() is sees


# ---- the thread ----


def test_each_step_leads_to_its_state_and_the_other_side_is_told(world: World, at: datetime) -> None:
    ticket = asked(world, at)
    assert told() == sorted([world.chief.email, world.helper.email])
    steps = [
        (Step.ASKED_MORE, TicketState.ASKS_MORE),
        (Step.ANSWERED, TicketState.ANSWERED),
        (Step.CLOSED, TicketState.CLOSED),
    ]
    for minutes, (step, state) in enumerate(steps, start=1):
        when = at + timedelta(minutes=minutes)
        operations.answer(ticket=ticket, step=step, text="Voici.", uploads=[], actor=Actor(world.helper), at=when)
        assert Ticket.objects.get().state == state
    assert told()[2:] == [world.artist.email] * 3
    operations.add(ticket=ticket, text="Encore.", uploads=[], actor=Actor(world.artist), at=at + timedelta(hours=1))
    assert Ticket.objects.get().state == TicketState.OPEN
    operations.add(
        ticket=ticket, text="", uploads=[], actor=Actor(world.artist), at=at + timedelta(hours=2), closes=True
    )
    assert Ticket.objects.get().state == TicketState.CLOSED
    assert [message.step for message in TicketMessage.objects.all()] == [
        Step.ASKED, Step.ASKED_MORE, Step.ANSWERED, Step.CLOSED, Step.REOPENED, Step.CLOSED,
    ]  # fmt: skip
    assert len(told()) == 7  # whoever closes tells nobody


def test_only_those_who_answer_answer_and_only_whoever_asked_adds(world: World, at: datetime) -> None:
    ticket = asked(world, at)
    for person in (world.artist, world.reader):
        with pytest.raises(NotAllowed):
            operations.answer(ticket=ticket, step=Step.ANSWERED, text="Non.", uploads=[], actor=Actor(person), at=at)
    for person in (world.chief, world.helper):
        with pytest.raises(NotAllowed):
            operations.add(ticket=ticket, text="Non.", uploads=[], actor=Actor(person), at=at)
    with pytest.raises(ValueError, match="not for those who answer"):
        operations.answer(ticket=ticket, step=Step.ADDED, text="x", uploads=[], actor=Actor(world.helper), at=at)
    assert TicketMessage.objects.count() == 1


def test_two_who_write_at_once_read_each_other_first(world: World, at: datetime) -> None:
    ticket, helper = asked(world, at), Actor(world.helper)

    def answers(read: Ticket, *, step: Step = Step.ANSWERED, minutes: int = 0) -> None:
        when = at + timedelta(minutes=minutes)
        operations.answer(ticket=read, step=step, text="Oui.", uploads=[], actor=helper, at=when)

    asked_now = deepcopy(ticket)
    answers(ticket)  # in the same instant: the state alone has changed
    with pytest.raises(TicketHasChanged):
        answers(asked_now)
    answered = deepcopy(ticket)
    answers(ticket, minutes=1)  # the instant alone has changed
    with pytest.raises(TicketHasChanged):
        answers(answered, minutes=2)
    answers(ticket, step=Step.CLOSED, minutes=3)
    with pytest.raises(TicketHasChanged):  # it is closed: whoever asked may open it again
        answers(ticket, minutes=4)
    assert TicketMessage.objects.count() == 4


def test_an_address_of_the_service_is_told_alone_and_operators_of_what_is_theirs(world: World, at: datetime) -> None:
    Service.objects.filter(pk=world.culture.pk).update(email="culture@ville.example")
    world.invoice.buyer_service.refresh_from_db()
    a_person(at=at, operator_since=at, email="exploitante@portail.example")
    gone = a_person(at=at, operator_since=at, email="partie@portail.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    asked(world, at, text="Un secret")
    asked(world, at, to_body=False)
    assert told() == ["culture@ville.example", "exploitante@portail.example"]
    assert "Un secret" not in "".join(Message.objects.values_list("body", flat=True))


def test_a_ticket_is_found_by_its_number_its_words_and_its_invoice(world: World, at: datetime) -> None:
    ticket = asked(world, at, title="Le RIB a changé")
    other = asked(world, at, invoice=None, to_body=False)
    operations.add(ticket=other, text="", uploads=[], actor=Actor(world.artist), at=at, closes=True)
    everything = queries.asked_by(actor=Actor(world.artist))
    for text in (ticket.number, ticket.number.lower(), ticket.number[2:], "rib", world.invoice.number):
        assert list(queries.matching(tickets=everything, text=text)) == [ticket], text
    assert set(queries.matching(tickets=everything, text="")) == {ticket, other}
    assert list(queries.matching(tickets=everything, text="", only_open=True)) == [ticket]
