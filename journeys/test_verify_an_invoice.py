"""« Vérifier une facture » as a visitor without an account: from the menu, with the keyboard, on to the mended file."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from journeys.seeing import assert_pleasant
from plainchant.demo import cast, directory
from tests.web.verify.invoices import invoice


def _drop(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/xml", "buffer": content})
    page.get_by_role("button", name="Vérifier ce fichier").focus()
    page.keyboard.press("Enter")


def test_a_refused_invoice_is_mended_and_accepted(page: Page, base_url: str, take_picture: Any, on_step: Any) -> None:
    to_the_town = {"seller": cast.SCULPTOR_WORKSHOP.siret, "buyer": directory.TOWN_WITHOUT_DEMANDS}
    page.goto(base_url)
    page.get_by_role("navigation").get_by_role("link", name="Vérifier une facture").click()
    assert_pleasant(page)
    on_step(page, "verifier-sans-compte/ouvrir", page.get_by_role("button", name="Vérifier ce fichier"))
    _drop(page, "facture.xml", invoice("F-2026-n°-avec-un-numero-trop-long", **to_the_town))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette facture sera refusée")
    expect(page.get_by_text("20 au plus sont acceptés").first).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "verifier-refusee")
    on_step(page, "verifier-sans-compte/refusee", page.get_by_text("20 au plus sont acceptés").first)
    page.get_by_role("link", name="Vérifier un autre fichier").click()
    _drop(page, "facture.xml", invoice("F-2026-014", **to_the_town))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette facture sera acceptée")
    assert_pleasant(page)
    take_picture(page, "verifier-acceptee")
    on_step(page, "verifier-sans-compte/acceptee", page.get_by_role("heading", level=1))
