"""A table of payments, one a row: what the accounts of a public body know of the invoices that it has paid.

Columns are found by their headings, in any order; those of an exported list are understood too. A row that is wrong
says so, and never stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from plainchant.capture.cells import day_in, number_in
from plainchant.capture.headed_table import LONGEST, Column, filled_cells, identifier_in, places_of, text_in
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook

MAX_PAYMENTS = 500  # rows of one file: each becomes a move, a line of history and a mail

Short = Annotated[str, Meta(max_length=LONGEST)]


COLUMNS: tuple[Column, ...] = (
    Column(
        "number", ("Numéro de facture", "Numéro", "Facture", "N° de facture", "N° facture"),
        "Celui que le fournisseur a donné à sa facture.", is_required=True,
    ),
    Column(
        "identifier", ("SIRET du fournisseur", "Identifiant du fournisseur", "SIRET", "SIRET du tiers"),
        "14 chiffres, ou le SIREN. Il évite toute confusion entre deux fournisseurs.",
    ),
    Column(
        "supplier", ("Fournisseur", "Nom du fournisseur", "Tiers", "Nom du tiers"),
        "Son nom, si vous n’avez pas son SIRET.",
    ),
    Column(
        "amount", ("Montant payé", "Montant", "Montant à payer", "Montant TTC", "Net à payer"),
        "En entier : un paiement partiel est signalé, et ne change rien.", is_required=True,
    ),
    Column(
        "day", ("Date de paiement", "Payée", "Payée le", "Date du paiement", "Date"),
        "Exemple\u00a0: 12/03/2026.", is_required=True,
    ),
)  # fmt: skip
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
                columns = places_of(COLUMNS, cells)
            elif len(found) <= MAX_PAYMENTS and (row := _row(sheet, columns, cells)) is not None:
                found.append(row)
        if columns:
            return found
    return None


def _row(sheet: SheetOfCells, columns: Mapping[str, int], cells: list[Cell]) -> PaymentRow | None:
    filled = filled_cells(columns, cells)
    if not filled:
        return None
    texts = {field: text_in(cell) for field, cell in filled.items()}
    if "identifier" in filled:
        texts["identifier"] = identifier_in(filled["identifier"])
    row = cells[0].row + 1
    for column in _REQUIRED:
        if column.field not in filled:
            where = "est vide" if column.field in columns else "n’est pas dans le tableau"
            return PaymentRow(row, **texts, trouble=f"«\u00a0{column.headings[0]}\u00a0» {where}.")
    try:
        texts["amount"] = f"{number_in(filled['amount']):f}"[:LONGEST]
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
