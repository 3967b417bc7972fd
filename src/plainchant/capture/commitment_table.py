"""A table of commitments (engagements juridiques), one a row: what a public body has promised to pay, and to whom.

Columns are found by their headings, in any order. A row that is wrong says so, and never stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from plainchant.capture.cells import day_in, number_in
from plainchant.capture.headed_table import LONGEST, Column, filled_cells, identifier_in, places_of, text_in
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook
from plainchant.einvoice.identifiers import SIREN_DIGITS

MAX_COMMITMENTS = 5_000  # rows of one file
_MOST_DIGITS = 12  # before the point: the portal's own room

Short = Annotated[str, Meta(max_length=LONGEST)]

COLUMNS: tuple[Column, ...] = (
    Column(
        "number", ("Numéro d’engagement", "Numéro", "Engagement", "N° d’engagement", "Numéro EJ", "EJ"),
        "Celui que vous donnez au fournisseur. 50 caractères au plus.", is_required=True,
    ),
    Column(
        "amount", ("Montant TTC", "Montant", "Montant engagé"),
        "Ce que vous avez engagé en tout, taxes comprises.", is_required=True,
    ),
    Column("subject", ("Objet", "Libellé", "Désignation"), "En quelques mots."),
    Column(
        "service", ("Code service", "Service", "Code du service"),
        "Le code d’un de vos services. Vide : pour tout l’organisme.",
    ),
    Column(
        "identifier", ("SIRET du fournisseur", "SIRET", "Identifiant du fournisseur", "SIRET du tiers"),
        "14 chiffres, ou le SIREN. Vide : pour n’importe quel fournisseur.",
    ),
    Column("supplier", ("Fournisseur", "Nom du fournisseur", "Tiers"), "Son nom, pour vos agents."),
    Column("contract", ("Numéro de marché", "Marché", "N° de marché"), "S’il y en a un. 50 caractères au plus."),
    Column("first_day", ("Valable du", "Début", "Date de début", "Du"), "Le premier jour. Exemple\u00a0: 01/01/2026."),
    Column("last_day", ("Valable jusqu’au", "Fin", "Date de fin", "Au"), "Le dernier jour. Vide : sans fin prévue."),
)  # fmt: skip
_REQUIRED = tuple(column for column in COLUMNS if column.is_required)
_LONGEST_NUMBER = 50  # as on the wire of Chorus Pro


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A row as it was read: ``amount`` in canonical figures, days in ISO 8601, "" where there is none.

    ``trouble``: why nothing can be done with it, in French.
    """

    row: int  # from 1, as the spreadsheet numbers it
    number: Short = ""
    amount: Short = ""
    subject: Short = ""
    service: Short = ""
    identifier: Short = ""
    supplier: Short = ""
    contract: Short = ""
    first_day: Short = ""
    last_day: Short = ""
    trouble: Annotated[str, Meta(max_length=500)] = ""


def commitment_rows(book: Workbook) -> list[CommitmentRow] | None:
    """Those of the first sheet that is a table of them; None when none is. No more than MAX_COMMITMENTS + 1."""
    for sheet in book.sheets:
        places: dict[str, int] = {}
        found: list[CommitmentRow] = []
        for cells in sheet.rows():
            if not places:
                places = places_of(COLUMNS, cells)
            elif len(found) <= MAX_COMMITMENTS and (row := _row(sheet, places, cells)) is not None:
                found.append(row)
        if places:
            return found
    return None


def _row(_sheet: SheetOfCells, places: Mapping[str, int], cells: Sequence[Cell]) -> CommitmentRow | None:
    filled = filled_cells(places, cells)
    if not filled:
        return None
    texts = {field: text_in(cell) for field, cell in filled.items()}
    if "identifier" in filled:
        texts["identifier"] = identifier_in(filled["identifier"])
    row = cells[0].row + 1
    try:
        _understand(texts, filled, places)
    except ValueError as wrong:
        return CommitmentRow(row, **texts, trouble=str(wrong)[:500])
    return CommitmentRow(row, **texts)


def _understand(texts: dict[str, str], filled: Mapping[str, Cell], places: Mapping[str, int]) -> None:
    """Bring each text into its canonical form. ValueError with a sentence for the first that cannot be."""
    for column in _REQUIRED:
        if column.field not in filled:
            where = "est vide" if column.field in places else "n’est pas dans le tableau"
            raise ValueError(f"«\u00a0{column.headings[0]}\u00a0» {where}.")
    for field, what in (("number", "Ce numéro d’engagement"), ("contract", "Ce numéro de marché")):
        if len(texts.get(field, "")) > _LONGEST_NUMBER:
            raise ValueError(f"{what} dépasse {_LONGEST_NUMBER} caractères.")
    if not any(letter.isalnum() for letter in texts["number"]):
        raise ValueError(f"«\u00a0{texts['number'][:40]}\u00a0» n’est pas un numéro d’engagement.")
    try:
        amount = number_in(filled["amount"])
    except ValueError:
        amount = None
    if amount is None or not 0 <= amount < 10**_MOST_DIGITS or amount != round(amount, 2):
        raise ValueError(f"«\u00a0{texts['amount'][:40]}\u00a0» n’est pas un montant. Exemple\u00a0: 1250,50.")
    texts["amount"] = f"{amount:f}"
    for field in ("first_day", "last_day"):
        if field in filled:
            try:
                texts[field] = day_in(filled[field]).isoformat()
            except ValueError:
                raise ValueError(
                    f"«\u00a0{texts[field][:40]}\u00a0» n’est pas une date. Exemple\u00a0: 12/03/2026."
                ) from None
    if texts.get("first_day") and texts.get("last_day") and texts["last_day"] < texts["first_day"]:
        raise ValueError("Le dernier jour vient avant le premier.")
    identifier = texts.get("identifier", "")
    if identifier and not (identifier.isdigit() and len(identifier) in (SIREN_DIGITS, 14)):
        raise ValueError(f"«\u00a0{identifier[:40]}\u00a0» n’est ni un SIRET (14 chiffres), ni un SIREN (9 chiffres).")
