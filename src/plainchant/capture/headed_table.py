"""A table, in a workbook or a CSV, whose first row names the columns: in any order, by any of their usual names."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plainchant.capture.cells import same_heading
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook
from plainchant.einvoice.identifiers import bare

LONGEST = 200  # letters that are read of a cell
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # how Excel begins its « Texte Unicode »


@dataclass(frozen=True, slots=True)
class Column:
    """``headings``: how it may be called, the first as it is asked for."""

    field: str
    headings: tuple[str, ...]
    explanation: str
    is_required: bool = False


def places_of(columns: Sequence[Column], cells: Sequence[Cell]) -> dict[str, int]:
    """Field → place, where this row names the first of ``columns`` and another one; else nothing.

    Of two that name the same, the one that is asked first.
    """
    known: dict[str, tuple[int, int]] = {}
    for cell in cells:
        heading = same_heading(cell.text)
        for column in columns:
            names = [same_heading(name) for name in column.headings]
            if heading in names:
                known[column.field] = min(known.get(column.field, (99, 0)), (names.index(heading), cell.column))
    return {field: place for field, (_, place) in known.items()} if columns[0].field in known and len(known) > 1 else {}


def filled_cells(places: Mapping[str, int], cells: Sequence[Cell]) -> dict[str, Cell]:
    """Field → cell, of a row below."""
    at = {cell.column: cell for cell in cells}
    return {field: at[column] for field, column in places.items() if column in at}


def text_in(cell: Cell) -> str:
    return " ".join(cell.text.split())[:LONGEST]


def identifier_in(cell: Cell) -> str:
    """A SIRET or a SIREN; one kept as a number has lost the noughts in front of it."""
    text = bare(cell.text)
    if cell.kind == "number" and cell.value.isdigit():
        text = cell.value.zfill(14 if len(cell.value) > 9 else 9)
    return text[:LONGEST]


def workbook_of_csv(data: bytes) -> Workbook:
    """A CSV as the workbook of one sheet, whichever of « ; », « , » and tabs parts its cells.

    UnicodeDecodeError for what is no text, csv.Error for what is no CSV.
    """
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    if "\x00" in text:
        raise csv.Error("what is no text")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Workbook(kind="xlsx", sheets=(SheetOfCells("", tuple(_cells(rows))),), sheet_count=1)


def _cells(rows: Iterator[list[str]]) -> Iterator[Cell]:
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            # What an export wrote before a text that a spreadsheet would take for a formula.
            text = text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text
            if text.strip():
                yield Cell(row=place, column=column, text=text.strip(), value=text.strip())
