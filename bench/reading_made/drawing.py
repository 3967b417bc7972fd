"""Layouts to PDF bytes: typst for most, Chromium for those written in HTML, as many online programs do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import typst

from . import layouts_held_out, layouts_html, layouts_html_third, layouts_more, layouts_third, layouts_tuned
from .facts import TrueLine, invent
from .made import Made
from .writing import ALL, HELD_OUT, THIRD, Page


def made_tuned(seeds: range) -> Iterator[Made]:
    """Every tuned layout with each seed."""
    for module, words in ((layouts_tuned, ALL), (layouts_more, ALL), (layouts_third, THIRD)):
        for layout in module.LAYOUTS:
            for seed in seeds:
                yield drawn_by_typst(layout, seed, kinds=module.KINDS, words=words)


def made_held_out(seeds: range) -> Iterator[Made]:
    """Every held-out layout in typst with each seed."""
    for layout in layouts_held_out.LAYOUTS:
        for seed in seeds:
            yield drawn_by_typst(layout, seed, kinds=layouts_held_out.KINDS, words=HELD_OUT)


def drawn_by_typst(
    layout: Callable[[Page], str], seed: int, *, kinds: dict[str, str], words: dict[str, tuple[str, ...]]
) -> Made:
    """One invoice."""
    page = _page(layout.__name__, seed, kinds=kinds, words=words, escape="typst")
    body = layout(page)
    top = f'#set page(paper: "a4", margin: 1.8cm)\n#set text(font: "{page.font}", size: {page.size}pt, lang: "fr")\n'
    return Made(
        f"{layout.__name__} {seed}",
        bytes(typst.compile((top + body).encode())),
        page.says,
        _lines(page),
        rate_count=len(page.facts.rates),
    )


@contextmanager
def made_by_chromium(path: str) -> Iterator[Callable[[range], Iterator[Made]]]:
    """A function from seeds to invoices, while one browser runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path)
        tab: Any = browser.new_page()

        def made(seeds: range) -> Iterator[Made]:
            for module, words in ((layouts_html, ALL), (layouts_html_third, THIRD)):
                for layout in module.LAYOUTS:
                    for seed in seeds:
                        page = _page(layout.__name__, seed, kinds=module.KINDS, words=words, escape="html")
                        tab.set_content(layout(page))
                        pdf = tab.pdf(format="A4", prefer_css_page_size=True)
                        yield Made(
                            f"{layout.__name__} {seed}", pdf, page.says, _lines(page), rate_count=len(page.facts.rates)
                        )

        yield made
        browser.close()


def _page(name: str, seed: int, *, kinds: dict[str, str], words: dict[str, tuple[str, ...]], escape: str) -> Page:
    # Another invoice for each layout: the same seed must not meet the same number twice.
    own = seed * 1000 + sum(map(ord, name)) % 1000
    return Page(invent(own, kind=kinds.get(name, "")), words=words, escape=escape)


def _lines(page: Page) -> tuple[TrueLine, ...]:
    rows = [(row, row in page.detailed) for row in page.facts.rows if page.shows_lines]
    return (
        tuple(
            TrueLine(row.amount, Decimal(row.quantity), row.price, is_detailed, page.prices_before.get(row))
            for row, is_detailed in rows
        )
        + (TrueLine(Decimal(0), None, None, is_detailed=False),) * page.free_rows
    )
