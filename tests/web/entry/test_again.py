"""Copies, replacements, credit notes, data files, settings: what is offered around an entered invoice."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from plainchant.einvoice.verdict import check
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations, successors
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def address(entry: Draft, end: str = "") -> str:
    return f"/saisir/{entry.invoice.uid}/{end}"


@pytest.fixture
def sent(entry: Draft, author: User, at: datetime) -> Draft:
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    return Draft.objects.get(pk=entry.pk)


def test_a_credit_note_and_a_copy_are_one_press_away(visitor: Client, sent: Draft) -> None:
    for end, kind in (("avoir/", "credit"), ("copier/", "copy")):
        answer = visitor.post(address(sent, end), follow=True)
        assert answer.status_code == 200
        assert Draft.objects.get(origin_kind=kind).origin == sent.invoice
    assert "Corrigée par l’avoir" in visitor.get(f"/factures/{sent.invoice.uid}/").content.decode()


def test_an_invoice_says_which_one_it_was_copied_from(visitor: Client, sent: Draft, author: User, at: datetime) -> None:
    copy = successors.duplicate(draft=sent, actor=Actor(author), at=at)
    operations.submit(draft=copy, actor=Actor(author), at=at)
    page = visitor.get(f"/factures/{copy.invoice.uid}/").text
    origin = f'<a href="/factures/{sent.invoice.uid}/">{sent.invoice.number}</a>'
    assert f"Copiée de la facture {origin}" in page


def test_an_invoice_that_is_not_rejected_is_not_reissued(visitor: Client, sent: Draft) -> None:
    page = visitor.post(address(sent, "refaire/"), follow=True).content.decode()
    assert "Seule une facture rejetée se refait" in page
    assert Draft.objects.count() == 1


def test_its_data_can_be_taken_in_both_syntaxes_and_codings(visitor: Client, sent: Draft) -> None:
    page = visitor.get(address(sent, "donnees/")).content.decode()
    assert "Le cadre de facturation (BT-23)" in page
    for coding, accepted in (("classic", True), ("reform", False)):
        for syntax in ("cii", "ubl"):
            answer = visitor.get(address(sent, f"donnees/{coding}/{syntax}.xml"))
            assert answer["Content-Type"] == "application/xml"
            assert "attachment" in answer["Content-Disposition"]
            assert check(answer.content, at=date(2026, 11, 3)).accepted is accepted
    assert visitor.get(address(sent, "donnees/classic/pdf.xml")).status_code == 404
    assert visitor.get(address(sent, "donnees/other/cii.xml")).status_code == 404


def test_a_draft_is_deleted_and_a_sent_invoice_is_not(visitor: Client, entry: Draft) -> None:
    assert "Supprimer ce brouillon" in visitor.get(address(entry, "supprimer/")).content.decode()
    visitor.post(address(entry, "supprimer/"))
    assert Invoice.objects.get().status == "SUPPRIMEE"
    assert visitor.get(address(entry)).status_code == 404


def test_documents_are_joined_and_refused_with_a_sentence(visitor: Client, entry: Draft) -> None:
    good = SimpleUploadedFile("rib.pdf", b"%PDF-1.4 x")
    assert visitor.post(address(entry, "pieces/"), {"files": [good]}).status_code == 302
    bad = SimpleUploadedFile("virus.exe", b"MZ")
    also = SimpleUploadedFile("bon.pdf", b"%PDF-1.4 x")
    answer = visitor.post(address(entry, "pieces/"), {"files": [also, bad]})
    assert answer.status_code == 422
    assert "ne sont pas acceptés" in answer.content.decode()
    joined = InvoiceFile.objects.get(role="02")
    taken_off = visitor.post(f"/deposer/piece/{joined.uid}/retirer/")
    assert taken_off["Location"] == address(entry, "pieces/")
    assert not InvoiceFile.objects.filter(role="02").exists()


def settings_of(structure: Structure) -> dict[str, str]:
    return {
        "preset": "COMPANY",
        "vat_regime": "TVA_SUR_DEBIT",
        "exemption": "",
        "territory": "",
        "legal_information": "SARL au capital de 1 000 €",
        "template": "letterhead",
        "colour": "#1f5f5b",
    }


def test_settings_are_kept_with_a_logo_made_safe(
    visitor: Client, seller: Structure, author: User, sent: Draft, at: datetime
) -> None:
    picture = BytesIO()
    Image.new("RGB", (300, 100), "teal").save(picture, "PNG")
    logo = SimpleUploadedFile("logo.png", picture.getvalue(), content_type="image/png")
    page = f"/saisir/structure/{seller.uid}/"
    assert visitor.post(page, {**settings_of(seller), "logo": logo}).status_code == 302
    kept = InvoiceSettings.objects.get(structure=seller)
    assert kept.logo is not None
    assert (kept.template, kept.colour, kept.vat_regime) == ("letterhead", "#1f5f5b", "TVA_SUR_DEBIT")
    entry = successors.duplicate(draft=sent, actor=Actor(author), at=at)
    assert visitor.get(address(entry, "apercu/1.png")).content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content"), [("logo.png", b"not a picture"), ("logo.svg", b"<svg/>"), ("vide.png", b"")]
)
def test_a_logo_that_is_none_is_refused_with_a_sentence(
    visitor: Client, seller: Structure, name: str, content: bytes
) -> None:
    logo = SimpleUploadedFile(name, content)
    answer = visitor.post(f"/saisir/structure/{seller.uid}/", {**settings_of(seller), "logo": logo})
    assert answer.status_code in (302, 422)
    kept = InvoiceSettings.objects.filter(structure=seller).first()
    assert kept is None or kept.logo is None


def test_a_colour_that_is_none_is_refused(visitor: Client, seller: Structure) -> None:
    answer = visitor.post(f"/saisir/structure/{seller.uid}/", {**settings_of(seller), "colour": "url(x)"})
    assert answer.status_code == 422
    assert "#5b2a4e" in answer.content.decode()
