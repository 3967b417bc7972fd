"""A table as a file for spreadsheets, written row by row: 100,000 rows take no more memory than ten.

A cell is written as what it is: numbers can be added up, days sorted, and text stays text whatever it begins with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, BinaryIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter

from .csv_file import write_csv
from .time import PARIS

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class TableFormat:
    """``label``: the programs that open it. ``write``: file, name of the sheet, heading, rows."""

    extension: str
    label: str
    media_type: str
    write: Callable[[BinaryIO, str, Sequence[str], Iterable[Sequence[Cell]]], None]


def _write_csv(out: BinaryIO, _title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    write_csv(text, heading=heading, rows=rows)
    text.detach()  # which flushes it, and leaves the file open


# -- XLSX: a row leaves the memory when the next one begins ----------------------------------------------------------

_MOST_IN_A_CELL = 32_767  # characters: Excel reads no longer ones


def _write_xlsx(out: BinaryIO, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
    instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.freeze_panes(1, 0)
    for place, words in enumerate(heading):
        sheet.set_column(place, place, max(12, len(words) + 2))
        sheet.write_string(0, place, words, bold)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            match value:
                case None | "":
                    pass
                case str():
                    sheet.write_string(line, place, _plain_xlsx(value))
                case datetime():
                    sheet.write_datetime(line, place, _in_paris(value), instant)
                case date():
                    sheet.write_datetime(line, place, value, day)
                case Decimal():
                    sheet.write_number(line, place, value, amount)
                case _:
                    sheet.write_number(line, place, value)
    book.close()


def _plain_xlsx(text: str) -> str:
    text = _in_xml(text)[:_MOST_IN_A_CELL]
    # The library takes what stands between these two marks for formatted text, and writes it as it is.
    return f" {text}" if text.startswith("<r>") else text


# -- ODS: no library writes it row by row -----------------------------------------------------------------------------

_NAMES = (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
    ("fo", "xsl-fo-compatible"),
)  # fmt: skip
_XMLNS = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in _NAMES)
_DAY = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
_HOUR = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
_BEGINNING = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content{_XMLNS} office:version="1.3"><office:automatic-styles>\
<number:number-style style:name="N1"><number:number number:decimal-places="2" number:min-decimal-places="2" \
number:min-integer-digits="1" number:grouping="true"/></number:number-style>\
<number:date-style style:name="N2">{_DAY}</number:date-style>\
<number:date-style style:name="N3">{_DAY}{_HOUR}</number:date-style>\
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>\
<style:style style:name="amount" style:family="table-cell" style:data-style-name="N1"/>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="N2"/>\
<style:style style:name="instant" style:family="table-cell" style:data-style-name="N3"/>\
</office:automatic-styles><office:body><office:spreadsheet>"""
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">\
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_ODS}"/>\
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def _write_ods(out: BinaryIO, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo("mimetype"), _ODS, ZIP_STORED)  # the first, and as it is: by which it is recognised
        archive.writestr(ZipInfo("META-INF/manifest.xml"), _MANIFEST, ZIP_DEFLATED)
        with _text_in(archive, "content.xml") as content:
            content.write(f"{_BEGINNING}<table:table table:name={quoteattr(title)}>")
            content.write(_ods_row(heading, ' table:style-name="bold"'))
            for row in rows:
                content.write(_ods_row(row))
            content.write(_END)


@contextmanager
def _text_in(archive: ZipFile, name: str) -> Iterator[IO[str]]:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as file, io.TextIOWrapper(file, encoding="utf-8") as text:
        yield text


def _ods_row(row: Sequence[Cell], of_text: str = "") -> str:
    return f"<table:table-row>{''.join(_ods_cell(value, of_text) for value in row)}</table:table-row>"


def _ods_cell(value: Cell, of_text: str) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case str():
            paragraph = f"<text:p>{_ods_text(value)}</text:p>"
            return f'<table:table-cell{of_text} office:value-type="string">{paragraph}</table:table-cell>'
        case datetime():
            return _ods_typed("date", f'date-value="{_in_paris(value):%Y-%m-%dT%H:%M:%S}"', "instant")
        case date():
            return _ods_typed("date", f'date-value="{value.isoformat()}"', "day")
        case Decimal():
            return _ods_typed("float", f'value="{value:f}"', "amount")
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def _ods_typed(kind: str, value: str, style: str) -> str:
    return f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:{value}/>'


_BLANKS = {"\n": "<text:line-break/>", "\t": "<text:tab/>", " ": "<text:s/>"}


def _ods_text(text: str) -> str:
    """Of several blanks a reader keeps one, and none at an end: they are written as elements."""
    escaped = escape(_in_xml(text).replace("\r\n", "\n").replace("\r", "\n"))
    return _KEPT_BLANK.sub(lambda blank: _BLANKS[blank[0]], escaped)


_KEPT_BLANK = re.compile(r"[\n\t]|(?<=\s) |^ | $")


# -- Both --------------------------------------------------------------------------------------------------------------

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _in_paris(at: datetime) -> datetime:
    """As clocks show it there: spreadsheets know no zones."""
    return at.astimezone(PARIS).replace(tzinfo=None, microsecond=0)


FORMATS: Mapping[str, TableFormat] = {
    row.extension: row
    for row in (
        TableFormat(
            extension="xlsx",
            label="Excel",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write=_write_xlsx,
        ),
        TableFormat(extension="ods", label="LibreOffice", media_type=_ODS, write=_write_ods),
        TableFormat(extension="csv", label="CSV", media_type="text/csv; charset=utf-8", write=_write_csv),
    )
}
