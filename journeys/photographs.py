"""Pictures of a step for the help: the page as it stands, on a computer and on a phone, and where the mark is on it.

`tools/help_media.py` makes the help's pictures and films from them.
"""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page

from journeys.seeing import settled

SIZES = {"desk": {"width": 1024, "height": 680}, "phone": {"width": 390, "height": 700}}
_IN_THE_MIDDLE = "e => e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'})"

_UNFOLD = "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
_IS_IN_MENU = "e => Boolean(e.closest('header'))"


def photograph(page: Page, mark: Locator, *, at: Path) -> None:
    """Write ``at``.desk.png, ``at``.phone.png, and ``at``.json with the box of the mark on each, in pixels.

    The page is left as it was found.
    """
    at.parent.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    where = page.evaluate("[scrollX, scrollY]")
    element = mark.element_handle()  # it may be folded away on a smaller page, where no role finds it
    assert element is not None
    boxes = {}
    for name, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        settled(page)
        element.evaluate(_UNFOLD)
        in_menu = not element.is_visible() and element.evaluate(_IS_IN_MENU)
        if in_menu:  # a phone folds the menu
            page.locator("[data-nav-toggle]").click()
        element.evaluate(_IN_THE_MIDDLE)
        page.evaluate("document.fonts.ready.then(() => true)")
        boxes[name] = element.bounding_box()
        page.screenshot(path=f"{at}.{name}.png", animations="disabled", caret="hide")
        if in_menu:
            page.locator("[data-nav-toggle]").click()
    if before:
        page.set_viewport_size(before)
    page.evaluate("([x, y]) => scrollTo(x, y)", where)
    at.with_name(f"{at.name}.json").write_text(json.dumps(boxes))
