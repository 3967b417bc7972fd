"""What every page must keep, looked at in the browser: nothing for axe to say, no sideways scroll, no CSP complaint."""

from __future__ import annotations

import contextlib

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError, ViewportSize

from journeys.hearing import unheard

_AXE = Axe().axe_script
_RUN = """async options => (await axe.run(options)).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`)).concat(
    [...document.querySelectorAll("[autoplay]")].map(film => `plays by itself: ${film.outerHTML.slice(0, 160)}`))"""
# What style sheets and films hold is not fetched for axe first, a third of its time: of its two rules that want it, one
# is off by default, and the other about sound that plays by itself.
_ALWAYS = {"resultTypes": ["violations"], "preload": False}
_PHONE = ViewportSize(width=360, height=740)
# As wide as a page that is shown four times larger on a laptop (WCAG 1.4.10).
_NARROW = ViewportSize(width=320, height=740)
# The spaces that a reader may ask for (WCAG 1.4.12).
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""


def settled(page: Page) -> None:
    """Wait until all of the page has come.

    On a busy machine Chromium may never say that the network is idle: then it counts that everything is loaded.
    """
    with contextlib.suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=5_000)
    page.wait_for_load_state("load")


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each."""
    return _complaints(page, _ALWAYS)


def complaints_in_dark(page: Page) -> list[str]:
    """What axe finds when the page is dark and was looked at light: nothing but colours has changed."""
    page.emulate_media(color_scheme="dark")
    found = _complaints(page, {**_ALWAYS, "runOnly": ["color-contrast", "link-in-text-block"]})
    page.emulate_media(color_scheme="light")
    return found


def _complaints(page: Page, options: dict[str, object]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    return list(page.evaluate(_RUN, options))


def open_every_value(page: Page) -> None:
    """The fields behind what was read in a document, as somebody sees them who wants to correct it all."""
    opening = page.get_by_role("button", name="Tout corriger")
    if opening.is_visible():
        opening.click()


def sideways_scroll(page: Page) -> int:
    """How many pixels the page is wider than a phone."""
    return _wider(page, _PHONE)


def narrow_scroll(page: Page) -> int:
    """How many pixels the page is too wide when it is shown four times larger, with more space in its text too."""
    return max(_wider(page, _NARROW), _wider(page, _NARROW, spaced=True))


def _wider(page: Page, size: ViewportSize, *, spaced: bool = False) -> int:
    before = page.viewport_size
    page.set_viewport_size(size)
    if spaced:
        page.evaluate(_SPACED)
    wider = int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
    if spaced:
        page.evaluate("document.adoptedStyleSheets = []")
    if before:
        page.set_viewport_size(before)
    return wider


def assert_pleasant(page: Page) -> None:
    """The page is accessible at desk and phone width, and does not scroll sideways on a phone."""
    settled(page)  # a click has only begun to lead here
    assert complaints(page) == [], page.url
    assert sideways_scroll(page) <= 0, f"{page.url} scrolls sideways at 360 px"


def assert_heard(page: Page) -> None:
    """It is pleasant, to the ear too, and does not scroll sideways when it is shown four times larger."""
    assert_pleasant(page)
    assert (page.url, unheard(page)) == (page.url, [])
    assert narrow_scroll(page) <= 0, f"{page.url} scrolls sideways at 320 px"
