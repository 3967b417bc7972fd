"""A workbook as values: visible sheets, their cells that hold something, and how each is shown in France.

The common ground of the reader of spreadsheets and of the drawing that the recipient gets: neither sees the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Kind = Literal["text", "number", "date"]
FileKind = Literal["xlsx", "xls", "ods"]
# A spreadsheet's number is a binary float: beyond fifteen digits it says nothing.
_DIGITS = 15
_TIME = "%H:%M"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a cell's format says of its number; `decimals` None when it says nothing ("General")."""

    decimals: int | None = None
    symbol: str = ""
    is_percent: bool = False
    digits: int = 0  # at least that many, zeros in front: a SIRET kept as a number
    hides_zero: bool = False


PLAIN = NumberFormat()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `row` and `column` count from 0. `text` is how it is shown, lines parted by a line feed.

    `value` is the ISO date of a date, the number of a number with the decimals that are shown, else the text.
    """

    row: int
    column: int
    text: str
    kind: Kind = "text"
    value: str = ""
    rows: int = 1
    columns: int = 1

    @property
    def reference(self) -> str:
        """`C12`."""
        return f"{column_name(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class SheetOfCells:
    """A visible sheet with content, its cells in reading order; `unstored` are formulas that were saved without their
    result."""

    name: str
    cells: tuple[Cell, ...]
    unstored: tuple[str, ...] = ()

    def rows(self) -> Iterator[list[Cell]]:
        """The cells, row after row; rows without any are left out."""
        row: list[Cell] = []
        for cell in self.cells:
            if row and row[0].row != cell.row:
                yield row
                row = []
            row.append(cell)
        if row:
            yield row


@dataclass(frozen=True, slots=True)
class Workbook:
    """What could be taken out of a spreadsheet file.

    `sheet_count` counts the visible sheets with content: more than `sheets` holds when there are too many.
    `is_cut` says that a text was too long and is not whole here. `has_hidden_sheets` says that the file holds sheets
    that its author does not see, and whoever receives the file may. `active` is the name of the sheet on which it was
    saved, "" where the file does not say.
    """

    kind: FileKind
    sheets: tuple[SheetOfCells, ...] = ()
    sheet_count: int = 0
    is_cut: bool = False
    has_hidden_sheets: bool = False
    active: str = ""


def column_name(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def shown_number(value: Decimal, shape: NumberFormat) -> tuple[str, Decimal]:
    """How a stored number is shown in France ("1234,50 €"), and the number with the decimals that are shown.

    Thousands are not parted: the text is read again by the readers of text, and shows its groups when it is drawn.
    """
    if shape.is_percent:
        value = _shortest(_rounded(value * 100, 2))
    elif shape.decimals is not None and shape.decimals >= 2:
        value = _rounded(value, shape.decimals)
    else:
        # A format without cents does not take them away: what is stored is what the invoice adds up to.
        value = _shortest(value)
        if _decimals(value) > 4:  # the remains of a division, not a price
            value = _shortest(_rounded(value, 2))
        if _decimals(value) == 1:
            value = _rounded(value, 2)
    text = f"{value:f}".replace(".", ",")
    if shape.digits and not _decimals(value) and value >= 0:
        text = text.zfill(shape.digits)
    if shape.is_percent:
        text += " %"
    elif shape.symbol:
        text += f" {shape.symbol}"
    return text, value


def stored_number(value: float) -> Decimal:
    """The shortest decimal number that gives this float; 0.1 + 0.2 is 0.3."""
    return Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)


def shown_date(value: date | datetime | time | timedelta) -> tuple[str, str]:
    """How a stored date is shown ("12/03/2026"), and its ISO form ("" for a mere time of day)."""
    if isinstance(value, datetime):
        shown = f"{value:%d/%m/}{value.year:04d}"
        return (f"{shown} {value.strftime(_TIME)}" if value.time() != time() else shown), value.date().isoformat()
    if isinstance(value, date):
        return f"{value:%d/%m/}{value.year:04d}", value.isoformat()
    if isinstance(value, time):
        return value.strftime(_TIME), ""
    minutes = int(value.total_seconds()) // 60
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}", ""


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _shortest(value: Decimal) -> Decimal:
    """Without the zeros at its end, and without exponent."""
    return _rounded(value, 0) if value == value.to_integral_value() else value.normalize()


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
