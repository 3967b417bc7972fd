"""What a .docx shows: its body, and the headers and footers of its pages (ECMA-376, WordprocessingML)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from plainchant.capture.blocks import Align, Block, Budget, Paragraph, Table, TableCell
from plainchant.capture.package import tree

_ALIGN: dict[str, Align] = {"center": "center", "right": "right", "end": "right"}
# Deleted by a revision, the code of a field, what another program shows instead, notes.
_UNSEEN = frozenset("del moveFrom instrText delText Fallback footnote endnote annotation pict".split())


def blocks(parts: Mapping[str, bytes]) -> tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]:
    """Head, body and foot; raises TooMuchText, NotWellFormed, or what odd XML leads to."""
    budget = Budget()
    body = tree(parts["word/document.xml"])
    return (
        _of_pages(parts, "word/header", budget),
        tuple(_blocks(body, budget, depth=0)),
        _of_pages(parts, "word/footer", budget),
    )


def _of_pages(parts: Mapping[str, bytes], beginning: str, budget: Budget) -> tuple[Block, ...]:
    """Those of the first page, the others and the last say much the same: each once."""
    found: list[Block] = []
    for name in sorted(parts):
        if name.startswith(beginning) and name.endswith(".xml"):
            found += [block for block in _blocks(tree(parts[name]), budget, depth=0) if block not in found]
    return tuple(found)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _blocks(parent: etree._Element, budget: Budget, *, depth: int) -> Iterator[Block]:
    """The blocks of a part, a cell or a text box; what only wraps others is looked into."""
    for element in parent:
        name = _name(element)
        if name == "p":
            yield from _paragraph(element, budget, depth=depth)
        elif name == "tbl":
            yield _table(element, budget, depth=depth)
        elif name and name not in _UNSEEN and not name.endswith("Pr"):
            yield from _blocks(element, budget, depth=depth)


def _paragraph(element: etree._Element, budget: Budget, *, depth: int) -> Iterator[Block]:
    """The paragraph, then the text boxes that are anchored in it."""
    texts: list[str] = []
    boxes: list[etree._Element] = []
    _gather(element, texts, boxes)
    jc = element.find("{*}pPr/{*}jc")
    align = _ALIGN.get(_attribute(jc, "val"), "left") if jc is not None else "left"
    cells = tuple(part.strip(" ") for part in budget.text_with_tabs("".join(texts)))
    yield Paragraph(cells, align)
    for box in boxes:
        budget.cell(depth=depth + 1)
        yield from _blocks(box, budget, depth=depth + 1)


def _gather(element: etree._Element, texts: list[str], boxes: list[etree._Element]) -> None:
    for child in element:
        name = _name(child)
        if name in _UNSEEN or name.endswith("Pr"):
            continue
        if name == "r" and child.find("{*}rPr/{*}vanish") is not None:
            continue
        if name == "t":
            texts.append((child.text or "").replace("\n", " "))
        elif name in ("tab", "ptab"):
            texts.append("\t")
        elif name in ("br", "cr"):
            texts.append("\n")
        elif name == "noBreakHyphen":
            texts.append("-")
        elif name == "txbxContent":
            boxes.append(child)
        else:
            _gather(child, texts, boxes)


def _table(element: etree._Element, budget: Budget, *, depth: int) -> Table:
    widths = tuple(float(_attribute(column, "w") or 0) for column in element.iterfind("{*}tblGrid/{*}gridCol"))
    rows = []
    for row in element.iter("{*}tr"):
        if row.getparent() is not None and _table_of(row) is element:
            rows.append(tuple(_cell(cell, budget, depth=depth) for cell in row.iter("{*}tc") if _row_of(cell) is row))
    return Table(tuple(row for row in rows if row), widths)


def _table_of(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors("{*}tbl"), None)


def _row_of(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors("{*}tr"), None)


def _cell(element: etree._Element, budget: Budget, *, depth: int) -> TableCell:
    budget.cell(depth=depth + 1)
    span = element.find("{*}tcPr/{*}gridSpan")
    columns = int(_attribute(span, "val") or 1) if span is not None else 1
    return TableCell(tuple(_blocks(element, budget, depth=depth + 1)), min(max(columns, 1), 60))


def _attribute(element: etree._Element, name: str) -> str:
    """Whatever its namespace: the transitional and the strict form differ in that."""
    return next((str(value) for key, value in element.items() if etree.QName(key).localname == name), "")
