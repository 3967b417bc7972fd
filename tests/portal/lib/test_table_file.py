"""A table is read back as it was written, by a program that is not ours; and no text in it is ever a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from plainchant.portal.lib.table_file import FORMATS, Cell

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "\u200b=1", "=cmd|' /C calc'!A0", "<r><f>1</f></r>",
    '=HYPERLINK("http://x")', "http://exemple.invalid", "{=1}", "</text:p><text:p>", "]]>", "_x003D_1", "\x00=1",
)  # fmt: skip
VALUES: list[Cell] = [
    Decimal("-12.50"), Decimal("1200.123456"), 7, -7, date(2026, 1, 31), datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
    None, "",
]  # fmt: skip


def written(extension: str, rows: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    FORMATS[extension].write(out, "Factures", ["Numéro", "Total"], rows)
    return out.getvalue()


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_a_workbook_holds_numbers_days_and_text_as_what_they_are(extension: str) -> None:
    texts = (*HOSTILE, "  deux  blancs ", 'été & <co> "x"', "\x07\ufffe")
    rows: list[list[Cell]] = [[text, *VALUES] for text in texts]
    data = written(extension, rows)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Factures").to_python()
    assert sheet[0][:2] == ["Numéro", "Total"]
    assert len(sheet) == 1 + len(rows)
    assert all(row[1:5] == [-12.5, 1200.123456, 7, -7] for row in sheet[1:])
    assert all(row[5:7] == [date(2026, 1, 31), datetime(2026, 7, 2, 0, 30)] for row in sheet[1:])  # noqa: DTZ001
    assert {value for row in sheet[1:] for value in row[7:]} <= {""}
    unseen = re.compile(r"[\s\x00]|</?text:\w+>")
    for (text, *_), row in zip(rows[:-1], sheet[1:], strict=False):
        assert unseen.sub("", row[0]) == unseen.sub("", str(text))
    assert sheet[-3][0] == "  deux  blancs "
    assert unseen.sub("", sheet[-1][0]) == ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".xml"):
                root = etree.fromstring(archive.read(name))
                assert not root.xpath("//*[local-name()='f'] | //@*[local-name()='formula'] | //*[local-name()='a']")


def test_an_ods_says_first_what_it_is() -> None:
    with zipfile.ZipFile(io.BytesIO(written("ods", []))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read(first).decode() == FORMATS["ods"].media_type


def test_a_csv_is_what_a_french_spreadsheet_expects() -> None:
    text = written("csv", [["F-1", *VALUES], *([value] for value in HOSTILE)]).decode()
    assert text.startswith("\ufeffNuméro;Total\r\n")
    lines = text.splitlines()
    assert lines[1] == "F-1;-12,50;1200,123456;7;-7;31/01/2026;02/07/2026 00:30;;"
    for line in text.split("\r\n")[2:-1]:
        assert line.lstrip('"')[0] not in "=+-@\t\r\n＝"


def test_a_midnight_is_no_day() -> None:
    at_midnight = datetime(2026, 1, 30, 23, tzinfo=UTC)
    data = written("ods", [[at_midnight]])
    (_, (value, *_)) = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert value == datetime.combine(date(2026, 1, 31), time())
