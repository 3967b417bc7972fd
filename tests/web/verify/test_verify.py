"""« Vérifier une facture »: anyone may, and nothing is left behind."""

import logging
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import Client

from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.facturx.embed import embed
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.ubl.read import read
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.portal.lib.time import now
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.reader import sandbox
from tests.making import a_person, a_service, a_town, an_invoice_pdf
from tests.spellings import spellings
from tests.web.verify.invoices import BUYER, invoice

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def post(client, data: bytes, name: str = "facture.xml"):
    return client.post("/verifier/", {"file": SimpleUploadedFile(name, data)})


def test_the_form_asks_for_no_account(client):
    response = client.get("/verifier/")
    assert response.status_code == 200
    assert "sera‑t‑elle acceptée" in response.text


def test_a_good_invoice_will_be_accepted_and_is_recognised(client):
    response = post(client, invoice("F-2026-014"))
    assert response.status_code == 200
    assert "Cette facture sera acceptée" in response.text
    for said in ("F-2026-014", "Atelier Vaucendre", "Mairie de Pierrefeuille", "120,00"):
        assert said in response.text


def test_a_bad_invoice_is_refused_with_what_to_mend(client):
    response = post(client, invoice("F-un-numero-beaucoup-trop-long"))
    assert "Cette facture sera refusée" in response.text
    assert "20 au plus sont acceptés" in response.text
    assert "CPRO-G1.05-LONGUEUR" in response.text


def test_what_keeps_a_pdf_from_being_archivable_is_shown_and_refuses_nothing(client):
    """The one page that pays for the probe of PDF/A is one where its answer can be read."""
    data = SYNTAXES["cii"].write(read(parse(invoice("F-2026-014"))).invoice)
    text = post(client, embed(an_invoice_pdf(), data, profile=PROFILE_OF["EN 16931"], at=now()), "facture.pdf").text
    assert "Cette facture sera acceptée" in text
    assert "PDFA-PARTIE" in text


def test_strangers_wait_for_each_other_and_for_nobody_with_an_account(client, at, monkeypatch):
    monkeypatch.setitem(sandbox._SECONDS_IN_QUEUE, sandbox.Pool.STRANGERS, 0.0)
    places = sandbox._state.places[sandbox.Pool.STRANGERS]
    while places.acquire(blocking=False):
        pass
    try:
        answer = post(client, invoice("F-2026-014"))
        assert (answer.status_code, "Beaucoup de factures" in answer.text) == (422, True)
        client.force_login(a_person(at=at))
        assert "Cette facture sera acceptée" in post(client, invoice("F-2026-014")).text
    finally:
        for _ in range(sandbox._PLACES[sandbox.Pool.STRANGERS]):
            places.release()


def test_a_plain_pdf_is_sent_to_the_deposit(client):
    response = post(client, an_invoice_pdf(), "facture.pdf")
    assert "ne contient pas de données à vérifier" in response.text
    assert "<title>Facture refusée" not in response.text  # it has no data to refuse
    assert "/deposer/" in response.text


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a>" * 3000,
        b"\x00\x01\x02",
        b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'><script>alert(1)</script></Invoice>",
        b"PK\x03\x04" + b"\x00" * 50,
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"),
    ],
)
def test_whatever_is_dropped_gets_an_answer(client, data):
    response = post(client, data)
    assert response.status_code == 200
    assert "Cette facture sera refusée" in response.text
    assert "<script>alert" not in response.text


def test_no_file_and_an_empty_file_are_told(client):
    assert client.post("/verifier/", {}).status_code == 422
    response = post(client, b"")
    assert response.status_code == 422
    assert "vide" in response.text


def rows() -> set[tuple[str, str]]:
    """Every row of the database, as text. The counters of the rate limits are no model."""
    return {
        (model._meta.label, str(sorted(row.items())))
        for model in apps.get_models()
        for row in model.objects.values()  # type: ignore[attr-defined]
    }


def files(*folders: Path) -> set[Path]:
    return {file for folder in folders for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("padding", [0, 3 * 1024 * 1024])
def test_nothing_is_kept(client, settings, tmp_path, monkeypatch, caplog, padding):
    """No row, no file (not for a moment: Django writes large uploads to its temporary folder), nothing in a log."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(temporary)
    written = []
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", written.append)
    caplog.set_level(logging.DEBUG)
    data = invoice("F-2026-015").replace(b"Lecture", b"Lecture" + b" x" * (padding // 2))
    before, files_before = rows(), files(tmp_path, Path(settings.MEDIA_ROOT or temporary))
    response = post(client, data)
    assert "F-2026-015" in response.text
    assert rows() == before
    assert files(tmp_path, Path(settings.MEDIA_ROOT or temporary)) == files_before
    assert written == []
    assert not StoredFile.objects.exists()
    assert not PendingFile.objects.exists()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert not [word for word in ("F-2026-015", "Vaucendre", "facture.xml", BUYER) if word in said]
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_file_too_heavy_is_told_its_size_and_not_held(client, monkeypatch):
    held = []
    read = InMemoryUploadedFile.__init__

    def noted(self, file, *arguments, **named):
        held.append(len(file.getvalue()))
        read(self, file, *arguments, **named)

    monkeypatch.setattr(InMemoryUploadedFile, "__init__", noted)
    response = post(client, b"<a>" + b"x" * (23 * 1024 * 1024))
    assert response.status_code == 422
    assert re.search(r"pèse\s23,1\sMo", response.text)
    assert held[-1] <= 21 * 1024 * 1024


def test_a_form_of_another_site_is_refused():
    stranger = Client(enforce_csrf_checks=True)
    assert post(stranger, invoice("F-2026-019")).status_code == 403
    token = stranger.get("/verifier/").cookies["csrftoken"].value
    file = SimpleUploadedFile("facture.xml", invoice("F-2026-019"))
    answer = stranger.post("/verifier/", {"file": file, "csrfmiddlewaretoken": token})
    assert "Cette facture sera acceptée" in answer.text


def test_what_the_recipient_demands_is_asked_of_the_directory(client):
    town = a_town(at=now(), identifier=BUYER, requires_service=True, requires_commitment=True)
    a_service(structure=town, code="CULTURE")
    response = post(client, invoice("F-2026-016"))
    assert "Cette facture sera refusée" in response.text
    assert "engagement" in response.text
    response = post(client, invoice("F-2026-016", service="CULTURE", commitment="EJ-1"))
    assert "Cette facture sera acceptée" in response.text


def test_the_recipient_is_found_however_its_siret_is_written(client):
    a_town(at=now(), identifier=BUYER, requires_commitment=True)
    for text in spellings(BUYER):
        assert "engagement" in post(client, invoice("F-2026-016", buyer=text)).text, text


def test_a_service_the_recipient_does_not_have_is_refused(client):
    a_service(structure=a_town(at=now(), identifier=BUYER), code="CULTURE")
    response = post(client, invoice("F-2026-017", service="CANTINE"))
    assert "Cette facture sera refusée" in response.text
    assert "CANTINE" in response.text


def test_a_recipient_nobody_knows_refuses_nothing_and_is_said(client):
    response = post(client, invoice("F-2026-018"))
    assert "Cette facture sera acceptée" in response.text
    assert "ne connaît pas ce destinataire" in response.text
