"""Paragraphs and tables: what the two kinds of text documents have in common, and how much of it is taken."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Align = Literal["left", "center", "right"]
MAX_TEXT = 200_000  # letters of a document: an invoice has two thousand
MAX_CELLS = 10_000
MAX_DEPTH = 6  # of tables in tables


class TooMuchText(Exception):
    """The document is too long, or too deep, to be an invoice."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Its text, parted where a tab stop is; a line break in it is a line feed."""

    cells: tuple[str, ...]
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class TableCell:
    blocks: tuple[Block, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` of its columns, in any unit; empty where the file does not say."""

    rows: tuple[tuple[TableCell, ...], ...]
    widths: tuple[float, ...] = ()


Block: TypeAlias = Paragraph | Table


class Budget:
    """Counts what is taken of a document; raises TooMuchText beyond the limits."""

    def __init__(self) -> None:
        self._letters, self._cells = MAX_TEXT, MAX_CELLS

    def text(self, text: str) -> str:
        """As it can be drawn: without controls, direction marks, private or unassigned letters."""
        self._letters -= len(text)
        if self._letters < 0:
            raise TooMuchText
        if text.isprintable():
            return text
        return "".join(letter for letter in text if letter == "\n" or not unicodedata.category(letter).startswith("C"))

    def text_with_tabs(self, text: str) -> list[str]:
        """The same, parted at its tab stops."""
        return [self.text(part) for part in text.split("\t")]

    def cell(self, *, depth: int) -> None:
        self._cells -= 1
        if self._cells < 0 or depth > MAX_DEPTH:
            raise TooMuchText
