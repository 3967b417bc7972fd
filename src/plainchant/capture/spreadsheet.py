"""A spreadsheet's bytes to the fields of an invoice: its cells become words with places, read like those of a page.

Only stored values are read: a macro has nothing to run in, and a formula is its last result. The library that opens
the files can be made to end its process, or to fill the memory: like the reader of PDFs, this module is for the
disposable reader process.
"""

from __future__ import annotations

import io
import math
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import python_calamine as calamine

from plainchant.capture import ods_package, xls_package, xlsx_package
from plainchant.capture.billing_table import is_table_of_invoices
from plainchant.capture.fields import read_fields
from plainchant.capture.grid import Grid
from plainchant.capture.package import BookLook, Merge, Position, SheetLook, UnreadableSpreadsheet, inflated
from plainchant.capture.place import Document, Place
from plainchant.capture.proposal import FieldReading, WarningCode
from plainchant.capture.template_workbook import read_template
from plainchant.capture.workbook import (
    PLAIN,
    Cell,
    FileKind,
    SheetOfCells,
    Workbook,
    shown_date,
    shown_number,
    stored_number,
)
from plainchant.einvoice.syntaxes.xml import NotWellFormed

MAX_SHEETS = 20
MAX_CELLS = 200_000
MAX_TEXT = 2_000  # letters of a cell


def read_workbook_fields(book: Workbook) -> FieldReading:
    """Propose the fields of the invoice that a workbook shows.

    Every place has the name of its cell ("Feuille1!C12"); its page is the rank of the sheet among those that are
    visible and hold something, its box a position on the grid of cells.
    """
    grids = [Grid(sheet, page=number) for number, sheet in enumerate(book.sheets, start=1)]
    reading = read_template(book, grids)
    if reading is None:
        pages = tuple(grid.page() for grid in grids)
        names = [sheet.name for sheet in book.sheets]
        document = Document(
            pages=pages,
            page_count=book.sheet_count,
            has_text=any(page.words for page in pages),
            active=names.index(book.active) + 1 if book.active in names else 0,
        )
        reading = read_fields(document)

        def named(place: Place | None) -> Place | None:
            return grids[place.page - 1].named(place) if place else None

        reading = replace(
            reading,
            fields={name: replace(read, place=named(read.place)) for name, read in reading.fields.items()},
            vat_breakdown=tuple(replace(line, place=named(line.place)) for line in reading.vat_breakdown),
            lines=tuple(replace(line, place=grids[line.place.page - 1].named(line.place)) for line in reading.lines),
            # A workbook is no scan: without text it is just empty.
            warnings=tuple(code for code in reading.warnings if code != "image_only"),
        )
    warnings: list[WarningCode] = []
    if any(sheet.unstored for sheet in book.sheets):
        warnings.append("formulas_unstored")
    if book.has_hidden_sheets:
        warnings.append("hidden_sheets")
    if is_table_of_invoices(book):
        warnings.append("table_of_invoices")
    return replace(reading, warnings=(*reading.warnings, *warnings))


def read_workbook(data: bytes) -> Workbook:
    """Open a workbook and take its visible values; raises UnreadableSpreadsheet."""
    if not data:
        raise UnreadableSpreadsheet("empty")
    kind: FileKind
    if data.startswith(b"PK"):
        kind, looks = _looks(data)
    elif data.startswith(xls_package.SIGNATURE):
        try:
            kind, looks = "xls", xls_package.looks(data)
        except (ValueError, IndexError, struct.error) as error:
            raise UnreadableSpreadsheet("unreadable") from error
    else:
        raise UnreadableSpreadsheet("not_a_spreadsheet")
    try:
        with calamine.load_workbook(io.BytesIO(data)) as opened:
            return _Reader(opened, looks, kind).workbook()
    except calamine.PasswordError as error:
        raise UnreadableSpreadsheet("password") from error
    except calamine.CalamineError as error:
        raise UnreadableSpreadsheet("unreadable") from error
    except (ValueError, OverflowError, IndexError) as error:
        raise UnreadableSpreadsheet("unreadable") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the library's own language gives up: no Exception
            raise
        raise UnreadableSpreadsheet("unreadable") from error


def _looks(data: bytes) -> tuple[FileKind, BookLook]:
    parts = inflated(data)
    try:
        if "xl/workbook.xml" in parts:
            return "xlsx", xlsx_package.looks(parts)
        if "content.xml" in parts and b"opendocument.spreadsheet" in parts.get("mimetype", b""):
            return "ods", ods_package.looks(parts)
    except NotWellFormed as error:
        is_large = error.code in ("XML-TROP-LONG", "XML-TAILLE")
        raise UnreadableSpreadsheet("too_large" if is_large else "unreadable") from error
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise UnreadableSpreadsheet("unreadable") from error
    raise UnreadableSpreadsheet("not_a_spreadsheet")


class _Reader:
    """From the library's values to ours; counts what it takes."""

    def __init__(self, opened: calamine.CalamineWorkbook, looks: BookLook, kind: FileKind) -> None:
        self._opened = opened
        self._kind = kind
        self._looks = looks.sheets
        self._active = looks.active
        self._left = MAX_CELLS
        self._is_cut = False

    def workbook(self) -> Workbook:
        sheets: list[SheetOfCells] = []
        tables = [meta for meta in self._opened.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        shown = [meta.name for meta in tables if meta.visible == calamine.SheetVisibleEnum.Visible]
        unread = 0
        for count, name in enumerate(shown):
            if len(sheets) == MAX_SHEETS:
                unread = len(shown) - count
                break
            sheet = self._sheet(name)
            if sheet.cells or sheet.unstored:
                sheets.append(sheet)
        return Workbook(
            kind=self._kind,
            sheets=tuple(sheets),
            sheet_count=len(sheets) + unread,
            is_cut=self._is_cut,
            has_hidden_sheets=len(shown) < len(tables),
            active=self._active,
        )

    def _sheet(self, name: str) -> SheetOfCells:
        sheet = self._opened.get_sheet_by_name(name)
        look = self._looks.get(name) or SheetLook()
        if sheet.start is None:
            return SheetOfCells(name=name, cells=(), unstored=_references(look))
        first_row, first_column = sheet.start
        if sheet.height * sheet.width > 16 * MAX_CELLS:
            raise UnreadableSpreadsheet("too_large")
        ignored = set(look.unstored)
        hidden = {column for low, high in look.hidden_columns for column in range(low, min(high + 1, 16_384))}
        spans = _spans(look.merges if look.merges is not None else _merged(sheet), sheet.end or sheet.start)
        cells: list[Cell] = []
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), start=first_row):
            if row in look.hidden_rows:
                continue
            for column, value in enumerate(values, start=first_column):
                if value == "" or column in hidden or (row, column) in ignored:
                    continue
                cell = self._cell(row, column, value, look)
                if cell is None:
                    continue
                self._left -= 1
                if self._left < 0:
                    raise UnreadableSpreadsheet("too_large")
                span = spans.get((row, column))
                cells.append(cell if span is None else replace(cell, rows=span[0], columns=span[1]))
        return SheetOfCells(name=name, cells=tuple(cells), unstored=_references(look))

    def _cell(self, row: int, column: int, value: Any, look: SheetLook) -> Cell | None:
        if isinstance(value, bool):
            return Cell(row, column, "vrai" if value else "faux", "text", "1" if value else "0")
        if isinstance(value, int | float):
            if not math.isfinite(value) or abs(value) >= 1e15:
                return Cell(row, column, f"{value:g}", "text", "")
            shape = look.formats.get((row, column), PLAIN)
            if shape.hides_zero and not value:
                return None
            text, number = shown_number(stored_number(value), shape)
            return Cell(row, column, text, "number", f"{number:f}")
        if isinstance(value, date | time | timedelta):
            text, iso = shown_date(value)
            return Cell(row, column, text, "date" if iso else "text", iso or text)
        text = self._clean(str(value))
        return Cell(row, column, text, "text", text) if text else None

    def _clean(self, text: str) -> str:
        if len(text) > MAX_TEXT:
            self._is_cut = True
            text = text[:MAX_TEXT] + "…"
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.isprintable():
            text = "".join([letter for letter in text.replace("\t", " ") if letter == "\n" or _is_drawable(letter)])
        return "\n".join([line.strip() for line in text.strip().split("\n")])


def _is_drawable(letter: str) -> bool:
    """No control, no direction mark, no private or unassigned letter."""
    return not unicodedata.category(letter).startswith("C")


def _references(look: SheetLook) -> tuple[str, ...]:
    return tuple(Cell(row, column, "").reference for row, column in look.unstored[:100])


def _merged(sheet: calamine.CalamineSheet) -> list[Merge]:
    return [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]


def _spans(merges: Iterable[Merge], end: Position) -> dict[Position, Position]:
    """Rows and columns that a merged cell covers, by its first cell; none goes beyond what the sheet holds."""
    return {
        (top, left): (max(min(bottom, end[0]) - top, 0) + 1, max(min(right, end[1]) - left, 0) + 1)
        for top, left, bottom, right in merges
        if bottom >= top and right >= left
    }
