"""The log-in ends while somebody writes: what was typed is still there after the next one, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.seeing import assert_pleasant
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.demo import cast, directory
from tests.making import an_invoice_pdf

WORDS = "La rencontre a été reportée deux fois.\nLe bon de commande reste le même : « EJ-2026-7 », voir l’avenant."


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def has_scripts(request: Any) -> bool:
    return bool(request.param)


@pytest.fixture
def context(
    browser: Browser, browser_context_args: dict[str, Any], base_url: str, has_scripts: bool
) -> Iterator[BrowserContext]:
    context = browser.new_context(**browser_context_args, base_url=base_url, java_script_enabled=has_scripts)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def a_draft(page: Page) -> str:
    """The address of a new draft, which the page shows."""
    page.goto("/deposer/")
    content = an_invoice_pdf(seller=cast.SCULPTOR_WORKSHOP.siret, buyer=directory.TOWN_HALL)
    page.locator("input[type=file]").set_input_files(
        {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/deposer/[0-9a-f-]{36}/"))
    return page.url


def end_log_in(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


def log_in_here(page: Page) -> None:
    page.locator("input[type=email]").fill(cast.ARTIST.email)
    page.locator("input[type=password]").fill(cast.PASSWORD)
    page.locator("main form button[type=submit]").last.click()


def write(page: Page) -> None:
    page.locator("summary", has_text="Un mot").click()
    page.locator("#id_comment").fill(WORDS)


def kept(page: Page, draft: str) -> str:
    page.goto(draft)
    return page.locator("#id_comment").input_value()


def test_a_form_sent_too_late_is_taken_up_after_the_log_in(
    context: BrowserContext, has_scripts: bool, take_picture: Any
) -> None:
    page = context.new_page()
    log_in(page, cast.ARTIST.email)
    draft = a_draft(page)
    end_log_in(context)
    write(page)
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.get_by_text("Vous n’êtes plus connecté").first).to_be_visible()
    expect(page.get_by_label("Votre mot de passe")).to_be_visible()
    if has_scripts:  # what looks at a page is a script
        assert_pleasant(page)
        take_picture(page, "connexion-reprise")
    log_in_here(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Reprendre où vous en étiez")
    expect(page.get_by_text("reportée deux fois")).to_be_visible()
    if has_scripts:
        assert_pleasant(page)
        take_picture(page, "reprendre")
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    assert kept(page, draft) == WORDS


def test_a_form_from_before_a_log_in_elsewhere_is_taken(context: BrowserContext, has_scripts: bool) -> None:
    page = context.new_page()
    log_in(page, cast.ARTIST.email)
    draft = a_draft(page)
    end_log_in(context)
    other = context.new_page()
    log_in(other, cast.ARTIST.email)
    write(page)
    page.get_by_role("button", name="Garder en brouillon").click()
    if not has_scripts:  # the page still has the token of before
        page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    assert kept(page, draft) == WORDS


@pytest.mark.parametrize("has_scripts", [True], indirect=True)
def test_a_page_that_saves_itself_says_so_and_goes_on_after_a_log_in_elsewhere(
    context: BrowserContext, take_picture: Any
) -> None:
    page = context.new_page()
    log_in(page, cast.ARTIST.email)
    draft = a_draft(page)
    end_log_in(context)
    write(page)
    notice = page.locator("[data-logged-out]")
    expect(notice).to_be_in_viewport()  # the field is far down the page
    expect(page.locator("[data-saved]")).to_contain_text("vous n’êtes plus connecté")
    assert page.locator("#id_comment").input_value() == WORDS
    assert_pleasant(page)
    take_picture(page, "plus-connecte")
    with context.expect_page() as opened:
        notice.get_by_role("link").click()
    log_in_here(opened.value)
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    page.bring_to_front()
    expect(notice).to_be_hidden(timeout=60_000)
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    assert kept(page, draft) == WORDS
