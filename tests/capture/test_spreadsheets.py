"""A workbook as people lay one out: every field, the cell it stands in, and what is said when a value is not there."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.proposal import FieldReading
from plainchant.capture.spreadsheet import MAX_SHEETS, read_workbook
from plainchant.shapes import from_json, to_json
from tests.capture.hostile_workbooks import (
    REFUSED,
    SHEET,
    XLSX,
    edited,
    mutants,
    overlapping_parts,
    packed,
    parts_of,
    xlsx_rows,
)
from tests.capture.workbooks import (
    LAYOUTS,
    WRITERS,
    Euro,
    Formula,
    Layout,
    Rows,
    as_ods,
    as_xls,
    as_xlsx,
    book_of,
    ods_of,
    read_spreadsheet,
)

SIMPLE = LAYOUTS["labels left of values"]
EACH_FORMAT = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableSpreadsheet) as refusal:
        read_spreadsheet(data)
    assert refusal.value.code == code


def test_parts_that_share_their_bytes_are_refused() -> None:
    with pytest.raises(UnreadableSpreadsheet) as refusal:
        read_spreadsheet(overlapping_parts())
    assert refusal.value.code in ("unreadable", "too_large")  # by this Python's zipfile, or by the sum of the sizes


@pytest.mark.parametrize("share", [1, 10, 30, 60, 90, 99])
@EACH_FORMAT
def test_a_file_that_was_cut_is_refused_or_read_never_worse(write, share: int) -> None:
    whole = write(book_of(SIMPLE))
    try:
        reading = read_spreadsheet(whole[: len(whole) * share // 100])
    except UnreadableSpreadsheet:
        return
    assert reading.fields.keys() <= read_spreadsheet(whole).fields.keys()


@EACH_FORMAT
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_workbook_is_read_as_a_person_would(write, layout: Layout) -> None:
    fields = read_spreadsheet(write(book_of(layout))).fields
    assert {name: fields[name].value if name in fields else None for name in layout.expected} == layout.expected


@EACH_FORMAT
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_place_names_a_cell_that_holds_the_value(write, layout: Layout) -> None:
    book = write(book_of(layout))
    cells = {
        f"{sheet.name}!{cell.reference}": cell.text for sheet in read_workbook(book).sheets for cell in sheet.cells
    }
    for name, read in read_spreadsheet(book).fields.items():
        if read.place is None:
            assert name in ("tax_amount", "tax_exclusive_amount"), "only a total may be deduced"
            continue
        if name != "type_code":  # "Avoir n°" is the label; its place is that of the number behind it
            assert "".join(read.text.split()) in "".join(cells[read.place.cell].split()), name
        x0, y0, x1, y1 = read.place.box
        assert read.place.page == 1
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1


@EACH_FORMAT
def test_a_value_beside_its_label_is_certain_when_its_key_or_the_sum_confirms_it(write) -> None:
    fields = read_spreadsheet(write(book_of(SIMPLE))).fields
    sure = {name for name, read in fields.items() if read.certainty == "certain"}
    assert sure >= {"number", "seller_siret", "buyer_siret", "iban", "tax_inclusive_amount", "tax_exclusive_amount"}
    assert fields["number"].place is not None
    assert fields["number"].place.cell == "Feuille1!B3"


@EACH_FORMAT
def test_totals_that_do_not_add_up_are_never_certain(write) -> None:
    rows = [[row[0], Euro(1450)] if row[:1] in (["Total TTC"], ["Net à payer"]) else row for row in SIMPLE.rows]
    fields = read_spreadsheet(write(book_of(Layout(rows, {})))).fields
    assert fields["tax_inclusive_amount"].certainty != "certain"


@EACH_FORMAT
def test_a_row_of_a_whole_number_is_a_line_among_rows_with_cents(write) -> None:
    rows: Rows = [
        ["Facture n° 2026-14"],
        ["Libellé", "Prix"],
        ["Résidence", 2400],
        ["Déplacement", 87.4],
        ["Total", 2487.4],
        ["TVA non applicable, art. 293 B du CGI"],
    ]
    lines = read_spreadsheet(write(book_of(Layout(rows, {})))).lines
    assert [line.amount for line in lines] == [Decimal(2400), Decimal("87.40")]


@EACH_FORMAT
def test_what_is_left_and_all_that_was_taken_off_are_the_total_under_any_name(write) -> None:
    rows: Rows = [
        ["Facture n° 2026-14"],
        ["Engagement", "n° 4500123456"],
        ["Cession de droits", 1500],
        ["CSG", -135.59],
        ["CRDS", -7.37],
        ["Net à verser", 1357.04],
        ["TVA non applicable, art. 293 B du CGI"],
    ]
    fields = read_spreadsheet(write(book_of(Layout(rows, {})))).fields
    assert fields["purchase_order_reference"].value == "4500123456"
    names = ("tax_exclusive_amount", "withheld_amount", "payable_amount")
    assert [fields[name].value for name in names] == ["1500.00", "142.96", "1357.04"]


@EACH_FORMAT
def test_a_formula_is_its_last_result(write) -> None:
    fields = read_spreadsheet(write(book_of(LAYOUTS["table of lines, totals at the bottom"]))).fields
    assert fields["payable_amount"].value == "3000.00"


@EACH_FORMAT
def test_formulas_that_nobody_computed_are_said_and_give_no_value(write) -> None:
    rows = [row if row[:1] != ["Total TTC"] else ["Total TTC", Formula("=B12+B13", None)] for row in SIMPLE.rows]
    book = write(book_of(Layout(rows, {})))
    reading = read_spreadsheet(book)
    assert reading.warnings == ("formulas_unstored",)
    assert read_workbook(book).sheets[0].unstored == ("B14",)


def test_noughts_that_wait_to_be_computed_are_no_totals() -> None:
    """As a program writes them that leaves the arithmetic to whoever opens the file."""
    rows = [["Facture n°", "F-1"], ["Total HT", Formula("=SUM(B9:B12)", 0)], ["Total TTC", Formula("=B2*1.2", 0)]]
    reading = read_spreadsheet(as_xlsx(book_of(Layout(rows, {}))))
    assert reading.warnings == ("formulas_unstored",)
    assert "tax_inclusive_amount" not in reading.fields


def test_hidden_sheets_are_left_out_and_said() -> None:
    book = {"Facture": SIMPLE, "Marges": Layout([["Facture n°", "SECRET-1"], ["Marge", 900]], {})}
    reading = read_spreadsheet(as_xlsx(book, hidden=("Marges",)))
    assert reading.fields["number"].value == "F2026-014"
    assert reading.warnings == ("hidden_sheets",)
    assert [sheet.name for sheet in read_workbook(as_xlsx(book, hidden=("Marges",))).sheets] == ["Facture"]


def test_a_table_whose_rows_are_invoices_is_told_from_an_invoice() -> None:
    headings = ["SIRET de l’émetteur", "Numéro de facture", "Date de facture", "SIRET du client public", "Désignation"]
    more = ["Prix unitaire HT", "Taux de TVA"]
    table = Layout([["Tournée de mars"], [*headings, *more]], {})
    assert "table_of_invoices" in read_spreadsheet(as_xlsx(book_of(table))).warnings
    assert read_spreadsheet(as_xlsx(book_of(SIMPLE))).warnings == ()


def test_hidden_rows_and_columns_are_left_out() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>3</v></c></row>'
    )
    book = edited(xlsx_rows(rows), SHEET, b"<sheetData>", b'<cols><col min="2" max="3" hidden="1"/></cols><sheetData>')
    assert [cell.reference for cell in read_workbook(book).sheets[0].cells] == ["A1"]
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    shown, hidden = text.format("vu"), text.format("caché")
    table = (
        '<table:table table:name="a"><table:table-column/><table:table-column table:visibility="collapse"/>'
        f"<table:table-row>{shown}{hidden}</table:table-row>"
        f'<table:table-row table:visibility="filter">{hidden}</table:table-row></table:table>'
    )
    assert [cell.text for cell in read_workbook(ods_of(table)).sheets[0].cells] == ["vu"]


def test_a_merged_cell_is_one_cell_over_the_columns_it_covers() -> None:
    (sheet,) = read_workbook(as_xlsx(book_of(LAYOUTS["blocks of several lines in one cell"]))).sheets
    assert (sheet.cells[0].reference, sheet.cells[0].columns) == ("A1", 3)


def test_macros_never_run() -> None:
    with_macro = packed(parts_of(XLSX) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Shell" * 400})
    assert read_spreadsheet(with_macro) == read_spreadsheet(XLSX)


def test_links_to_other_files_are_not_followed() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    assert read_spreadsheet(packed(parts_of(XLSX) | {"xl/externalLinks/externalLink1.xml": link})).fields


def test_two_invoices_on_two_sheets_are_said_with_their_sheets() -> None:
    second = [["Facture n°", "F2026-015"], *SIMPLE.rows[3:]]
    reading = read_spreadsheet(as_xlsx({"Mars": SIMPLE, "Avril": Layout([["FACTURE"], *second], {})}))
    assert "two_invoices" in reading.warnings
    assert [(found.number, found.pages) for found in reading.numbers_found] == [
        ("F2026-014", (1,)),
        ("F2026-015", (2,)),
    ]
    assert reading.fields["number"].value == "F2026-014"


def test_an_empty_workbook_has_no_field_and_is_no_scan() -> None:
    for write in (as_xlsx, as_ods, as_xls):
        assert read_spreadsheet(write(book_of(Layout([], {})))) == FieldReading()


def test_sheets_beyond_the_limit_are_counted() -> None:
    one = Layout([["x"]], {})
    book = read_workbook(as_xlsx({f"F{number}": one for number in range(MAX_SHEETS + 5)}))
    assert (len(book.sheets), book.sheet_count) == (MAX_SHEETS, MAX_SHEETS + 5)


def test_a_serial_date_a_percentage_and_a_number_kept_with_its_zeros_are_shown_as_in_the_spreadsheet() -> None:
    rows = [[date(2026, 3, 12), 0.1 + 0.2, True]]
    cells = read_workbook(as_xlsx(book_of(Layout(rows, {})))).sheets[0].cells
    assert [cell.text for cell in cells[:2]] == ["12/03/2026", "0,30"]
    assert cells[0].value == "2026-03-12"


def test_control_and_direction_signs_do_not_reach_the_page() -> None:
    book = as_xlsx(book_of(Layout([["a\u202eb\u0007c\nd"]], {})))
    assert read_workbook(book).sheets[0].cells[0].text == "abc\nd"


def test_a_reading_with_cells_goes_through_json_and_back() -> None:
    reading = read_spreadsheet(XLSX)
    assert from_json(FieldReading, json.loads(json.dumps(to_json(reading)))).fields["number"].place is not None
    shape = to_json(from_json(FieldReading, to_json(reading)))
    assert to_json(from_json(FieldReading, shape)) == shape


def test_mutated_workbooks_are_refused_or_read() -> None:
    """A few in this process; the sandbox's own tests take many more, with its limits."""
    outcomes = {"read": 0, "refused": 0}
    for _, data in mutants(count=150, seed=2026):
        try:
            read_spreadsheet(data)
            outcomes["read"] += 1
        except UnreadableSpreadsheet:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 10
