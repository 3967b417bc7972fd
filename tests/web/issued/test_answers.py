"""What a supplier answers to a suspension: documents, a word, or both."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, an_invoice_pdf, made_available, put_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspended(at: datetime, client: Client) -> Invoice:
    """An invoice for which a document is wanted; the supplier is logged in."""
    seller, town = a_structure(at=at), a_town(at=at)
    artist, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    operations.process(
        invoice=invoice, action=Action.SUSPEND, actor=Actor(agent), at=at, reason_code="AUTRE", comment="Le devis ?"
    )
    client.force_login(artist)
    return invoice


def answered(client: Client, invoice: Invoice, **answer: object) -> tuple[int, str]:
    status = client.post(f"/factures/{invoice.uid}/completer/", answer).status_code
    invoice.refresh_from_db()
    return status, invoice.status


def test_a_document_without_a_word_is_an_answer(client: Client, suspended: Invoice) -> None:
    devis = SimpleUploadedFile("devis.pdf", an_invoice_pdf())
    assert answered(client, suspended, attachments=devis) == (302, Status.COMPLETED)


def test_a_word_without_a_document_is_an_answer(client: Client, suspended: Invoice) -> None:
    assert answered(client, suspended, comment="Il est sur la page 2.") == (302, Status.COMPLETED)


def test_the_page_says_what_is_wanted(client: Client, suspended: Invoice) -> None:
    assert "Le devis ?" in client.get(f"/factures/{suspended.uid}/completer/").text


def test_what_was_sent_back_is_corrected_on_a_page_of_its_own(client: Client, suspended: Invoice, at: datetime) -> None:
    put_in(Status.TO_RECYCLE, pk=suspended.pk)
    page = client.get(f"/factures/{suspended.uid}/recycler/")
    assert page.status_code == 200
    assert f'value="{suspended.buyer.identifier}"' in page.text


def test_nothing_is_no_answer(client: Client, suspended: Invoice) -> None:
    assert answered(client, suspended, comment="") == (422, Status.SUSPENDED)
