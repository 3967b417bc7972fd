"""What the recipient of a workbook gets to read: every value, where it was, and what could not be drawn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plainchant.capture.legible.workbook import draw_workbook
from plainchant.capture.pdf import read_document
from plainchant.capture.place import Place
from plainchant.capture.spreadsheet import read_workbook, read_workbook_fields
from plainchant.capture.workbook import Workbook
from tests.capture.workbooks import LAYOUTS, Formula, Layout, as_xlsx, book_of

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def drawn_text(book: Workbook) -> str:
    document = read_document(draw_workbook(book, title="facture.xlsx", at=AT).pdf)
    return " ".join(word.text for page in document.pages for word in page.words)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_cell_is_on_the_page(layout: Layout) -> None:
    book = read_workbook(as_xlsx(book_of(layout)))
    text = squeezed(drawn_text(book))
    for sheet in book.sheets:
        for cell in sheet.cells:
            for line in cell.text.split("\n"):
                assert squeezed(line) in text


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_field_is_where_its_cell_is_drawn(layout: Layout) -> None:
    book = read_workbook(as_xlsx(book_of(layout)))
    places = [read.place for read in read_workbook_fields(book).fields.values() if read.place]
    drawn = draw_workbook(book, title="x", at=AT, marked={place.cell for place in places})
    texts = {f"{sheet.name}!{cell.reference}": cell.text for sheet in book.sheets for cell in sheet.cells}
    document = read_document(drawn.pdf)
    assert drawn.places.keys() == {place.cell for place in places}
    for name, place in drawn.places.items():
        words = [word.text for word in document.pages[place.page - 1].words if _within(word.place, place)]
        assert squeezed("".join(words)) == squeezed(texts[name])


def _within(word: Place, place: Place) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return place.box[0] <= x <= place.box[2] and place.box[1] <= y <= place.box[3]


def test_the_same_workbook_at_the_same_instant_is_the_same_bytes() -> None:
    book = read_workbook(as_xlsx(book_of(LAYOUTS["credit note"])))
    assert draw_workbook(book, title="x", at=AT).pdf == draw_workbook(book, title="x", at=AT).pdf


def test_what_people_wrote_is_content_never_code() -> None:
    book = read_workbook(as_xlsx(book_of(Layout([['#read("/etc/passwd")', "$x^2$ *gras* @ref <a> \\ ` // /*"]], {}))))
    assert squeezed('#read("/etc/passwd")') in squeezed(drawn_text(book))


def test_a_letter_that_no_font_has_becomes_a_square_and_is_said() -> None:
    book = read_workbook(as_xlsx(book_of(Layout([["Facture 例 \U0001f600 n° 1"]], {}))))
    text = drawn_text(book)
    assert "□" in text
    assert "remplace un signe" in text


def test_formulas_without_result_are_named_on_the_page() -> None:
    book = read_workbook(as_xlsx(book_of(Layout([["Total TTC", Formula("=1+1", None)]], {}))))
    assert "Feuille1!B1" in drawn_text(book)


def test_an_empty_workbook_says_so() -> None:
    assert "rien de visible" in drawn_text(Workbook(kind="xlsx"))


def test_a_sheet_too_wide_is_cut_into_bands_with_the_letters_of_its_columns() -> None:
    wide = Layout([[f"colonne numéro {number}" for number in range(30)]] * 3, {})
    book = read_workbook(as_xlsx(book_of(wide)))
    document = read_document(draw_workbook(book, title="x", at=AT).pdf)
    assert document.page_count > 1
    assert {"A", "Z", "AD"} <= {word.text for page in document.pages for word in page.words}


def test_beyond_what_is_drawn_the_page_counts_what_is_left() -> None:
    rows = [[f"t{row}-{column}" for column in range(25)] for row in range(1000)]
    drawn = draw_workbook(read_workbook(as_xlsx(book_of(Layout(rows, {})))), title="x", at=AT).pdf
    assert len(drawn) < 20 << 20
