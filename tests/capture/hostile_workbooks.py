"""Workbooks that are not what they should be, built part by part, and small edits of honest ones."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator

from tests.capture.workbooks import LAYOUTS, WRITERS, as_ods, as_xls, as_xlsx, book_of, ods_of

_HONEST = book_of(LAYOUTS["credit note"])
XLSX, ODS, XLS = as_xlsx(_HONEST), as_ods(_HONEST), as_xls(_HONEST)
SHEET = "xl/worksheets/sheet1.xml"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parts_of(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def edited(book: bytes, part: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(book)
    assert old in parts[part]
    return packed(parts | {part: parts[part].replace(old, new, 1)})


def xlsx_rows(rows: str) -> bytes:
    """An .xlsx whose one sheet holds these rows, as XML."""
    parts = parts_of(XLSX)
    before, _, rest = parts[SHEET].partition(b"<sheetData>")
    after = rest.partition(b"</sheetData>")[2]
    return packed(parts | {SHEET: before + b"<sheetData>" + rows.encode() + b"</sheetData>" + after})


def _ods_table(rows: str) -> bytes:
    return ods_of(f'<table:table table:name="a">{rows}</table:table>')


def _ods_cell(attributes: str, content: str = "<text:p>x</text:p>") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}>{content}</table:table-cell>'


def _patched(book: bytes, at: int, value: bytes) -> bytes:
    return book[:at] + value + book[at + len(value) :]


def _shared_text_bomb() -> bytes:
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{"ABCDEFGH"[c]}{row}" t="s"><v>0</v></c>' for c in range(8)) + "</row>"
        for row in range(1, 2000)
    )
    parts = parts_of(xlsx_rows(rows))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}"><si><t>{"x" * 32_000}</t></si></sst>'.encode()
    return packed(parts)


def _zip_bomb() -> bytes:
    return packed(parts_of(XLSX) | {SHEET: b" " * (100 << 20)})


def overlapping_parts() -> bytes:
    """Many names in the directory for one and the same body."""
    plain = packed(parts_of(XLSX) | {SHEET: b" " * (40 << 20)})
    start = plain.rindex(b"PK\x05\x06")
    size, offset = struct.unpack_from("<II", plain, start + 12)
    directory = plain[offset : offset + size]
    record = directory[directory.rindex(SHEET.encode()) - 46 :]
    record = record[: 46 + len(SHEET)]
    more = b"".join(record.replace(b"sheet1", b"shee%02d" % number) for number in range(60))
    count = struct.unpack_from("<H", plain, start + 10)[0] + 60
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size + len(more), offset, 0)
    return plain[: offset + size] + more + end


def _encrypted_xlsx() -> bytes:
    """A compound file that holds an encrypted package, as every office program writes one."""
    entry = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HB", 34, 2)
    directory = bytes(128) + entry.ljust(128, b"\0") + bytes(256)
    header = _COMPOUND + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    return header + table + directory


_first_table = (struct.unpack_from("<I", XLS, 76)[0] + 1) * 512

# name → (the file, the code it is refused with)
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "text": (b"Facture;12\n" * 40, "not_a_spreadsheet"),
    "a PDF": (b"%PDF-1.7\n%%EOF", "not_a_spreadsheet"),
    "an empty archive": (packed({}), "not_a_spreadsheet"),
    "a text document": (packed({"word/document.xml": b"<a/>"}), "not_a_spreadsheet"),
    "an OpenDocument text": (
        packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        "not_a_spreadsheet",
    ),
    "entities, xlsx": (
        edited(XLSX, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'),
        "unreadable",
    ),
    "entities, ods": (
        edited(ODS, "content.xml", b"<office:doc", b'<!DOCTYPE x [<!ENTITY a "aa">]><office:doc'),
        "unreadable",
    ),
    "zip bomb": (_zip_bomb(), "too_large"),
    "a broken list of texts": (edited(XLSX, "xl/sharedStrings.xml", b"</si>", b"<si>"), "unreadable"),
    "a number that is none": (
        _ods_table(f'<table:table-row table:number-rows-repeated="many">{_ods_cell("")}</table:table-row>'),
        "unreadable",
    ),
    "a part twice": (XLSX.replace(b"docProps/app.xml", b"/xl/workbook.xml"), "unreadable"),
    "half an xlsx": (XLSX[: len(XLSX) // 2], "unreadable"),
    "half an ods": (ODS[: len(ODS) // 2], "unreadable"),
    "a header of xls": (XLS[:512], "unreadable"),
    "a loop in the sectors": (_patched(XLS, _first_table, struct.pack("<128I", *[0] * 128)), "unreadable"),
    "a loop in the list of tables": (_patched(XLS, 68, struct.pack("<II", 0, 1)), "unreadable"),
    "sectors of an absurd size": (_patched(XLS, 30, b"\xff\xff"), "unreadable"),
    "password, xlsx": (_encrypted_xlsx(), "password"),
    "password, ods": (as_ods(_HONEST, manifest="<manifest:encryption-data/>"), "password"),
}  # fmt: skip


def password_xls() -> bytes:
    """An .xls of which the first record after the beginning says that what follows is encrypted."""
    at = XLS.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return _patched(XLS, at, struct.pack("<H", 0x2F))


REFUSED["password, xls"] = (password_xls(), "password")

# What the library lays out in full, until its child has no memory left: opened nowhere but in the reader.
LETHAL: dict[str, bytes] = {
    "opposite corners": xlsx_rows(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "one long text in every cell": _shared_text_bomb(),
    "a cell of a billion blanks": _ods_table(
        f'<table:table-row>{_ods_cell("", """<text:p>a<text:s text:c="1000000000"/></text:p>""")}</table:table-row>'
    ),
    "a cell repeated to the end": _ods_table(
        '<table:table-row table:number-rows-repeated="1000000">'
        + _ods_cell('table:number-columns-repeated="16000"')
        + "</table:table-row>"
    ),
}


def mutants(*, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Honest workbooks with bytes changed, cut out, doubled or swapped; the parts of an archive before it is packed."""
    chance = random.Random(seed)
    for number in range(count):
        kind = ("xlsx", "ods", "xls")[number % 3]
        book = WRITERS[kind](book_of(chance.choice(list(LAYOUTS.values()))))
        if kind == "xls" or chance.random() < 0.3:
            yield f"{kind} {number}", _mutated(book, chance)
        else:
            parts = parts_of(book)
            part = chance.choice(sorted(parts))
            yield f"{kind} {number} {part}", packed(parts | {part: _mutated(parts[part], chance)})


def _mutated(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(max(len(body), 1))
        match chance.randrange(5):
            case 0:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del body[at : at + chance.randint(1, 40)]
            case 2:
                body[at:at] = body[at : at + chance.randint(1, 200)]
            case 3:
                body[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"9999", b"-1e9"))
            case _:
                body[at : at + 1] = chance.choice((b"<", b">", b'"', b"&", b"1", b"XFD1048576"))
    return bytes(body)
