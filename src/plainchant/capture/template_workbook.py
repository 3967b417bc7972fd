"""The workbook to download and fill in: each value has one label and one cell, so that nothing has to be guessed.

ONE TABLE (`ROWS`) says what stands in it; it is written from the table and read again with it, also once saved as .xls
or .ods: the labels are looked for, not the positions. Totals are formulas; what is read is their last result.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import xlsxwriter

from plainchant.capture.amounts import amounts_in, canonical
from plainchant.capture.dates import dates_in
from plainchant.capture.grid import Grid
from plainchant.capture.identifiers import ibans_in
from plainchant.capture.lines import plain
from plainchant.capture.proposal import Certainty, FieldReading, FoundNumber, InvoiceLine, ReadField, VatLine
from plainchant.capture.workbook import Cell, SheetOfCells, Workbook
from plainchant.einvoice.codes.invoice_types import type_named
from plainchant.einvoice.identifiers import key_agrees, siret_in
from plainchant.einvoice.law.vat_rates import rates

MARK = "Modèle de facture Plainchant"
_VERSION = f"{MARK}, version 1"
_TO_FILL = "À remplir"
_SHEET, _LINES_SHEET = "Facture", "Lignes"
_MAX_LINES = 200
_ZERO, _CENT = Decimal(0), Decimal("0.01")
RATES = (*rates(), _ZERO)
# XlsxWriter would write today: the same template is the same bytes.
_MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A labelled cell; `field` is a field's name, or a name of our own for what the reader does not propose."""

    field: str
    label: str
    explanation: str
    kind: str = "text"  # text, date, amount, total, kind


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between the rows."""

    title: str


# fmt: off
ROWS: tuple[TemplateRow | Section, ...] = (
    Section("Votre facture"),
    TemplateRow("number", "Numéro de la facture", "Le suivant des vôtres, 20 caractères au plus. Exemple : F2026-014"),
    TemplateRow("type_code", "Facture ou avoir", "« Avoir » si vous annulez tout ou partie d’une facture déjà envoyée", "kind"),
    TemplateRow("issue_date", "Date de la facture", "Exemple : 12/03/2026", "date"),
    TemplateRow("due_date", "Date d’échéance", "Le dernier jour pour payer ; laissez vide si vous ne savez pas", "date"),
    TemplateRow("currency", "Monnaie", "EUR pour l’euro"),
    Section("Vous"),
    TemplateRow("seller_name", "Votre nom", "Celui de votre entreprise ou de votre association, ou le vôtre"),
    TemplateRow("seller_siret", "Votre SIRET", "14 chiffres"),
    TemplateRow("iban", "Votre IBAN", "Le compte où vous voulez être payé"),
    Section("Votre client public"),
    TemplateRow("buyer_name", "Nom du client", "La mairie, l’école, le musée… qui vous paiera"),
    TemplateRow("buyer_siret", "SIRET du client", "14 chiffres. Votre client le connaît ; notre annuaire aussi"),
    TemplateRow("buyer_reference", "Code service", "Si votre client vous en a donné un"),
    TemplateRow("purchase_order_reference", "Numéro d’engagement", "Ou de bon de commande, si votre client vous en a donné un"),
    TemplateRow("contract_reference", "Numéro de marché", "Si un marché ou un contrat a été signé"),
    Section("Montants : ils se calculent seuls d’après la feuille « Lignes »"),
    TemplateRow("tax_exclusive_amount", "Total HT", "La somme des lignes", "total"),
    TemplateRow("tax_amount", "Total TVA", "Calculée pour chaque taux", "total"),
    TemplateRow("tax_inclusive_amount", "Total TTC", "Total HT et TVA", "total"),
    TemplateRow("paid_amount", "Déjà payé", "Un acompte reçu ; laissez vide s’il n’y en a pas", "amount"),
    TemplateRow("payable_amount", "Net à payer", "Ce que votre client doit encore", "total"),
    TemplateRow("vat_note", "Motif si la TVA est à 0 %", "Exemple : TVA non applicable, art. 293 B du CGI"),
)
LINE_HEADINGS = ("Désignation", "Quantité", "Unité", "Prix unitaire HT", "Taux de TVA", "Montant HT")
# fmt: on
_LABELS = {plain(row.label): row for row in ROWS if isinstance(row, TemplateRow)}


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line of the invoice; `rate` in percent, `amount` without VAT."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price, to the cent."""
        return (self.quantity * self.price).quantize(_CENT, rounding=ROUND_HALF_UP)


def template(
    *, known: Mapping[str, str | datetime.date | Decimal] | None = None, lines: Sequence[TemplateLine] = ()
) -> bytes:
    """The workbook as .xlsx bytes; `known` fills cells in by the name of their row, `lines` the table (200 at most)."""
    if len(lines) > _MAX_LINES:
        raise ValueError(f"more than {_MAX_LINES} lines")
    return _Writer({"currency": "EUR", "type_code": "Facture", **(known or {})}, lines).written()


class _Writer:
    """Lays the two sheets out."""

    def __init__(self, known: Mapping[str, str | datetime.date | Decimal], lines: Sequence[TemplateLine]) -> None:
        self._known = known
        self._lines = lines
        self._out = io.BytesIO()
        # What people typed stays text: a value that begins with "=" is no formula, an address no link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"title": _VERSION, "created": _MADE.replace(tzinfo=None)})
        look = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
        field = {**look, "bg_color": "#F4EEF2", "border": 1, "border_color": "#CDBFC8"}
        self._styles = {
            "title": self._book.add_format({**look, "bold": True, "font_size": 14, "font_color": "#5B2A4E"}),
            "section": self._book.add_format({**look, "bold": True, "font_color": "#5B2A4E", "top": 1}),
            "label": self._book.add_format(look),
            "hint": self._book.add_format({**look, "font_color": "#5A5A5A", "text_wrap": True}),
            "text": self._book.add_format({**field, "num_format": "@", "align": "left"}),
            "kind": self._book.add_format({**field, "num_format": "@", "align": "left"}),
            "date": self._book.add_format({**field, "num_format": "dd/mm/yyyy", "align": "left"}),
            "amount": self._book.add_format({**field, "num_format": '#,##0.00 "€"'}),
            "total": self._book.add_format({**look, "num_format": '#,##0.00 "€"', "border": 1}),
            "sum": self._book.add_format({**look, "num_format": '#,##0.00 "€";-#,##0.00 "€";'}),
            "quantity": self._book.add_format({**field, "num_format": "0.####"}),
            "rate": self._book.add_format({**field, "num_format": "0.##%"}),
        }

    def written(self) -> bytes:
        sheet = self._book.add_worksheet(_SHEET)
        table = self._book.add_worksheet(_LINES_SHEET)
        self._write_fields(sheet)
        self._write_lines(table)
        self._book.close()
        return self._out.getvalue()

    def _write_fields(self, sheet: Any) -> None:
        style = self._styles
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 36)
        sheet.set_column(2, 2, 70)
        sheet.write_string(0, 0, _VERSION, style["title"])
        sheet.write_string(1, 1, _TO_FILL, style["section"])
        at = {row.field: number for number, row in enumerate(ROWS, start=2) if isinstance(row, TemplateRow)}
        for number, row in enumerate(ROWS, start=2):
            if isinstance(row, Section):
                sheet.write_string(number, 0, row.title, style["section"])
                continue
            sheet.write_string(number, 0, row.label, style["label"])
            sheet.write_string(number, 2, row.explanation, style["hint"])
            if row.kind == "total":
                formula, value = self._total(row.field, at)
                sheet.write_formula(number, 1, formula, style["total"], float(value))
            else:
                self._write_value(sheet, number, row)
        sheet.freeze_panes(2, 0)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()

    def _write_value(self, sheet: Any, number: int, row: TemplateRow) -> None:
        style = self._styles[row.kind]
        value = self._known.get(row.field)
        if value is None:
            sheet.write_blank(number, 1, None, style)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(number, 1, datetime.datetime.combine(value, datetime.time()), style)
        elif isinstance(value, Decimal):
            sheet.write_number(number, 1, float(value), style)
        else:
            sheet.write_string(number, 1, value, style)
        if row.kind == "kind":
            sheet.data_validation(number, 1, number, 1, {"validate": "list", "source": ["Facture", "Avoir"]})
        elif row.kind == "date":
            first = datetime.date(1990, 1, 1)
            rule = {"validate": "date", "criteria": ">=", "value": first, "error_message": "Exemple : 12/03/2026"}
            sheet.data_validation(number, 1, number, 1, rule)

    def _total(self, field: str, at: Mapping[str, int]) -> tuple[str, Decimal]:
        """The formula of a total, and its result as of now."""
        rates = f"{_LINES_SHEET}!$E$2:$E${_MAX_LINES + 1}"
        amounts = f"{_LINES_SHEET}!$F$2:$F${_MAX_LINES + 1}"
        net = sum((line.amount for line in self._lines), _ZERO)
        parts = [f"ROUND(SUMIF({rates},{rate / 100:f},{amounts})*{rate / 100:f},2)" for rate in RATES]
        tax = sum((due for _, _, due in _taxes(self._lines)), _ZERO)
        paid = self._known.get("paid_amount")
        formulas = {
            "tax_exclusive_amount": (f"=ROUND(SUM({amounts}),2)", net),
            "tax_amount": ("=" + "+".join(parts), tax),
            "tax_inclusive_amount": (
                f"=B{at['tax_exclusive_amount'] + 1}+B{at['tax_amount'] + 1}",
                net + tax,
            ),
            "payable_amount": (
                f"=B{at['tax_inclusive_amount'] + 1}-B{at['paid_amount'] + 1}",
                net + tax - (paid if isinstance(paid, Decimal) else _ZERO),
            ),
        }
        return formulas[field]

    def _write_lines(self, sheet: Any) -> None:
        style = self._styles
        for column, (heading, width) in enumerate(zip(LINE_HEADINGS, (60, 12, 12, 18, 14, 18), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, style["section"])
        for row in range(1, _MAX_LINES + 1):
            line = self._lines[row - 1] if row <= len(self._lines) else None
            values = (line.name, line.quantity, line.unit, line.price, line.rate / 100) if line else (None,) * 5
            for column, (value, kind) in enumerate(
                zip(values, ("text", "quantity", "text", "amount", "rate"), strict=True)
            ):
                if value is None:
                    sheet.write_blank(row, column, None, style[kind])
                elif isinstance(value, Decimal):
                    sheet.write_number(row, column, float(value), style[kind])
                else:
                    sheet.write_string(row, column, value, style[kind])
            formula = f"=ROUND(B{row + 1}*D{row + 1},2)"
            sheet.write_formula(row, 5, formula, style["sum"], float(line.amount) if line else 0)
        rule = {"validate": "list", "source": [f"{rate / 100:f}" for rate in RATES]}
        rule["error_message"] = "Choisissez un taux de la liste. Sans TVA : 0 %."
        sheet.data_validation(1, 4, _MAX_LINES, 4, rule)
        sheet.freeze_panes(1, 0)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()


def read_template(book: Workbook, grids: Sequence[Grid]) -> FieldReading | None:
    """The fields of a workbook made from the template, or None for any other; `grids` are those of its sheets."""
    found = _filled(book)
    if found is None:
        return None
    position, cells = found
    fields: dict[str, ReadField] = {}
    for name, cell in cells.items():
        read = _field(name, cell)
        if read is not None:
            value, certainty = read
            fields[name] = ReadField(value, cell.text, grids[position].place(cell), certainty)
    lines = read_template_lines(book)
    _check_totals(fields, cells, lines=lines)
    number = fields.get("number")
    numbers = (FoundNumber(number.value, (position + 1,)),) if number else ()
    return FieldReading(
        fields=fields,
        numbers_found=numbers,
        vat_breakdown=_breakdown(fields, lines),
        lines=tuple(
            InvoiceLine(line.name, line.quantity, line.price, line.rate, line.amount, grid.place(cell), "certain")
            for grid, sheet in zip(grids, book.sheets, strict=True)
            for cell, line in _lines(sheet)
        ),
    )


def read_template_lines(book: Workbook) -> tuple[TemplateLine, ...]:
    """The lines of a workbook made from the template; those without a name, a quantity or a price are left out."""
    if _filled(book) is None:
        return ()
    return tuple(line for sheet in book.sheets for _, line in _lines(sheet))


def _filled(book: Workbook) -> tuple[int, dict[str, Cell]] | None:
    """Which sheet is the template's, and its filled cells by the name of their row."""
    for position, sheet in enumerate(book.sheets):
        mark = next((cell for cell in sheet.cells if cell.text.startswith(MARK)), None)
        to_fill = next((cell for cell in sheet.cells if cell.text == _TO_FILL), None)
        if mark is None or to_fill is None:
            continue
        cells: dict[str, Cell] = {}
        for row in sheet.rows():
            label = next(
                (_LABELS[plain(c.text)] for c in row if c.column < to_fill.column and plain(c.text) in _LABELS), None
            )
            value = next((cell for cell in row if cell.column == to_fill.column), None)
            if label is not None and value is not None:
                cells.setdefault(label.field, value)
        return position, cells
    return None


def _field(name: str, cell: Cell) -> tuple[str, Certainty] | None:
    """The canonical value of a filled cell and how sure it is; None for what is no field, or cannot be one."""
    text = " ".join(cell.text.split())
    if name.endswith("_amount") and name != "paid_amount":
        amount = _number(cell)
        return (canonical(amount), "likely") if amount is not None else None
    if name.endswith("_date"):
        if cell.kind == "date":
            return cell.value, "certain"
        dates = dates_in(plain(text))
        whole = len(dates) == 1 and (dates[0].start, dates[0].end) == (0, len(text))
        return (dates[0].value.isoformat(), "certain" if whole else "doubtful") if dates else None
    if name.endswith("_siret"):
        siret = siret_in(text)
        return (siret, "certain" if key_agrees(siret) else "doubtful") if siret else None
    if name == "iban":
        iban = next(ibans_in(text), None)
        return (iban.value, "certain" if iban.is_checked else "doubtful") if iban else None
    if name == "type_code":
        code = type_named(text)
        return (code, "certain") if code else None
    if name == "currency":
        code = "EUR" if plain(text) in ("€", "euro", "euros") else text.upper()
        return (code, "certain") if len(code) == 3 and code.isalpha() and code.isascii() else None
    if name in ("number", "buyer_reference", "purchase_order_reference", "contract_reference"):
        return text[:100], "certain" if len(text) <= 50 else "doubtful"
    return None


def _check_totals(fields: dict[str, ReadField], cells: Mapping[str, Cell], *, lines: Iterable[TemplateLine]) -> None:
    """Totals that agree with each other, and with the lines, are certain; the noughts of an empty template are none."""
    names = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
    values = [Decimal(fields[name].value) if name in fields else None for name in names]
    net, tax, gross, payable = values
    if not gross and not net:
        for name in names:
            fields.pop(name, None)
        return
    added = [line.amount for line in lines]
    agrees = net is not None and tax is not None and gross is not None and abs(net + tax - gross) <= _CENT
    agrees = agrees and (not added or sum(added, _ZERO) == net)
    paid = (_number(cells["paid_amount"]) if "paid_amount" in cells else None) or _ZERO
    is_settled = agrees and gross is not None and payable == gross - paid
    for name, is_sure in zip(names, (agrees, agrees, agrees, is_settled), strict=True):
        if name in fields and is_sure:
            known = fields[name]
            fields[name] = ReadField(known.value, known.text, known.place, "certain")


def _taxes(lines: Iterable[TemplateLine]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """(rate, base, tax) for each rate in use, the tax rounded once a rate (EN 16931, BR-CO-17)."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.rate] = bases.get(line.rate, _ZERO) + line.amount
    return [
        (rate, base, (base * rate / 100).quantize(_CENT, rounding=ROUND_HALF_UP))
        for rate, base in sorted(bases.items(), reverse=True)
    ]


def _breakdown(fields: Mapping[str, ReadField], lines: Iterable[TemplateLine]) -> tuple[VatLine, ...]:
    """The VAT of each rate, as sure as the total of VAT that it adds up to."""
    total = fields.get("tax_amount")
    taxes = _taxes(lines)
    if total is None or sum((tax for _, _, tax in taxes), _ZERO) != Decimal(total.value):
        return ()
    return tuple(VatLine(rate, base, tax, total.place, total.certainty) for rate, base, tax in taxes)


def _lines(sheet: SheetOfCells) -> Iterator[tuple[Cell, TemplateLine]]:
    """The lines of a sheet, each with the cell of its name."""
    columns: dict[str, int] = {}
    for row in sheet.rows():
        if not columns:
            texts = {cell.text: cell.column for cell in row}
            columns = texts if set(LINE_HEADINGS) <= texts.keys() else {}
            continue
        at = {cell.column: cell for cell in row}
        name, quantity, unit, price, rate = (at.get(columns[heading]) for heading in LINE_HEADINGS[:5])
        counted, cost = _number(quantity), _number(price)
        if name is not None and counted is not None and cost is not None:
            line = TemplateLine(name.text, counted, unit.text if unit else "", cost, _number(rate) or _ZERO)
            yield name, line


def _number(cell: Cell | None) -> Decimal | None:
    if cell is None:
        return None
    if cell.kind == "number":
        return Decimal(cell.value)
    try:
        if cell.text.rstrip().endswith("%"):
            return Decimal(cell.text.rstrip("% \u00a0\u202f").replace(",", "."))
        return next((amount.value for amount in amounts_in(" ".join(cell.text.split()))), None)
    except InvalidOperation:
        return None
