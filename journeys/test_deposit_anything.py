"""An artist deposits whatever she has: an old workbook, a LibreOffice one, a photo, a Factur-X; each is sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from journeys.seeing import assert_pleasant, on_page, open_every_value, settled
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.demo import cast, directory
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.ubl.read import read
from plainchant.einvoice.syntaxes.xml import parse
from tests.capture.workbooks import Euro, Layout, as_ods, as_xls
from tests.web.verify.invoices import invoice

SELLER, BUYER = cast.SCULPTOR_WORKSHOP.siret, directory.TOWN_WITHOUT_DEMANDS
PHONE = {"width": 360, "height": 740}


def a_sheet(number: str) -> Layout:
    """An invoice as one types it in a spreadsheet, without VAT."""
    return Layout(
        [
            ["FACTURE"],
            [],
            ["Numéro de facture", number],
            ["Date de facture", date(2026, 10, 15)],
            ["SIRET fournisseur", SELLER],
            ["SIRET client", BUYER],
            [],
            ["Désignation", "Montant"],
            ["Restauration d’un bas-relief", Euro(850)],
            ["Total HT", Euro(850)],
            ["TVA", Euro(0)],
            ["Total TTC", Euro(850)],
            ["Net à payer", Euro(850)],
            ["TVA non applicable, art. 293 B du CGI"],
        ],
        {},
    )


def a_photo() -> bytes:
    """A sheet of paper on a table, and nothing to read on it (test_deposit_scan has one that is written on)."""
    picture = Image.new("RGB", (1500, 2000), (120, 100, 80))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((150, 150, 1350, 1850), fill=(250, 248, 240))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def a_facturx(number: str) -> bytes:
    xml = write(read(parse(invoice(number, seller=SELLER, buyer=BUYER))).invoice, profile=PROFILE_OF["EN 16931"])
    return draw(read_cii(parse(xml)).invoice, at=datetime(2026, 10, 15, tzinfo=UTC), xml=xml)


@pytest.fixture(scope="module")
def artist(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, cast.ARTIST.email)
    yield page
    context.close()


def _drop(page: Page, name: str, content: bytes) -> None:
    page.goto(f"/deposer/?destinataire={BUYER}")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Lire", exact=True).click()
    settled(page)


def _look(page: Page, take_picture: Any, name: str) -> None:
    """At a desk, then on a phone."""
    assert_pleasant(page)
    take_picture(page, name)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    take_picture(page, f"{name}-telephone")
    if before:
        page.set_viewport_size(before)


def _send(page: Page) -> None:
    page.get_by_role("button", name="Vérifier la facture").click()
    settled(page)
    expect(page.locator("h1")).to_contain_text("Envoyer cette facture")
    assert_pleasant(page)
    page.get_by_role("button", name="Confirmer et envoyer").click()
    settled(page)
    expect(page.locator("h1")).to_contain_text("est envoyée")


def _saved(page: Page, link: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_01_the_page_takes_more_than_pdf_and_offers_a_template(artist: Page, take_picture: Any) -> None:
    artist.goto(f"/deposer/?destinataire={BUYER}")
    _look(artist, take_picture, "deposer")
    name, template = _saved(artist, "Modèle de facture à remplir")
    assert name == "modele-de-facture.xlsx"
    _drop(artist, name, template)
    expect(artist.locator("#id_buyer")).to_have_value(BUYER)
    expect(artist.locator("h1")).to_contain_text("Voici ce que nous avons lu")


def test_02_a_file_that_is_not_what_its_name_says_is_told(artist: Page, take_picture: Any) -> None:
    _drop(artist, "facture.pdf", as_ods({"Facture": a_sheet("X-1")}))
    expect(artist.locator("[data-error-summary]")).to_contain_text("Renommez-le « facture.ods »")
    assert_pleasant(artist)


@pytest.mark.parametrize(("name", "write_book"), [("facture.xls", as_xls), ("facture.ods", as_ods)])
def test_03_a_workbook_is_read_cell_by_cell_and_sent(
    artist: Page, take_picture: Any, name: str, write_book: Any
) -> None:
    book = write_book({"Facture": a_sheet(f"{name[-3:].upper()}-2026-01")})
    _drop(artist, name, book)
    expect(artist.locator("#id_number")).to_have_value(f"{name[-3:].upper()}-2026-01")
    expect(artist.locator("#id_tax_inclusive_amount")).to_have_value("850,00")
    expect(artist.locator("#id_number_helptext")).to_contain_text("Lu en B3.")
    artist.locator("summary[data-place=id_number]").click()  # one press: the field, and its place on the page
    expect(artist.locator("#id_number")).to_be_focused()
    expect(artist.locator(".doc-place.is-lit")).to_have_count(1)
    _look(artist, take_picture, f"preparer-{name[-3:]}")
    artist.get_by_role("button", name="Envoyer cette facture").click()  # nothing was asked: it may leave from here
    expect(artist.locator("h1")).to_contain_text("est envoyée")
    artist.goto("/factures/")
    artist.locator("[data-row-link]").filter(has_text=f"{name[-3:].upper()}-2026-01").click()
    settled(artist)
    _look(artist, take_picture, f"suivi-{name[-3:]}")
    assert _saved(artist, "Télécharger le document d’origine") == (name, book)
    copy_name, copy = _saved(artist, "Télécharger la copie lisible en PDF")
    assert copy_name == "facture (copie lisible).pdf"
    assert copy.startswith(b"%PDF-")


def test_03b_what_differs_from_the_document_is_asked_beside_its_field(artist: Page, take_picture: Any) -> None:
    _drop(artist, "facture.xls", as_xls({"Facture": a_sheet("ECART-1")}))
    open_every_value(artist)
    for name in ("tax_exclusive", "tax_inclusive", "payable"):
        artist.locator(f"#id_{name}_amount").fill("8500")
    artist.get_by_role("button", name="Envoyer cette facture").click()  # what was typed since is asked about first
    settled(artist)
    questions = artist.locator(".findings li").filter(has_text="Lequel des deux est juste")
    expect(questions).to_have_count(3)
    expect(questions.first).to_contain_text("(en B10)")
    _look(artist, take_picture, "verifier-ecarts")
    questions.first.get_by_role("link").click()
    expect(artist.locator("#id_tax_exclusive_amount_helptext")).to_contain_text("Lequel des deux est juste")
    _look(artist, take_picture, "corriger-ecarts")
    for name in ("tax_exclusive", "tax_inclusive", "payable"):
        artist.locator(f"#id_{name}_amount").fill("850")
    artist.get_by_role("button", name="Vérifier la facture").click()
    settled(artist)
    expect(artist.locator("h1")).to_contain_text("Envoyer cette facture")
    expect(questions).to_have_count(0)


def test_04_a_photo_is_shown_beside_an_empty_form(artist: Page, take_picture: Any) -> None:
    _drop(artist, "photo.jpg", a_photo())
    expect(on_page(artist, "Saisissez les champs vous-même")).to_be_visible(timeout=120_000)
    expect(artist.locator("#annonces")).to_be_empty()  # what has been spoken: the page is loaded again
    expect(artist.locator("#id_number")).to_have_value("")
    expect(artist.locator(".doc-page img").first).to_be_visible()
    _look(artist, take_picture, "preparer-photo")
    open_every_value(artist)
    artist.locator("#id_number").fill("PHOTO-1")
    artist.locator("#id_issue_date").fill("15/10/2026")
    for name, amount in (("tax_exclusive", "320"), ("tax", "0"), ("tax_inclusive", "320"), ("payable", "320")):
        artist.locator(f"#id_{name}_amount").fill(amount)
    artist.locator("input[name=vat_regime][value=SANS_TVA]").check()
    _send(artist)


def test_05_a_facturx_is_told_checked_compared_and_may_go_both_ways(artist: Page, take_picture: Any) -> None:
    _drop(artist, "facture-electronique.pdf", a_facturx("FX-2026-01"))
    expect(artist.get_by_text("C’est une facture électronique")).to_be_visible()
    expect(artist.get_by_text("Chorus Pro les accepterait")).to_be_visible()
    _look(artist, take_picture, "preparer-facturx")
    artist.get_by_role("button", name="Envoyer la facture électronique").click()
    expect(artist.get_by_role("heading", level=1)).to_contain_text("est partie", timeout=60_000)
    _drop(artist, "facture-electronique.pdf", a_facturx("FX-2026-02"))
    artist.get_by_role("link", name="Continuer avec le PDF").click()
    expect(artist.locator("#id_number")).to_have_value("FX-2026-02")
    open_every_value(artist)
    artist.locator("input[name=vat_regime][value=TVA_SUR_DEBIT]").check()
    _send(artist)


def test_06_two_tabs_on_one_draft_show_both_versions_and_one_is_kept(artist: Page, take_picture: Any) -> None:
    _drop(artist, "facture.ods", as_ods({"Facture": a_sheet("ONG-2026-01")}))
    other = artist.context.new_page()
    other.goto(artist.url)
    open_every_value(other)
    other.get_by_label("Un mot pour le destinataire").fill("onglet B")
    expect(other.locator("[data-saved]")).to_contain_text("Enregistré à")
    other.locator("[data-saved].is-late").wait_for(state="detached")
    open_every_value(artist)
    artist.locator("#id_number").fill("2026-09C")
    expect(artist.get_by_text("Ce brouillon a changé ailleurs")).to_be_visible()
    for words in ("onglet B", "2026-09C", "ONG-2026-01"):
        expect(artist.locator("#conflict")).to_contain_text(words)
    _look(artist, take_picture, "preparer-deux-onglets")
    artist.get_by_role("link", name="Reprendre l’autre version").click()
    expect(artist.get_by_label("Un mot pour le destinataire")).to_have_value("onglet B")
    expect(artist.locator("#id_number")).to_have_value("ONG-2026-01")
    other.close()
