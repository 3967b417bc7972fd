"""Draws a workbook: every visible sheet as tables on A4, so that the recipient has something to read.

What is drawn are the values as they are shown. Colours, fonts and pictures of the workbook are left out; a sheet too
wide for the page is cut into bands of columns, with the letters of the columns and the numbers of the rows to put them
together again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from plainchant.capture.place import Place
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook, column_name
from plainchant.einvoice.drawing.glyphs import with_holes

_TEMPLATE = Path(__file__).with_name("workbook.typ").read_bytes()

# In letters of 9 points: what one line of the page holds.
_PORTRAIT, _LANDSCAPE = 98, 148
_LETTER, _LARGEST = 9.0, 1.35  # points; how much larger the letters of a narrow sheet are
_MIN_LETTERS, _MAX_LETTERS = 4, 44
_MAX_BLANK_ROWS = 2  # in a row: more of them only part pages
_MAX_DRAWN = 20_000  # cells: some 300 pages, and 10 s of drawing
# Of the page, in points: as workbook.typ has them.
_MM = 72 / 25.4
_SHORT, _LONG, _SIDE, _HEADS, _INSET = 210 * _MM, 297 * _MM, 15 * _MM, 8 * _MM, 1.2 * _MM

_GROUPS = re.compile(r"(?<![\d,])(\d{1,3}?)((?:\d{3})+)(?=,\d|\s[€$£%]|$)")


@dataclass(frozen=True, slots=True)
class DrawnWorkbook:
    """The PDF, and where the cells that were asked for stand on its pages, by name ("Feuille1!C12")."""

    pdf: bytes
    places: dict[str, Place]


def draw_workbook(book: Workbook, *, title: str, at: datetime, marked: Collection[str] = ()) -> DrawnWorkbook:
    """A PDF/A-3 of the visible sheets; `title` (a file name) is the document's, `at` the date that the file gives.

    `marked`: the cells of which the place is wanted. The same workbook at the same instant gives the same bytes. What
    is not drawn is said on the last page.
    """
    drawing = _Drawing(book, marked)
    data = json.dumps(drawing.data(title), ensure_ascii=False)
    dates = {"year": str(at.year), "month": str(at.month), "day": str(at.day)}
    met: list[dict[str, Any]] = []

    def compiled(sheet_json: str, has_holes: bool) -> bytes:
        # A compiler of its own: typst keeps what it laid out, and no two workbooks are alike.
        inputs = {"sheet": sheet_json, "holes": "yes" if has_holes else "", **dates}
        compiler = typst.Compiler(_TEMPLATE, ignore_system_fonts=True, sys_inputs=inputs)
        # Asked first: of a template in memory, typst-py answers before it has compiled, and not after.
        met[:] = json.loads(compiler.query("<cell>", field="value")) if marked else []
        made = compiler.compile(_TEMPLATE, format="pdf", pdf_standards=["a-3b"])
        return made if isinstance(made, bytes) else b""

    pdf, _ = with_holes(compiled, data)
    return DrawnWorkbook(pdf, drawing.places(met))


class _Drawing:
    """The tables of a workbook; counts the cells it takes."""

    def __init__(self, book: Workbook, marked: Collection[str]) -> None:
        self._book = book
        self._marked = marked
        self._names: list[str] = []
        self._left = _MAX_DRAWN
        self._undrawn = 0

    def places(self, met: list[dict[str, Any]]) -> dict[str, Place]:
        """The marked cells as typst met them while it laid the pages out: where each begins, and where it ends."""
        starts = {edge["mark"]: edge for edge in met if edge["edge"] == "start"}
        ends = {edge["mark"]: edge for edge in met if edge["edge"] == "end"}
        found = {}
        for mark, start in starts.items():
            width, height = (_LONG, _SHORT) if start["wide"] else (_SHORT, _LONG)
            room = width - 2 * _SIDE - (_HEADS if start["heads"] else 0)
            end = ends[mark] if ends[mark]["page"] == start["page"] else start
            left, right = start["x"] - 1, start["x"] + room * start["share"] - 2 * _INSET + 1
            size = start["size"]
            top, bottom = start["y"] - size * 0.2, max(end["y"], start["y"] + size * 0.65) + size * 0.35
            box = left / width, top / height, min(right / width, 1.0), min(bottom / height, 1.0)
            found[self._names[mark]] = Place(start["page"], box, self._names[mark])
        return found

    def data(self, title: str) -> dict[str, Any]:
        sheets = [self._sheet(sheet) for sheet in self._book.sheets if sheet.cells]
        return {
            "title": title,
            "sheets": [sheet for sheet in sheets if sheet["bands"]],
            "has_names": len(sheets) > 1,
            "is_cut": self._book.is_cut,
            "undrawn": self._undrawn,
            "sheets_left": self._book.sheet_count - len(self._book.sheets),
            "unstored": [f"{sheet.name}!{cell}" for sheet in self._book.sheets for cell in sheet.unstored][:20],
        }

    def _sheet(self, sheet: SheetOfCells) -> dict[str, Any]:
        cells = sheet.cells[: self._left]
        self._undrawn += len(sheet.cells) - len(cells)
        self._left -= len(cells)
        rows = list(replace(sheet, cells=cells).rows())
        letters = _letters(rows)
        total = sum(letters.values())
        room = _PORTRAIT if total <= _PORTRAIT else _LANDSCAPE
        is_wide = room == _LANDSCAPE
        larger = max(1.0, min(_LARGEST, room / total)) if total else 1.0
        room = int(room / larger)
        groups = list(_bands(letters, room))
        bands = [_band(rows, columns, letters, room, has_heads=len(groups) > 1) for columns in groups]
        for band in bands:
            self._mark(band, sheet.name, is_wide=is_wide, size=_LETTER * larger)
        return {"name": sheet.name, "is_wide": is_wide, "size": _LETTER * larger, "bands": bands}

    def _mark(self, band: dict[str, Any], sheet: str, *, is_wide: bool, size: float) -> None:
        for cell in (cell for row in band["rows"] for cell in row["cells"]):
            name = f"{sheet}!{cell.pop('reference')}"
            if name in self._marked:
                share = sum(band["widths"][cell["at"] : cell["at"] + cell["span"]]) / sum(band["widths"])
                about = {"share": share, "wide": is_wide, "heads": bool(band["heads"]), "size": size}
                cell["mark"] = {"mark": len(self._names), **about}
                self._names.append(name)


def _letters(rows: list[list[Cell]]) -> dict[int, int]:
    """The width of every column that holds something; a text may run on over the empty cells beside it."""
    columns = sorted({cell.column for row in rows for cell in row})
    rank = {column: number for number, column in enumerate(columns)}
    wanted: dict[int, list[tuple[int, int]]] = {column: [] for column in columns}  # (letters, rank of the next cell)
    for row in rows:
        for cell, following in zip(row, [*row[1:], None], strict=True):
            stop = rank[following.column] if following is not None else len(columns)
            longest = max(map(len, cell.text.split("\n"))) + 2
            wanted[cell.column].append((longest, stop if cell.kind == "text" else rank[cell.column] + 1))
    letters: dict[int, int] = {}
    for column in reversed(columns):
        width = _MIN_LETTERS
        for longest, stop in set(wanted[column]):
            beside = sum(letters[other] for other in columns[rank[column] + 1 : stop]) if longest > width else 0
            width = max(width, longest - beside)
        letters[column] = min(width, _MAX_LETTERS)
    return {column: letters[column] for column in columns}


def _bands(letters: dict[int, int], room: int) -> Iterator[list[int]]:
    """The columns in groups that fit the page."""
    band: list[int] = []
    used = 0
    for column, width in letters.items():
        if band and used + width > room:
            yield band
            band, used = [], 0
        band.append(column)
        used += width
    if band:
        yield band


def _band(
    rows: list[list[Cell]], columns: list[int], letters: dict[int, int], room: int, *, has_heads: bool
) -> dict[str, Any]:
    rank = {column: number for number, column in enumerate(columns)}
    drawn: list[dict[str, Any]] = []
    before: int | None = None
    numbers = {(cell.row, cell.column) for row in rows for cell in row if cell.kind == "number"}
    for row in rows:
        here = [cell for cell in row if cell.column in rank]
        if not here:
            continue
        number = row[0].row
        if before is not None:
            drawn += [{"number": "", "cells": []}] * min(number - before - 1, _MAX_BLANK_ROWS)
        before = number
        drawn.append({"number": str(number + 1), "cells": _cells(here, rank, numbers), "is_ruled": len(row) > 2})
    widths = [letters[column] for column in columns]
    return {
        # A narrow table stays narrow: a label and its value are read together.
        "widths": [*widths, rest] if (rest := room - sum(widths)) > 0 else widths,
        "used": len(widths),
        "heads": [column_name(column) for column in columns] if has_heads else [],
        "rows": drawn,
    }


def _cells(row: list[Cell], rank: dict[int, int], numbers: set[tuple[int, int]]) -> list[dict[str, Any]]:
    """The cells of one line of a table, each with how many columns it takes: up to the next that holds something."""
    cells = []
    for cell, following in zip(row, [*row[1:], None], strict=True):
        start = rank[cell.column]
        stop = rank[following.column] if following is not None else len(rank)
        span = stop - start if cell.kind == "text" else 1
        # The heading of a column of numbers stands over them.
        is_right = cell.kind != "text" or (span == 1 and (cell.row + 1, cell.column) in numbers)
        cells.append(
            {"at": start, "span": span, "is_right": is_right, "text": _grouped(cell), "reference": cell.reference}
        )
    return cells


def _grouped(cell: Cell) -> str:
    """A number with its thousands parted, as one reads it; nine digits and more without decimals are a reference."""
    if cell.kind != "number" or ("," not in cell.text and len(cell.text) > 8):
        return cell.text
    grouped = _GROUPS.sub(lambda hit: hit[1] + re.sub(r"(\d{3})", "\u202f\\1", hit[2]), cell.text)
    return grouped.replace(" ", "\u00a0")
