"""Pages that were reported as read wrongly, with what a person reads on them; kept outside of the repository."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from tests.capture.workbooks import read_spreadsheet

Line = tuple[str, str, str]  # quantity, price, amount; "" for what is not there

PAGES: dict[str, tuple[dict[str, str], list[Line]]] = {
    # A column beside the table, level with its headings: the number, the day and the order stand in it.
    "colonne-laterale/08-colonnes.pdf": (
        {
            "number": "CL-0042-26",
            "issue_date": "2026-02-27",
            "due_date": "2026-03-29",
            "purchase_order_reference": "2026-ENG-55120",
            "seller_siret": "85623012300023",
            "buyer_siret": "21646314100020",
            "tax_exclusive_amount": "5038.50",
            "tax_amount": "277.12",
            "tax_inclusive_amount": "5315.62",
        },
        [("", "", "2400.00"), ("", "", "2000.00"), ("", "", "638.50")],
    ),
    # The service and the order on one line, over a heading of the table.
    "etiquette-a-droite/12-saas.pdf": (
        {
            "buyer_reference": "SF-UBO",
            "purchase_order_reference": "4500981124",
            "issue_date": "2026-03-02",
            "due_date": "2026-04-01",
            "tax_inclusive_amount": "5850.00",
        },
        [("12.5", "420", "5250.00"), ("1", "600", "600.00")],
    ),
    # « FACTURE N° 12 – 2026 » in a workbook.
    "numero-tronque/10-graphiste.xlsx": (
        {"number": "12 - 2026", "issue_date": "2026-01-30", "payable_amount": "1621.00"},
        [("1", "780", "780.00"), ("16", "38.5", "616.00"), ("5", "45", "225.00")],
    ),
    # « 5,5% TVA » in each row, and « Référence client » over the order.
    "tva-dans-la-ligne/soft-odoo.pdf": (
        {
            "purchase_order_reference": "BC-26-118",
            "tax_exclusive_amount": "2580.00",
            "tax_amount": "141.90",
            "tax_inclusive_amount": "2721.90",
            "payable_amount": "2221.90",
            "prepaid_amount": "500.00",
        },
        [("2", "1200", "2400.00"), ("1", "180", "180.00")],
    ),
}


@pytest.mark.parametrize("path", PAGES)
def test_a_reported_page_is_read_as_a_person_would(shared: Path, path: str) -> None:
    file = shared / "cases/reading" / path
    if not file.exists():
        pytest.skip(f"no {file}")
    reading = _read(file)
    expected, lines = PAGES[path]
    assert {name: reading.fields[name].value for name in expected if name in reading.fields} == expected
    assert [(_shown(line.quantity), _shown(line.price), f"{line.amount:.2f}") for line in reading.lines] == lines


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _read(file: Path) -> FieldReading:
    data = file.read_bytes()
    return read_spreadsheet(data) if file.suffix == ".xlsx" else read_fields(read_document(data))
