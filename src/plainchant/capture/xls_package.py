"""The look of an .xls: how its numbers are shown, what is hidden, what was never computed.

An .xls is a small file system (compound file) with a stream of records (BIFF). A loop in its tables would never end:
chains are followed within bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from plainchant.capture.package import BookLook, SheetLook, UnreadableSpreadsheet
from plainchant.capture.workbook import PLAIN, NumberFormat
from plainchant.capture.xlsx_package import BUILT_IN, number_format

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FAT = 0xFFFFFFFE, 0xFFFFFFFD
_ENTRY = 128
_STREAMS = ("Workbook", "Book")
_MAX_RECORDS = 3_000_000

# Records of BIFF ([MS-XLS] 2.4).
_BOF, _EOF, _FILE_PASS, _WINDOW, _SHEET, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x3D, 0x85, 0x41E, 0xE0
_RECALCULATED = 0x1C1  # written by Excel: its formulas have their results
_ROW, _COLUMNS, _FORMULA, _NUMBER, _RK, _MANY_RK = 0x208, 0x7D, 0x06, 0x203, 0x27E, 0xBD
_NUMBERS = frozenset((_FORMULA, _NUMBER, _RK))
_BIFF8 = 0x0600


def looks(data: bytes) -> BookLook:
    """What was seen of each sheet; raises UnreadableSpreadsheet, or the ValueError, IndexError or struct.error
    that odd bytes lead to."""
    book = _Book(_stream(data))
    return BookLook(book.sheets, book.active)


def _stream(data: bytes) -> bytes:
    """The bytes of the stream that holds the workbook."""
    size = 1 << _u16(data, 30)
    if size not in (512, 4096):
        raise UnreadableSpreadsheet("unreadable")
    table = _Table(data, size)
    directory = table.read(_u32(data, 48))
    entries: dict[str, tuple[int, int]] = {}
    for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[start : start + _ENTRY]
        length = min(_u16(entry, 64), 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        entries.setdefault(name, (_u32(entry, 116), _u32(entry, 120)))
    if "EncryptedPackage" in entries:
        raise UnreadableSpreadsheet("password")
    for name in _STREAMS:
        if name in entries:
            first, length = entries[name]
            if length >= _u32(data, 56):
                return table.read(first)[:length]
            # Short streams live in the root entry's own.
            small = table.read(_u32(directory, 116))
            links = table.read(_u32(data, 60))
            chain = _chain(first, struct.unpack(f"<{len(links) // 4}I", links))
            return b"".join(small[number * 64 : number * 64 + 64] for number in chain)[:length]
    raise UnreadableSpreadsheet("not_a_spreadsheet")


class _Table:
    """Which sector follows which."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = data
        self._size = size
        count = len(data) // size
        places = [place for place in struct.unpack_from("<109I", data, 76) if place < _FAT]
        more, seen = _u32(data, 68), 0
        while more < _FAT:
            seen += 1
            if seen > count:
                raise UnreadableSpreadsheet("unreadable")
            listed = struct.unpack(f"<{size // 4}I", self._sector(more))
            places += [place for place in listed[:-1] if place < _FAT]
            more = listed[-1]
        if len(places) > count:
            raise UnreadableSpreadsheet("unreadable")
        joined = b"".join(self._sector(place) for place in places)
        self._next = struct.unpack(f"<{len(joined) // 4}I", joined)

    def read(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(first, self._next))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise UnreadableSpreadsheet("unreadable")
        return self._data[start : start + self._size].ljust(self._size, b"\0")


def _chain(first: int, following: tuple[int, ...]) -> Iterator[int]:
    number, taken = first, 0
    while number < _FAT:
        taken += 1
        if taken > len(following) or number >= len(following):  # a loop, or a link to nowhere
            raise UnreadableSpreadsheet("unreadable")
        yield number
        number = following[number]


class _Book:
    """The records of a workbook: first those of the book, then those of each sheet where the book says it starts."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.sheets: dict[str, SheetLook] = {}
        self._records = 0
        self._written: dict[int, NumberFormat] = {}
        self._formats: list[int] = []
        self._noughts: list[tuple[SheetLook, tuple[int, int]]] = []  # formulas of which the result is 0 or empty
        self._has_result = False
        starts: list[tuple[str, int]] = []
        in_front = -1
        is_eight = _u16(stream, 4) == _BIFF8
        for kind, at, length in self._walk(0):
            if kind == _FILE_PASS:
                raise UnreadableSpreadsheet("password")
            if kind == _SHEET:
                starts.append((_text(stream, at + 6, is_eight=is_eight, width=1), _u32(stream, at)))
            elif kind == _WINDOW and length >= 12:
                in_front = _u16(stream, at + 10)
            elif kind == _RECALCULATED:
                self._has_result = True
            elif kind == _XF:
                self._formats.append(_u16(stream, at + 2))
            elif kind == _FORMAT and is_eight and length > 5:
                self._written[_u16(stream, at)] = number_format(_text(stream, at + 2, is_eight=True, width=2))
        self.active = starts[in_front][0] if 0 <= in_front < len(starts) else ""
        for name, start in starts:
            self._sheet(name, start)
        if not self._has_result:
            # Written by a program that does not compute: every result is a nought that waits for a spreadsheet.
            for look, position in self._noughts:
                look.unstored.append(position)

    def _walk(self, start: int) -> Iterator[tuple[int, int, int]]:
        """(kind, where its content starts, length) of each record up to the end of the part that begins at `start`."""
        stream, at, depth = self.stream, start, 0
        while at + 4 <= len(stream):
            kind, length = struct.unpack_from("<HH", stream, at)
            at += 4
            if at + length > len(stream):
                break
            self._records += 1
            if self._records > _MAX_RECORDS:
                raise UnreadableSpreadsheet("too_large")
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield kind, at, length
            at += length
        raise UnreadableSpreadsheet("unreadable")

    def _sheet(self, name: str, start: int) -> None:
        """Look at one sheet."""
        stream = self.stream
        look = self.sheets.setdefault(name, SheetLook())
        for kind, at, length in self._walk(start):
            if kind in _NUMBERS:
                row, column, style = struct.unpack_from("<HHH", stream, at)
                self._note(look, row, column, style)
                if kind == _FORMULA:
                    self._formula(look, (row, column), stream[at : at + length])
            elif kind == _MANY_RK:
                row, column = struct.unpack_from("<HH", stream, at)
                last = column + max((length - 6) // 6, 1) - 1
                for other in range(column, last + 1):
                    self._note(look, row, other, _u16(stream, at + 4 + 6 * (other - column)))
            elif kind == _ROW and length >= 16 and stream[at + 12] & 0x20:
                look.hidden_rows.add(_u16(stream, at))
            elif kind == _COLUMNS and length >= 10 and stream[at + 8] & 1:
                look.hidden_columns.append(struct.unpack_from("<HH", stream, at))

    def _formula(self, look: SheetLook, position: tuple[int, int], formula: bytes) -> None:
        is_empty_text = len(formula) >= 16 and formula[6] == 3 and formula[12:14] == b"\xff\xff"
        if is_empty_text and formula[14] & 3:  # to be computed when it is opened
            look.unstored.append(position)
        elif is_empty_text or not any(formula[6:14]):
            self._noughts.append((look, position))
        else:
            self._has_result = True

    def _note(self, look: SheetLook, row: int, column: int, style: int) -> None:
        which = self._formats[style] if style < len(self._formats) else 0
        shape = self._written.get(which) or BUILT_IN.get(which, PLAIN)
        if shape is not PLAIN:
            look.formats[row, column] = shape


def _text(stream: bytes, at: int, *, is_eight: bool, width: int) -> str:
    """A text after its length of `width` bytes; from version 8 on a flag says how wide its letters are."""
    length = int.from_bytes(stream[at : at + width], "little")
    at += width
    if not is_eight:
        return stream[at : at + length].decode("cp1252", "replace")
    if stream[at] & 1:
        return stream[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return stream[at + 1 : at + 1 + length].decode("latin-1")


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
