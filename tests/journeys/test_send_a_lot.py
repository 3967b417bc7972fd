"""A bookkeeper's software has made forty invoices, three of them wrong: sent, read, mended, sent again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from plainchant.demo import cast, directory
from tests.journeys.seeing import assert_pleasant
from tests.journeys.test_every_page import log_in
from tests.portal.flows.archives import archive
from tests.web.verify.invoices import invoice

PARTIES = {"seller": cast.SCULPTOR_WORKSHOP.siret, "buyer": directory.TOWN_WITHOUT_DEMANDS}
BAD = {
    "lot-07.xml": invoice("LOT-2026-07-numero-trop-long", **PARTIES),
    "lot-19.xml": invoice("LOT-2026-19", seller=PARTIES["seller"], buyer="00000000000018"),
    "lot-33.xml": invoice("LOT-2026-33", **PARTIES)[:400],
}


def _send(page: Page, name: str, content: bytes) -> None:
    page.goto("/flux/deposer/")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/gzip", "buffer": content})
    page.get_by_role("button", name="Envoyer ce fichier").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/flux/*-*/")


def test_a_lot_of_forty_with_three_bad_ones(
    browser: Any, browser_context_args: dict[str, Any], base_url: str, take_picture: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    log_in(page, cast.ARTIST.email)
    files = {f"lot-{n:02}.xml": invoice(f"LOT-2026-{n:02}", **PARTIES) for n in range(1, 41)} | BAD
    page.goto("/flux/deposer/")
    assert_pleasant(page)
    take_picture(page, "flux-deposer")
    _send(page, "novembre.tar.gz", archive(files))
    expect(page.get_by_role("heading", level=1)).to_have_text("Une partie des factures est à corriger", timeout=60_000)
    for said in ("20 au plus sont acceptés", "00000000000018", "n’est pas un fichier XML correct"):
        expect(page.get_by_text(said).first).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "flux-compte-rendu")
    mended = {name: invoice(f"LOT-2026-{name[4:6]}", **PARTIES) for name in BAD}
    _send(page, "corrigees.tar.gz", archive(mended))
    expect(page.get_by_role("heading", level=1)).to_have_text("Les 3 factures sont parties", timeout=60_000)
    page.goto("/flux/")
    assert_pleasant(page)
    take_picture(page, "flux-suivi")
    context.close()
