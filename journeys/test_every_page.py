"""Every page that can be reached by following links, for each part one can play: axe, phone width, dark, keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from journeys.hearing import unheard
from journeys.seeing import complaints, complaints_in_dark, narrow_scroll, settled
from journeys.validity import invalid
from journeys.watching import watched
from plainchant.demo import cast

PARTS = {
    "nobody": "",
    "the artist": cast.ARTIST.email,
    "the architect": cast.ARCHITECT.email,
    "the town's agent": cast.TOWN_AGENT.email,
    "the hospital's agent": cast.HOSPITAL_AGENT.email,
}
# Another public body has the same pages as the town: those that its own invoices fill are looked at again.
BELOW = {cast.HOSPITAL_AGENT.email: "/recues/"}
# Not pages (downloads, pictures), the way out, and lists that go on for ever: one page of each kind is enough.
SKIP = re.compile(
    r"^/static/|/document/$|/piece/|/export/|/telecharger/|/deposer/modele/|\.(?:png|xlsx|csv|json|pdf)(?:$|\?)|/certificat/$|/deconnexion/|[?&]page=|/mailbox/"
)
# Kinds of pages that somebody who had logged in was shown: the account, the directory, the help are the same for all.
LOOKED_AT: set[str] = set()
ONE_OF_EACH = re.compile(r"(?<=^/aide/)(?!qui-aide/)[a-z-]+-[a-z-]+(?=/)|[0-9a-f]{8}-[0-9a-f-]{27}|\d{14}|/\d+/")


@pytest.fixture
def page_of(browser: Browser, browser_context_args: dict[str, Any], base_url: str, request: Any) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = watched(context.new_page())
    if request.param:
        log_in(page, request.param)
    yield page
    context.close()


def log_in(page: Page, email: str) -> None:
    """Without looking at the page for it, which others do."""
    form = page.context.request.get("/compte/connexion/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text())
    assert token
    answer = page.context.request.post(
        "/compte/connexion/",
        form={"csrfmiddlewaretoken": token[1], "login": email, "password": cast.PASSWORD},
        max_redirects=0,
    )
    assert answer.status == 302


def menu_is_one_line(page: Page) -> bool:
    """At the width of a small laptop, every entry of the menu and the account on the same line."""
    usual = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    tops = page.eval_on_selector_all(
        ".site-nav li, .site-nav summary",
        "all => all.map(e => { const r = e.getBoundingClientRect(); return r.top + r.height / 2 })",
    )
    if usual:
        page.set_viewport_size(usual)
    return bool(max(tops) - min(tops) < 12)


def kinds_of_pages(page: Page, *, below: str, known: set[str], limit: int = 200) -> Iterator[tuple[str, str, str]]:
    """Follow links from the welcome page, or from ``below`` without leaving it; one page of each kind, with its source.

    Those of a ``known`` kind lead on, and are not shown.
    """
    waiting = ["/", "/compte/creer/", "/compte/mot-de-passe/oublie/", "/cette-page-nexiste-pas/", below]
    seen: set[str] = set()
    kinds: set[str] = set()
    while waiting and len(seen) < limit:
        address = waiting.pop(0)
        kind = ONE_OF_EACH.sub("*", address.split("?")[0])
        if address in seen or kind in kinds or SKIP.search(address) or not address.startswith(below):
            continue
        seen.add(address)
        kinds.add(kind)
        if kind in known:
            links = html.fromstring(page.context.request.get(address).text()).xpath("//a/@href")
        else:
            answer = page.goto(address)
            assert answer
            yield address, kind, answer.text()
            links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
        waiting += [link.split("#")[0] for link in links if link.startswith("/")]
    assert not waiting, f"more than {limit} pages: some would never be looked at"


@pytest.mark.parametrize("page_of", PARTS.values(), ids=PARTS.keys(), indirect=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page_of: Page, request: pytest.FixtureRequest) -> None:
    found: list[str] = []
    titles: dict[str, str] = {}
    looked = 0
    assert menu_is_one_line(page_of)
    has_logged_in = bool(request.node.callspec.params["page_of"])
    below = BELOW.get(request.node.callspec.params["page_of"], "/")
    known = LOOKED_AT if below == "/" and has_logged_in else set()
    for address, kind, source in kinds_of_pages(page_of, below=below, known=known):
        if has_logged_in and kind != "/":
            LOOKED_AT.add(kind)
        looked += 1
        found += [
            f"{address}: {complaint}"
            for complaint in (*complaints(page_of), *unheard(page_of), *invalid(page_of, source))
        ]
        shown = urlsplit(page_of.url).path  # not the address, where that leads elsewhere
        if (other := titles.setdefault(page_of.title(), shown)) != shown:
            found.append(f"{shown} has the title of {other}")
        found += [f"{address} {line}" for line in narrow_scroll(page_of)]
        found += [f"{address} (dark): {complaint}" for complaint in complaints_in_dark(page_of)]
    found += [line for line in page_of.complaints if "/cette-page-nexiste-pas/" not in line]  # type: ignore[attr-defined]
    assert found == []
    assert looked >= (8 if below == "/" else 2)


@pytest.mark.parametrize("page_of", [cast.TOWN_AGENT.email], ids=["the town's agent"], indirect=True)
def test_letters_that_press_buttons_and_walk_lists_can_be_cut(page_of: Page) -> None:
    page_of.goto("/recues/")
    first = page_of.locator("[data-row]").first
    page_of.keyboard.press("j")
    expect(first).to_have_class("is-here")
    page_of.reload()
    page_of.get_by_role("button", name="Couper ces lettres").click()
    page_of.keyboard.press("j")
    expect(page_of.locator(".is-here")).to_have_count(0)
    page_of.locator("[data-row-link]").first.click()
    settled(page_of)
    page_of.keyboard.press("u")  # « Suspendre »
    page_of.get_by_role("button", name="Reprendre ces lettres").first.click()
    page_of.keyboard.press("u")
    page_of.wait_for_url(re.compile("/traiter/suspend/"))


@pytest.mark.parametrize("page_of", [cast.ARTIST.email], ids=["the artist"], indirect=True)
def test_a_draft_is_prepared_and_checked_with_the_keyboard_alone(page_of: Page) -> None:
    page_of.goto("/factures/")
    page_of.keyboard.press("Tab")
    expect(page_of.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page_of.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page_of.keyboard.press("Enter")
    expect(page_of.locator("main")).to_be_focused()
    page_of.keyboard.press("j")  # the first line of the list
    page_of.keyboard.press("Enter")
    page_of.wait_for_url(re.compile("/deposer/"))
    expect(page_of.locator("h1")).to_contain_text(re.compile("Voici ce que nous avons lu|Que dit votre facture"))
    page_of.emulate_media(forced_colors="active")
    done, to_come = page_of.eval_on_selector_all(
        ".step-done > *, .step:last-child > *", "all => all.map(e => getComputedStyle(e, '::before').backgroundColor)"
    )
    assert done != to_come  # a full note is not an empty one, whatever colours a reader forces
    page_of.emulate_media(forced_colors="none")
    _tab_through(page_of, until=("Tout corriger",))
    page_of.keyboard.press("Enter")
    expect(page_of.locator("#id_buyer")).to_be_focused()
    reached = _tab_through(page_of, until=("Vérifier la facture", "Envoyer cette facture"))
    assert {"id_number", "id_tax_inclusive_amount", "id_comment"} <= reached
    page_of.keyboard.press("Enter")
    settled(page_of)
    expect(page_of.locator("h1")).to_contain_text(re.compile("serait refusée|Envoyer cette facture|est envoyée"))


def _tab_through(page: Page, until: tuple[str, ...], presses: int = 150) -> set[str]:
    """Press Tab until one of the buttons ``until`` has the focus; the ids met on the way. Each stop is seen."""
    reached: set[str] = set()
    for _ in range(presses):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                 return {id: e.id, text: e.textContent.trim(), seen: s.outlineStyle !== 'none' || s.boxShadow !== 'none'
                         || !!e.closest('.doc-marks, .skip, [data-upload], .choice, .doc')} }"""
        )
        assert where["seen"], f"the focus cannot be seen on {where}"
        reached.add(where["id"])
        if where["text"] in until:
            return reached
    raise AssertionError(f"{until!r} was not reached with Tab; met {reached}")
