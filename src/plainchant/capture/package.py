"""What is inside an .xlsx or an .ods, looked at before the library is: sizes, positions, and the formats it leaves out.

The library (calamine) lays a sheet out as a full rectangle: two cells in opposite corners are 500 GB, and it ends the
process. It also inflates whatever it is given. So the archive is inflated here, within limits, its XML goes through the
one safe parser, the rectangles are measured, and the library is handed an archive made anew of the parts it needs:
macros, pictures and links to other files never reach it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from plainchant.capture.workbook import NumberFormat
from plainchant.einvoice.syntaxes.archive import has_small_directory
from plainchant.einvoice.syntaxes.xml import Limits, parse

MAX_PARTS = 1_000
MAX_INFLATED = 48 << 20
MAX_RECTANGLE = 1_000_000  # cells of a sheet, empty ones too: 32 bytes each
MAX_RECTANGLES = 3_000_000  # of all sheets together
MAX_LETTERS = 20_000_000  # of all cells: the library copies a text for each cell that shows it
MAX_NODES = 2_000_000  # of the XML of one part: 200,000 cells of a value and three attributes
_LIMITS = Limits(max_bytes=MAX_INFLATED, max_nodes=MAX_NODES)

Position = tuple[int, int]
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


class UnreadableSpreadsheet(Exception):
    """The file cannot be read as a spreadsheet; `code` is one of empty, not_a_spreadsheet, password, unreadable,
    too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class SheetLook:
    """What the library does not tell of a sheet: formats by position, hidden rows and columns, formulas without a
    stored result, merged cells (None: ask the library)."""

    formats: dict[Position, NumberFormat] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    unstored: list[Position] = field(default_factory=list)
    merges: list[Merge] | None = None


class Rectangle:
    """The smallest rectangle around the cells of a sheet that hold something, as the library will lay it out."""

    def __init__(self) -> None:
        self._edges: Merge | None = None

    def add(self, block: Merge) -> None:
        """Take a block of cells in; raises UnreadableSpreadsheet when the rectangle grows too large."""
        if self._edges is None:
            edges = block
        else:
            top, left, bottom, right = self._edges
            edges = (min(top, block[0]), min(left, block[1]), max(bottom, block[2]), max(right, block[3]))
        if edges != self._edges:
            self._edges = edges
            if self.area > MAX_RECTANGLE:
                raise UnreadableSpreadsheet("too_large")

    @property
    def area(self) -> int:
        """In cells."""
        if self._edges is None:
            return 0
        top, left, bottom, right = self._edges
        return (bottom - top + 1) * (right - left + 1)


class Letters:
    """How much text the library will hold in all."""

    def __init__(self) -> None:
        self._left = MAX_LETTERS

    def add(self, count: int) -> None:
        """Take a text in; raises UnreadableSpreadsheet beyond the limit."""
        self._left -= count
        if self._left < 0:
            raise UnreadableSpreadsheet("too_large")


def tree(data: bytes) -> etree._Element:
    """The root of one part; raises NotWellFormed."""
    return parse(data, limits=_LIMITS)


def inflated(data: bytes) -> dict[str, bytes]:
    """The parts a sheet is read from, by name; raises UnreadableSpreadsheet beyond the limits, whatever sizes the
    archive declares."""
    stream = io.BytesIO(data)
    if not has_small_directory(stream):
        raise UnreadableSpreadsheet("too_large")
    parts: dict[str, bytes] = {}
    left = MAX_INFLATED
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                raise UnreadableSpreadsheet("too_large")
            for member in members:
                name = member.filename.replace("\\", "/").lstrip("/")
                if not _is_needed(name):
                    continue
                if member.flag_bits & 1:
                    raise UnreadableSpreadsheet("password")
                with archive.open(member) as content:
                    body = content.read(left + 1)
                if len(body) > left:
                    raise UnreadableSpreadsheet("too_large")
                left -= len(body)
                if name in parts:  # two parts of one name: which one counts would be anybody's guess
                    raise UnreadableSpreadsheet("unreadable")
                parts[name] = body
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnreadableSpreadsheet("unreadable") from error
    return parts


_LEFT_OUT = tuple(
    "docProps/ customXml/ xl/drawings/ xl/charts/ xl/media/ xl/externalLinks/ xl/theme/ xl/pivotCache/ xl/pivotTables/"
    " xl/printerSettings/ xl/comments xl/threadedComments/ Thumbnails/ Configurations2/ Pictures/ Basic/ Scripts/"
    " Object".split()
)


def _is_needed(name: str) -> bool:
    return name == "mimetype" or (name.endswith((".xml", ".rels")) and not name.startswith(_LEFT_OUT))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of `parts`, for the library."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()
