"""What is inside an .xlsx or an .ods, for what the library that opens it does not tell: formats, hidden rows, formulas.

The archive is inflated within limits and its XML goes through the one safe parser. The library (calamine) is handed the
file as it came: what makes it end its process ends a child of the reader's, and is told
(docs/decisions/0038-workbooks-are-opened-as-they-are.md).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from plainchant.capture.workbook import NumberFormat
from plainchant.einvoice.syntaxes.archive import has_small_directory, overlaps
from plainchant.einvoice.syntaxes.xml import Limits, parse

MAX_PARTS = 1_000
MAX_INFLATED = 48 << 20
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


@dataclass(slots=True)
class BookLook:
    """What the library does not tell of a workbook: its sheets by name, and the one that was in front when it was saved
    ("" where it does not say)."""

    sheets: dict[str, SheetLook]
    active: str = ""


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
            if overlaps(archive):
                raise UnreadableSpreadsheet("unreadable")
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
