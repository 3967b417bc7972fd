"""The document on both sides of an invoice: its pages as pictures, whatever it came as; never an empty box."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.invoices import pages
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.store.models import StoredFile
from plainchant.reader import sandbox
from plainchant.reader.sandbox import FailureReason, ReaderFailed
from tests.capture.hostile import many_pages
from tests.making import a_draft, an_upload
from tests.portal.invoices.origins import ORIGINS, Two, an_invoice_from, two_sides

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SIDES = ("factures", "recues")


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


@pytest.fixture
def clients(two: Two) -> dict[str, Client]:
    """Somebody logged in on each side."""
    clients = {side: Client() for side in SIDES}
    clients["factures"].force_login(two.author)
    clients["recues"].force_login(two.agent)
    return clients


def failing(reason: FailureReason) -> Any:
    def ask(*_: object, **__: object) -> bytes:
        raise ReaderFailed(reason)

    return ask


def pictures(html: str) -> list[str]:
    return re.findall(r'<img src="([^"]*/page/\d+\.png)"', html)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("origin", ORIGINS)
def test_both_sides_see_the_pages_of_any_invoice(clients, invoices, side: str, origin: str) -> None:
    html = clients[side].get(f"/{side}/{invoices[origin].uid}/").text
    assert len(pictures(html)) >= 1
    for address in pictures(html):
        answer = clients[side].get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert clients[side].get(f"/{side}/{invoices[origin].uid}/page/99.png").status_code == 404


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("origin", ["pdf", "ubl", "typed"])
@pytest.mark.parametrize("reason", [FailureReason.TIMEOUT, FailureReason.CRASHED, FailureReason.BUSY])
def test_pages_that_cannot_be_shown_are_a_sentence_and_a_download(
    clients, invoices, monkeypatch, side: str, origin: str, reason: FailureReason
) -> None:
    monkeypatch.setattr(sandbox, "ask", failing(reason))
    monkeypatch.setattr(pages, "page_of", failing(reason))
    html = clients[side].get(f"/{side}/{invoices[origin].uid}/").text
    assert pictures(html) == []
    assert "doc-pages" not in html
    assert re.search(r'<p class="doc-note">[^<]*(dessinée|Rechargez)', html)
    (saved,) = re.findall(r'<a href="([^"]+)">Télécharger(?: ses données</a>|<span)', html)
    assert b"".join(clients[side].get(saved))


@pytest.mark.parametrize("side", SIDES)
def test_data_that_cannot_be_drawn_are_no_page_to_download(clients, invoices, monkeypatch, side: str) -> None:
    monkeypatch.setattr(pages, "page_of", failing(FailureReason.CRASHED))
    for place in ("document/", "page/1.png"):
        assert clients[side].get(f"/{side}/{invoices['ubl'].uid}/{place}").status_code == 404


@pytest.mark.parametrize("side", SIDES)
def test_a_page_that_cannot_be_drawn_is_a_picture_that_says_so(clients, invoices, monkeypatch, side: str) -> None:
    monkeypatch.setattr(sandbox, "ask", failing(FailureReason.TIMEOUT))
    answer = clients[side].get(f"/{side}/{invoices['pdf'].uid}/page/1.png")
    assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")
    assert "Téléchargez le document pour la lire." in answer.text
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("side", SIDES)
def test_a_document_that_the_store_has_lost_leaves_the_invoice_readable(clients, invoices, side: str) -> None:
    document = InvoiceFile.objects.get(invoice=invoices["pdf"], role="01")
    StoredFile.objects.filter(pk=document.stored.pk).update(path="00/00/nowhere")
    answer = clients[side].get(f"/{side}/{invoices['pdf'].uid}/")
    assert answer.status_code == 200
    assert "stock de fichiers" in answer.text


def test_what_the_store_has_lost_was_not_downloaded(clients, invoices) -> None:
    document = InvoiceFile.objects.get(invoice=invoices["workbook"], role="01")
    for stored in (document.stored_id, document.legible_id):
        StoredFile.objects.filter(pk=stored).update(path=f"00/00/{stored}")
    for place in ("document", "copie"):
        assert clients["recues"].get(f"/recues/{invoices['workbook'].uid}/{place}/").status_code == 503
    invoices["workbook"].refresh_from_db()
    assert invoices["workbook"].downloaded_at is None


def test_of_many_pages_the_first_are_shown_and_loaded_when_they_are_reached(clients, two: Two, at: datetime) -> None:
    draft = a_draft(seller=two.seller, user=two.author, at=at, upload=an_upload(content=many_pages(130)))
    html = clients["factures"].get(f"/deposer/{draft.uid}/").text
    assert len(pictures(html)) == 100
    assert len(re.findall(r'<img [^>]*loading="lazy"', html)) == 99
    assert "Les 100 premières pages sur 130." in html


def test_a_copy_and_its_original_are_both_offered(clients, invoices) -> None:
    for side in SIDES:
        html = clients[side].get(f"/{side}/{invoices['workbook'].uid}/").text
        assert "Télécharger le document d’origine" in html
        assert "Télécharger la copie lisible en PDF" in html
