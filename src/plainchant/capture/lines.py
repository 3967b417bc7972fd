"""Words to lines, by geometry alone: the order inside a PDF file says nothing about the order on the page."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from plainchant.capture.place import Box, Document, Page, PageWord, Place, enclosing_box, set_level

# A gap wider than this share of the line's height separates two cells; an ordinary space is about a quarter of it.
_CELL_GAP = 0.8
# Cents that are lined up at their comma are a word of their own, which touches the one before.
_CENTS = re.compile(r"[.,]\d\d(?!\d)")
_TOUCHING = 0.06


@dataclass(frozen=True, slots=True)
class TextLine:
    """The words that stand side by side on one line of a page.

    `text` joins them with one space, and with two where a gap parts two cells (or columns). `plain` is the same text
    lower-cased and without accents, letter for letter at the same offsets. `starts` are the words' offsets.
    """

    page: int
    words: tuple[PageWord, ...]
    starts: tuple[int, ...]
    text: str
    plain: str
    box: Box
    aspect: float  # page width divided by page height, to compare horizontal and vertical fractions

    @property
    def place(self) -> Place:
        """Where all of it stands."""
        return Place(page=self.page, box=self.box)

    @property
    def height(self) -> float:
        """As a fraction of the page's height."""
        return self.box[3] - self.box[1]

    def box_of(self, start: int, end: int) -> Box:
        """The rectangle of `text[start:end]`, sharing a word's width equally between its letters."""
        left, top, right, bottom = 2.0, 2.0, -1.0, -1.0
        for index in range(max(bisect_right(self.starts, start) - 1, 0), len(self.starts)):
            offset = self.starts[index]
            if offset >= end:
                break
            word = self.words[index]
            length = len(word.text)
            low, high = max(start - offset, 0), min(end - offset, length)
            if low >= high:
                continue
            x0, y0, x1, y1 = word.place.box
            width = (x1 - x0) / length
            left, right = min(left, x0 + width * low), max(right, x0 + width * high)
            top, bottom = min(top, y0), max(bottom, y1)
        return (left, top, right, bottom) if right >= left else self.box

    def place_of(self, start: int, end: int) -> Place:
        """`box_of` with the page."""
        return Place(page=self.page, box=self.box_of(start, end))

    def cell(self, offset: int) -> tuple[int, int]:
        """Start and end of the cell that holds `offset`."""
        start = self.text.rfind("  ", 0, offset + 1)
        end = self.text.find("  ", offset)
        return (start + 2 if start >= 0 else 0), (end if end >= 0 else len(self.text))

    def cells(self) -> tuple[tuple[int, int], ...]:
        """Start and end of every cell, left to right."""
        return _cells(self.text)


@lru_cache(maxsize=8192)
def _cells(text: str) -> tuple[tuple[int, int], ...]:
    spans, start = [], 0
    for cell in text.split("  "):
        spans.append((start, start + len(cell)))
        start += len(cell) + 2
    return tuple(spans)


def plain(text: str) -> str:
    """`text` lower-cased without accents, exactly as long as `text`."""
    return "".join([_plain_letter(letter) for letter in text])


@cache
def _plain_letter(letter: str) -> str:
    if letter in "’‘`´":
        return "'"
    if letter in "–—−‐‑":
        return "-"
    if letter == "º":
        return "°"
    return unicodedata.normalize("NFKD", letter)[0].lower()[0]


def lines_of(document: Document) -> list[TextLine]:
    """All lines of the document, page after page, from top to bottom; a page that lies turned is set level."""
    return [line for page in document.pages for line in _page_lines(_level(page))]


def _level(page: Page) -> Page:
    if not page.quarter:
        return page
    words = tuple(
        PageWord(word.text, replace(word.place, box=set_level(word.place.box, page.quarter))) for word in page.words
    )
    width, height = (page.width_pt, page.height_pt) if page.quarter == 180 else (page.height_pt, page.width_pt)
    return Page(page.number, width, height, words)


# How a cell ends when a number may go on in the line under it.
_RUNS_ON = re.compile(r"(?<![.,]\d)(?:\d|\bnic|\bfr|\biban)[ .:-]*$")
_FEWEST_FIGURES = 11  # of the numbers that are looked for


@dataclass(frozen=True, slots=True)
class RunOn:
    """A cell of a line with the cell under it: `text` is both, `split` where the second begins, `start` the first's
    offset in its line."""

    text: str
    split: int
    start: int


def run_ons(lines: list[TextLine], index: int) -> Iterator[RunOn]:
    """The cells of a line that end with figures, each with the cell under it that may hold the rest of a number."""
    line = lines[index]
    for start, end in line.cells():
        if not _RUNS_ON.search(line.plain, start, end):
            continue
        figures = sum(map(str.isdigit, line.text[start:end]))
        left: float | None = None
        # In a grid the line right under may belong to another column.
        for distance, below in enumerate(lines[index + 1 : index + 4]):
            if below.page != line.page or below.box[1] - line.box[3] > 1.2 * line.height:
                break
            for from_, to in below.cells():
                if figures + sum(map(str.isdigit, below.text[from_:to])) < _FEWEST_FIGURES:
                    continue
                left = line.box_of(start, end)[0] if left is None else left
                is_aligned = abs(below.box_of(from_, to)[0] - left) < 0.03
                # A footer of several centred lines is one text.
                if is_aligned or (distance == 0 and from_ == 0 and end == len(line.text)):
                    yield RunOn(f"{line.text[start:end]} {below.text[from_:to]}", end - start + 1, start)


# Dots that lead the eye from a name to its amount: a gap between two cells, and no text.
_LEADER = re.compile(r"[._·…]{4,}|…+")


def _without_leaders(word: PageWord) -> Iterator[PageWord]:
    if not _LEADER.search(word.text):
        yield word
        return
    x0, y0, x1, y1 = word.place.box
    width = (x1 - x0) / len(word.text)
    gaps = [*(hit.span() for hit in _LEADER.finditer(word.text)), (len(word.text), 0)]
    start = 0
    for end, next_start in gaps:
        if end > start:
            box = (x0 + width * start, y0, x0 + width * end, y1)
            yield PageWord(word.text[start:end], replace(word.place, box=box))
        start = next_start


def _page_lines(page: Page) -> list[TextLine]:
    rows: list[list[PageWord]] = []
    middles: list[float] = []
    heights: list[float] = []
    words = [part for word in page.words for part in _without_leaders(word)]
    for word in sorted(words, key=lambda w: w.place.box[1] + w.place.box[3]):
        x0, y0, x1, y1 = word.place.box
        middle, height = (y0 + y1) / 2, y1 - y0
        if height <= 0 or x1 <= x0 or height > 0.25:
            continue
        # The last few rows only: rows are met from top to bottom.
        for row in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            if abs(middles[row] - middle) < 0.4 * min(heights[row], height):
                rows[row].append(word)
                count = len(rows[row])
                middles[row] += (middle - middles[row]) / count
                heights[row] += (height - heights[row]) / count
                break
        else:
            rows.append([word])
            middles.append(middle)
            heights.append(height)
    order = sorted(range(len(rows)), key=lambda row: middles[row])
    return [_line(page, rows[row]) for row in order]


def _line(page: Page, words: list[PageWord]) -> TextLine:
    words = sorted(words, key=lambda word: word.place.box[0])
    aspect = page.width_pt / page.height_pt
    text = ""
    starts: list[int] = []
    kept: list[PageWord] = []
    for word in words:
        if kept:
            before = kept[-1].place.box
            if word.text == kept[-1].text and _covers(before, word.place.box):
                continue  # poor man's bold: the same word printed twice, a hair apart
            gap = (word.place.box[0] - before[2]) * aspect
            height = min(before[3] - before[1], word.place.box[3] - word.place.box[1])
            is_set_apart = _CENTS.match(word.text) and text[-1].isdigit() and abs(gap) < _TOUCHING * height
            text += "" if is_set_apart else "  " if gap > _CELL_GAP * height else " "
        starts.append(len(text))
        kept.append(word)
        text += word.text
    return TextLine(
        page=page.number,
        words=tuple(kept),
        starts=tuple(starts),
        text=text,
        plain=plain(text),
        box=enclosing_box(word.place.box for word in kept),
        aspect=aspect,
    )


def _covers(box: Box, other: Box) -> bool:
    shared = min(box[2], other[2]) - max(box[0], other[0])
    return shared > 0.8 * min(box[2] - box[0], other[2] - other[0])
