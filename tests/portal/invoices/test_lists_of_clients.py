"""Mails to people who act for others by a delegation: one list for all clients, and never more than a page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import digests
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice, Notice
from plainchant.portal.invoices.operations import process
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.notices import muting, operations, queries
from plainchant.portal.notices.models import NoticeChoice
from plainchant.portal.notices.rhythms import Rhythm
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.structures import delegations
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.models import Delegation, Grant, Membership, Structure
from plainchant.tasks.sweep import sweep
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment, thawed
from tests.portal.invoices.test_digests import World, arrives, daily

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@dataclass
class Clients:
    """An office with somebody who does everything there, and its clients: two suppliers and the town they invoice."""

    office: Structure
    clerk: User
    lumen: World
    nocturne: World

    @property
    def worlds(self) -> tuple[World, World]:
        return self.lumen, self.nocturne


def delegated(client: Structure, office: Structure, at: datetime, *profiles: AccessProfile) -> Delegation:
    by = User.objects.filter(memberships__structure=client)[0]
    day = day_in_paris(at) - 2 * A_DAY
    delegation = Delegation.objects.create(
        client=client, delegate=office, begins_on=day, created_at=at - 2 * A_DAY, created_by=by
    )
    give(holder=delegation, profiles=profiles or [AccessProfile.EVERYTHING])
    return delegation


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Clients:
    with once_a_module():
        town = a_town(at=at, email="courrier@ville.example")
        chief = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        document = keep(file=ContentFile(b"x"), name="f.pdf", media_type="application/pdf", at=at)
        register(kept=[document])
        worlds = []
        for name in ("Atelier Lumen", "Studio Nocturne"):
            seller = a_structure(at=at, name=name)
            artist = a_member(structure=seller, at=at, name=name.split()[1], is_manager=True)
            worlds.append(World(seller, artist, town, a_service(structure=town, code=name[:3]), chief, chief, document))
        office = a_structure(at=at, name="Cabinet Mercier")
        clerk = a_member(structure=office, at=at - 3 * A_DAY, name="Claire")
        for client in (*(world.seller for world in worlds), town):
            delegated(client, office, at)
        return Clients(office, clerk, *worlds)


@pytest.fixture
def clients(built: Clients) -> Clients:
    return deepcopy(built)


def wants_for_clients(person: User, rhythm: Rhythm, at: datetime) -> None:
    [topic] = [topic for topic in queries.topics_of(actor=Actor(person)) if topic.space is None]
    operations.choose(chosen={topic.key: rhythm}, actor=Actor(person), at=at)


def suspended(world: World, number: str, at: datetime) -> None:
    [invoice] = arrives(world, at, number)
    process(invoice=invoice, action=Action.SUSPEND, actor=Actor(world.chief), at=at, reason_code="JUSTIF_ABS")


def told_at_once(person: User) -> list[Message]:
    return list(Message.objects.filter(kind="invoice_of_client", recipient=person.notice_address).order_by("pk"))


def plain(mail: Message) -> str:
    """The subject, with ordinary blanks."""
    return mail.subject.replace("\xa0", " ")


def test_one_list_tells_of_all_clients_what_waits_for_them_first(clients: Clients, at: datetime) -> None:
    arrives(clients.lumen, at, "L-1", "L-2")
    suspended(clients.nocturne, "N-1", at)
    arrives(clients.nocturne, at, "N-2")
    assert daily(clients.clerk, at) == []
    [mail] = daily(clients.clerk, at + A_DAY)
    assert mail.subject == "Vos 3 clients : 3 factures à traiter, des nouvelles de 4 factures"
    body = mail.body.replace("\xa0", " ")
    heads = ["« Studio Nocturne » : des nouvelles de 2 factures.", "« Atelier Lumen » : des nouvelles de 2 factures."]
    places = [body.index(head) for head in heads]
    assert places == sorted(places)
    assert "« Commune de Valbrume » : 3 factures à traiter." in body
    assert body.index("N-1 : suspendue") < body.index("N-2 : mise à disposition")
    assert mail.mute_token
    assert len([part for part in mail.content["parts"] if "rows" in part]) == 3  # the HTML is made of the same
    assert daily(clients.clerk, at + A_DAY + timedelta(hours=3)) == [mail]  # one a day


def test_a_delegation_that_has_ended_tells_nothing_of_what_happened_before(clients: Clients, at: datetime) -> None:
    wants_for_clients(clients.clerk, Rhythm.DAILY, at - A_DAY)
    for world in clients.worlds:
        suspended(world, "F-1", at)
    nocturne = Delegation.objects.get(client=clients.nocturne.seller)
    delegations.end(delegation=nocturne, actor=Actor(clients.nocturne.artist), at=at)
    Delegation.objects.filter(client=clients.lumen.town).update(ends_on=day_in_paris(at) - A_DAY)
    [mail] = daily(clients.clerk, at + A_DAY)
    assert plain(mail) == "Votre client « Atelier Lumen » : des nouvelles de 1 facture"
    assert "Nocturne" not in mail.body
    Delegation.objects.update(ended_at=at, ended_by=clients.lumen.artist)
    arrives(clients.lumen, at + A_DAY, "F-2")
    assert daily(clients.clerk, at + 2 * A_DAY) == [mail]
    assert all(topic.space for topic in queries.topics_of(actor=Actor(clients.clerk)))


def test_a_mail_says_no_more_than_a_page(clients: Clients, at: datetime) -> None:
    """What the client opened, and what the person has over their own structure: both limit it."""
    reading = a_person(at=at, name="Rémi")
    an_attachment(person=reading, structure=clients.office, at=at, profiles=[AccessProfile.READ])
    Grant.objects.filter(delegation__client=clients.lumen.seller).delete()
    give(
        holder=Delegation.objects.get(client=clients.lumen.seller), profiles=[AccessProfile.READ]
    )  # of a supplier that receives nothing
    for world in clients.worlds:
        arrives(world, at, f"{world.seller.name[0]}-1")
    [mail] = daily(clients.clerk, at + A_DAY)
    assert "Votre client" not in mail.subject
    assert "des nouvelles de 1 facture" in mail.subject  # of the other one
    [mail] = daily(reading, at + A_DAY)
    assert "2 factures à consulter" in mail.subject
    assert "des nouvelles" not in mail.subject
    for person in (clients.clerk, reading):
        wants_for_clients(person, Rhythm.AT_ONCE, at + A_DAY)
    for world in clients.worlds:
        suspended(world, f"{world.seller.name[0]}-2", at + 2 * A_DAY)
    subjects = [plain(mail) for mail in told_at_once(reading)]
    assert subjects == [
        "Facture A-2, « Atelier Lumen » : à consulter",
        "Facture S-2, « Studio Nocturne » : à consulter",
    ]
    of_clerk = [plain(mail) for mail in told_at_once(clients.clerk)]
    processed = [subject.replace("consulter", "traiter") for subject in subjects]
    assert sorted(of_clerk) == sorted([*processed, "Facture S-2 : suspendue"])


def test_the_clients_own_notices_are_the_same_and_the_legal_one_leaves_once(clients: Clients, at: datetime) -> None:
    suspended(clients.lumen, "F-1", at)
    alone = set(Message.objects.values_list("kind", "recipient", "subject"))
    wants_for_clients(clients.clerk, Rhythm.AT_ONCE, at)
    suspended(clients.lumen, "F-2", at + A_DAY)
    with_delegate = set(Message.objects.exclude(kind="invoice_of_client").values_list("kind", "recipient", "subject"))
    assert {(kind, to, subject.replace("F-2", "F-1")) for kind, to, subject in with_delegate} == alone
    for number in ("F-1", "F-2"):
        [notice] = Notice.objects.filter(invoice__number=number).select_related("message")
        assert notice.message.recipient == "courrier@ville.example"
    received, issued = told_at_once(clients.clerk)
    assert "Pour votre client «\xa0Commune de Valbrume\xa0»" in received.body
    assert "art. R2192-15" not in received.body
    assert plain(issued) == "Facture F-2 : suspendue"
    assert received.mute_token


def test_a_body_that_nobody_can_be_told_of_stays_so_however_many_delegates_there_are(
    clients: Clients, at: datetime
) -> None:
    Structure.objects.filter(pk=clients.lumen.town.pk).update(email="")
    clients.lumen.town.refresh_from_db()
    Membership.objects.filter(structure=clients.lumen.town).update(state=Membership.State.DISABLED)
    wants_for_clients(clients.clerk, Rhythm.AT_ONCE, at)
    [invoice] = arrives(clients.lumen, at, "F-1")
    assert len(told_at_once(clients.clerk)) == 1
    assert invoice.notice_written_at is None


def test_whoever_is_attached_to_the_client_too_is_told_as_one_of_its_own(clients: Clients, at: datetime) -> None:
    an_attachment(person=clients.clerk, structure=clients.nocturne.seller, at=at)
    wants_for_clients(clients.clerk, Rhythm.AT_ONCE, at)
    suspended(clients.nocturne, "F-1", at)
    recipients = Message.objects.filter(kind="invoice_status").values_list("recipient", flat=True)
    assert clients.clerk.notice_address in recipients
    subjects = [plain(mail) for mail in told_at_once(clients.clerk)]
    assert subjects == ["Facture F-1, « Studio Nocturne » : à traiter"]


def test_the_link_of_such_a_mail_stops_those_of_clients_alone(clients: Clients, at: datetime) -> None:
    wants_for_clients(clients.clerk, Rhythm.AT_ONCE, at)
    arrives(clients.lumen, at, "F-1")
    asked = muting.read(told_at_once(clients.clerk)[0].mute_token)
    assert asked is not None
    operations.mute(muting=asked, at=at + A_DAY)
    assert [(row.space, row.rhythm) for row in NoticeChoice.objects.order_by("pk")] == [
        ("", Rhythm.AT_ONCE),
        ("", Rhythm.NEVER),
    ]
    arrives(clients.lumen, at + A_DAY, "F-2")
    assert daily(clients.clerk, at + 2 * A_DAY) == []


def test_the_sweep_asks_for_the_lists_of_those_who_have_clients(clients: Clients, at: datetime) -> None:
    idle = a_member(structure=a_structure(at=at), at=at - 3 * A_DAY)
    assert clients.clerk in queries.due(rhythm=Rhythm.DAILY, at=at + A_DAY)
    assert idle not in queries.due(rhythm=Rhythm.DAILY, at=at + A_DAY)
    wants_for_clients(clients.clerk, Rhythm.WEEKLY, at)
    suspended(clients.lumen, "F-1", at + timedelta(minutes=1))
    assert daily(clients.clerk, at + A_DAY) == []
    assert digests.tell(person=clients.clerk, rhythm=Rhythm.WEEKLY, at=at + 7 * A_DAY)
    Job.objects.all().delete()
    sweep(at=at + 8 * A_DAY)
    assert clients.clerk.pk in {job.arguments["person"] for job in Job.objects.filter(task=digests.TELL)}


@pytest.mark.one_database
def test_a_list_of_three_hundred_clients_is_one_mail_and_asks_the_database_as_often(
    clients: Clients, at: datetime
) -> None:
    def asked(day: int) -> int:
        with CaptureQueriesContext(connection) as queried:
            assert digests.tell(person=clients.clerk, rhythm=Rhythm.DAILY, at=at + day * A_DAY)
        return len(queried)

    arrives(clients.lumen, at, "F-1")
    asked(1)
    arrives(clients.lumen, at + A_DAY, "F-2")
    few = asked(2)
    sellers = Structure.objects.bulk_create(
        Structure(nature="PRIVE", identifier=f"{n:014d}", name=f"Client {n:03}", created_at=at) for n in range(297)
    )
    by = clients.lumen.artist
    made = Delegation.objects.bulk_create(
        Delegation(client=client, delegate=clients.office, begins_on=day_in_paris(at), created_at=at, created_by=by)
        for client in sellers
    )
    Grant.objects.bulk_create(
        Grant(delegation=delegation, space="FACTURES_EMISES", mode="MODIFICATION") for delegation in made
    )
    arrives(clients.lumen, at + 2 * A_DAY, *(f"G-{n}" for n in range(297)))
    theirs = Invoice.objects.filter(number__startswith="G-")
    for invoice, seller in zip(theirs, sellers, strict=True):
        invoice.seller = seller
    with thawed():
        Invoice.objects.bulk_update(theirs, ["seller"])
    assert asked(3) == few
    [*_, mail] = daily(clients.clerk, at + 3 * A_DAY)
    assert mail.subject == "Vos 298 clients : 297 factures à traiter, des nouvelles de 297 factures"
    assert len(mail.body) < 80_000
