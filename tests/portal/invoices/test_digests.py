"""Lists in place of a mail for each invoice: what they tell, once, and no more than the pages would."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from plainchant.einvoice.model import Header
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import digests
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import LotFile, LotInvoice, carry_lot, deposit_lot
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.operations import complete, process
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.notices.rhythms import Rhythm
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Space
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.structures.models import Service, Structure
from plainchant.tasks.sweep import sweep
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment
from tests.portal.notices.test_notices import wants

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@dataclass
class World:
    """A supplier, and a town with an address, a service, its manager, and an agent of the service."""

    seller: Structure
    artist: User
    town: Structure
    culture: Service
    chief: User
    agent: User
    document: StoredFile


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, email="courrier@ville.example")
        culture = a_service(structure=town)
        agent = a_person(at=at, name="Agent")
        an_attachment(person=agent, structure=town, at=at, profiles=[AccessProfile.PROCESS], services=[culture])
        artist = a_member(structure=seller, at=at, is_manager=True)
        chief = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        document = keep(file=ContentFile(b"x"), name="f.pdf", media_type="application/pdf", at=at)
        register(kept=[document])
        return World(seller, artist, town, culture, chief, agent, document)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def arrives(world: World, at: datetime, *numbers: str, services: list[Service] | None = None) -> list[Invoice]:
    """Invoices of ten euros each, made available."""
    targets = services or [None] * len(numbers)
    lot = [
        LotInvoice(
            seller=world.seller,
            values={
                "number": number,
                "buyer": world.town,
                "buyer_service": service,
                "issue_date": day_in_paris(at),
                "payable_amount": Decimal(10),
            },
            document=Header(number=number),
            files=[LotFile(stored=world.document, role=InvoiceFile.Role.INVOICE, name="f.pdf")],
        )
        for number, service in zip(numbers, targets, strict=True)
    ]
    invoices = deposit_lot(lot=lot, deposit_mode=DepositMode.FLOW, actor=Actor(world.artist), at=at)
    carry_lot(uids=[str(invoice.uid) for invoice in invoices], at=at)
    return list(Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]).order_by("pk"))


def lists_of(person: User) -> list[Message]:
    return list(Message.objects.filter(kind="invoice_list", recipient=person.notice_address).order_by("pk"))


def daily(person: User, at: datetime) -> list[Message]:
    """The lists that the person has had once that of this instant has been asked for twice."""
    for _ in range(2):
        digests.tell(person=person, rhythm=Rhythm.DAILY, at=at)
    return lists_of(person)


def test_on_a_day_on_which_nothing_moved_no_invoice_is_read(
    world: World, at: datetime, django_assert_max_num_queries: Any
) -> None:
    arrives(world, at, "F-1")
    daily(world.chief, at + A_DAY)
    digests.tell(person=world.chief, rhythm=Rhythm.DAILY, at=at + 2 * A_DAY)  # its texts are written from here on
    with django_assert_max_num_queries(11) as quiet:
        assert not digests.tell(person=world.chief, rhythm=Rhythm.DAILY, at=at + 3 * A_DAY)
    assert not any("notices_noticechoice" in query["sql"] for query in quiet.captured_queries)


def test_what_arrived_is_told_once_the_next_morning(world: World, at: datetime) -> None:
    arrives(world, at, "F-1", "F-2")
    assert daily(world.chief, at) == []
    [mail] = daily(world.chief, at + A_DAY)
    assert mail.subject == "2 factures à traiter, « Commune de Valbrume »"
    assert "Facture F-1, «\xa0Atelier Lumen\xa0»\xa0: 10,00\xa0€" in mail.body
    assert "Voir tout ce qui est à traiter (2)" in mail.body
    assert daily(world.chief, at + 2 * A_DAY) == [mail]  # nothing new, no mail


def test_who_may_only_read_them_is_asked_to_do_nothing(world: World, at: datetime) -> None:
    reader = a_person(at=at, name="Lectrice")
    an_attachment(person=reader, structure=world.town, at=at, profiles=[AccessProfile.READ])
    daily(reader, at)
    arrives(world, at, "F-1")
    [mail] = daily(reader, at + A_DAY)
    assert mail.subject == "1 facture à consulter, « Commune de Valbrume »"
    assert "traiter" not in mail.body
    assert "/recues/toutes/" in mail.body


def test_a_portal_that_was_away_for_days_catches_up_once(world: World, at: datetime) -> None:
    daily(world.chief, at)
    arrives(world, at, "F-1")
    arrives(world, at + A_DAY, "F-2")
    [mail] = daily(world.chief, at + 5 * A_DAY)
    assert "F-1" in mail.body
    assert "F-2" in mail.body


def test_an_agent_of_a_service_reads_of_it_alone(world: World, at: datetime) -> None:
    arrives(world, at, "F-1", "C-1", services=[a_service(structure=world.town, code="VOIRIE"), world.culture])
    [mail] = daily(world.agent, at + A_DAY)
    assert "C-1" in mail.body
    assert "F-1" not in mail.body


def test_what_a_colleague_has_dealt_with_is_no_longer_told(world: World, at: datetime) -> None:
    [dealt_with, _] = arrives(world, at, "F-1", "F-2")
    process(invoice=dealt_with, action=Action.CONFIRM_SERVICE, actor=Actor(world.chief), at=at)
    [mail] = daily(world.chief, at + A_DAY)
    assert "F-1" not in mail.body


def test_an_invoice_that_was_told_at_once_is_in_no_list(world: World, at: datetime) -> None:
    Structure.objects.filter(pk=world.town.pk).update(email="")
    world.town.refresh_from_db()
    [invoice] = arrives(world, at, "F-1")  # the manager hears at once: there is no address
    assert daily(world.chief, at + A_DAY) == []
    process(invoice=invoice, action=Action.SUSPEND, actor=Actor(world.chief), at=at + A_DAY, reason_code="JUSTIF_ABS")
    complete(invoice=invoice, files=[], comment="Voilà", actor=Actor(world.artist), at=at + A_DAY)
    assert daily(world.chief, at + 2 * A_DAY) == []
    assert Message.objects.filter(kind="invoice_completed", recipient=world.chief.email).count() == 1


def test_an_invoice_that_was_completed_is_told_again(world: World, at: datetime) -> None:
    [invoice] = arrives(world, at, "F-1")
    daily(world.chief, at + A_DAY)
    process(invoice=invoice, action=Action.SUSPEND, actor=Actor(world.chief), at=at + A_DAY, reason_code="JUSTIF_ABS")
    complete(invoice=invoice, files=[], comment="Voilà", actor=Actor(world.artist), at=at + A_DAY)
    assert len(daily(world.chief, at + 2 * A_DAY)) == 2


def test_what_happened_under_a_former_choice_is_told_in_its_rhythm(world: World, at: datetime) -> None:
    wants(world.chief, Rhythm.WEEKLY, at - A_DAY)
    arrives(world, at, "F-1")
    wants(world.chief, Rhythm.DAILY, at + timedelta(hours=1))
    arrives(world, at + timedelta(hours=2), "F-2")
    [mail] = daily(world.chief, at + A_DAY)
    assert "F-2" in mail.body
    assert "F-1" not in mail.body
    digests.tell(person=world.chief, rhythm=Rhythm.WEEKLY, at=at + 7 * A_DAY)
    [_, weekly] = lists_of(world.chief)
    assert "F-1" in weekly.body
    assert "F-2" not in weekly.body


def test_whoever_is_gone_or_wants_no_mail_has_no_list(world: World, at: datetime) -> None:
    wants(world.chief, Rhythm.NEVER, at - A_DAY)
    arrives(world, at, "F-1", services=[world.culture])
    world.agent.memberships.update(state="SUPPRIMEE")
    assert daily(world.chief, at + A_DAY) == daily(world.agent, at + A_DAY) == []


def test_a_supplier_reads_what_became_of_the_invoices_but_for_what_is_urgent(world: World, at: datetime) -> None:
    wants(world.artist, Rhythm.DAILY, at - A_DAY, Space.ISSUED)
    _, suspended = arrives(world, at, "F-1", "F-2")
    process(invoice=suspended, action=Action.SUSPEND, actor=Actor(world.chief), at=at, reason_code="JUSTIF_ABS")
    [urgent] = Message.objects.filter(kind="invoice_status", recipient=world.artist.email)
    assert urgent.subject == "Facture F-2 : suspendue"
    [mail] = daily(world.artist, at + A_DAY)
    assert mail.subject == "Des nouvelles de 1 facture, « Atelier Lumen »"
    assert "Facture F-1\xa0: mise à disposition" in mail.body
    assert "F-2" not in mail.body


def test_a_list_names_thirty_and_counts_the_others(world: World, at: datetime) -> None:
    arrives(world, at, *(f"F-{number:02}" for number in range(32)))
    [mail] = daily(world.chief, at + A_DAY)
    assert mail.subject.startswith("32 factures")
    assert "F-29" in mail.body
    assert "F-30" not in mail.body
    assert "et 2 autres" in mail.body


@pytest.mark.one_database
def test_a_hospital_is_told_once_an_invoice_however_many_people_work_there(world: World, at: datetime) -> None:
    services = [a_service(structure=world.town, code=f"S-{n:03}", email=f"s{n}@ville.example") for n in range(200)]
    agents = [a_member(structure=world.town, at=at - A_DAY, name=f"N{number}") for number in range(50)]
    arrives(world, at, *(f"H-{number}" for number in range(200)), services=services)
    notices = Message.objects.filter(kind="invoice_available")
    assert notices.count() == 200
    assert set(notices.values_list("recipient", flat=True)) == {service.email for service in services}
    Job.objects.all().delete()
    sweep(at=at + A_DAY)
    asked = Job.objects.filter(task=digests.TELL)
    assert {job.arguments["person"] for job in asked} == {person.pk for person in (*agents, world.chief, world.agent)}
    assert len(daily(agents[0], at + A_DAY)) == 1
