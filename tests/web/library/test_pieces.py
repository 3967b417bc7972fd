"""« Mes pièces » and the choice among them in a deposit's form."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_mandate, a_member, a_structure, an_entry
from tests.portal.library.test_library import keep

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def shop(at: datetime) -> Structure:
    return a_structure(at=at, name="Atelier Lumen")


@pytest.fixture
def ada(shop: Structure, at: datetime) -> User:
    return a_member(structure=shop, at=at, is_manager=True)


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def pdf(name: str = "rib.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 essai", content_type="application/pdf")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"type_code": "RIB"}, "Choisissez le fichier à garder."),
        ({"file": "pdf"}, "Dites quel document c’est"),
        ({"type_code": "RUBBISH", "file": "pdf"}, "Dites quel document c’est"),
        ({"type_code": "RIB", "file": "exe"}, "ne sont pas acceptés"),
        ({"type_code": "RIB", "file": "pdf", "valid_until": "hier"}, "Ce n’est pas une date."),
        (
            {"type_code": "RIB", "file": "pdf", "valid_from": "2026-02-02", "valid_until": "2026-01-01"},
            "avant d’avoir commencé",
        ),
        ({"type_code": "RIB", "file": "pdf", "name": "n" * 51}, "50 caractères au plus"),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_nothing_is_kept(
    as_ada: Client, typed: dict[str, str], said: str
) -> None:
    sent: dict[str, object] = dict(typed)
    if "file" in typed:
        sent["file"] = pdf(f"rib.{typed['file']}")
    answer = as_ada.post("/pieces/ajouter/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not LibraryFile.objects.exists()


def test_a_document_is_added_seen_downloaded_renamed_replaced_and_removed(as_ada: Client, ada: User) -> None:
    assert "Rien ici pour l’instant" in as_ada.get("/pieces/").content.decode()
    assert as_ada.post("/pieces/ajouter/", {"type_code": "RIB", "file": pdf()})["Location"] == "/pieces/"
    (kept,) = LibraryFile.objects.all()
    assert (kept.owner, kept.name) == (ada, "rib.pdf")
    assert "rib.pdf" in as_ada.get("/pieces/").content.decode()
    file = as_ada.get(f"/pieces/{kept.uid}/fichier/")
    assert file["Content-Disposition"] == 'attachment; filename="rib.pdf"'
    assert file["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(file.streaming_content) == b"%PDF-1.7 essai"
    as_ada.post(f"/pieces/{kept.uid}/", {"type_code": "RIB", "name": "Mon RIB"})
    as_ada.post(f"/pieces/{kept.uid}/", {"type_code": "RIB", "name": "Mon RIB.pdf", "file": pdf("new.png")})
    kept.refresh_from_db()
    assert kept.name == "Mon RIB.png"
    assert "la gardent" in as_ada.get(f"/pieces/{kept.uid}/retirer/").content.decode()
    as_ada.post(f"/pieces/{kept.uid}/retirer/")
    assert not LibraryFile.objects.exists()


def test_replacing_what_has_expired_asks_for_the_new_day(as_ada: Client, ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at, type_code="ATTESTATION_VIGILANCE", valid_until=date(2020, 1, 1))
    typed = {"type_code": "ATTESTATION_VIGILANCE", "name": "rib.pdf", "valid_until": "2020-01-01", "file": pdf()}
    answer = as_ada.post(f"/pieces/{kept.uid}/", typed)
    assert answer.status_code == 422
    assert "la date de l’ancien fichier" in answer.content.decode()
    assert as_ada.post(f"/pieces/{kept.uid}/", typed | {"valid_until": "2099-01-01", "file": pdf()}).status_code == 302


def test_a_colleague_sees_a_structure_s_document_and_changes_only_her_own(
    as_ada: Client, ada: User, shop: Structure, at: datetime
) -> None:
    as_ada.post(f"/pieces/structure/{shop.uid}/ajouter/", {"type_code": "RIB", "file": pdf()})
    kept = LibraryFile.objects.get(structure=shop)
    keep(user=ada, at=at, name="secret.pdf")
    colleague = Client()
    colleague.force_login(a_member(structure=shop, at=at, name="Bo"))
    text = colleague.get("/pieces/").content.decode()
    assert "rib.pdf" in text
    assert "secret.pdf" not in text
    assert f"/pieces/{kept.uid}/fichier/" in text
    assert f'"/pieces/{kept.uid}/"' not in text
    assert colleague.get(f"/pieces/{kept.uid}/").status_code == 404
    answer = colleague.get(f"/pieces/{kept.uid}/fichier/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 essai"


def test_a_longer_shelf_does_not_ask_more_of_the_database(
    as_ada: Client, ada: User, shop: Structure, at: datetime
) -> None:
    keep(user=ada, at=at, name="0.pdf")
    keep(user=ada, at=at, name="0.pdf", structure=shop)
    as_ada.get("/pieces/")
    with CaptureQueriesContext(connection) as few:
        as_ada.get("/pieces/")
    for number in range(1, 6):
        keep(user=ada, at=at, name=f"{number}.pdf")
        keep(user=ada, at=at, name=f"{number}.pdf", structure=shop)
    with CaptureQueriesContext(connection) as many:
        as_ada.get("/pieces/")
    assert len(many) == len(few)


def test_a_deposit_offers_what_fits_its_supplier_and_warns_of_what_has_expired(
    as_ada: Client, ada: User, shop: Structure, at: datetime
) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    old = keep(user=ada, at=at, name="vieille.pdf", valid_until=date(2020, 1, 1))
    keep(user=ada, at=at, name="commun.pdf", structure=shop)
    text = as_ada.get(f"/deposer/{draft.uid}/").content.decode()
    assert "Joindre depuis mes pièces" in text
    assert "commun.pdf" in text
    assert "Périmée" in text
    answer = as_ada.post(f"/deposer/{draft.uid}/", {"go": "attach", "pieces": [str(old.uid), "rubbish"]})
    assert answer["Location"].endswith("#pieces-jointes")
    joined = InvoiceFile.objects.get(invoice=draft, role=InvoiceFile.Role.COMPLEMENT)
    assert (joined.name, read_bytes(stored=joined.stored)) == ("vieille.pdf", b"%PDF-1.7 rib")
    assert f'value="{old.uid}"' not in as_ada.get(f"/deposer/{draft.uid}/").content.decode()


def test_a_form_that_saves_itself_joins_nothing(as_ada: Client, ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    as_ada.post(f"/deposer/{draft.uid}/", {"pieces": [str(kept.uid)]}, headers={"HX-Request": "true"})
    assert not InvoiceFile.objects.filter(invoice=draft, role=InvoiceFile.Role.COMPLEMENT).exists()


def test_a_document_that_is_not_one_s_own_is_refused_in_the_form(
    as_ada: Client, ada: User, shop: Structure, at: datetime
) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    foreign = keep(user=a_member(structure=a_structure(at=at), at=at), at=at)
    answer = as_ada.post(f"/deposer/{draft.uid}/", {"go": "attach", "pieces": [str(foreign.uid)]})
    assert answer.status_code == 422
    assert "a été retirée entre-temps" in answer.content.decode()
    assert not InvoiceFile.objects.filter(stored=foreign.stored).exists()


def test_an_invoice_entered_on_screen_is_offered_them_too(
    as_ada: Client, ada: User, shop: Structure, at: datetime
) -> None:
    a_mandate(structure=shop, by=ada, at=at)
    entry, kept = an_entry(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    address = f"/saisir/{entry.invoice.uid}/pieces/"
    assert "Joindre depuis mes pièces" in as_ada.get(address).content.decode()
    assert as_ada.post(address, {"pieces": [str(kept.uid)]}).status_code == 302
    assert InvoiceFile.objects.get(invoice=entry.invoice).stored_id == kept.stored_id
