"""A structure is closed to new invoices and opened again, by the same people; what there is stays to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.directory import operations as directory
from plainchant.portal.directory.imports.records import BodyRecord
from plainchant.portal.directory.models import Entry
from plainchant.portal.directory.requirements import missing
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.checking import check
from plainchant.portal.drops import reading
from plainchant.portal.drops.models import DroppedFile
from plainchant.portal.drops.operations import hand_in_many
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import closing
from plainchant.portal.structures.closing import CannotClose, ClosedToInvoices
from plainchant.portal.structures.models import ActivityEntry, Structure
from tests.making import a_mandate, a_member, a_structure, a_town, an_entry, an_invoice_pdf, an_upload
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Structure]:
    with once_a_module():
        made = a_structure(at=at, name="Atelier Lumen", address_line="1 rue des Essais", postcode="31000")
        manager = a_member(structure=made, at=at, is_manager=True, name="Ada")
        a_member(structure=made, at=at, name="Grace")
        a_mandate(structure=made, by=manager, at=at)
        yield made


@pytest.fixture
def workshop(built: Structure) -> Structure:
    return Structure.objects.get(pk=built.pk)


def managing(structure: Structure) -> Actor:
    return Actor(structure.memberships.get(is_manager=True).user)


def test_a_public_body_is_not_its_managers_to_close(at: datetime) -> None:
    town = a_town(at=at)
    actor = Actor(a_member(structure=town, at=at, is_manager=True))
    for act in (closing.close, closing.reopen):
        with pytest.raises(CannotClose):
            act(structure=town, actor=actor, at=at)


def test_nothing_new_is_sent_in_the_name_of_a_closed_structure(workshop: Structure, at: datetime) -> None:
    actor, town = managing(workshop), a_town(at=at, address_line="1 place", postcode="06999")
    entry = an_entry(seller=workshop, user=actor.account, at=at, buyer=town)
    closing.close(structure=workshop, actor=actor, at=at)
    entry = type(entry).objects.get(pk=entry.pk)
    assert "CPRO-FOURNISSEUR-INACTIF" in [finding.rule for finding in check(draft=entry, at=at).stops]
    with pytest.raises(WouldBeRefused):
        drafts.submit(draft=entry, actor=actor, at=at, revision=entry.revision)
    with pytest.raises(ClosedToInvoices):
        drafts.begin_with_document(seller=workshop, typed={}, actor=actor, at=at)
    a_flow(
        xml_invoice("F-1", seller=workshop.identifier, buyer=town.identifier),
        structure=workshop,
        user=actor.account,
        at=at,
        name="facture.xml",
    )
    assert [row["rule"] for row in FlowInvoice.objects.get().findings] == ["CPRO-FOURNISSEUR-INACTIF"]
    closing.reopen(structure=workshop, actor=actor, at=at)
    drafts.submit(draft=type(entry).objects.get(pk=entry.pk), actor=actor, at=at, revision=entry.revision)


def test_a_file_that_waited_to_be_read_meanwhile_says_why_it_is_no_draft(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    hand_in_many(uploads=[an_upload(content=an_invoice_pdf())], actor=actor, at=at, seller=workshop)
    closing.close(structure=workshop, actor=actor, at=at)
    reading.read(file=DroppedFile.objects.get(), at=at)
    file = DroppedFile.objects.get()
    assert file.state == DroppedFile.State.REFUSED
    assert "est fermée" in file.sentence


def test_closing_and_opening_are_told_and_noted_once(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    closing.close(structure=workshop, actor=actor, at=at)
    with pytest.raises(CannotClose):
        closing.close(structure=workshop, actor=actor, at=at)
    closing.reopen(structure=workshop, actor=actor, at=at)
    with pytest.raises(CannotClose):
        closing.reopen(structure=workshop, actor=actor, at=at)
    kinds = ActivityEntry.objects.filter(structure=workshop).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["FERMETURE", "REOUVERTURE"]
    assert Message.objects.filter(kind="structure_closed").count() == 2
    assert Message.objects.filter(kind="structure_reopened").count() == 2
    assert in_force_mandates(workshop) == 1


def in_force_mandates(structure: Structure) -> int:
    return structure.mandates.filter(revoked_at__isnull=True).count()


def test_what_the_operator_closed_the_operator_opens(workshop: Structure, at: datetime) -> None:
    closing.close_as_operator(siret=workshop.identifier, at=at)
    with pytest.raises(CannotClose):
        closing.reopen(structure=workshop, actor=managing(workshop), at=at)
    closing.reopen_as_operator(siret=workshop.identifier, at=at)
    closing.close(structure=workshop, actor=managing(workshop), at=at)
    closing.reopen(structure=workshop, actor=managing(workshop), at=at)


def test_an_import_does_not_open_a_body_that_the_operator_closed(at: datetime) -> None:
    town = a_town(at=at)
    directory.rebuild()
    directory.close_as_operator(siret=town.identifier, at=at)
    closed = Entry.objects.get(structure=town).words
    given = {"name": town.name, "is_active": True}
    directory.record_bodies(bodies=[BodyRecord(2, town.identifier, given)], at=at)
    town.refresh_from_db()
    assert not town.is_active
    rules = [f.rule for f in missing(structure=town, service=None, commitment="", day=day_in_paris(at))]
    assert rules == ["ANNUAIRE-DESTINATAIRE-INACTIF"]
    directory.reopen_as_operator(siret=town.identifier, at=at)
    assert Entry.objects.get(structure=town).words != closed
    directory.record_bodies(bodies=[BodyRecord(2, town.identifier, {"name": town.name, "is_active": False})], at=at)
    town.refresh_from_db()
    assert not town.is_active


def test_the_page_closes_and_opens_again(workshop: Structure) -> None:
    client = Client()
    client.force_login(managing(workshop).account)
    address = f"/structures/{workshop.uid}/"
    client.post(f"{address}fermer/")
    sheet = client.get(address).content.decode()
    assert "Cette structure est fermée" in sheet
    assert f"{address}fermer/" in sheet
    client.post(f"{address}fermer/")
    workshop.refresh_from_db()
    assert workshop.is_active
