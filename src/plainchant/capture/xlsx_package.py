"""The look of an .xlsx: where its cells stand, how their numbers are shown, what is hidden, what was never computed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from plainchant.capture.package import BookLook, SheetLook, UnreadableSpreadsheet, tree
from plainchant.capture.workbook import PLAIN, NumberFormat

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

# Formats that a file uses by number, without writing them out (ECMA-376, 18.8.30).
BUILT_IN = {
    **dict.fromkeys((1, 3, 5, 6, 37, 38, 41, 42), NumberFormat(decimals=0)),
    **dict.fromkeys((2, 4, 7, 8, 39, 40, 43, 44), NumberFormat(decimals=2)),
    **dict.fromkeys((9, 10), NumberFormat(is_percent=True)),
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_SYMBOL = re.compile(r"\[\$([^\]-]{1,4})|(€|£|\$|EUR\b|CHF\b|USD\b|GBP\b)")


def looks(parts: Mapping[str, bytes]) -> BookLook:
    """What was seen of each sheet; raises UnreadableSpreadsheet, NotWellFormed, or what odd XML leads to."""
    formats = _formats(parts.get("xl/styles.xml"))
    if "xl/sharedStrings.xml" in parts:
        # Cells name its texts by their rank: the library reads on where it is broken, and every text after is another.
        tree(parts["xl/sharedStrings.xml"])
    targets = _targets(parts.get("xl/_rels/workbook.xml.rels"))
    book = tree(parts["xl/workbook.xml"])
    walks: dict[str, _Walk] = {}
    for sheet in book.iter("{*}sheet"):
        part = parts.get(targets.get(sheet.get(_RELATION) or sheet.get(_RELATION_STRICT) or "", ""))
        root = tree(part) if part is not None else None
        if root is not None and etree.QName(root).localname == "worksheet":
            walks[sheet.get("name") or ""] = _Walk(root, formats)
    has_result = any(walk.has_result for walk in walks.values())
    if not has_result and any(c.get("fullCalcOnLoad") in ("1", "true") for c in book.iter("{*}calcPr")):
        # Written by a program that does not compute: every result is a nought that waits for a spreadsheet to open it.
        for walk in walks.values():
            walk.look.unstored += walk.zeros
    return BookLook({name: walk.look for name, walk in walks.items()}, _active(book))


def _active(book: etree._Element) -> str:
    names = [sheet.get("name") or "" for sheet in book.iter("{*}sheet")]
    view = next(book.iter("{*}workbookView"), None)
    rank = int(view.get("activeTab", 0)) if view is not None else -1
    return names[rank] if 0 <= rank < len(names) else ""


class _Walk:
    """One sheet from its first cell to its last."""

    def __init__(self, root: etree._Element, formats: list[NumberFormat]) -> None:
        self.look = SheetLook()
        self.zeros: list[tuple[int, int]] = []
        self.has_result = False
        self._formats = formats
        row = -1
        for element in root.iter("{*}row", "{*}col"):
            if etree.QName(element).localname == "col":
                if element.get("hidden") in ("1", "true"):
                    self.look.hidden_columns.append((int(element.get("min", "")) - 1, int(element.get("max", "")) - 1))
                continue
            row = int(element.get("r", row + 2)) - 1
            if element.get("hidden") in ("1", "true"):
                self.look.hidden_rows.add(row)
            self._row(element, row)

    def _row(self, element: etree._Element, row: int) -> None:
        column = -1
        for cell in element:
            reference = cell.get("r")
            if reference is None:
                column += 1
            else:
                hit = _REFERENCE.fullmatch(reference)
                if hit is None:
                    raise UnreadableSpreadsheet("unreadable")
                column, row = _column(hit[1]), int(hit[2]) - 1
            if len(cell):
                self._cell(cell, (row, column))

    def _cell(self, cell: etree._Element, position: tuple[int, int]) -> None:
        kind = cell.get("t", "n")
        if kind == "n":
            style = int(cell.get("s", 0))
            if 0 <= style < len(self._formats) and self._formats[style] is not PLAIN:
                self.look.formats[position] = self._formats[style]
        if cell.find("{*}f") is None:
            return
        stored = (cell.findtext("{*}v") or "").strip()
        if not stored:
            if kind != "str":  # a formula may well give an empty text
                self.look.unstored.append(position)
        elif kind == "n" and not float(stored):
            self.zeros.append(position)
        else:
            self.has_result = True


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _targets(relations: bytes | None) -> dict[str, str]:
    targets = {}
    for relation in tree(relations).iter("{*}Relationship") if relations else ():
        target = relation.get("Target") or ""
        targets[relation.get("Id") or ""] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return targets


def _formats(styles: bytes | None) -> list[NumberFormat]:
    """The number format of each cell style, by its index."""
    if not styles:
        return []
    root = tree(styles)
    written = {
        int(number_format_of.get("numFmtId", "")): number_format(number_format_of.get("formatCode") or "")
        for number_format_of in root.iterfind("{*}numFmts/{*}numFmt")
    }
    ids = [int(style.get("numFmtId", 0)) for style in root.iterfind("{*}cellXfs/{*}xf")]
    return [written.get(which) or BUILT_IN.get(which, PLAIN) for which in ids]


def number_format(code: str) -> NumberFormat:
    r"""What a format code says: `#,##0.00\ "€"` shows two decimals and euros; PLAIN when it says nothing of use."""
    positive, *others = code.split(";")
    symbol = _SYMBOL.search(positive)
    shape = _BRACKETS.sub("", _LITERAL.sub(" ", positive)).strip()
    if not any(letter in shape for letter in "0#?") or any(letter in shape for letter in "/E@ymdhsYMDHS"):
        return PLAIN
    whole, _, fraction = shape.partition(".")
    decimals = None if "#" in fraction or "?" in fraction else fraction.count("0")
    zeros = re.fullmatch(r"0[0 .-]+0", shape)
    return NumberFormat(
        decimals=None if zeros and not fraction else decimals,
        symbol=_sign(symbol[1] or symbol[2]) if symbol else "",
        is_percent="%" in shape,
        digits=whole.count("0") if zeros and not fraction else 0,
        hides_zero=len(others) > 1 and not others[1].strip(),
    )


def _sign(symbol: str) -> str:
    return {"EUR": "€", "USD": "$", "GBP": "£"}.get(symbol.strip(), symbol.strip())
