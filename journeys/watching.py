"""A page on which any complaint of the browser (a refused script or style, a missing file) fails the step."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

PATIENCE = 90_000  # ms: a page of a busy machine takes its time
# A 422 is a refused form and a 409 a draft saved elsewhere: Chromium reports them, and they are what was asked for.
_EXPECTED = ("422", "409")


def watched(page: Page, *, refused: str = "") -> Page:
    """``refused``: how the one address ends that is expected to answer 403, as a form that asks for a proof does."""

    def is_expected(message: Any) -> bool:
        is_refused = bool(refused) and "403" in message.text and message.location["url"].endswith(refused)
        return is_refused or any(code in message.text for code in _EXPECTED)

    def complain(message: Any) -> None:
        if message.type == "error" and not is_expected(message):
            page.complaints.append(f"{page.url}: {message.text}")  # type: ignore[attr-defined]

    page.set_default_timeout(PATIENCE)
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", complain)
    page.on("pageerror", lambda error: page.complaints.append(f"{page.url}: {error}"))  # type: ignore[attr-defined]
    return page
