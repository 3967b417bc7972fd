"""The pages of an invoice: whatever it came as, asked of the reader once, and a sentence where they cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.invoices import pages
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.operations import create_draft
from plainchant.portal.invoices.pages import MOST_SHOWN, document_of, pages_of
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.pages import NOT_TRIED_AGAIN_FOR
from plainchant.portal.store.queries import read_bytes
from plainchant.reader import sandbox
from plainchant.reader.sandbox import FailureReason, ReaderFailed
from tests.capture.hostile import many_pages
from tests.making import a_draft, an_upload
from tests.portal.invoices.origins import DRAWN_WHEN_OPENED, ORIGINS, Two, an_invoice_from, two_sides

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> tuple[Two, dict[str, Invoice]]:
    with once_a_module():
        two = two_sides(at)
        return two, {origin: an_invoice_from(origin, two, at=at) for origin in ORIGINS}


@pytest.fixture
def two(built: tuple[Two, dict[str, Invoice]]) -> Two:
    return deepcopy(built[0])


@pytest.fixture
def invoices(built: tuple[Two, dict[str, Invoice]]) -> dict[str, Invoice]:
    return deepcopy(built[1])


class Failing:
    """A reader that fails for a reason, and counts how often it was asked."""

    def __init__(self, reason: FailureReason) -> None:
        self.reason, self.asked = reason, 0

    def __call__(self, *_: object, **__: object) -> bytes:
        self.asked += 1
        raise ReaderFailed(self.reason)


@pytest.mark.parametrize("origin", ORIGINS)
def test_any_invoice_has_pages_and_each_its_size(invoices: dict[str, Invoice], at: datetime, origin: str) -> None:
    shown = pages_of(invoice=invoices[origin], at=at)
    assert shown.trouble == ""
    assert shown.count == len(shown.sizes) >= 1
    assert all(300 < width < 900 and 300 < height < 900 for width, height in shown.sizes)
    assert shown.document is not None
    assert read_bytes(stored=shown.document.page).startswith(b"%PDF-")


@pytest.mark.parametrize("origin", DRAWN_WHEN_OPENED)
def test_data_alone_are_drawn_once_without_changing_the_invoice(
    invoices: dict[str, Invoice], at: datetime, origin: str
) -> None:
    invoice = invoices[origin]
    first = document_of(invoice=invoice, at=at + timedelta(days=1))
    assert first is not None
    assert (first.role, first.name) == ("01", f"{invoice.number}.pdf")
    assert document_of(invoice=invoice, at=at) == first
    assert Invoice.objects.get(pk=invoice.pk).updated_at == invoice.updated_at


def test_once_counted_the_reader_is_not_asked_again(
    invoices: dict[str, Invoice], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {origin: pages_of(invoice=invoice, at=at) for origin, invoice in invoices.items()}
    gone = Failing(FailureReason.CRASHED)
    monkeypatch.setattr(sandbox, "ask", gone)
    monkeypatch.setattr(pages, "page_of", gone)
    assert {origin: pages_of(invoice=invoice, at=at) for origin, invoice in invoices.items()} == first
    assert gone.asked == 0


def test_of_many_pages_the_first_are_sized_and_all_are_counted(two: Two, at: datetime) -> None:
    upload = an_upload(content=many_pages(MOST_SHOWN + 12))
    shown = pages_of(invoice=a_draft(seller=two.seller, user=two.author, at=at, upload=upload), at=at)
    assert (shown.count, len(shown.sizes)) == (MOST_SHOWN + 12, MOST_SHOWN)


def test_a_draft_without_a_document_says_so(two: Two, at: datetime) -> None:
    shown = pages_of(
        invoice=create_draft(seller=two.seller, deposit_mode=DepositMode.ENTRY, actor=Actor(two.author), at=at), at=at
    )
    assert (shown.document, shown.count) == (None, 0)
    assert shown.trouble.startswith("Aucun document")


@pytest.mark.parametrize(("origin", "sentence"), [("pdf", "Ses pages n’ont pas pu"), ("ubl", "sous forme de données")])
def test_a_failure_is_a_sentence_and_is_not_tried_again_at_once(
    invoices: dict[str, Invoice], at: datetime, monkeypatch: pytest.MonkeyPatch, origin: str, sentence: str
) -> None:
    invoice, failing = invoices[origin], Failing(FailureReason.TIMEOUT)
    with monkeypatch.context() as broken:
        broken.setattr(sandbox, "ask", failing)
        broken.setattr(pages, "page_of", failing)
        shown = [pages_of(invoice=invoice, at=at + wait) for wait in (timedelta(), timedelta(minutes=59))]
        assert failing.asked == 1
        pages_of(invoice=invoice, at=at + NOT_TRIED_AGAIN_FOR)
        assert failing.asked == 2
    for pages_shown in shown:
        assert pages_shown.count == 0
        assert sentence in pages_shown.trouble
        downloaded = pages_shown.document or pages_shown.data
        assert downloaded is not None
        assert downloaded.name.endswith("pdf" if origin == "pdf" else "xml")
    healed = pages_of(invoice=invoice, at=at + 2 * NOT_TRIED_AGAIN_FOR)
    assert (healed.count, healed.trouble) == (1, "")


@pytest.mark.parametrize("origin", ["pdf", "ubl"])
def test_a_busy_reader_says_nothing_of_the_file(
    invoices: dict[str, Invoice], at: datetime, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr(sandbox, "ask", Failing(FailureReason.BUSY))
        busy.setattr(pages, "page_of", Failing(FailureReason.BUSY))
        assert "Rechargez cette page" in pages_of(invoice=invoices[origin], at=at).trouble
    assert pages_of(invoice=invoices[origin], at=at).count == 1


def test_an_antivirus_that_is_away_keeps_the_drawing_out_for_now(
    invoices: dict[str, Invoice], at: datetime, settings: Any
) -> None:
    settings.CLAMD = "unix:/nowhere/clamd.sock"
    shown = pages_of(invoice=invoices["ubl"], at=at)
    assert (shown.document, shown.count) == (None, 0)
    assert shown.data is not None
    settings.CLAMD = ""
    assert pages_of(invoice=invoices["ubl"], at=at).count == 1


def test_bytes_that_the_store_has_lost_are_a_sentence(invoices: dict[str, Invoice], at: datetime) -> None:
    document = InvoiceFile.objects.get(invoice=invoices["pdf"], role="01")
    StoredFile.objects.filter(pk=document.stored.pk).update(path="00/00/nowhere")
    shown = pages_of(invoice=invoices["pdf"], at=at)
    assert shown.document == document
    assert "stock de fichiers" in shown.trouble


def test_a_drawing_that_two_ask_for_at_once_is_kept_once(
    invoices: dict[str, Invoice], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, real = invoices["ubl"], pages.page_of

    def overtaken(**given: Any) -> bytes:
        monkeypatch.undo()
        document_of(invoice=invoice, at=at)
        return real(**given)

    monkeypatch.setattr(pages, "page_of", overtaken)
    assert document_of(invoice=invoice, at=at) == InvoiceFile.objects.get(invoice=invoice, role="01")
