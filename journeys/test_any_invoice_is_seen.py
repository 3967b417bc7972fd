"""An invoice that came as data alone, and a long one: both sides read their pages, loaded as one scrolls to them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from journeys.seeing import assert_pleasant, settled
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.demo import cast, directory
from tests.portal.flows.archives import archive
from tests.web.verify.invoices import invoice

PARTIES = {"seller": cast.SCULPTOR_WORKSHOP.siret, "buyer": directory.TOWN_HALL, "service": "CULTURE",
           "commitment": "BC-2026-0418"}  # fmt: skip
LINES = 400


def _long_invoice(number: str) -> bytes:
    """The small invoice with its line cut in LINES lines."""
    whole = invoice(number, **PARTIES).decode()
    (line,) = re.findall(r"<cac:InvoiceLine>.*?</cac:InvoiceLine>", whole, re.DOTALL)
    part = line.replace("100.00", f"{100 / LINES:.2f}")
    return whole.replace(
        line, "".join(part.replace("<cbc:ID>1<", f"<cbc:ID>{n}<") for n in range(1, LINES + 1))
    ).encode()


def _is_drawn(picture: Locator) -> bool:
    return bool(picture.evaluate("picture => picture.complete && picture.naturalWidth > 300"))


def _read_to_the_end(page: Page, *, pages: int) -> None:
    """Each page is a picture; the last is asked for when one comes to it."""
    pictures = page.locator(".doc-pages img")
    assert pictures.count() >= pages
    expect(pictures.first).to_be_visible()
    page.wait_for_function("picture => picture.naturalWidth > 300", arg=pictures.first.element_handle())
    if pages > 1:
        assert not _is_drawn(pictures.last)
        pictures.last.scroll_into_view_if_needed()
        page.wait_for_function("picture => picture.naturalWidth > 300", arg=pictures.last.element_handle())


def _open(page: Page, list_address: str, number: str) -> None:
    for _ in range(60):
        page.goto(list_address)
        row = page.locator("[data-row-link]").filter(has_text=number)
        if row.count():
            break
        page.wait_for_timeout(500)
    row.first.click()
    settled(page)


def test_both_sides_read_what_came_as_data(
    browser: Browser, browser_context_args: dict[str, Any], base_url: str, take_picture: Any
) -> None:
    artist, agent = (browser.new_context(**browser_context_args, base_url=base_url).new_page() for _ in range(2))
    for page, person in ((artist, cast.ARTIST), (agent, cast.TOWN_AGENT)):
        page.set_default_timeout(PATIENCE)
        log_in(page, person.email)
    artist.goto("/flux/deposer/")
    files = archive({"courte.xml": invoice("VUE-1", **PARTIES), "longue.xml": _long_invoice("VUE-2")})
    artist.locator("input[type=file]").set_input_files(
        {"name": "deux.tar.gz", "mimeType": "application/octet-stream", "buffer": files}
    )
    artist.get_by_role("button", name="Envoyer").click()
    expect(artist.get_by_role("heading", level=1)).to_have_text("Les 2 factures sont parties", timeout=60_000)
    for page, side in ((agent, "/recues/"), (artist, "/factures/")):
        for number, pages in (("VUE-1", 1), ("VUE-2", 5)):
            _open(page, side, number)
            _read_to_the_end(page, pages=pages)
            take_picture(page, f"vue-{side.strip('/')}-{number[-1]}")
            assert_pleasant(page)
    for page in (artist, agent):
        page.context.close()
