"""The table of invoices to download: the columns of `billing_table`, and what is already known of the issuers."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from plainchant.capture.billing_table import COLUMNS, MAX_ROWS, WITHOUT_VAT
from plainchant.einvoice.codes.units import OFFERED
from plainchant.einvoice.law.vat_rates import rates, written

TITLE = "Tableau de factures Plainchant, version 1"
_SHEET, _HELP = "Factures", "Mode d’emploi"
# XlsxWriter would write today: the same template is the same bytes.
_MADE = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet has no zones
_FORMATS = {"date": "dd/mm/yyyy", "number": "#,##0.00##"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """A structure the person may bill for; ``vat`` as the column writes it, "" when not known."""

    siret: str
    name: str
    iban: str = ""
    vat: str = ""


def template(*, issuers: Sequence[Issuer] = ()) -> bytes:
    """The workbook as .xlsx bytes, one row begun for each issuer (500 at most)."""
    out = io.BytesIO()
    # What people typed stays text: a value that begins with "=" is no formula, an address no link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": TITLE, "created": _MADE})
    _table(book, issuers[:MAX_ROWS])
    _help(book)
    book.close()
    return out.getvalue()


def _look(book: Any, **more: Any) -> Any:
    return book.add_format({"font_name": "Calibri", "font_size": 11, "valign": "vcenter", **more})


def _table(book: Any, issuers: Sequence[Issuer]) -> None:
    sheet = book.add_worksheet(_SHEET)
    wanted = _look(book, bold=True, font_color="#FFFFFF", bg_color="#5B2A4E", border=1, text_wrap=True)
    optional = _look(book, bold=True, font_color="#5B2A4E", bg_color="#F4EEF2", border=1, text_wrap=True)
    for place, column in enumerate(COLUMNS):
        # Text, so that a SIRET keeps its noughts and a number is not taken for a date.
        shape = _look(book, num_format=_FORMATS.get(column.kind, "@"))
        sheet.set_column(place, place, column.width, shape)
        sheet.write_string(0, place, column.heading, wanted if column.is_required else optional)
        sheet.write_comment(0, place, column.explanation)
    known = {column.field: place for place, column in enumerate(COLUMNS)}
    for row, issuer in enumerate(issuers, start=1):
        begun = {"seller": issuer.siret, "seller_name": issuer.name, "vat": issuer.vat, "iban": issuer.iban}
        for name, value in begun.items():
            if value:
                sheet.write_string(row, known[name], value)
    for name, choices in (
        ("type_code", ["Facture", "Avoir"]),
        ("vat", [written(rate) for rate in rates()] + list(WITHOUT_VAT)),
        ("unit", [row.label for row in OFFERED][:20]),
    ):
        rule = {"validate": "list", "source": choices, "error_type": "warning"}
        sheet.data_validation(1, known[name], MAX_ROWS, known[name], rule)
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    sheet.set_landscape()


def _help(book: Any) -> None:
    sheet = book.add_worksheet(_HELP)
    title, bold, plain = _look(book, bold=True, font_size=14), _look(book, bold=True), _look(book, text_wrap=True)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, TITLE, title)
    lines = (
        ("Une ligne, une facture", "Chaque ligne remplie devient une facture, au nom de la structure de son SIRET."),
        ("Colonnes foncées", "Obligatoires. Les autres se remplissent si vous avez la réponse."),
        (
            "Lignes en trop",
            "Laissez-les : une ligne sans numéro, ni désignation, ni prix ne compte pas.",
        ),
        ("Une ligne fausse", "Les autres partent. Corrigez-la et renvoyez le tableau : rien n’est pris deux fois."),
        *((column.heading, column.explanation) for column in COLUMNS),
    )
    for row, (name, text) in enumerate(lines, start=2):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, plain)
