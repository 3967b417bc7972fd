"""The workbook to download: filled in and dropped back, nothing is guessed."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from plainchant.capture.spreadsheet import read_workbook
from plainchant.capture.template_workbook import (
    MARK,
    RATES,
    ROWS,
    TemplateLine,
    TemplateRow,
    read_template_lines,
    template,
)
from tests.capture.workbooks import Layout, as_ods, as_xls, as_xlsx, read_spreadsheet

KNOWN = {
    "number": "F2026-014",
    "issue_date": date(2026, 3, 12),
    "due_date": date(2026, 4, 11),
    "seller_name": "Camille Lorient",
    "seller_siret": "90210001500012",
    "iban": "FR7630006000011234567890189",
    "buyer_name": "Commune de Fable",
    "buyer_siret": "21990001600011",
    "buyer_reference": "CULTURE",
    "purchase_order_reference": "2103456789",
    "contract_reference": "M-2026-4",
}
LINES = (
    TemplateLine("Atelier", Decimal("2"), "jour", Decimal("350"), Decimal("20")),
    TemplateLine("Livres", Decimal("3"), "", Decimal("12.5"), Decimal("5.5")),
)
EXPECTED = {
    "number": "F2026-014",
    "issue_date": "2026-03-12",
    "due_date": "2026-04-11",
    "seller_siret": "90210001500012",
    "buyer_siret": "21990001600011",
    "iban": "FR7630006000011234567890189",
    "buyer_reference": "CULTURE",
    "purchase_order_reference": "2103456789",
    "contract_reference": "M-2026-4",
    "type_code": "380",
    "currency": "EUR",
    "tax_exclusive_amount": "737.50",
    "tax_amount": "142.06",
    "tax_inclusive_amount": "879.56",
    "payable_amount": "879.56",
}


def test_more_lines_than_the_table_has_are_refused() -> None:
    with pytest.raises(ValueError, match="200"):
        template(lines=LINES * 101)


def test_an_empty_template_gives_no_value_that_nobody_wrote() -> None:
    assert set(read_spreadsheet(template()).fields) == {"currency", "type_code"}


def test_a_filled_template_is_certain_of_everything() -> None:
    reading = read_spreadsheet(template(known=KNOWN, lines=LINES))
    assert {name: read.value for name, read in reading.fields.items()} == EXPECTED
    assert {read.certainty for read in reading.fields.values()} == {"certain"}
    assert {read.place.cell.partition("!")[0] for read in reading.fields.values() if read.place} == {"Facture"}
    assert [(line.rate, line.base, line.tax) for line in reading.vat_breakdown] == [
        (Decimal("20"), Decimal("700.00"), Decimal("140.00")),
        (Decimal("5.5"), Decimal("37.50"), Decimal("2.06")),
    ]
    assert [(line.label, line.quantity, line.price, line.rate, line.place.cell) for line in reading.lines] == [
        ("Atelier", Decimal("2"), Decimal("350"), Decimal("20"), "Lignes!A2"),
        ("Livres", Decimal("3"), Decimal("12.5"), Decimal("5.5"), "Lignes!A3"),
    ]


@pytest.mark.parametrize("write", [as_xlsx, as_ods, as_xls])
def test_it_is_still_the_template_once_saved_by_another_program(write) -> None:
    """Every value typed as text, in another format: labels are looked for, not positions."""
    texts = {name: f"{value:%d/%m/%Y}" if isinstance(value, date) else value for name, value in KNOWN.items()}
    texts |= {"type_code": "Avoir", "tax_exclusive_amount": "100,00 €", "tax_amount": "20,00 €"}
    texts |= {"tax_inclusive_amount": "120,00 €", "payable_amount": "120,00 €"}
    rows = [[f"{MARK}, version 1"], [None, "À remplir"], ["une ligne ajoutée"]]
    rows += [[row.label, texts.get(row.field), row.explanation] for row in ROWS if isinstance(row, TemplateRow)]
    reading = read_spreadsheet(write({"Ma facture": Layout(rows, {}, at=(3, 2))}))
    read = {name: field.value for name, field in reading.fields.items()}
    assert read["issue_date"] == "2026-03-12"
    assert read["type_code"] == "381"
    assert read["tax_inclusive_amount"] == "120.00"
    assert read["purchase_order_reference"] == "2103456789"
    assert all(field.certainty == "certain" for field in reading.fields.values())


def test_a_number_with_a_wrong_key_is_asked_and_a_wrong_sum_too() -> None:
    reading = read_spreadsheet(template(known=KNOWN | {"buyer_siret": "21990001600012"}, lines=LINES))
    assert reading.fields["buyer_siret"].certainty == "doubtful"


def test_what_is_typed_stays_text() -> None:
    """A name that begins like a formula is no formula, an address no link."""
    book = read_workbook(template(known={"seller_name": '=HYPERLINK("http://x")', "buyer_name": "http://x.example"}))
    texts = {cell.text for cell in book.sheets[0].cells}
    assert {'=HYPERLINK("http://x")', "http://x.example"} <= texts


def test_lines_come_back_with_their_rates() -> None:
    assert read_template_lines(read_workbook(template(known=KNOWN, lines=LINES))) == LINES


def test_the_same_template_is_the_same_bytes() -> None:
    assert template(known=KNOWN) == template(known=KNOWN)


def test_formulas_add_up_what_the_lines_say_at_every_rate() -> None:
    """The stored results are ours: whoever opens the file computes them again, from these formulas."""
    with zipfile.ZipFile(io.BytesIO(template(lines=LINES))) as archive:
        formulas = re.findall(r"<f>([^<]*)</f>", archive.read("xl/worksheets/sheet1.xml").decode())
    assert len(formulas) == 4
    taxes = next(formula for formula in formulas if "SUMIF" in formula)
    assert [rate for rate in RATES if f",{rate / 100:f}," in taxes] == list(RATES)
