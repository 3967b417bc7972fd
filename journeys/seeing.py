"""What every page must keep, looked at in the browser: nothing for axe to say, no sideways scroll, no CSP complaint."""

from __future__ import annotations

import contextlib

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, TimeoutError, ViewportSize

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

# Pages that scroll sideways, and the innermost elements that make them: a part that scrolls by itself makes none.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth, scrolls = document.documentElement.scrollWidth;
  if (scrolls <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + .5);
  const innermost = out.filter(e => !out.some(other => other !== e && e.contains(other)));
  return [`scrolls by ${scrolls - width} px`, ...innermost.slice(0, 5).map(e => e.outerHTML.slice(0, 160))];
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


def on_page(page: Page, text: str) -> Locator:
    """Where a page says ``text``: what htmx brings is also in the region that screen readers speak, for a while."""
    return page.locator("main").get_by_text(text)


def open_every_value(page: Page) -> None:
    """The fields behind what was read in a document, as somebody sees them who wants to correct it all."""
    page.wait_for_load_state("domcontentloaded")  # a page is seen before its last button has come
    opening = page.get_by_role("button", name="Tout corriger")
    if opening.is_visible():
        opening.click()


def sideways_scroll(page: Page) -> list[str]:
    """What is wider than a phone, one line each."""
    return _wider(page, _PHONE)


def narrow_scroll(page: Page) -> list[str]:
    """What is too wide when the page is shown four times larger, with more space in its text too, one line each."""
    return _wider(page, _NARROW) or _wider(page, _NARROW, spaced=True)


def _wider(page: Page, size: ViewportSize, *, spaced: bool = False) -> list[str]:
    before = page.viewport_size
    page.set_viewport_size(size)
    if spaced:
        page.evaluate(_SPACED)
    found = list(page.evaluate(_TOO_WIDE))
    if spaced:
        page.evaluate("document.adoptedStyleSheets = []")
    if before:
        page.set_viewport_size(before)
    width = f"{size['width']} px, spaced" if spaced else f"{size['width']} px"
    return [f"at {width}: {line}" for line in found]


def assert_pleasant(page: Page) -> None:
    """The page is accessible to the eye and to the ear, at desk and phone width, and does not scroll sideways on a
    phone, nor when it is shown four times larger."""
    settled(page)  # a click has only begun to lead here
    for found in (complaints(page), unheard(page), sideways_scroll(page), narrow_scroll(page)):
        assert not found, f"{page.url}: {found}"
