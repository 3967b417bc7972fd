"""What somebody on a slow line waits for: first paint and moves of the page, at 400 kbit/s with 300 ms, in Chromium.

Run: python bench/first_paint.py [--address http://…]. Without an address, `plainchant run` on this machine with the
demonstration. Each page is loaded twice in windows of both sizes: cold, when nothing of the portal is at hand; warm,
after another page of it. A load is « reached » if something is painted within 2.5 s and next to nothing moves later.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from plainchant.cli import django

django()

from journeys.conftest import CHROMIUM, portal  # noqa: E402
from journeys.seeing import settled  # noqa: E402
from journeys.test_every_page import log_in  # noqa: E402
from plainchant.demo import cast  # noqa: E402

LATENCY_MS, BITS_PER_SECOND = 300, 400_000
GOAL_SECONDS = 2.5
GOAL_SHIFT = 0.01  # Chromium's sum of « layout shifts »; web.dev calls 0.1 good
SIZES = {"telephone": (360, 740), "desk": (1280, 800)}
SUPPLIER, VISITOR = cast.ARTIST.email, ""
# name: who looks, the page, and the link on it that leads to the page looked at, where it is not that page
PAGES = {
    "home, visitor": (VISITOR, "/", ""),
    "check": (VISITOR, "/verifier/", ""),
    "home, supplier": (SUPPLIER, "/", ""),
    "deposit": (SUPPLIER, "/deposer/", ""),
    "list": (SUPPLIER, "/factures/", ""),
    "invoice": (SUPPLIER, "/factures/?etat=envoyees", "[data-row-link][href^='/factures/']"),
}
OTHER_PAGE = "/aide/glossaire/"  # what a warm browser has seen before

_SHIFTS = """
window.__shifts = []; window.__named = source => String(source.node?.className || source.node?.nodeName);
new PerformanceObserver(list => window.__shifts.push(...list.getEntries().map(entry => ({
    value: entry.value, nodes: entry.sources.map(window.__named)})))).observe({type: 'layout-shift', buffered: true})"""
_MEASURES = """() => {
    const files = performance.getEntriesByType('resource'), page = performance.getEntriesByType('navigation')[0];
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {seconds: paint ? paint.startTime / 1000 : NaN, answered: page.responseEnd / 1000,
            shift: window.__shifts.reduce((sum, shift) => sum + shift.value, 0),
            moved: window.__shifts.flatMap(shift => shift.nodes).slice(0, 4),
            bytes: [page, ...files].reduce((sum, file) => sum + file.transferSize, 0),
            requests: 1 + files.filter(file => file.transferSize).length} }"""


@dataclass(frozen=True)
class Load:
    """What one load of a page took, in seconds and bytes, and how much of it moved after it was first drawn."""

    seconds: float
    shift: float
    moved: list[str]
    answered: float
    bytes: int
    requests: int

    @property
    def is_reached(self) -> bool:
        return self.seconds <= GOAL_SECONDS and self.shift <= GOAL_SHIFT


@contextmanager
def _address(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        portal(Path(folder), port=8798, database=None, log=Path(folder) / "portal.log") as address,
    ):
        yield address


def _loaded(page: Page, where: str) -> Load:
    page.goto(where)
    settled(page)
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    return Load(**page.evaluate(_MEASURES))


def _cold_and_warm(browser: Browser, address: str, name: str, size: tuple[int, int]) -> dict[str, Load]:
    who, where, link = PAGES[name]
    context = browser.new_context(
        base_url=address, locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": size[0], "height": size[1]}
    )
    if who:
        log_in(context.new_page(), who)
    if link:
        looked = browser.new_context(base_url=address, storage_state=context.storage_state())
        first = looked.new_page()
        first.goto(where)
        where = first.locator(link).first.get_attribute("href") or where
        looked.close()
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    line = context.new_cdp_session(page)
    speed = BITS_PER_SECOND / 8
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    cold = _loaded(page, where)
    page.goto(OTHER_PAGE)
    settled(page)
    found = {"cold": cold, "warm": _loaded(page, where)}
    context.close()
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--address", default="", help="of a portal that runs, with the demonstration")
    given = asked.parse_args()
    if not CHROMIUM:
        print("no Chromium: apt install chromium-headless-shell")
        return
    print(f"{BITS_PER_SECOND // 1000} kbit/s, {LATENCY_MS} ms: something within {GOAL_SECONDS} s, and nothing moves")
    with _address(given.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name in PAGES:
            for size_name, size in SIZES.items():
                for state, load in _cold_and_warm(browser, address, name, size).items():
                    print(
                        f"  {name:14s} {size_name:9s} {state}: {load.seconds:5.2f} s (page {load.answered:.2f} s), "
                        f"{load.requests:2d} requests, {load.bytes / 1000:5.0f} kB, moved {load.shift:.3f}, "
                        f"{'reached' if load.is_reached else 'missed'}"
                        f"{' by ' + ', '.join(load.moved) if load.shift > GOAL_SHIFT else ''}",
                        flush=True,
                    )
        browser.close()


if __name__ == "__main__":
    main()
