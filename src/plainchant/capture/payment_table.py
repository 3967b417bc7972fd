"""A table of payments, one a row: what the accounts of a public body know of the invoices that it has paid.

Columns are found by their headings, in any order; those of an exported list are understood too. A row that is wrong
says so, and never stops the others.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from plainchant.capture.cells import day_in, number_in, same_heading
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook
from plainchant.einvoice.identifiers import bare

MAX_PAYMENTS = 500  # rows of one file: each becomes a move, a line of history and a mail
_LONGEST = 200

Short = Annotated[str, Meta(max_length=_LONGEST)]


@dataclass(frozen=True, slots=True)
class PaymentColumn:
    """``headings``: how it may be called, the first as it is asked for."""

    field: str
    headings: tuple[str, ...]
    explanation: str
    is_required: bool = False


COLUMNS: tuple[PaymentColumn, ...] = (
    PaymentColumn(
        "number", ("Numéro de facture", "Numéro", "Facture", "N° de facture", "N° facture"),
        "Celui que le fournisseur a donné à sa facture.", is_required=True,
    ),
    PaymentColumn(
        "identifier", ("SIRET du fournisseur", "Identifiant du fournisseur", "SIRET", "SIRET du tiers"),
        "14 chiffres, ou le SIREN. Il évite toute confusion entre deux fournisseurs.",
    ),
    PaymentColumn(
        "supplier", ("Fournisseur", "Nom du fournisseur", "Tiers", "Nom du tiers"),
        "Son nom, si vous n’avez pas son SIRET.",
    ),
    PaymentColumn(
        "amount", ("Montant payé", "Montant", "Montant à payer", "Montant TTC", "Net à payer"),
        "En entier : un paiement partiel est signalé, et ne change rien.", is_required=True,
    ),
    PaymentColumn(
        "day", ("Date de paiement", "Payée", "Payée le", "Date du paiement", "Date"),
        "Exemple\u00a0: 12/03/2026.", is_required=True,
    ),
)  # fmt: skip
_FIELD_OF = {same_heading(heading): column for column in COLUMNS for heading in column.headings}
_REQUIRED = tuple(column for column in COLUMNS if column.is_required)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row as it was read: ``amount`` in canonical figures, ``day`` in ISO 8601, "" where there is none.

    ``trouble``: why nothing can be done with it, in French.
    """

    row: int  # from 1, as the spreadsheet numbers it
    number: Short = ""
    identifier: Short = ""
    supplier: Short = ""
    amount: Short = ""
    day: Short = ""
    trouble: Annotated[str, Meta(max_length=500)] = ""


def payment_rows(book: Workbook) -> list[PaymentRow] | None:
    """The payments of the first sheet that is a table of them; None when none is. No more than MAX_PAYMENTS + 1."""
    for sheet in book.sheets:
        columns: dict[str, int] = {}
        found: list[PaymentRow] = []
        for cells in sheet.rows():
            if not columns:
                columns = _columns(cells)
            elif len(found) <= MAX_PAYMENTS and (row := _row(sheet, columns, cells)) is not None:
                found.append(row)
        if columns:
            return found
    return None


def workbook_of_csv(data: bytes) -> Workbook:
    """A CSV as the workbook of one sheet, whichever of « ; », « , » and tabs parts its cells.

    UnicodeDecodeError for what is no text, csv.Error for what is no CSV.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
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


def _columns(cells: list[Cell]) -> dict[str, int]:
    """Field → column, where this row is the one of the headings. Of two for one field, the one that is asked first."""
    known: dict[str, tuple[int, int]] = {}
    for cell in cells:
        column = _FIELD_OF.get(same_heading(cell.text))
        if column is not None:
            rank = [same_heading(heading) for heading in column.headings].index(same_heading(cell.text))
            known[column.field] = min(known.get(column.field, (99, 0)), (rank, cell.column))
    return {field: place for field, (_, place) in known.items()} if "number" in known and len(known) > 1 else {}


def _row(sheet: SheetOfCells, columns: Mapping[str, int], cells: list[Cell]) -> PaymentRow | None:
    at = {cell.column: cell for cell in cells}
    filled = {field: at[column] for field, column in columns.items() if column in at}
    if not filled:
        return None
    texts = {field: " ".join(cell.text.split())[:_LONGEST] for field, cell in filled.items()}
    if "identifier" in filled:
        texts["identifier"] = _identifier(filled["identifier"])
    row = cells[0].row + 1
    for column in _REQUIRED:
        if column.field not in filled:
            where = "est vide" if column.field in columns else "n’est pas dans le tableau"
            return PaymentRow(row, **texts, trouble=f"«\u00a0{column.headings[0]}\u00a0» {where}.")
    try:
        texts["amount"] = f"{number_in(filled['amount']):f}"[:_LONGEST]
    except ValueError:
        return PaymentRow(
            row, **texts, trouble=f"«\u00a0{texts['amount'][:40]}\u00a0» n’est pas un montant. Exemple\u00a0: 1 250,50."
        )
    try:
        texts["day"] = day_in(filled["day"]).isoformat()
    except ValueError:
        return PaymentRow(
            row, **texts, trouble=f"«\u00a0{texts['day'][:40]}\u00a0» n’est pas une date. Exemple\u00a0: 12/03/2026."
        )
    return PaymentRow(row, **texts)


_NO_AMOUNT = "«\u00a0{text}\u00a0» n’est pas un montant. Exemple\u00a0: 1250,50."
_NO_DAY = "«\u00a0{text}\u00a0» n’est pas une date. Exemple\u00a0: 12/03/2026."


def _identifier(cell: Cell) -> str:
    """A SIRET kept as a number has lost the noughts in front of it."""
    text = bare(cell.text)
    if cell.kind == "number" and cell.value.isdigit():
        text = cell.value.zfill(14 if len(cell.value) > 9 else 9)
    return text[:_LONGEST]
