"""Whoever writes a program reads the operations in the browser, and calls one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from journeys.seeing import assert_pleasant


def test_an_operation_is_read_and_called(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/logiciels/interface/")
    page.get_by_label("Opération").select_option(label="POST /api/v1/check")
    expect(page.locator("[data-about]")).to_contain_text("/api/v1/check")
    page.get_by_text("Ce que l’opération attend").click()
    expect(page.locator("[data-shapes]")).to_contain_text('"file": "base64"')
    page.get_by_label("client_id de l’application").fill("inconnu")
    page.get_by_role("button", name="Appeler").click()
    expect(page.locator("[data-answer]")).to_contain_text("client_secret inconnu")
    assert_pleasant(page)
