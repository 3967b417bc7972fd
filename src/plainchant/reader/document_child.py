"""In the disposable child: a workbook or a picture read, and drawn as a PDF that anyone can open.

The answer is what was read, as JSON, and behind it the PDF (`wire.TWO`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from plainchant.capture import pdf, xls_package
from plainchant.capture.commitment_table import commitment_rows
from plainchant.capture.extraction import pages_alone
from plainchant.capture.fields import read_fields
from plainchant.capture.headed_table import workbook_of_csv
from plainchant.capture.kinds import kind_of
from plainchant.capture.legible.letter import draw_letter
from plainchant.capture.legible.picture import draw_picture
from plainchant.capture.legible.workbook import draw_workbook
from plainchant.capture.letter import read_letter
from plainchant.capture.mail import invoice_of_mail
from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.payment_table import PaymentRow, payment_rows
from plainchant.capture.place import Document, PageWord, Place
from plainchant.capture.proposal import FieldReading
from plainchant.capture.spreadsheet import read_workbook, read_workbook_fields
from plainchant.capture.workbook import Workbook
from plainchant.reader.messages import (
    CommitmentsRead,
    DocumentRead,
    JoinedFile,
    PageWords,
    PaymentsRead,
    WordBox,
    WorkbookRead,
    encoded,
)
from plainchant.reader.wire import TWO

Row = TypeVar("Row")
MAX_WORDS_A_PAGE = 2000  # a dense invoice has 600


def payments(data: bytes) -> bytes:
    """The rows of a table of payments."""
    return encoded(PaymentsRead(payment_rows_of(data)))


def payment_rows_of(data: bytes) -> list[PaymentRow] | None:
    """Those of a workbook or a CSV, None for another table. Raises UnreadableSpreadsheet."""
    return _rows_of(data, payment_rows)


def commitments(data: bytes) -> bytes:
    """The rows of a table of commitments."""
    return encoded(CommitmentsRead(_rows_of(data, commitment_rows)))


def _rows_of(data: bytes, read: Callable[[Workbook], list[Row] | None]) -> list[Row] | None:
    if data.startswith((b"PK", xls_package.SIGNATURE)):
        return read(read_workbook(data))
    try:
        return read(workbook_of_csv(data))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSpreadsheet("not_a_spreadsheet") from error


def workbook_fields(data: bytes) -> bytes:
    """The fields of a workbook where they stand in its cells, without a drawing."""
    book = read_workbook(data)
    return encoded(WorkbookRead(book.kind, read_workbook_fields(book)))


def workbook(data: bytes, *, title: str, at: str, sheets: Sequence[int] = ()) -> bytes:
    """The fields of a workbook where they stand on its drawing, and the drawing; only of some ``sheets``, if any are
    given by their ranks (from 1)."""
    book = read_workbook(data)
    if sheets:
        book = replace(book, sheets=tuple(book.sheets[rank - 1] for rank in sheets), sheet_count=len(sheets))
        book = replace(book, has_hidden_sheets=False)  # they are not handed on
    reading = read_workbook_fields(book)
    asked = [read.place for read in reading.fields.values()] + [line.place for line in reading.vat_breakdown]
    drawn = draw_workbook(
        book, title=title, at=datetime.fromisoformat(at), marked={place.cell for place in asked if place}
    )
    return _answer(book.kind, _moved(reading, drawn.places), drawn.pdf)


def letter(data: bytes, *, title: str, at: str) -> bytes:
    """A text document drawn, and the fields of its drawing."""
    opened = read_letter(data)
    if not opened.has_text:
        raise UnreadableSpreadsheet("blank")
    drawn = draw_letter(opened, title=title, at=datetime.fromisoformat(at))
    return _answer(opened.kind, read_fields(pdf.read_document(drawn)), drawn)


def mail(data: bytes) -> bytes:
    """The invoice that is joined to a mail: its name as JSON, and its bytes."""
    joined = invoice_of_mail(data)
    body = encoded(JoinedFile(joined.name))
    return TWO.pack(len(body)) + body + joined.content


def picture(data: bytes, *, title: str, at: str) -> bytes:
    """A picture on its page; nothing is read in it here."""
    drawn = draw_picture(data, title=title, at=datetime.fromisoformat(at))
    return _answer(kind_of(data).code, FieldReading(warnings=("image_only",)), drawn)


def pdf_pages(data: bytes, *, first: int, last: int) -> bytes:
    """Some pages of a PDF as one of their own."""
    return pages_alone(data, first=first, last=last)


def pages_told(document: Document) -> list[PageWords]:
    """The pages of a PDF with their words, as the portal keeps them."""
    return [
        PageWords(page.number, page.width_pt, page.height_pt, [_box(word) for word in page.words[:MAX_WORDS_A_PAGE]])
        for page in document.pages
    ]


def _box(word: PageWord) -> WordBox:
    x0, y0, x1, y1 = (round(edge, 4) for edge in word.place.box)
    return word.text, x0, y0, x1, y1


def _answer(kind: str, reading: FieldReading, drawn: bytes) -> bytes:
    body = encoded(DocumentRead(kind, reading, pages_told(pdf.read_document(drawn))))
    return TWO.pack(len(body)) + body + drawn


def _moved(reading: FieldReading, places: dict[str, Place]) -> FieldReading:
    """The reading with its places on the drawing; a cell that is not drawn keeps its name, on no page."""

    def moved(place: Place | None) -> Place | None:
        return None if place is None else places.get(place.cell, replace(place, page=0, box=(0, 0, 0, 0)))

    return replace(
        reading,
        fields={name: replace(read, place=moved(read.place)) for name, read in reading.fields.items()},
        vat_breakdown=tuple(replace(line, place=moved(line.place)) for line in reading.vat_breakdown),
    )
