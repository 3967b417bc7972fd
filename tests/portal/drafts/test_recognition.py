"""A scan is read in the background: what is empty is filled, what was typed stays, and whatever is lost is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.capture import ocr
from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.portal.drafts import recognition
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import DocumentReading, Recognition
from plainchant.portal.drafts.operations import change
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.reader import scans
from plainchant.reader.reasons import FailureReason, ReaderFailed
from plainchant.shapes import to_json
from plainchant.tasks.sweep import TOO_LONG, sweep
from tests.capture.samples import SAMPLES
from tests.capture.scans import page_of, scanned, with_layer
from tests.making import a_member, a_structure, a_town, an_upload

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Reading = Callable[..., None]

ARTIST = SAMPLES["artist, one column, no VAT"]
SCAN = scanned(page_of(ARTIST.pdf, dpi=60)).jpeg  # too small to be read: what is read is given below


@pytest.fixture
def draft(at: datetime) -> Invoice:
    seller = a_structure(at=at)
    a_town(at=at, identifier=ARTIST.expected["buyer_siret"])
    artist = a_member(structure=seller, at=at)
    upload = an_upload(content=SCAN, name="photo.jpg")
    return deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at).invoice


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """What the engine is to say, or how it is to fail: engines are tried with the reader, here is what comes of it."""

    def say(failure: FailureReason | None = None, *, reason: ocr.ScanFailure | None = None) -> None:
        def read_scan(source: bytes, *, patience: float) -> scans.Recognised:
            assert source.startswith(b"%PDF-")  # the copy that the page shows
            if failure is not None:
                raise ReaderFailed(failure)
            found = to_json(read_fields(read_document(ARTIST.pdf))) | {"engine": "Tesseract"}
            pages: list[dict[str, Any]] = [{"number": 1, "width_pt": 595, "height_pt": 842, "words": []}]
            return scans.Recognised("Tesseract", reason, pages, found)

        monkeypatch.setattr(scans, "read_scan", read_scan)

    return say


def state_of(draft: Invoice) -> Recognition:
    return Recognition.objects.get(invoice=draft)


class TestAsking:
    def test_a_picture_is_a_draft_at_once_and_waits_to_be_read(self, draft: Invoice) -> None:
        assert state_of(draft).state == Recognition.State.WAITING
        assert not draft.number

    def test_the_words_of_a_scanner_wait_for_ours(self, reading: Reading, at: datetime) -> None:
        seller = a_structure(at=at)
        artist = a_member(structure=seller, at=at)
        upload = an_upload(content=with_layer(ARTIST.pdf, misread={"2026-07": "2026-01"}))
        draft = deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at).invoice
        assert (draft.number, state_of(draft).state) == ("", Recognition.State.WAITING)
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.number == "2026-07"

    def test_the_words_of_a_scanner_are_proposed_when_ours_cannot_be_had(self, reading: Reading, at: datetime) -> None:
        seller = a_structure(at=at)
        artist = a_member(structure=seller, at=at)
        upload = an_upload(content=with_layer(ARTIST.pdf))
        draft = deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at).invoice
        reading(FailureReason.TIMEOUT)
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.number == ARTIST.expected["number"]
        assert {read["certainty"] for read in draft.reading.result["fields"].values()} <= {"likely", "doubtful"}

    def test_a_document_with_text_is_not_read_again(self, at: datetime) -> None:
        seller = a_structure(at=at)
        artist = a_member(structure=seller, at=at)
        draft = deposit_document(seller=seller, upload=an_upload(content=ARTIST.pdf), actor=Actor(artist), at=at)
        assert not Recognition.objects.filter(invoice=draft.invoice).exists()


class TestFilling:
    def test_empty_fields_are_filled(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.number == draft.draft.fields["number"] == ARTIST.expected["number"]
        assert draft.buyer is not None
        assert draft.buyer.identifier == ARTIST.expected["buyer_siret"]
        assert state_of(draft).state == Recognition.State.READ
        assert DocumentReading.objects.get(invoice=draft).result["engine"] == "Tesseract"

    def test_what_was_typed_meanwhile_is_not_overwritten(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        typed = {"number": "À MOI-1", "tax_inclusive_amount": "pas encore", "commitment": "  "}
        change(draft=draft.draft, fields=typed, actor=Actor(draft.created_by), at=at)
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.number == draft.draft.fields["number"] == "À MOI-1"
        assert draft.draft.fields["tax_inclusive_amount"] == "pas encore"
        assert draft.tax_inclusive_amount is None
        assert draft.commitment == ARTIST.expected["purchase_order_reference"]
        assert draft.draft.fields["tax_exclusive_amount"] == "486,50"

    def test_a_service_is_not_proposed_for_another_body(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        other = a_town(at=at, name="Commune de Sauvelade")
        change(draft=draft.draft, fields={"buyer": other.identifier}, actor=Actor(draft.created_by), at=at)
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.buyer == other
        assert draft.buyer_service is None

    def test_twice_is_once(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        change(draft=draft.draft, fields={"number": ""}, actor=Actor(draft.created_by), at=at)
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert draft.number == ""

    def test_a_draft_that_was_deleted_is_left_alone(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        invoices.delete_draft(invoice=draft, actor=Actor(draft.created_by), at=at)
        draft.refresh_from_db()
        reading()
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert not draft.number
        assert state_of(draft).state == Recognition.State.FAILED


class TestFailing:
    @pytest.mark.parametrize("failure", [FailureReason.TIMEOUT, FailureReason.CRASHED, FailureReason.TOO_LARGE])
    def test_a_failure_is_a_sentence_and_an_empty_form(
        self, draft: Invoice, reading: Reading, at: datetime, failure: FailureReason
    ) -> None:
        reading(failure)
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert not draft.number
        assert state_of(draft).sentence

    def test_without_an_engine_the_sentence_says_what_to_do(
        self, draft: Invoice, reading: Reading, at: datetime
    ) -> None:
        reading(reason=ocr.ScanFailure.NO_ENGINE)
        recognition.recognise(invoice=draft, at=at)
        draft.refresh_from_db()
        assert "make ocr" in state_of(draft).sentence
        assert not draft.number

    def test_while_another_is_read_it_waits_and_is_asked_for_when_that_one_ends(
        self, draft: Invoice, reading: Reading, at: datetime
    ) -> None:
        reading(FailureReason.BUSY)
        recognition.recognise(invoice=draft, at=at)
        waits = state_of(draft)
        assert (waits.state, waits.attempts, waits.tried_at) == (Recognition.State.WAITING, 0, None)
        Job.objects.all().delete()
        other = deposit_document(
            seller=draft.seller, upload=an_upload(content=SCAN, name="autre.jpg"), actor=Actor(draft.created_by), at=at
        )
        Job.objects.all().delete()
        reading()
        recognition.recognise(invoice=other.invoice, at=at)
        assert [job.key for job in Job.objects.filter(task=recognition.RECOGNISE)] == [str(draft.uid)]

    def test_a_worker_that_is_gone_is_noticed_by_the_sweep(self, draft: Invoice, at: datetime) -> None:
        Job.objects.all().delete()
        Recognition.objects.filter(invoice=draft).update(tried_at=at, attempts=1)
        sweep(at=at + TOO_LONG)
        assert not Job.objects.filter(task=recognition.RECOGNISE).exists()
        sweep(at=at + TOO_LONG + timedelta(seconds=1))
        assert Job.objects.filter(task=recognition.RECOGNISE, key=str(draft.uid)).exists()

    def test_a_document_that_ends_its_worker_is_given_up(self, draft: Invoice, reading: Reading, at: datetime) -> None:
        Recognition.objects.filter(invoice=draft).update(attempts=recognition.MAX_ATTEMPTS, tried_at=at)
        reading()
        recognition.recognise(invoice=draft, at=at)
        assert state_of(draft).sentence == recognition.GIVEN_UP


class TestPage:
    @pytest.fixture
    def page(self, client: Client, draft: Invoice) -> Client:
        client.force_login(draft.created_by)
        return client

    def test_it_answers_at_once_and_says_that_the_document_is_being_read(self, page: Client, draft: Invoice) -> None:
        shown = page.get(f"/deposer/{draft.uid}/").content.decode()
        assert "Nous lisons votre document…" in shown
        assert f"/deposer/{draft.uid}/lecture/" in shown
        assert f"/factures/{draft.uid}/page/1.png" in shown

    def test_it_asks_again_until_the_end_and_without_a_script_by_the_page_itself(
        self, page: Client, draft: Invoice, reading: Reading, at: datetime
    ) -> None:
        address = f"/deposer/{draft.uid}/lecture/"
        assert "seconde" in page.get(address, headers={"HX-Request": "true"}).content.decode()
        assert page.get(address).status_code == 302
        reading()
        recognition.recognise(invoice=draft, at=at)
        told = page.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "data-recognised" in told
        assert "hx-get" not in told
        shown = page.get(f"/deposer/{draft.uid}/").content.decode()
        assert "Nous lisons" not in shown
        assert f'value="{ARTIST.expected["number"]}"' in shown

    def test_a_form_shown_before_the_end_does_not_blank_what_was_read(
        self, page: Client, draft: Invoice, reading: Reading, at: datetime
    ) -> None:
        reading()
        recognition.recognise(invoice=draft, at=at)
        page.post(f"/deposer/{draft.uid}/", {"reading": "waiting", "number": "", "comment": "Merci", "go": "read"})
        draft.refresh_from_db()
        assert draft.number == ARTIST.expected["number"]
        assert draft.draft.fields["comment"] == "Merci"
        page.post(f"/deposer/{draft.uid}/", {"number": "", "go": "read"})  # blanked by somebody who saw it filled
        draft.refresh_from_db()
        assert draft.number == ""

    def test_a_failure_is_said_beside_the_page(
        self, page: Client, draft: Invoice, reading: Reading, at: datetime
    ) -> None:
        reading(FailureReason.TIMEOUT)
        recognition.recognise(invoice=draft, at=at)
        shown = page.get(f"/deposer/{draft.uid}/").content.decode()
        assert "trop de temps" in shown
        assert f"/factures/{draft.uid}/page/1.png" in shown
