"""CSV that French spreadsheets open with a double click, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TextIO

from .time import PARIS

# What a spreadsheet takes for a formula (CWE-1236): also in full width, and behind what is not seen.
_FORMULA = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064 \u00a0]*[=+\\-@\t\r\n＝＋－＠]")


def csv_text(*, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The whole file."""
    out = io.StringIO(newline="")
    write_csv(out, heading=heading, rows=rows)
    return out.getvalue()


def write_csv(out: TextIO, *, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The file, row by row, with the mark without which spreadsheets take UTF-8 for another encoding.

    ``out`` translates no ends of lines.
    """
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heading)
    writer.writerows([cell(value) for value in row] for row in rows)


def cell(value: object) -> str:
    """A value as a French spreadsheet reads it; text stays text, and None is empty."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case datetime():
            return f"{value.astimezone(PARIS):%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int():
            return str(value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text
