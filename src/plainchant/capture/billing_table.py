"""A workbook of invoices, one row a line: what a collective or a bookkeeper keeps for the people it bills for.

ONE TABLE (`COLUMNS`) says what stands in it; the template is written from it and read again with it. Columns are found
by their headings, in any order and on any sheet; a row that is wrong is told by its cells, and never stops the others.
Rows of one issuer and one number are the lines of one invoice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice

from plainchant.capture.cells import day_in, number_in, same_heading
from plainchant.capture.lines import plain
from plainchant.capture.units import unit_named
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook, column_name
from plainchant.einvoice.amounts import decimals
from plainchant.einvoice.codes.cadres import ORDINARY, VALIDATED
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, type_named
from plainchant.einvoice.codes.works import BEGINNINGS
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import IdentifierError, clean_iban, clean_siret
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, EXEMPTIONS, FRANCHISE
from plainchant.einvoice.law.vat_rates import every_rate, rates, written

_CADRES = (ORDINARY, *sorted(VALIDATED, reverse=True), *(row.code for row in BEGINNINGS))
MAX_ROWS = 500  # invoices of one flow
WITHOUT_VAT = {"franchise": FRANCHISE, "association": "VATEX-FR-CGI261-7", "enseignement": "VATEX-FR-CGI261-4",
               "autoliquidation": "VATEX-EU-AE"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BillingColumn:
    """``field`` names the value wherever it is spoken of; ``is_own``: it alone makes a row an invoice to be read."""

    field: str
    heading: str
    explanation: str
    kind: str = "text"  # text, siret, date, number, vat, unit, type, iban, cadre
    is_required: bool = False
    is_own: bool = True
    is_of_line: bool = False  # said anew in each row of an invoice; the rest once, in the first of them or in all
    longest: int = 100
    width: int = 18


# fmt: off
COLUMNS: tuple[BillingColumn, ...] = (
    BillingColumn("seller", "SIRET de l’émetteur", "Qui facture : 14 chiffres, une structure à laquelle vous êtes rattaché", "siret", is_required=True, is_own=False, width=20),
    BillingColumn("seller_name", "Nom de l’émetteur", "Pour vous y retrouver ; c’est le SIRET qui compte", is_own=False, longest=300, width=28),
    BillingColumn("number", "Numéro de facture", "Le suivant de cet émetteur, 20 caractères au plus", is_required=True),
    BillingColumn("type_code", "Facture ou avoir", "« Avoir » pour annuler tout ou partie d’une facture ; vide : facture", "type", is_own=False),
    BillingColumn("issue_date", "Date de facture", "Exemple : 12/03/2026", "date", is_required=True, width=16),
    BillingColumn("buyer", "SIRET du client public", "Qui paiera : 14 chiffres, dans l’annuaire", "siret", is_required=True, width=22),
    BillingColumn("service", "Code service", "Si le client l’a donné, ou s’il le demande"),
    BillingColumn("commitment", "Numéro d’engagement", "Ou de bon de commande, si le client l’a donné", width=22),
    BillingColumn("contract", "Numéro de marché", "Si un marché ou un contrat a été signé"),
    BillingColumn("name", "Désignation", "Ce qui est facturé. Une autre ligne de la même facture : une rangée de plus, du même numéro", is_required=True, is_of_line=True, longest=1_000, width=46),
    BillingColumn("quantity", "Quantité", "Vide : 1", "number", is_own=False, is_of_line=True, width=12),
    BillingColumn("unit", "Unité", "heure, jour, forfait… Vide : unité", "unit", is_own=False, is_of_line=True, width=12),
    BillingColumn("price", "Prix unitaire HT", "En euros", "number", is_required=True, is_of_line=True),
    BillingColumn("vat", "TVA", "Un taux (20, 10, 5,5…), ou : franchise, association, enseignement, autoliquidation", "vat", is_required=True, is_own=False, is_of_line=True, width=14),
    BillingColumn("iban", "IBAN", "Vide : le compte de la fiche de l’émetteur", "iban", is_own=False, width=32),
    BillingColumn("preceding", "Facture d’origine", "Pour un avoir : le numéro de la facture qu’il corrige"),
    BillingColumn("framework", "Cadre de facturation", "A9 : vous êtes sous-traitant ; A12 : cotraitant. Vide : une facture ordinaire (A1)", "cadre", is_own=False),
    BillingColumn("validator", "SIRET du valideur", "Avec A9, le titulaire du marché ; avec A12, le mandataire du groupement", "siret", is_own=False, width=20),
    BillingColumn("moe", "SIRET du maître d’œuvre", "Avec A4 et A7. Vide : celui du dernier dossier du même marché", "siret", is_own=False, width=20),
    BillingColumn("moa", "SIRET du maître d’ouvrage", "Avec A4, A5 et A7. Vide : celui du dernier dossier du même marché, ou l’acheteur", "siret", is_own=False, width=20),
    BillingColumn("comment", "Commentaire", "Imprimé sur la facture", longest=1_000, width=36),
)
# fmt: on
COLUMN_OF = {column.field: column for column in COLUMNS}


_HEADINGS = {same_heading(column.heading): column for column in COLUMNS}
# Without these a sheet is no table of invoices.
_MARKS = ("seller", "number", "buyer", "price")


@dataclass(frozen=True, slots=True)
class BillingLine:
    """A further row of an invoice: what its line says, and the cells it stands in."""

    row: int
    values: Mapping[str, str]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BillingRow:
    """One invoice: canonical ``values`` by field ("" where empty), the ``cells`` they stand in, what is wrong with them.

    They are those of its first row; ``more`` are the rows that follow.
    """

    sheet: str
    row: int  # from 1, as the spreadsheet numbers it
    values: Mapping[str, str]
    cells: Mapping[str, str]  # field → C12
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    more: tuple[BillingLine, ...] = ()

    @property
    def name(self) -> str:
        if self.more:
            return f"{self.sheet}, lignes {self.row} à {self.more[-1].row}"
        return f"{self.sheet}, ligne {self.row}"


def billing_rows(book: Workbook) -> list[BillingRow] | None:
    """The invoices of every sheet that is a table of them; None when none is."""
    found: list[BillingRow] = []
    is_table = False
    for sheet in book.sheets:
        columns: dict[str, int] = {}
        for cells in sheet.rows():
            if not columns:
                columns = _columns(cells)
                is_table = is_table or bool(columns)
                continue
            row = _row(sheet, columns, cells)
            if row is not None:
                found.append(row)
    return _joined(found) if is_table else None


def is_table_of_invoices(book: Workbook) -> bool:
    """Whether a sheet has the headings of the table, as far down as somebody would begin one."""
    return any(_columns(cells) for sheet in book.sheets for cells in islice(sheet.rows(), 50))


def _joined(rows: list[BillingRow]) -> list[BillingRow]:
    """Rows of one issuer and one number, on one sheet, as one invoice of several lines, in the place of the first."""
    invoices: dict[tuple[str, ...], BillingRow] = {}
    for row in rows:
        number, seller = row.values["number"], row.values["seller"]
        key = (row.sheet, seller, number) if number else (row.sheet, seller, number, str(row.row))
        invoices[key] = _with_a_line(invoices[key], row) if key in invoices else row
    return list(invoices.values())


def _with_a_line(invoice: BillingRow, row: BillingRow) -> BillingRow:
    """What is said once may be left out in the rows that follow, and may not be said otherwise."""
    findings = [*invoice.findings]
    for finding in row.findings:
        is_left_out = finding.rule == "TABLEAU-CASE-VIDE" and not COLUMN_OF[finding.field or ""].is_of_line
        if not is_left_out:
            findings.append(finding)
    for column in COLUMNS:
        first, again = invoice.values[column.field], row.values[column.field]
        if not column.is_of_line and column.field != "seller_name" and again and again != first:
            place = row.cells.get(column.field, "")
            what = (
                f"ce n’est pas ce que dit la rangée {invoice.row} de la même facture ({invoice.values['number']}). "
                "Écrivez-y la même chose, ou donnez à cette rangée un autre numéro de facture."
            )
            findings.append(_wrong("TABLEAU-LIGNES", column, place, what))
    line = BillingLine(row.row, {c.field: row.values[c.field] for c in COLUMNS if c.is_of_line}, row.cells)
    return replace(invoice, findings=tuple(findings), more=(*invoice.more, line))


def _columns(cells: list[Cell]) -> dict[str, int]:
    """Field → column, where this row is the one of the headings."""
    known = {
        _HEADINGS[heading].field: cell.column for cell in cells if (heading := same_heading(cell.text)) in _HEADINGS
    }
    return known if all(mark in known for mark in _MARKS) else {}


def _row(sheet: SheetOfCells, columns: Mapping[str, int], cells: list[Cell]) -> BillingRow | None:
    at = {cell.column: cell for cell in cells}
    filled = {name: at[column] for name, column in columns.items() if column in at}
    number = cells[0].row + 1
    places = {name: f"{column_name(column)}{number}" for name, column in columns.items()}
    unstored = set(sheet.unstored)
    # What the template fills in by itself is no invoice yet.
    if not any(COLUMN_OF[name].is_own and (name in filled or places[name] in unstored) for name in columns):
        return None
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for column in COLUMNS:
        cell = filled.get(column.field)
        place = places.get(column.field, "")
        values[column.field] = ""
        if place in unstored:
            findings.append(
                _wrong(
                    "TABLEAU-FORMULE",
                    column,
                    place,
                    "c’est une formule dont le résultat n’est pas enregistré. Ouvrez le tableau dans votre tableur et enregistrez-le.",
                )
            )
        elif cell is None:
            if column.is_required:
                where = "est vide" if place else "n’est pas dans le tableau : ajoutez cette colonne"
                findings.append(_wrong("TABLEAU-CASE-VIDE", column, place, f"{where}. {column.explanation}."))
        else:
            try:
                values[column.field] = _READERS[column.kind](cell, column)
                if column.kind == "vat":  # its column comes after those of the day and the type
                    _in_force(cell, values)
            except _Wrong as wrong:
                findings.append(_wrong(wrong.rule, column, place, wrong.sentence))
    return BillingRow(sheet.name, number, values, places, tuple(findings))


class _Wrong(Exception):
    def __init__(self, rule: str, sentence: str) -> None:
        self.rule = rule
        self.sentence = sentence


def _wrong(rule: str, column: BillingColumn, place: str, what: str) -> Finding:
    case = f"Case {place}, " if place else ""
    separator = " " if what.startswith(("est ", "n’est ")) else " : "
    return Finding(rule, f"{case}« {column.heading} »{separator}{what}", column.field, path=place)


def _text(cell: Cell, column: BillingColumn) -> str:
    text = " ".join(cell.text.split())
    if len(text) > column.longest:
        raise _Wrong(
            "TABLEAU-LONG", f"ce texte compte {len(text)} caractères, {column.longest} au plus. Raccourcissez-le."
        )
    return text


def _siret(cell: Cell, column: BillingColumn) -> str:
    # A SIRET kept as a number has lost the noughts in front of it.
    text = cell.value.zfill(14) if cell.kind == "number" and cell.value.isdigit() and len(cell.value) > 9 else cell.text
    try:
        return clean_siret(text)
    except IdentifierError as error:
        raise _Wrong("TABLEAU-SIRET", error.sentence) from error


def _date(cell: Cell, column: BillingColumn) -> str:
    try:
        return day_in(cell).isoformat()
    except ValueError:
        sentence = f"« {cell.text[:40]} » n’est pas une date. Écrivez-la ainsi : 12/03/2026."
        raise _Wrong("TABLEAU-DATE", sentence) from None


def _number(cell: Cell, column: BillingColumn) -> str:
    try:
        value = number_in(cell)
    except ValueError:
        raise _Wrong("TABLEAU-NOMBRE", f"« {cell.text[:40]} » n’est pas un nombre. Exemple : 1 250,50.") from None
    if abs(value) >= Decimal(10) ** 9 or decimals(value) > 4:
        raise _Wrong("TABLEAU-NOMBRE", f"« {cell.text[:40]} » est trop grand, ou a plus de 4 décimales. Corrigez-le.")
    return f"{value:f}"


def _vat(cell: Cell, column: BillingColumn) -> str:
    """The rate, or the code of the reason why there is none (VATEX)."""
    text = plain(" ".join(cell.text.split()))
    for word, code in WITHOUT_VAT.items():
        if word in text:
            return code
    by_code = next((row.code for row in EXEMPTIONS if plain(row.code) == text), "")
    if by_code:
        return by_code
    try:
        rate = Decimal(text.rstrip(" %").replace(",", "."))
    except InvalidOperation:
        raise _not_a_rate(cell, rates()) from None
    # 20 % is 0.2 where the cell is not shown as a percentage. Whether the rate is one of that day: `_in_force`.
    known = next((known for known in every_rate() if known and rate in (known, known / 100)), None)
    if known is None:
        raise _not_a_rate(cell, rates())
    return f"{known:f}"


def _not_a_rate(cell: Cell, choices: Iterable[Decimal]) -> _Wrong:
    listed = ", ".join([*map(written, choices), *WITHOUT_VAT])
    return _Wrong(
        "TABLEAU-TVA",
        f"« {cell.text[:40]} » n’est pas un taux en vigueur, et à 0 % il faut dire pourquoi. Écrivez l’un de : {listed}.",
    )


def _in_force(cell: Cell, values: Mapping[str, str]) -> None:
    """Raises _Wrong for a rate that was none on the day of the invoice. A credit note has the rate of what it corrects."""
    rate, day = values["vat"], values["issue_date"]
    if not rate or rate in EXEMPTION_OF or values["type_code"] == CREDIT_NOTE:
        return
    possible = rates(at=date.fromisoformat(day) if day else None)
    if Decimal(rate) not in possible:
        raise _not_a_rate(cell, possible)


def _unit(cell: Cell, column: BillingColumn) -> str:
    code = unit_named(cell.text)
    if not code:
        raise _Wrong(
            "TABLEAU-CHOIX",
            f"l’unité « {cell.text[:40]} » n’est pas connue. Les plus courantes : unité, heure, jour, forfait.",
        )
    return code


def _type(cell: Cell, column: BillingColumn) -> str:
    code = type_named(cell.text)
    if not code:
        raise _Wrong("TABLEAU-CHOIX", f"« {cell.text[:40]} » n’est ni « Facture » ni « Avoir ».")
    return code


def _cadre(cell: Cell, column: BillingColumn) -> str:
    code = cell.text.strip().upper()
    if code not in _CADRES:
        raise _Wrong(
            "TABLEAU-CHOIX",
            f"« {cell.text[:40]} » n’est pas un cadre possible ici. Écrivez l’un de : {', '.join(_CADRES)}.",
        )
    return code


def _iban(cell: Cell, column: BillingColumn) -> str:
    try:
        return clean_iban(cell.text)
    except IdentifierError as error:
        raise _Wrong("TABLEAU-IBAN", error.sentence) from error


_READERS: dict[str, Callable[[Cell, BillingColumn], str]] = {
    "text": _text,
    "siret": _siret,
    "date": _date,
    "number": _number,
    "vat": _vat,
    "unit": _unit,
    "type": _type,
    "iban": _iban,
    "cadre": _cadre,
}
