"""The bytes of the file itself (clause 6.1): header, end, tables, objects and streams as they are written.

pikepdf mends what it reads; what is asked here is what is written, so the bytes are gone through once, streams skipped.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from .look import Observations

_HEADER = re.compile(rb"%PDF-1\.[0-7](?:\r\n|\n|\r)%[\x80-\xff]{4}")
_WHITE = rb"[\0\t\n\x0c\r ]"
# One set of first bytes lets the search run over everything else; what follows looks back at which it was.
_TOKEN = re.compile(
    rb"[%(<osex/](?:"
    rb"(?<=%)(?P<comment>[^\r\n]*+)"
    rb"|(?<=\()(?P<string>(?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S])*+\))*+\))*+\))"
    rb"|(?<=<)(?<!<<)(?!<)(?P<hex>[^<>]*+>)"
    rb"|(?<=o)(?<![a-zA-Z]o)(?P<obj>bj(?![a-zA-Z]))"
    rb"|(?<=s)(?<![a-zA-Z]s)(?P<stream>tream(?![a-zA-Z]))"
    rb"|(?<=e)(?P<endobj>ndobj)"
    rb"|(?<=x)(?<![a-zA-Z]x)(?P<xref>ref(?![a-zA-Z]))"
    rb"|(?<=/)(?P<name>[^\0\t\n\x0c\r ()<>\[\]{}/%]{128,})"
    rb")"
)
_LONG = re.compile(rb"[0-9](?<![0-9.][0-9])[0-9]{9,}(?![0-9.])")
_NUMBERS = re.compile(rb"(?:^|[\0\t\n\x0c\r ])([0-9]{1,10} [0-9]{1,5} )$")
_XREF = re.compile(rb"xref(?:\r\n|\n|\r)[0-9]+ [0-9]+ ?(?:\r\n|\n|\r)")
_LENGTH = re.compile(rb"/Length" + _WHITE + rb"+([0-9]{1,10})(" + _WHITE + rb"+[0-9]{1,5}" + _WHITE + rb"+R)?")
_NUMBER_OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,10})W+[0-9]{1,5}W+objW*([0-9]{1,10})W*endobj".replace(b"W", _WHITE))
_BAD_HEX = re.compile(rb"[^0-9A-Fa-f\0\t\n\x0c\r ]")
_SPACES: Final = b"\0\t\n\x0c\r "
_MAX_TOKENS = 400_000
_MAX_UNPACKED = 64 * 1024 * 1024  # of object and cross-reference streams, which qpdf unpacks whole
MAX_INTEGER: Final = 2_147_483_647


def look_at_bytes(look: Observations, data: bytes) -> bool:
    """Tells what is wrong with the bytes; False when the file is too dangerous to be opened."""
    if _HEADER.match(data) is None:
        look.tell("PDFA-EN-TETE")
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :] not in (b"", b"\n", b"\r", b"\r\n"):
        look.tell("PDFA-FIN")
    return _objects(look, data)


def _objects(look: Observations, data: bytes) -> bool:
    at, left, start = 0, _MAX_TOKENS, 0
    unpacked = 0
    sizes: dict[bytes, int] = {}
    search = _TOKEN.search
    while left:
        match = search(data, at)
        if match is None:
            return True
        left -= 1
        at = match.end()
        kind = match.lastgroup
        if kind == "obj":
            start = at
            numbers = _NUMBERS.search(data, max(0, match.start() - 20), match.start())
            if numbers is None or not _alone(data, match.start() - len(numbers[1]), at):
                look.tell("PDFA-OBJET")
        elif kind == "endobj":
            _integers(look, data, start, match.start())
            if not _alone(data, match.start(), at):
                look.tell("PDFA-OBJET")
        elif kind == "hex":
            _hex(look, match[0])
        elif kind == "string":
            if at - match.start() > 32_767 + 2 and _length(match[0]) > 32_767:
                look.tell("PDFA-LIMITES")
        elif kind == "stream":
            head = data[start : match.start()]
            _integers(look, head, 0, len(head))
            begin, at = _stream(look, data, at, head, sizes)
            start = at
            unpacked += _unpacked(head, data[begin:at], _MAX_UNPACKED - unpacked)
            if unpacked > _MAX_UNPACKED:
                return False
        elif kind == "xref":
            if _XREF.match(data, match.start()) is None:
                look.tell("PDFA-TABLE")
            at = start = max(at, data.find(b"trailer", at))
        elif kind == "name" and len(re.sub(rb"#[0-9A-Fa-f]{2}", b"x", match[0])) > 128:
            look.tell("PDFA-LIMITES")
    look.unseen.add("objets")
    return False


def _integers(look: Observations, data: bytes, start: int, end: int) -> None:
    if _LONG.search(data, start, end) is None:
        return
    numbers = _LONG.findall(_TOKEN.sub(b" ", data[start : min(end, start + 1_000_000)]))  # dates are long, too
    if any(int(number[:20]) > MAX_INTEGER for number in numbers):
        look.tell("PDFA-LIMITES")


def _alone(data: bytes, start: int, end: int) -> bool:
    """Whether an end of line stands before and after."""
    return data[start - 1 : start] in (b"\n", b"\r") and data[end : end + 1] in (b"\n", b"\r")


def _hex(look: Observations, text: bytes) -> None:
    if _BAD_HEX.search(text, 1, len(text) - 1):
        look.tell("PDFA-HEXA")
        return
    digits = len(text.translate(None, _SPACES)) - 2
    if digits % 2:
        look.tell("PDFA-HEXA")
    if digits > 2 * 32_767:
        look.tell("PDFA-LIMITES")


def _length(text: bytes) -> int:
    return len(re.sub(rb"\\(?:[0-7]{1,3}|[\s\S])", b"x", text)) - 2


def _stream(look: Observations, data: bytes, at: int, head: bytes, sizes: dict[bytes, int]) -> tuple[int, int]:
    """(begin, end) of what the stream holds; the keyword ended at ``at``."""
    if data.startswith(b"\r\n", at):
        begin = at + 2
    elif data.startswith(b"\n", at):
        begin = at + 1
    else:
        look.tell("PDFA-FLUX")
        begin = at + (data[at : at + 1] == b"\r")
    length = _LENGTH.search(head)
    if length is not None:
        size = int(length[1]) if length[2] is None else _size(data, length[1], sizes)
        if size is not None:
            end = begin + size
            for line in (b"\r\n", b"\n", b"\r"):
                if data.startswith(line + b"endstream", end):
                    return begin, end + len(line) + 9
    look.tell("PDFA-FLUX")
    end = data.find(b"endstream", begin)
    return begin, len(data) if end < 0 else end + 9


def _size(data: bytes, number: bytes, sizes: dict[bytes, int]) -> int | None:
    """A Length kept in an object of its own. The last one written counts."""
    if not sizes:
        sizes[b""] = 0
        for match in _NUMBER_OBJECT.finditer(data):
            sizes[match[1]] = int(match[2])
    return sizes.get(number)


def _unpacked(head: bytes, body: bytes, limit: int) -> int:
    """How much a stream grows that qpdf unpacks when it opens the file; other streams count for nothing."""
    if b"ObjStm" not in head and b"XRef" not in head and b"#" not in head:
        return 0
    try:
        return len(zlib.decompressobj().decompress(body, max(limit, 0) + 1))
    except zlib.error:
        return 0
