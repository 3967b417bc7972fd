"""CSV that French spreadsheets open with a double click, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula (CWE-1236): also in full width, and behind what is not seen.
_FORMULA = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064 \u00a0]*[=+\\-@\t\r\n＝＋－＠]")


def csv_text(*, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The whole file, with the mark without which spreadsheets take UTF-8 for another encoding."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def cell(value: object) -> str:
    """A value as text that stays text; None is empty."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text
