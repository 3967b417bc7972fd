"""Whether the source of a page is HTML as it must be: a browser mends what is not, and each in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from playwright.sync_api import Page

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
_READ = """source => {
  const found = [];
  const walk = (e, depth) => {
    found.push(`${depth} ${e.localName.toLowerCase()}`);
    for (const child of e.children) walk(child, depth + 1);
  };
  walk(new DOMParser().parseFromString(source, "text/html").documentElement, 0);
  return found;
}"""


class _Written(HTMLParser):
    """The elements as they are written, each with its depth."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.lines: list[int] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(f"{len(self._open)} {tag}")
        self.lines.append(self.getpos()[0])
        names = Counter(name for name, _ in attrs)
        self.faults += [f"{name} twice in one <{tag}>" for name, count in names.items() if count > 1]
        self.ids.update(value for name, value in attrs if name == "id" and value is not None)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes nothing")


def invalid(page: Page, source: str) -> Iterator[str]:
    """What is not in order in the ``source`` of ``page``: tags, their nesting, attributes and ids."""
    written = _Written()
    written.feed(source)
    yield from written.faults
    yield from (f"{count} elements are #{name}" for name, count in written.ids.items() if count > 1)
    read = page.evaluate(_READ, source)
    for element, mended, line in zip([*written.elements, ""], [*read, ""], [*written.lines, 0], strict=False):
        if element != mended:
            yield f"line {line}: the browser makes « {mended} » of « {element} »"
            return
