"""The button that takes a document off a draft, pressed on a page that is older than the sending."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.fields import DraftSource
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_draft, a_mandate, a_member, a_structure, a_town, an_entry, an_upload
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
FLOW = "flow"  # of which no draft is kept


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at, identifier="90210001500012", address_line="1 rue des Essais", postcode="31000")


@pytest.fixture
def author(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    BankAccount.objects.create(
        structure=seller, label="A", iban="FR7600000000010000000017736", created_at=at, created_by=person
    )
    a_mandate(structure=seller, by=person, at=at)
    return person


def made(source: str, seller: Structure, author: User, at: datetime) -> Invoice:
    """A sent invoice that began as ``source``."""
    town = a_town(at=at, address_line="1 place", postcode="06999")
    if source == DraftSource.ROW:
        row = a_row("F-1", seller=seller.identifier, buyer=town.identifier)
        sent(a_table([row]), structure=seller, user=author, at=at, name="novembre.xlsx")
    elif source == FLOW:
        xml = xml_invoice("F-1", seller=seller.identifier, buyer=town.identifier)
        sent(xml, structure=seller, user=author, at=at)
    else:
        begin = {DraftSource.DOCUMENT: a_draft, DraftSource.SHEET: an_entry}[DraftSource(source)]
        begin(seller=seller, user=author, at=at, buyer=town)
        draft = Draft.objects.select_related("invoice").get()
        attach(draft=draft, uploads=[an_upload(content=b"x", name="rib.pdf")], actor=Actor(author), at=at)
        draft.refresh_from_db()
        operations.submit(draft=draft, actor=Actor(author), at=at)
    return Invoice.objects.get()


@pytest.mark.parametrize("source", [*DraftSource, FLOW])
def test_what_was_sent_keeps_its_documents_and_its_page_says_so(
    source: str, seller: Structure, author: User, client: Client, at: datetime
) -> None:
    invoice = made(source, seller, author, at)
    client.force_login(author)
    files = list(invoice.files.all())
    for file in files:
        answer = client.post(f"/deposer/piece/{file.uid}/retirer/", follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, f"/factures/{invoice.uid}/")
        assert "cette action n’est plus possible" in answer.text.replace("\u00a0", " ")
    assert set(InvoiceFile.objects.all()) >= set(files)
