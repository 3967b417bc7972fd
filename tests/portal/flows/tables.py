"""Tables of invoices filled in as a bookkeeper would, from the template or by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from plainchant.capture.billing_table import COLUMN_OF, COLUMNS


def a_row(number: str, *, seller: str, buyer: str, **changes: object) -> dict[str, object]:
    """A row that is right, but for ``changes``; None empties a cell."""
    row: dict[str, object] = {
        "seller": seller,
        "number": number,
        "issue_date": "02/11/2026",
        "buyer": buyer,
        "name": "Rencontre avec une classe",
        "price": 250,
        "vat": "franchise",
    }
    return {name: value for name, value in (row | changes).items() if value is not None}


def a_table(
    rows: Sequence[Mapping[str, object]], *, headings: Mapping[str, str] | None = None, sheet: str = "Factures"
) -> bytes:
    """An .xlsx with these rows under the headings of the template; ``headings`` writes some of them otherwise."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for place, column in enumerate(COLUMNS):
        page.write_string(0, place, (headings or {}).get(column.field, column.heading))
    places = {column.field: place for place, column in enumerate(COLUMNS)}
    for line, row in enumerate(rows, start=1):
        for name, value in row.items():
            if COLUMN_OF[name] and isinstance(value, int | float):
                page.write_number(line, places[name], value)
            else:
                page.write_string(line, places[name], str(value))
    book.close()
    return out.getvalue()
