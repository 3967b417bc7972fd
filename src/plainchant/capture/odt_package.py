"""What an .odt shows: its body, and the headers and footers of its pages (OpenDocument 1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from plainchant.capture.blocks import Align, Block, Budget, Paragraph, Table, TableCell
from plainchant.capture.package import UnreadableSpreadsheet, tree

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _STYLE = (_SPACE % name for name in ("text", "table", "style"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_ALIGN: dict[str, Align] = {"center": "center", "right": "right", "end": "right"}
_UNSEEN = frozenset("tracked-changes annotation note sequence-decls forms variable-decls user-field-decls".split())
_MOST_REPEATED = 60


def blocks(parts: Mapping[str, bytes]) -> tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]:
    """Head, body and foot; raises TooMuchText, NotWellFormed, or what odd XML leads to."""
    manifest = parts.get("META-INF/manifest.xml")
    if manifest and next(tree(manifest).iter("{*}encryption-data"), None) is not None:
        raise UnreadableSpreadsheet("password")
    content = tree(parts["content.xml"])
    styles = tree(parts["styles.xml"]) if "styles.xml" in parts else None
    letter = _Reader([root for root in (styles, content) if root is not None])
    body = content.find("{*}body/{*}text")
    return (
        letter.of_pages(styles, "header"),
        tuple(letter.blocks(body, depth=0)) if body is not None else (),
        letter.of_pages(styles, "footer"),
    )


class _Reader:
    def __init__(self, roots: list[etree._Element]) -> None:
        self._budget = Budget()
        styles = [style for root in roots for style in root.iter(f"{_STYLE}style")]
        self._parents = {_of(style, _STYLE, "name"): _of(style, _STYLE, "parent-style-name") for style in styles}
        self._aligned = {
            _of(style, _STYLE, "name"): _ALIGN.get(_of(properties, _FO, "text-align"), "left")
            for style in styles
            for properties in style.iterfind(f"{_STYLE}paragraph-properties")
            if _of(properties, _FO, "text-align")
        }
        self._widths = {
            _of(style, _STYLE, "name"): _width(properties)
            for style in styles
            for properties in style.iterfind(f"{_STYLE}table-column-properties")
        }

    def of_pages(self, styles: etree._Element | None, which: str) -> tuple[Block, ...]:
        """Those of the first page, the others and the last say much the same: each once."""
        found: list[Block] = []
        for part in styles.iter(f"{_STYLE}{which}", f"{_STYLE}{which}-first") if styles is not None else ():
            found += [block for block in self.blocks(part, depth=0) if block not in found]
        return tuple(found)

    def blocks(self, parent: etree._Element, *, depth: int) -> Iterator[Block]:
        for element in parent:
            name = _name(element)
            if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield from self._paragraph(element, depth=depth)
            elif element.tag == f"{_TABLE}table":
                yield self._table(element, depth=depth)
            elif name and name not in _UNSEEN:
                yield from self.blocks(element, depth=depth)

    def _paragraph(self, element: etree._Element, *, depth: int) -> Iterator[Block]:
        texts: list[str] = []
        boxes: list[etree._Element] = []
        _gather(element, texts, boxes)
        cells = tuple(part.strip(" ") for part in self._budget.text_with_tabs("".join(texts)))
        yield Paragraph(cells, self._align(_of(element, _TEXT, "style-name")))
        for box in boxes:
            self._budget.cell(depth=depth + 1)
            yield from self.blocks(box, depth=depth + 1)

    def _align(self, style: str) -> Align:
        for _ in range(20):
            if style in self._aligned:
                return self._aligned[style]
            style = self._parents.get(style, "")
        return "left"

    def _table(self, element: etree._Element, *, depth: int) -> Table:
        widths: list[float] = []
        rows = []
        for part in element.iter(f"{_TABLE}table-column", f"{_TABLE}table-row"):
            if next(part.iterancestors(f"{_TABLE}table"), None) is not element:
                continue
            if part.tag == f"{_TABLE}table-column":
                width = self._widths.get(_of(part, _TABLE, "style-name"), 0.0)
                widths += [width] * _repeated(part, "number-columns-repeated")
            else:
                cells = part.iterchildren(f"{_TABLE}table-cell")
                rows.append(tuple(self._cell(cell, depth=depth) for cell in cells))
        return Table(tuple(row for row in rows if row), tuple(widths[:_MOST_REPEATED]))

    def _cell(self, element: etree._Element, *, depth: int) -> TableCell:
        self._budget.cell(depth=depth + 1)
        return TableCell(tuple(self.blocks(element, depth=depth + 1)), _repeated(element, "number-columns-spanned"))


def _gather(element: etree._Element, texts: list[str], boxes: list[etree._Element]) -> None:
    """The text of an element and what stands in it, in the order of reading: OpenDocument mixes the two."""
    texts.append(" ".join((element.text or "").split("\n")))
    for child in element:
        name = _name(child)
        if name == "tab":
            texts.append("\t")
        elif name == "line-break":
            texts.append("\n")
        elif name == "s":
            texts.append(" " * min(int(_of(child, _TEXT, "c") or 1), 100))
        elif name == "text-box":
            boxes.append(child)
        elif name and name not in _UNSEEN:
            _gather(child, texts, boxes)
        texts.append(" ".join((child.tail or "").split("\n")))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _of(element: etree._Element, space: str, name: str) -> str:
    return str(element.get(f"{space}{name}") or "")


def _repeated(element: etree._Element, name: str) -> int:
    return min(max(int(_of(element, _TABLE, name) or 1), 1), _MOST_REPEATED)


def _width(properties: etree._Element) -> float:
    written = _of(properties, _STYLE, "column-width").rstrip("cmintp")
    return float(written) if written else 0.0
