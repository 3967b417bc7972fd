"""Whose invoice a document is: the structure whose SIRET stands on it, else one question, and changed afterwards."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.capture.workbooks import Euro, Layout, as_xlsx
from tests.making import a_member, a_structure, a_town, an_attachment, an_invoice_pdf
from tests.portal.library.test_library import keep

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FIRST, SECOND, OTHER, TOWN = "73282932000074", "44306184100047", "55208131766522", "21990001600019"


@pytest.fixture
def bookkeeper(at: datetime) -> User:
    """Somebody of two structures that bear the same name, the wrong one first by any order."""
    person = a_member(structure=a_structure(at=at, name="Atelier", identifier=FIRST, city="Nevers"), at=at)
    second = a_structure(at=at, name="Atelier", identifier=SECOND, city="Valbrume")
    an_attachment(person=person, structure=second, at=at)
    a_town(at=at, identifier=TOWN)
    return person


@pytest.fixture
def client(bookkeeper: User) -> Client:
    client = Client()
    client.force_login(bookkeeper)
    return client


def drop(client: Client, content: bytes, *, name: str = "facture.pdf", **fields: str):
    return client.post("/deposer/", {"file": SimpleUploadedFile(name, content), **fields})


def test_the_structure_whose_siret_stands_on_the_page_is_the_issuer(client: Client) -> None:
    for number, siret in enumerate((SECOND, FIRST)):
        drop(client, an_invoice_pdf(number=f"F-{number}", seller=siret, buyer=TOWN))
        assert Invoice.objects.get(number=f"F-{number}").seller.identifier == siret


@pytest.mark.parametrize("seller", ["", OTHER], ids=["none", "somebody else's"])
def test_without_it_nothing_is_chosen_and_one_question_is_asked(client: Client, seller: str) -> None:
    answer = drop(client, an_invoice_pdf(seller=seller, buyer=TOWN))
    assert not Invoice.objects.exists()
    page = client.get(answer["Location"])
    assert "De qui est cette facture" in page.text
    assert "aucune de vos structures" in page.text
    for told in ("Nevers", "Valbrume", "443\u202f061\u202f841\u202f00047"):  # homonyms can be told apart
        assert told in page.text
    assert client.get(f"{answer['Location']}page/1.png")["Content-Type"] == "image/png"
    assert client.post(answer["Location"], {"seller": "42"}).status_code == 422
    chosen = client.post(answer["Location"], {"seller": str(Structure.objects.get(identifier=SECOND).uid)})
    draft = Invoice.objects.get()
    assert (draft.seller.identifier, draft.number) == (SECOND, "F-2026-001")
    assert chosen["Location"] == client.get(answer["Location"])["Location"] == f"/deposer/{draft.uid}/"


def test_two_of_ones_own_on_the_page_are_asked_about(client: Client) -> None:
    sheet = Layout([["FACTURE"], ["Atelier", FIRST], ["Atelier", SECOND], ["Total TTC", Euro(850)]], {})
    answer = drop(client, as_xlsx({"Facture": sheet}), name="facture.xlsx")
    assert "/fichier/" in answer["Location"]
    page = client.get(answer["Location"]).text
    assert page.count("Son SIRET est sur la page") == 2


def test_who_chooses_an_issuer_is_obeyed_and_told_of_the_page(client: Client) -> None:
    first = Structure.objects.get(identifier=FIRST)
    answer = drop(client, an_invoice_pdf(seller=SECOND, buyer=TOWN), seller=str(first.uid))
    assert Invoice.objects.get().seller == first
    page = client.get(answer["Location"]).text
    assert "Est-ce bien votre facture" in page
    assert "443 061 841 00047" in page.replace("\u202f", " ").replace("\u00a0", " ")


def test_somebody_of_one_structure_is_told_of_another_siret_and_asked_nothing(at: datetime) -> None:
    client = Client()
    client.force_login(a_member(structure=a_structure(at=at, identifier=FIRST), at=at))
    answer = drop(client, an_invoice_pdf(seller=OTHER, buyer=TOWN))
    page = client.get(answer["Location"]).text
    assert "Est-ce bien votre facture" in page
    assert "Changer d’émetteur" not in page


def test_the_issuer_of_a_draft_is_changed_and_its_account_with_it(
    client: Client, bookkeeper: User, at: datetime
) -> None:
    first, second = Structure.objects.get(identifier=FIRST), Structure.objects.get(identifier=SECOND)
    for structure, iban in ((first, "FR1420041010050500013M02606"), (second, "FR7600000000010000000017736")):
        BankAccount.objects.create(structure=structure, label="C", iban=iban, created_at=at, created_by=bookkeeper)
    drop(client, an_invoice_pdf(seller=FIRST, buyer=TOWN))
    draft = Draft.objects.get()
    piece = keep(user=bookkeeper, at=at, name="rib.pdf", structure=first)
    attach(draft=draft, pieces=[piece], actor=Actor(bookkeeper), at=at)
    draft.refresh_from_db()
    seen = draft.revision
    client.post(f"/deposer/{draft.invoice.uid}/emetteur/", {"seller": str(second.uid)})
    draft = Draft.objects.get()
    assert draft.invoice.seller == second
    assert draft.invoice.bank_account == second.bank_accounts.get()
    assert draft.fields["number"] == "F-2026-001"
    assert not InvoiceFile.objects.filter(name="rib.pdf").exists()  # of the other's shelf
    # A tab that still shows the former issuer does not save over it.
    stale = client.post(f"/deposer/{draft.invoice.uid}/", {**draft.fields, "number": "X", "revision": str(seen)})
    assert stale.status_code == 409


def test_a_structure_that_is_not_ones_own_cannot_be_chosen(client: Client, at: datetime) -> None:
    stranger = a_structure(at=at, name="Ailleurs", identifier=OTHER)
    drop(client, an_invoice_pdf(seller=FIRST, buyer=TOWN))
    draft = Invoice.objects.get()
    answer = client.post(f"/deposer/{draft.uid}/emetteur/", {"seller": str(stranger.uid)})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.seller.identifier == FIRST
