"""A sheet of cells as a page of words: rows are lines, columns keep apart, every place leads back to its cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from plainchant.capture.place import Box, Page, PageWord, Place
from plainchant.capture.workbook import Cell, SheetOfCells

# In points. The readers take a gap above 0.8 of a line's height for the border of a cell, a line that follows within
# 0.8 for running text (in a sheet, none runs on), and a blank above 1.6 for the end of a block (here: an empty row).
_HEIGHT = 10.0
_PITCH = 18.5
_GUTTER = 10.0
_SPACE = 3.0
_LETTER = 5.5
_MARGIN = 40.0
_MIN_LETTERS, _MAX_LETTERS = 6, 30
_MIN_WIDTH, _MIN_HEIGHT = 400.0, 842.0

_MAX_BLANKS = 3  # rows or columns: more of them say no more
_MAX_LINES = 60  # of one cell
# What an invoice says stands at the head and at the foot of its sheet; between them are its lines.
_HEAD_ROWS, _FOOT_ROWS = 600, 400


class Grid:
    """Where each cell of a sheet stands on the page that the readers see."""

    def __init__(self, sheet: SheetOfCells, *, page: int) -> None:
        rows = list(sheet.rows())
        if len(rows) > _HEAD_ROWS + _FOOT_ROWS:
            rows = rows[:_HEAD_ROWS] + rows[-_FOOT_ROWS:]
        self._name = sheet.name
        self._number = page
        self._rows = rows
        self._lines = {(cell.row, cell.column): cell.text.split("\n")[:_MAX_LINES] for row in rows for cell in row}
        self._x, right = self._columns()
        self._y, bottom = self._tops()
        self._width = max(right + _MARGIN, _MIN_WIDTH)
        self._height = max(bottom + _MARGIN, _MIN_HEIGHT)

    def page(self) -> Page:
        """The words of the sheet."""
        words = [word for row in self._rows for cell in row for word in self._words(cell)]
        return Page(self._number, self._width, self._height, tuple(words))

    def place(self, cell: Cell) -> Place:
        """The place of a whole cell."""
        top = self._y[cell.row]
        left, right = self._span(cell)
        count = len(self._lines[cell.row, cell.column])
        box = self._box(left, top, right, top + (count - 1) * _PITCH + _HEIGHT)
        return Place(self._number, box, f"{self._name}!{cell.reference}")

    def named(self, place: Place) -> Place:
        """`place` with the name of the cell its left edge stands in."""
        x, y = (place.box[0] + 1e-6) * self._width, (place.box[1] + place.box[3]) / 2 * self._height
        for row in self._rows:
            if not self._y[row[0].row] <= y <= self._y[row[0].row] + _PITCH * _MAX_LINES:
                continue
            for cell in row:
                left, right = self._span(cell)
                is_beside = self._y[cell.row] + len(self._lines[cell.row, cell.column]) * _PITCH < y
                if left - 1e-3 <= x <= right and not is_beside:
                    return replace(place, cell=f"{self._name}!{cell.reference}")
        return place

    def _columns(self) -> tuple[dict[int, tuple[float, float]], float]:
        """Left and right edge of every used column, and the right edge of the last."""
        letters: dict[int, int] = {}
        for row in self._rows:
            for cell in row:
                longest = max(len(line) for line in self._lines[cell.row, cell.column])
                for column in range(cell.column, cell.column + cell.columns):
                    letters[column] = max(letters.get(column, _MIN_LETTERS), longest // cell.columns)
        edges: dict[int, tuple[float, float]] = {}
        x, before = _MARGIN, -1
        for column in sorted(letters):
            x += min(column - before - 1, _MAX_BLANKS) * (_MIN_LETTERS * _LETTER + _GUTTER)
            width = min(letters[column], _MAX_LETTERS) * _LETTER
            edges[column] = x, x + width
            x, before = x + width + _GUTTER, column
        return edges, x

    def _tops(self) -> tuple[dict[int, float], float]:
        """The top of every row that holds something, and where the next would be."""
        tops: dict[int, float] = {}
        y, before = _MARGIN, -1
        for row in self._rows:
            number = row[0].row
            y += min(number - before - 1, _MAX_BLANKS) * _PITCH
            tops[number] = y
            y += _PITCH * max(len(self._lines[cell.row, cell.column]) for cell in row)
            before = number
        return tops, y

    def _span(self, cell: Cell) -> tuple[float, float]:
        return self._x[cell.column][0], self._x[cell.column + cell.columns - 1][1]

    def _words(self, cell: Cell) -> Iterable[PageWord]:
        # A cell's text is stretched or squeezed to the width of its column: a heading and the values under it meet.
        left, right = self._span(cell)
        for number, line in enumerate(self._lines[cell.row, cell.column]):
            parts = unicodedata.normalize("NFKC", line).split()
            if not parts:
                continue
            space = min(_SPACE, (right - left) * 0.2 / len(parts))
            letter = (right - left - space * (len(parts) - 1)) / sum(map(len, parts))
            top = self._y[cell.row] + number * _PITCH
            x = left
            for part in parts:
                end = x + letter * len(part)
                yield PageWord(part, Place(self._number, self._box(x, top, end, top + _HEIGHT)))
                x = end + space

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        return x0 / self._width, y0 / self._height, x1 / self._width, y1 / self._height
