"""Where words stand on a page: the common ground of every reader, whatever the file was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page.

    `page` counts from 1; `box` is (x0, y0, x1, y1) as fractions 0..1 of the page as displayed, origin top left.
    In a workbook `cell` is the sheet and the cell ("Feuille1!C12"), and `page` the rank of the sheet.
    """

    page: int
    box: Box
    cell: str = ""

    def is_level_with(self, other: Place) -> bool:
        """Whether the middle of another place of the page stands at the height of this one."""
        return self.page == other.page and self.box[1] <= (other.box[1] + other.box[3]) / 2 <= self.box[3]


@dataclass(frozen=True, slots=True)
class PageWord:
    """A run of characters without white space, and its rectangle."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    """One page as displayed (rotation applied); sizes in points (1/72 inch); words in the order of the file.

    `quarter`: how most of its lines run: 0 level, 90 downwards, 180 upside down, 270 upwards.
    """

    number: int
    width_pt: float
    height_pt: float
    words: tuple[PageWord, ...]
    quarter: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What could be taken out of a file.

    `page_count` is the real number of pages; `pages` may hold fewer (only the first and the last ones are read).
    `carries_data`: whether an electronic invoice is in it (Factur-X), as the engine would take it out.
    `is_damaged` says that the file does not end as a PDF should: pages may be missing. `pictures` are the numbers of
    the pages that show something else than text: scans, drawings, letters given as outlines or without their meaning.
    `active` is the page on which a workbook was left, 0 where nothing says so.
    `recognised` are those whose words a scanner put there: as sure as its recognition, which nobody knows.
    """

    pages: tuple[Page, ...]
    page_count: int
    has_text: bool
    carries_data: bool = False
    is_damaged: bool = False
    pictures: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    active: int = 0


def enclosing_box(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle around all `boxes`; raises ValueError when there is none."""
    edges = list(zip(*boxes, strict=True))
    if not edges:
        raise ValueError("no box to enclose")
    return min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])


def set_level(box: Box, quarter: int) -> Box:
    """A rectangle of a page whose lines run as `quarter` says, on that page turned so that they run level."""
    x0, y0, x1, y1 = box
    return {
        0: box,
        90: (y0, 1 - x1, y1, 1 - x0),
        180: (1 - x1, 1 - y1, 1 - x0, 1 - y0),
        270: (1 - y1, x0, 1 - y0, x1),
    }[quarter]


def set_back(box: Box, quarter: int) -> Box:
    """The inverse of `set_level`."""
    return set_level(box, (360 - quarter) % 360)
