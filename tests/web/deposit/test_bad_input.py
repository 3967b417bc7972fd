"""Whatever is dropped or typed, the page answers with a sentence and keeps what was there."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from tests.capture.hostile import locked
from tests.making import a_draft, a_member, a_service, a_structure, a_town, an_invoice_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def artist(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at)


@pytest.fixture
def client(artist: User) -> Client:
    client = Client()
    client.force_login(artist)
    return client


def drop(client: Client, seller: Structure, content: bytes, name: str) -> HttpResponse:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post("/deposer/", {"seller": str(seller.uid), "file": file})  # type: ignore[return-value]


GOOD = an_invoice_pdf()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "facture.pdf", "est vide"),
        (b"%PDF-1.7\n" + b"x" * (11 * 1024 * 1024), "facture.pdf", "10 Mo"),
        (GOOD[: len(GOOD) // 2], "facture.pdf", "abîmé"),
        (b"Bonjour, voici ma facture.", "facture.pdf", "son contenu n’en est pas un"),
        (GOOD, "facture", "extension"),
        (GOOD, "f" * 250 + ".pdf", "caractères"),
        (GOOD, "facture.xls", "PDF"),
        (b"\x00" * 500, "facture.pdf", "contenu"),
        (locked(), "facture.pdf", "mot de passe"),
    ],
    ids=["empty", "11 MB", "truncated", "text", "no extension", "long name", "spreadsheet", "zeros", "locked"],
)
def test_a_file_that_cannot_be_an_invoice_is_refused_and_nothing_is_kept(
    client: Client, seller: Structure, content: bytes, name: str, said: str
) -> None:
    answer = drop(client, seller, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Invoice.objects.exists()
    assert not StoredFile.objects.exists()


def test_no_file_at_all_is_said(client: Client, seller: Structure) -> None:
    answer = client.post("/deposer/", {"seller": str(seller.uid)})
    assert answer.status_code == 422
    assert "Choisissez le fichier" in answer.content.decode()


def test_another_structures_name_cannot_be_used(client: Client, at: datetime) -> None:
    other = a_structure(at=at, name="Autre")
    assert drop(client, other, GOOD, "facture.pdf").status_code == 422
    assert not Invoice.objects.exists()


def test_an_image_that_nothing_can_read_is_taken_and_asks_to_be_copied_by_hand(
    client: Client, seller: Structure
) -> None:
    import io

    from PIL import Image

    scan = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(scan, format="PDF")
    answer = drop(client, seller, scan.getvalue(), "scan.pdf")
    assert answer.status_code == 302
    run_until_idle()  # the engine of this machine, where there is one, finds nothing on a white page
    page = client.get(answer["Location"]).content.decode()
    assert "Saisissez les champs vous-même" in page


FORM = {
    "buyer": "",
    "buyer_service": "",
    "commitment": "",
    "contract": "",
    "type_code": "380",
    "number": "F-1",
    "preceding_number": "",
    "issue_date": "02/11/2026",
    "vat_regime": "SANS_TVA",
    "tax_exclusive_amount": "1 200,00",
    "tax_amount": "0",
    "tax_inclusive_amount": "1200",
    "payable_amount": "1200,00 €",
    "currency": "EUR",
    "bank_account": "",
    "billing_framework": "A1",
    "comment": "",
}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("issue_date", "31/02/2026", "n’est pas une date"),
        ("issue_date", "bientôt", "n’est pas une date"),
        ("tax_inclusive_amount", "douze", "n’est pas un montant"),
        ("tax_inclusive_amount", "1" * 29, "12 chiffres"),
        ("tax_inclusive_amount", "NaN", "n’est pas un montant"),
        ("tax_inclusive_amount", "1e5", "n’est pas un montant"),
        ("buyer", "123", "14 chiffres"),
        ("buyer", "99999999999999", "annuaire"),
        ("number", "F\x00-1", "caract"),
        ("type_code", "999", "choix"),
        ("comment", "x" * 2001, "2000"),
    ],
)
def test_a_wrong_value_gets_its_sentence_and_stays_in_the_form(
    client: Client, seller: Structure, artist: User, at: datetime, field: str, typed: str, said: str
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at)
    answer = client.post(f"/deposer/{draft.uid}/", {**FORM, field: typed, "go": "check"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "error-summary" in page
    if "\x00" not in typed:
        reopened = client.get(f"/deposer/{draft.uid}/").content.decode()
        assert typed[:40] in reopened or field == "type_code"


def test_a_draft_is_kept_whatever_is_in_it(client: Client, seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at)
    rubbish = dict.fromkeys(FORM, "n'importe quoi <b>")
    answer = client.post(f"/deposer/{draft.uid}/", {**rubbish, "go": "save"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.draft.fields["tax_amount"] == "n'importe quoi <b>"
    assert draft.status == Status.DRAFT


def test_a_double_click_on_send_sends_once(client: Client, seller: Structure, artist: User, at: datetime) -> None:
    town = a_town(at=at)
    draft = a_draft(seller=seller, user=artist, at=at)
    client.post(f"/deposer/{draft.uid}/", {**FORM, "buyer": town.identifier, "go": "check"})
    seen = {"revision": str(Draft.objects.get(invoice=draft).revision)}
    first = client.post(f"/deposer/{draft.uid}/envoyer/", seen)
    second = client.post(f"/deposer/{draft.uid}/envoyer/", seen)
    assert first["Location"] == second["Location"] == f"/deposer/{draft.uid}/envoyee/"
    assert StatusChange.objects.filter(invoice=draft, to_status=Status.DEPOSITED).count() == 1


def test_who_names_no_version_that_was_seen_sends_nothing(
    client: Client, seller: Structure, artist: User, at: datetime
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    answer = client.post(f"/deposer/{draft.uid}/envoyer/", follow=True)
    assert "rien n’a été envoyé" in answer.text
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_changed_since_the_check_is_checked_again_at_sending(
    client: Client, seller: Structure, artist: User, at: datetime
) -> None:
    town = a_town(at=at)
    service = a_service(structure=town)
    draft = a_draft(seller=seller, user=artist, at=at)
    fields = {**FORM, "buyer": town.identifier, "buyer_service": service.code, "go": "check"}
    assert client.post(f"/deposer/{draft.uid}/", fields).status_code == 302
    service.is_active = False
    service.save()
    seen = {"revision": str(Draft.objects.get(invoice=draft).revision)}
    answer = client.post(f"/deposer/{draft.uid}/envoyer/", seen)
    assert answer.status_code == 422
    assert "serait refusée" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("name", ["rib.exe", "r" * 50 + ".pdf", "rib"])
def test_a_refused_attachment_leaves_the_form_and_the_others_as_they_were(
    client: Client, seller: Structure, artist: User, at: datetime, name: str
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at)
    files = [SimpleUploadedFile("bon.pdf", b"1"), SimpleUploadedFile(name, b"2")]
    answer = client.post(f"/deposer/{draft.uid}/", {**FORM, "go": "attach", "attachments": files})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.draft.fields["number"] == "F-1"


def test_sending_a_deleted_draft_says_so(client: Client, seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at)
    client.post(f"/deposer/{draft.uid}/supprimer/")
    assert "supprimé" in client.get("/factures/").content.decode()
    assert client.post(f"/deposer/{draft.uid}/envoyer/").status_code == 404
    assert draft.number not in client.get("/factures/").content.decode()
