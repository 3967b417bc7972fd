"""One tenant never sees another: lists, counts and names, and rights that end. Pages about an object: `test_matrix`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drops.models import DroppedFile
from plainchant.portal.drops.operations import hand_in
from plainchant.portal.hooks.models import Webhook
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.mandates.operations import attach as attach_to_mandate
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Space
from plainchant.portal.structures import delegations, space_requests
from plainchant.portal.structures.invitations import invite
from plainchant.portal.structures.models import BankAccount, Membership, SpaceRequest, Structure
from plainchant.portal.tickets import operations as tickets
from plainchant.portal.tickets.models import TicketFile
from plainchant.portal.tickets.operations import TicketQuestion
from plainchant.portal.tickets.subjects import Subject
from plainchant.web.routes import declared_routes
from tests.making import (
    a_draft,
    a_mandate,
    a_member,
    a_person,
    a_program,
    a_structure,
    a_town,
    an_application,
    an_attachment,
    an_entry,
    an_invoice_pdf,
    an_upload,
    made_available,
)
from tests.portal.flows.making_flows import invoice
from tests.portal.flows.making_flows import sent as a_flow
from tests.portal.library.test_library import keep

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Each address about an object, with the permissions that its methods ask.
OBJECT_ROUTES: dict[str, set[str]] = {}
for _address, _, _permission in declared_routes():
    if "<uuid:uid>" in _address:
        OBJECT_ROUTES.setdefault(_address, set()).add(_permission.name)


@dataclass
class World:
    """A supplier and a town with one invoice between them, and people who have no business with either."""

    artist: User
    agent: User
    draft: Invoice
    sent: Invoice
    strangers: dict[str, User]
    objects: dict[str, list[uuid.UUID]]  # by the name of a permission


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        return a_world(at=at)


def a_world(*, at: datetime) -> World:
    seller, town = a_structure(at=at, name="Atelier Canari"), a_town(at=at, name="Commune de Canari")
    artist = a_member(structure=seller, at=at, is_manager=True)
    agent = a_member(structure=town, at=at, name="Basile")
    draft = a_draft(seller=seller, user=artist, at=at, buyer=town)
    [attached] = attach(
        draft=draft.draft, uploads=[an_upload(content=b"x", name="rib.txt")], actor=Actor(artist), at=at
    )
    sent = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=sent.draft, actor=Actor(artist), at=at)
    made_available(invoice=sent, at=at)
    account = BankAccount.objects.create(
        structure=seller, label="C", iban="FR7600000000010000000017736", created_at=at, created_by=artist
    )
    pending = a_person(at=at, name="Candide")
    asked = Membership.objects.create(user=pending, structure=seller, state=Membership.State.PENDING, requested_at=at)
    invited = invite(structure=seller, actor=Actor(artist), email="i@example.org", profiles=[AccessProfile.READ], at=at)
    refused = a_person(at=at, name="Refusée")
    Membership.objects.create(user=refused, structure=town, state=Membership.State.REFUSED, requested_at=at)
    other_structure, other_town = a_structure(at=at, name="Autre"), a_town(at=at, name="Autre ville")
    strangers = {
        "nobody's member": a_person(at=at, name="Nemo"),
        "another supplier": a_member(structure=other_structure, at=at, name="Autre", is_manager=True),
        "another town": a_member(structure=other_town, at=at, name="Ailleurs", is_manager=True),
        "somebody whose request is pending": pending,
        "somebody whose request was refused": refused,
    }
    lot = a_flow(
        invoice("CANARI-1", seller=seller.identifier, buyer=town.identifier), structure=seller, user=artist, at=at
    )
    second = a_structure(at=at, name="Atelier Canari bis")
    an_attachment(person=artist, structure=second, at=at)
    dropped = hand_in(upload=an_upload(content=an_invoice_pdf(), name="canari.pdf"), actor=Actor(artist), at=at)
    assert isinstance(dropped, DroppedFile)
    mandate = a_mandate(structure=seller, by=artist, at=at)
    filed = attach_to_mandate(mandate=mandate, file=ContentFile(b"x"), name="pouvoir.txt", actor=Actor(artist), at=at)
    typed = an_entry(seller=seller, user=artist, at=at, buyer=town, number="CANARI-2")
    pieces = [
        keep(user=artist, at=at, name="canari.pdf").uid,
        keep(user=artist, at=at, name="canari.pdf", structure=seller).uid,
    ]
    files = [attached.uid, InvoiceFile.objects.get(invoice=sent).uid]
    both = [draft.uid, sent.uid, typed.invoice.uid]
    structures = [seller.uid, town.uid]
    objects = {
        "SEE_STRUCTURE": structures,
        "MANAGE_STRUCTURE": structures,
        "MANAGE_BANK_ACCOUNT": [account.uid],
        "CONFIRM_BANK_ACCOUNT": [account.uid],
        "DECIDE_MEMBERSHIP": [asked.uid],
        "MANAGE_MEMBERSHIP": [Membership.objects.get(structure=town, user=agent).uid],
        "MANAGE_INVITATION": [invited.uid],
        **_delegations(seller, artist, at=at),
        "MANAGE_TECHNICAL_ACCOUNT": [a_program(structure=seller, by=artist, at=at)[0].uid],
        "MANAGE_APPLICATION": [an_application(structure=seller, at=at)[0].uid],
        "MANAGE_WEBHOOKS": structures,
        "MANAGE_WEBHOOK": [
            Webhook.objects.create(
                structure=seller, url="https://a.example.org/", created_at=at, created_by=artist, told_until=0
            ).uid
        ],
        "SEE_COMMITMENTS": [town.uid],
        "KEEP_COMMITMENTS": [town.uid],
        "SEE_COMMITMENT": [
            Commitment.objects.create(structure=town, number="EJ-9", key="EJ9", amount=100, imported_at=at).uid
        ],
        "SEE_MANDATE": [mandate.uid],
        "SEE_MANDATE_FILE": [filed.uid],
        "GIVE_MANDATE": structures,
        "MANAGE_MANDATE": [mandate.uid],
        "SEE_PIECE": pieces,
        "CHANGE_PIECE": pieces,
        "ADD_STRUCTURE_PIECE": structures,
        "SEE_INVOICE_SETTINGS": structures,
        "MANAGE_INVOICE_SETTINGS": structures,
        "SEE_FLOW": [lot.uid],
        "SEND_FLOW": [lot.uid],
        "PREPARE_DROP": [dropped.drop.uid],
        "SEND_DROP": [dropped.drop.uid],
        "PREPARE_DROPPED_FILE": [dropped.uid],
        **dict.fromkeys(ISSUED, both),
        **dict.fromkeys(RECEIVED, both),
        **dict.fromkeys(VALIDATED, both),
        "SEE_VALIDATION_FILE": files,
        **dict.fromkeys(OF_WORKS, both),
        "SEE_WORKS_FILE": files,
        "SEE_ISSUED_FILE": files,
        "PREPARE_FILE": files,
        "SEE_RECEIVED_FILE": files,
        **_tickets(sent, artist, at=at),
    }
    return World(artist, agent, draft, sent, strangers, objects)


def _space_asked(seller: Structure, *, at: datetime) -> SpaceRequest:
    reader = a_person(at=at, name="Lectrice")
    an_attachment(person=reader, structure=seller, at=at, profiles=[AccessProfile.FOLLOW])
    return space_requests.ask(
        structure=seller, space=Space.ISSUED, mode=Mode.MODIFICATION, comment="", actor=Actor(reader), at=at
    )


def _delegations(seller: Structure, artist: User, *, at: datetime) -> dict[str, list[uuid.UUID]]:
    office, terms = (
        a_structure(at=at, name="Cabinet Canari"),
        delegations.Terms(profiles=[AccessProfile.INVOICE], begins_on=at.date()),
    )
    bookkeeper = Actor(a_member(structure=office, at=at, is_manager=True))
    given = delegations.delegate(structure=seller, siret=office.identifier, terms=terms, actor=Actor(artist), at=at)
    held = delegations.delegate(structure=office, siret=seller.identifier, terms=terms, actor=bookkeeper, at=at)
    other = a_structure(at=at, name="Collectif Canari")
    of_other = Actor(a_member(structure=other, at=at, is_manager=True))
    asked = {"structure": other, "siret": seller.identifier, "comment": "", "actor": of_other, "at": at}
    mine = {"structure": seller, "siret": other.identifier, "comment": "", "actor": Actor(artist), "at": at}
    return {
        "DECIDE_SPACE": [_space_asked(seller, at=at).uid],
        "MANAGE_DELEGATION": [given.uid],
        "RETURN_DELEGATION": [held.uid],
        "DECIDE_DELEGATION": [delegations.ask(**asked).uid],
        "WITHDRAW_DELEGATION_REQUEST": [delegations.ask(**mine).uid],
    }


def _tickets(sent: Invoice, artist: User, *, at: datetime) -> dict[str, list[uuid.UUID]]:
    question = TicketQuestion(subject=Subject.OTHER, title="Canari ?", text="Canari.", invoice=sent, to_body=True)
    ticket = tickets.ask(
        question=question, uploads=[an_upload(content=b"x", name="canari.png")], actor=Actor(artist), at=at
    )
    names = ("SEE_TICKET", "ADD_TO_TICKET", "ANSWER_TICKET")
    return {name: [ticket.uid] for name in names} | {
        "SEE_TICKET_FILE": [TicketFile.objects.get(message__ticket=ticket).uid]
    }


ISSUED = ("SEE_ISSUED_INVOICE", "PREPARE_INVOICE", "SEND_INVOICE", "ANSWER_INVOICE", "CHASE_PAYMENT")
VALIDATED = ("SEE_VALIDATION_INVOICE", "VALIDATE_INVOICE", "VALIDATE_AS_SECOND")
OF_WORKS = ("SEE_WORKS_PIECE", "WORK_AS_MOE", "WORK_AS_MOA")
RECEIVED = ("SEE_RECEIVED_INVOICE", "PROCESS_INVOICE", "PAY_INVOICE")


def addresses(world: World, address: str) -> list[str]:
    """The address of each object of the world by this route."""
    names = OBJECT_ROUTES[address]
    return [
        at_object(address, uid) for uid in dict.fromkeys(uid for name in sorted(names) for uid in world.objects[name])
    ]


def at_object(address: str, uid: uuid.UUID) -> str:
    concrete = address.replace("<int:number>", "1")
    concrete = concrete.replace("traiter/<slug:action>", "traiter/reject").replace(
        "payer/<slug:action>", "payer/pay-out"
    )
    concrete = concrete.replace("oeuvre/repondre/<slug:action>", "oeuvre/repondre/take-as-moe")
    concrete = concrete.replace("ouvrage/repondre/<slug:action>", "ouvrage/repondre/take-as-moa")
    concrete = concrete.replace("oeuvre/suivante/<slug:cadre>", "oeuvre/suivante/A15")
    concrete = concrete.replace("ouvrage/suivante/<slug:cadre>", "ouvrage/suivante/A19")
    concrete = concrete.replace("suivante/<slug:cadre>", "suivante/A8")
    concrete = concrete.replace("second/<slug:action>", "second/validate-second")
    concrete = concrete.replace("repondre/<slug:action>", "repondre/validate")
    concrete = concrete.replace("<str:coding>", "classic").replace("<str:syntax>", "cii")
    return concrete.replace("<uuid:uid>", str(uid))


def test_the_recipient_does_not_see_a_draft_addressed_to_her(world: World) -> None:
    agent = Client()
    agent.force_login(world.agent)
    assert agent.get(f"/recues/{world.draft.uid}/").status_code == 404
    assert agent.get(f"/recues/{world.sent.uid}/").status_code == 200
    assert world.draft.number not in agent.get("/recues/toutes/").content.decode()


def test_lists_hold_only_ones_own(world: World) -> None:
    for user in world.strangers.values():
        client = Client()
        client.force_login(user)
        lists = (
            "/",
            "/factures/",
            "/recues/",
            "/recues/toutes/",
            "/a-valider/toutes/",
            "/travaux/toutes/",
            "/structures/",
            "/deposer/",
            "/saisir/",
            "/pieces/",
        )
        for address in lists:
            content = client.get(address, follow=True).content.decode()
            assert world.sent.number not in content, address
            assert "Commune de Canari" not in content, address
            assert "canari.pdf" not in content, address


def test_a_right_taken_away_is_gone_at_the_next_click(world: World, at: datetime) -> None:
    client = Client()
    client.force_login(world.artist)
    assert client.get(f"/factures/{world.sent.uid}/").status_code == 200
    Membership.objects.filter(user=world.artist).update(state=Membership.State.DISABLED)
    assert client.get(f"/factures/{world.sent.uid}/").status_code == 404


@pytest.mark.parametrize("address", ["/factures/", "/recues/", "/recues/toutes/"])
def test_a_longer_list_does_not_ask_more_of_the_database(world: World, at: datetime, address: str) -> None:
    user = world.artist if address == "/factures/" else world.agent
    client = Client()
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    seller, town = world.sent.seller, world.sent.buyer
    for _ in range(5):
        more = a_draft(seller=seller, user=world.artist, at=at, buyer=town)
        submit(draft=more.draft, actor=Actor(world.artist), at=at)
        made_available(invoice=more, at=at)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_structure_is_never_reached_by_its_name_alone(world: World) -> None:
    structure = Structure.objects.get(name="Atelier Canari")
    client = Client()
    client.force_login(world.strangers["nobody's member"])
    assert "Canari" not in client.get(f"/structures/ajouter/{structure.identifier}/").content.decode()
