"""An artist keeps her RIB and a certificate at hand, and joins one to a deposit with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.seeing import assert_pleasant
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.demo import cast
from tests.making import an_invoice_pdf


def add(page: Page, path: Path, *, kind: str, until: str = "") -> None:
    page.get_by_role("link", name=re.compile("^Ajouter une pièce")).first.click()
    page.get_by_label("Quel document est-ce").select_option(kind)
    page.locator("#id_file").set_input_files(path)
    if until:
        page.locator("#id_valid_until").fill(until)
    page.get_by_role("button", name="Garder cette pièce").press("Enter")
    expect(page.get_by_role("link", name=path.name, exact=True)).to_be_visible()


@pytest.fixture
def artist(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, cast.ARTIST.email)
    yield page
    context.close()


def test_documents_are_kept_and_joined(artist: Page, tmp_path: Path, take_picture: Any, on_step: Any) -> None:
    for name in ("rib-atelier.pdf", "attestation-2024.pdf", "facture.pdf"):
        (tmp_path / name).write_bytes(an_invoice_pdf(number="F-2026-900"))
    page = artist
    page.goto("/compte/")
    page.get_by_role("link", name=re.compile("Mes pièces")).click()
    expect(page.get_by_text("Rien ici pour l’instant")).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "pieces-vides")

    adding = page.get_by_role("link", name="Ajouter une pièce", exact=True).first
    on_step(page, "garder-ses-pieces/ajouter", adding)
    adding.click()
    assert_pleasant(page)
    take_picture(page, "piece-ajouter")
    on_step(page, "garder-ses-pieces/quoi", page.get_by_role("button", name="Garder cette pièce"))
    page.get_by_role("button", name="Garder cette pièce").click()
    expect(page.get_by_role("link", name=re.compile("Choisissez le fichier"))).to_be_visible()
    assert_pleasant(page)
    page.goto("/pieces/")

    add(page, tmp_path / "rib-atelier.pdf", kind="RIB")
    add(page, tmp_path / "attestation-2024.pdf", kind="ATTESTATION_VIGILANCE", until="2024-06-30")
    expect(page.get_by_text("Périmée")).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "pieces")
    page.set_viewport_size({"width": 360, "height": 740})
    take_picture(page, "pieces-telephone")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name=re.compile("Modifier ou remplacer attestation")).click()
    assert_pleasant(page)
    take_picture(page, "piece-modifier")
    page.get_by_role("link", name="Retirer cette pièce").click()
    assert_pleasant(page)
    page.get_by_role("link", name="La garder").click()

    page.goto("/deposer/")
    page.locator("#id_file").set_input_files(tmp_path / "facture.pdf")
    page.locator("main form button[type=submit]").last.click()
    page.locator("#pieces-jointes > summary").click()
    rib = page.get_by_role("checkbox", name=re.compile("rib-atelier"))
    expect(rib).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("attestation-2024.*Périmée", re.S))).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "pieces-joindre")
    on_step(page, "garder-ses-pieces/joindre", page.get_by_text("rib-atelier").first)
    page.set_viewport_size({"width": 360, "height": 740})
    take_picture(page, "pieces-joindre-telephone")
    page.set_viewport_size({"width": 1280, "height": 900})
    rib.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Joindre ces fichiers").press("Enter")
    page.wait_for_url("**#pieces-jointes")
    expect(page.locator("#pieces-jointes")).to_have_attribute("open", "")  # one comes back to where one was
    expect(page.locator(".attached").get_by_role("link", name="rib-atelier.pdf")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("rib-atelier"))).to_have_count(0)
