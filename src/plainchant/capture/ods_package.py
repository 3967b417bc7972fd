"""The look of an .ods: how its numbers are shown, what is hidden or merged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from plainchant.capture.package import BookLook, SheetLook, UnreadableSpreadsheet, tree
from plainchant.capture.workbook import NumberFormat

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CONFIG = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
_DECIMALS = re.compile(r"\d,(\d+)(?!.*\d)|\d\.(\d\d)(?!.*\d)")
_MAX_REPEATED = 1 << 20
# How far one repeated cell is followed for its format: the rest is shown as a plain number.
_MAX_FORMATS = 1_000


def looks(parts: Mapping[str, bytes]) -> BookLook:
    """What was seen of each sheet; raises UnreadableSpreadsheet, NotWellFormed, or what odd XML leads to."""
    manifest = parts.get("META-INF/manifest.xml")
    if manifest and next(tree(manifest).iter("{*}encryption-data"), None) is not None:
        raise UnreadableSpreadsheet("password")
    content = tree(parts["content.xml"])
    sheets = {table.get(f"{_TABLE}name") or "": _Walk(table).look for table in content.iter(f"{_TABLE}table")}
    return BookLook(sheets, _active(parts.get("settings.xml")))


def _active(settings: bytes | None) -> str:
    for item in tree(settings).iter("{*}config-item") if settings else ():
        if item.get(f"{_CONFIG}name") == "ActiveTable":
            return item.text or ""
    return ""


class _Walk:
    """One table from its first cell to its last."""

    def __init__(self, table: etree._Element) -> None:
        self.look = SheetLook(merges=[])
        self._hidden_columns(table)
        row = 0
        for element in table.iter(f"{_TABLE}table-row"):
            repeated = _repeated(element, "number-rows-repeated")
            is_hidden = element.get(f"{_TABLE}visibility") in ("collapse", "filter")
            for column, width, cell in _cells(element):
                value_type = cell.get(f"{_OFFICE}value-type")
                if value_type is None and not len(cell) and cell.get(f"{_TABLE}formula") is None:
                    continue
                if is_hidden:
                    self.look.hidden_rows.update(range(row, row + repeated))
                self._cell(cell, row, column, repeated=repeated, width=width)
            row += repeated

    def _cell(self, cell: etree._Element, row: int, column: int, *, repeated: int, width: int) -> None:
        merges = self.look.merges
        rows, columns = _repeated(cell, "number-rows-spanned"), _repeated(cell, "number-columns-spanned")
        if merges is not None and (rows > 1 or columns > 1):
            merges.append((row, column, row + rows - 1, column + columns - 1))
        value_type = cell.get(f"{_OFFICE}value-type")
        if value_type is None and cell.get(f"{_TABLE}formula") is not None:
            self.look.unstored.append((row, column))
        shape = _shape(cell, value_type)
        if shape is not None:
            positions = ((r, c) for r in range(row, row + repeated) for c in range(column, column + width))
            for _, position in zip(range(_MAX_FORMATS), positions, strict=False):
                self.look.formats[position] = shape

    def _hidden_columns(self, table: etree._Element) -> None:
        first = 0
        for column in table.iter(f"{_TABLE}table-column"):
            last = first + _repeated(column, "number-columns-repeated") - 1
            if column.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                self.look.hidden_columns.append((first, last))
            first = last + 1


def _cells(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    column = 0
    for cell in row.iterchildren(*_CELLS):
        width = _repeated(cell, "number-columns-repeated")
        yield column, width, cell
        column += width


def _repeated(element: etree._Element, name: str) -> int:
    return min(max(int(element.get(f"{_TABLE}{name}") or 1), 1), _MAX_REPEATED)


def _shape(cell: etree._Element, value_type: str | None) -> NumberFormat | None:
    """What is seen of a number's format: an .ods keeps the text it showed beside the value."""
    if value_type == "percentage":
        return NumberFormat(is_percent=True)
    if value_type not in ("float", "currency"):
        return None
    shown = cell.findtext(f"{_TEXT}p") or ""
    hit = _DECIMALS.search(shown)
    decimals = len(hit[1] or hit[2]) if hit else None
    code = cell.get(f"{_OFFICE}currency") or ""
    symbol = _SYMBOLS.get(code, code) if value_type == "currency" else next((s for s in "€$£" if s in shown), "")
    if decimals is None and not symbol:
        return None
    return NumberFormat(decimals=decimals, symbol=symbol)
