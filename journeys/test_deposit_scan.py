"""An artist has only paper: a scanned PDF, then a photo from her telephone, read while she looks on."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.seeing import assert_pleasant, on_page, open_every_value, settled
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.capture import engines
from plainchant.demo import cast, directory
from plainchant.demo.paper import PrintedInvoice, print_invoice
from tests.capture.scans import as_pdf, page_of, scanned

SELLER, BUYER = cast.SCULPTOR_WORKSHOP.siret, directory.TOWN_WITHOUT_DEMANDS
# `paper("PHOTO-2026-01")` photographed (tests/capture/scans.py), as a telephone keeps it: heif-enc -q 25.
PHOTO = Path(__file__).with_name("photo.heic").read_bytes()
READ = 180_000  # milliseconds: a busy machine reads a page in a minute


@pytest.fixture(scope="module", autouse=True)
def _engine() -> None:
    if importlib.util.find_spec("rapidocr") is None and engines.tesseract() is None:
        pytest.skip("neither Tesseract with its French data nor RapidOCR is installed here")


@pytest.fixture(scope="module")
def artist(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, cast.ARTIST.email)
    yield page
    context.close()


def paper(number: str) -> bytes:
    return print_invoice(
        PrintedInvoice(
            number=number,
            day="15/10/2026",
            seller="Atelier du Four Solaire",
            seller_address="7 rue des Lavoirs, 99120 Valbrume-sur-Orée",
            seller_siret=SELLER,
            buyer="Commune",
            buyer_siret=BUYER,
            commitment="ENG-2026-31",
            object="Atelier de modelage, une classe",
            amount="1 216,00",
            iban="FR7600000000010000000017736",
        )
    )


def _drop(page: Page, name: str, content: bytes) -> None:
    page.goto("/deposer/")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Lire", exact=True).click()


def _send(page: Page) -> None:
    """From the summary where nothing is asked, else after a last look."""
    page.get_by_role("button", name=re.compile("Envoyer cette facture|Vérifier la facture")).click()
    settled(page)
    confirming = page.get_by_role("button", name="Confirmer et envoyer")
    if confirming.count():
        confirming.click()
        settled(page)
    expect(page.locator("h1")).to_contain_text("est envoyée")


def test_01_a_scanned_pdf_is_read_while_its_page_is_shown(artist: Page, take_picture: Any) -> None:
    _drop(artist, "scan.pdf", as_pdf(scanned(page_of(paper("SCAN-2026-01"), dpi=200), turned=1.2, noise=12).jpeg))
    expect(on_page(artist, "Nous lisons votre document…")).to_be_visible()
    expect(artist.locator(".doc-page img").first).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "lecture-scan")
    expect(artist.locator("#id_number")).to_have_value("SCAN-2026-01", timeout=READ)  # nobody has touched anything
    expect(artist.locator("#id_buyer")).to_have_value(BUYER)
    expect(artist.locator("#id_tax_inclusive_amount")).to_have_value("1216,00")
    expect(artist.get_by_text("comparez chaque valeur avec la page")).to_be_visible()
    open_every_value(artist)
    artist.locator("#id_number").focus()
    expect(artist.locator(".doc-place.is-lit")).to_have_count(1)
    assert_pleasant(artist)
    take_picture(artist, "preparer-scan")
    _send(artist)


def test_02_what_is_typed_while_a_photo_of_an_iphone_is_read_stays(artist: Page, take_picture: Any) -> None:
    pytest.importorskip("pi_heif")
    waiting: list[Route] = []
    # The page learns of the reading once she has typed, however long that took.
    artist.route("**/lecture/", lambda route: waiting.append(route))
    _drop(artist, "IMG_0412.HEIC", PHOTO)
    expect(artist.locator(".recognition")).to_be_visible()  # the click has only begun to lead here
    open_every_value(artist)
    artist.locator("#id_number").fill("À MA FAÇON-7")
    artist.unroute("**/lecture/")
    for route in waiting:
        route.continue_()
    expect(artist.locator(".recognition")).to_contain_text("Votre document est lu.", timeout=READ)
    expect(artist.locator("#annonces")).to_contain_text("Votre document est lu.")
    expect(artist.locator("#id_number")).to_have_value("À MA FAÇON-7")
    assert_pleasant(artist)
    take_picture(artist, "photo-lue")
    artist.get_by_role("button", name="Remplir les champs vides").click()
    expect(artist.locator("#id_tax_inclusive_amount")).to_have_value("1216,00")
    expect(artist.locator("#id_number")).to_have_value("À MA FAÇON-7")
    expect(artist.locator("#id_buyer")).to_have_value(BUYER)
    open_every_value(artist)
    artist.locator("#id_number").fill("PHOTO-2026-01")
    take_picture(artist, "preparer-photo-lue")
    _send(artist)
