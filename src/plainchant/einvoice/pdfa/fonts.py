"""Fonts that show text (clause 6.2.11): in the file, described as they are, and readable when the level says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream, String

from . import truetype
from .look import Observations, unpacked

_MAX_FONT = 16 * 1024 * 1024
_MAX_TEXT = 20_000  # characters a font is looked at for
_STANDARD: Final = frozenset(
    "Courier Courier-Bold Courier-Oblique Courier-BoldOblique Helvetica Helvetica-Bold Helvetica-Oblique "
    "Helvetica-BoldOblique Times-Roman Times-Bold Times-Italic Times-BoldItalic Symbol ZapfDingbats".split()
)
_COLLECTIONS: Final = {
    "GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2 UniJIS-UCS2-HW UniJIS-UTF16",
    "Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
CMAPS: Final = {
    f"{stem}-{way}": ordering for ordering, stems in _COLLECTIONS.items() for stem in stems.split() for way in "HV"
} | {"H": "Japan1", "V": "Japan1", "Identity-H": "", "Identity-V": ""}
_SAID: Final = frozenset(("/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding"))
_MUTE = re.compile(r"/(?:g|G|c|C|cid|glyph|index)\d+")
PART = re.compile(rb"\((?:[^()\\]|\\[\s\S])*+\)|<[^<>]*+>")
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])")
_WIDTH = re.compile(rb"\s*(-?[0-9]+\.?[0-9]*)\s+-?[0-9.]+\s+(?:d0|(?:-?[0-9.]+\s+){4}d1)")
_NO_BREAK = 0xA0
_SOFT_HYPHEN = 0xAD


@dataclass(slots=True)
class _Used:
    font: Any
    is_visible: bool = False
    left: int = _MAX_TEXT
    texts: list[bytes] = field(default_factory=list)

    def _plain(self) -> Iterator[bytes]:
        for text in self.texts:
            if text.startswith(b"["):
                yield from map(_plain, PART.findall(text))
            else:
                yield _plain(text)

    def bytes(self) -> set[int]:
        return set(b"".join(self._plain()))

    def pairs(self) -> set[int]:
        """The two-byte characters shown."""
        codes: set[int] = set()
        for text in self._plain():
            codes.update(first << 8 | second for first, second in zip(text[::2], text[1::2], strict=False))
        return codes


class Fonts:
    """Collects what is shown in which font; `finish` looks at each once."""

    def __init__(self, look: Observations) -> None:
        self.look = look
        self._used: dict[object, _Used] = {}

    def use(self, font: Any, texts: list[bytes], *, is_visible: bool) -> None:
        key: object = font.objgen if font.is_indirect else id(font)
        used = self._used.get(key)
        if used is None:
            if len(self._used) >= 2_000:
                self.look.unseen.add("polices")
                return
            used = self._used[key] = _Used(font)
        used.is_visible = used.is_visible or is_visible
        if used.left > 0:
            for text in texts:
                used.left -= len(text)
                used.texts.append(text)

    def finish(self, *, level: str) -> None:
        for used in self._used.values():
            self._font(used, level)

    def _font(self, used: _Used, level: str) -> None:
        font, look = used.font, self.look
        kind = str(font.get("/Subtype", "")).lstrip("/")
        name = str(font.get("/BaseFont", "")).lstrip("/")
        shown = name.partition("+")[2] or name
        if font.get("/Type") != "/Font" or kind not in ("Type0", "Type1", "TrueType", "MMType1", "Type3"):
            look.tell("PDFA-POLICE", shown)
            return
        if not isinstance(font.get("/BaseFont"), Name) and kind != "Type3":
            look.tell("PDFA-POLICE", "BaseFont")
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            look.tell("PDFA-NOM")
        if kind == "Type0":
            self._composite(used, shown)
        elif kind != "Type3":
            self._simple(used, kind, shown)
        else:
            self._widths(font, "Type3")
            self._drawn_widths(used)
        if level in ("A", "U") and not isinstance(font.get("/ToUnicode"), Stream) and _is_mute(font, kind):
            look.tell("PDFA-UNICODE", shown)
        if level in ("A", "U") and isinstance(font.get("/ToUnicode"), Stream):
            self._unicode(used, kind, shown)

    def _widths(self, font: Any, shown: str) -> None:
        first, last, widths = font.get("/FirstChar"), font.get("/LastChar"), font.get("/Widths")
        if (
            not isinstance(first, int)
            or not isinstance(last, int)
            or not isinstance(widths, Array)
            or len(widths) != last - first + 1
        ):
            self.look.tell("PDFA-POLICE", shown)

    def _drawn_widths(self, used: _Used) -> None:
        """A glyph of a Type 3 font begins with its width."""
        font = used.font
        encoding, glyphs = font.get("/Encoding"), font.get("/CharProcs")
        first, widths = font.get("/FirstChar"), font.get("/Widths")
        differences = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
        if not isinstance(differences, Array) or not isinstance(glyphs, Dictionary) or not isinstance(widths, Array):
            return
        names: dict[int, str] = {}
        code = 0
        for row in list(differences)[:1_000]:
            if isinstance(row, int):
                code = row
            else:
                names[code] = str(row)
                code += 1
        for code in used.bytes():
            glyph = glyphs.get(names[code]) if code in names else None
            data = unpacked(glyph, 1_000_000) if isinstance(glyph, Stream) else None
            begins = _WIDTH.match(data) if data is not None else None
            if begins is None or not isinstance(first, int) or not first <= code < first + len(widths):
                continue
            if abs(float(begins[1]) - float(widths[code - first])) > 1.0:
                self.look.tell("PDFA-LARGEURS", "Type3")

    def _embedded(self, used: _Used, descriptor: Any, shown: str) -> Any:
        if isinstance(descriptor, Dictionary):
            for key in ("/FontFile2", "/FontFile3", "/FontFile"):
                if isinstance(descriptor.get(key), Stream):
                    return descriptor.get(key)
        if used.is_visible:
            self.look.tell("PDFA-POLICE-ABSENTE", shown)
        return None

    def _unicode(self, used: _Used, kind: str, shown: str) -> None:
        """No character shown may stand for U+0000, U+FEFF or U+FFFE."""
        data = self.look.read(used.font.get("/ToUnicode"), 4_000_000)
        codes = used.pairs() if kind == "Type0" else used.bytes()
        for block in re.finditer(rb"beginbfchar([^e]*+(?:e(?!ndbfchar)[^e]*+)*+)", data or b""):
            for source, target in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block[1]):
                if target.lower() in (b"0000", b"feff", b"fffe") and int(source[:8], 16) in codes:
                    self.look.tell("PDFA-UNICODE", shown)

    # ---- composite fonts ----

    def _composite(self, used: _Used, shown: str) -> None:
        font, look = used.font, self.look
        rows = font.get("/DescendantFonts")
        child = rows[0] if isinstance(rows, Array) and len(rows) else None
        if not isinstance(child, Dictionary) or child.get("/Subtype") not in ("/CIDFontType0", "/CIDFontType2"):
            look.tell("PDFA-POLICE", shown)
            return
        program = self._embedded(used, child.get("/FontDescriptor"), shown)
        encoding = font.get("/Encoding")
        system = child.get("/CIDSystemInfo")
        ordering = _text(system, "/Ordering")
        if isinstance(encoding, Stream):
            self._cmap(encoding, system, shown)
        elif str(encoding).lstrip("/") not in CMAPS:
            look.tell("PDFA-CMAP", str(encoding).lstrip("/"))
        else:
            wanted = CMAPS[str(encoding).lstrip("/")]
            if wanted and (ordering != wanted or _text(system, "/Registry") != "Adobe"):
                look.tell("PDFA-CID", shown)
        is_identity = str(encoding) in ("/Identity-H", "/Identity-V")
        codes = used.pairs() if is_identity else set()
        if 0 in codes and child.get("/Subtype") == "/CIDFontType0":
            look.tell("PDFA-NOTDEF", shown)
        if child.get("/Subtype") != "/CIDFontType2" or program is None:
            return
        mapping = child.get("/CIDToGIDMap")
        if not isinstance(mapping, Stream) and mapping != "/Identity":
            look.tell("PDFA-CIDTOGID", shown)
            return
        if is_identity:
            self._glyphs(used, codes, child, program, mapping, shown)

    def _cmap(self, cmap: Any, system: Any, shown: str) -> None:
        own = cmap.get("/CIDSystemInfo")
        for key in ("/Registry", "/Ordering"):
            if isinstance(own, Dictionary) and _text(own, key) != _text(system, key):
                self.look.tell("PDFA-CID", shown)
        if isinstance(own, Dictionary) and isinstance(system, Dictionary):
            has, needs = system.get("/Supplement"), own.get("/Supplement")
            if isinstance(has, int) and isinstance(needs, int) and has > needs:
                self.look.tell("PDFA-CID", shown)
        data = self.look.read(cmap, 4_000_000)
        if data is None:
            return
        written = re.search(rb"/WMode\s+([0-9])\s+def", data)
        mode = cmap.get("/WMode", 0)
        if (int(written[1]) if written else 0) != mode:
            self.look.tell("PDFA-CMAP", "WMode")
        base = cmap.get("/UseCMap")
        named = re.search(rb"/([A-Za-z0-9-]+)\s+usecmap", data)
        for name in (str(base).lstrip("/") if isinstance(base, Name) else "", named[1].decode() if named else ""):
            if name and name not in CMAPS:
                self.look.tell("PDFA-CMAP", name)
        if isinstance(base, Stream) and str(base.get("/CMapName", "")).lstrip("/") not in CMAPS:
            self.look.tell("PDFA-CMAP", "UseCMap")
        for block in re.finditer(rb"begincid(range|char)([\s\S]*?)endcid", data):
            for row in re.finditer(rb"<[0-9A-Fa-f]+>\s*([0-9]+)\s*(?=[<\r\n])|>\s*([0-9]+)", block[2]):
                if int((row[1] or row[2])[:12]) > 65_535:
                    self.look.tell("PDFA-LIMITES", "CID")

    def _glyphs(self, used: _Used, codes: set[int], child: Any, program: Any, mapping: Any, shown: str) -> None:
        data = unpacked(program, _MAX_FONT)
        parsed = truetype.read(data) if data is not None else None
        if parsed is None:
            return
        table = unpacked(mapping, 200_000) if isinstance(mapping, Stream) else None
        widths = _cid_widths(child.get("/W"))
        default = child.get("/DW", 1000)
        for code in codes:
            glyph = int.from_bytes(table[2 * code : 2 * code + 2], "big") if table is not None else code
            self._glyph(used, parsed, glyph, widths.get(code, float(default)), shown)

    def _glyph(self, used: _Used, parsed: truetype.TrueType, glyph: int, width: float, shown: str) -> None:
        if glyph == 0:
            self.look.tell("PDFA-NOTDEF", shown)
        elif not used.is_visible:
            return
        elif glyph >= parsed.glyphs:
            self.look.tell("PDFA-GLYPHE-ABSENT", shown)
        elif abs(parsed.width(glyph) - width) > 1.0:
            self.look.tell("PDFA-LARGEURS", shown)

    # ---- simple fonts ----

    def _simple(self, used: _Used, kind: str, shown: str) -> None:
        font = used.font
        if shown not in _STANDARD or font.get("/Widths") is not None:
            self._widths(font, shown)
        descriptor = font.get("/FontDescriptor")
        program = self._embedded(used, descriptor, shown)
        # The encodings with a name have no control characters.
        if str(font.get("/Encoding")) in _SAID and min(used.bytes(), default=32) < 32:
            self.look.tell("PDFA-NOTDEF", shown)
        if kind != "TrueType" or program is None:
            return
        flags = descriptor.get("/Flags", 0)
        is_symbolic = isinstance(flags, int) and bool(flags & 4)
        data = unpacked(program, _MAX_FONT)
        parsed = truetype.read(data) if data is not None else None
        encoding = font.get("/Encoding")
        base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
        if is_symbolic:
            if encoding is not None:
                self.look.tell("PDFA-ENCODAGE", shown)
            if parsed is not None and len(parsed.cmaps) > 1 and (3, 0) not in parsed.cmaps:
                self.look.tell("PDFA-ENCODAGE", shown)
        else:
            if base not in ("/WinAnsiEncoding", "/MacRomanEncoding"):
                self.look.tell("PDFA-ENCODAGE", shown)
            elif isinstance(encoding, Dictionary) and encoding.get("/Differences") is not None:
                if parsed is not None and (3, 1) not in parsed.cmaps:
                    self.look.tell("PDFA-ENCODAGE", shown)
                return
        if parsed is not None:
            self._simple_glyphs(used, parsed, None if is_symbolic else str(base), shown)

    def _simple_glyphs(self, used: _Used, parsed: truetype.TrueType, base: str | None, shown: str) -> None:
        font = used.font
        first, widths = font.get("/FirstChar"), font.get("/Widths")
        if not isinstance(first, int) or not isinstance(widths, Array):
            return
        table = _table(parsed, base)
        rows = list(widths)[:256]
        for code in used.bytes() if table is not None else ():
            glyph = _glyph_of(table or {}, code, base)
            if glyph is not None and first <= code < first + len(rows):
                self._glyph(used, parsed, glyph, float(rows[code - first]), shown)


def _table(parsed: truetype.TrueType, base: str | None) -> dict[int, int] | None:
    """The table a simple font's characters are looked up in; None when the probe cannot tell."""
    if base is not None:
        return parsed.cmap(3, 1) or None
    if (3, 0) in parsed.cmaps:
        return parsed.cmap(3, 0)
    return parsed.cmap(1, 0) if len(parsed.cmaps) == 1 else None


def _glyph_of(table: dict[int, int], code: int, base: str | None) -> int | None:
    """The glyph of a one-byte character; None when the probe cannot tell."""
    if base is None:
        return next((table[page + code] for page in (0, 0xF000, 0xF100, 0xF200) if page + code in table), 0)
    if code < 32:
        return None
    codec = "cp1252" if base == "/WinAnsiEncoding" else "mac_roman"
    character = bytes((code,)).decode(codec, "replace")
    if character == "\ufffd":
        return None
    point = {_NO_BREAK: 0x20, _SOFT_HYPHEN: 0x2D}.get(ord(character), ord(character))
    return table.get(ord(character)) or table.get(point)  # none: glyph names may still tell


def _is_mute(font: Any, kind: str) -> bool:
    """Whether nothing says which characters the glyphs of a font without ToUnicode are."""
    encoding = font.get("/Encoding")
    if kind == "Type0":
        rows = font.get("/DescendantFonts")
        child = rows[0] if isinstance(rows, Array) and len(rows) else None
        system = child.get("/CIDSystemInfo") if isinstance(child, Dictionary) else None
        if _text(system, "/Ordering") in _COLLECTIONS and _text(system, "/Registry") == "Adobe":
            return False
        return not isinstance(encoding, Name) or not CMAPS.get(str(encoding).lstrip("/"))
    if isinstance(encoding, Dictionary):
        differences = encoding.get("/Differences")
        names = [str(name) for name in differences if isinstance(name, Name)] if isinstance(differences, Array) else []
        return any(_MUTE.fullmatch(name) for name in names)
    return encoding is None and kind == "TrueType"


def _text(system: Any, key: str) -> str:
    value = system.get(key) if isinstance(system, Dictionary) else None
    return str(value) if isinstance(value, String | str) else ""


def _plain(token: bytes) -> bytes:
    """The bytes a string of a content stream stands for."""
    if token.startswith(b"<"):
        digits = token[1:-1].translate(None, b"\0\t\n\x0c\r ")
        try:
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("latin-1"))
        except ValueError:
            return b""
    return _ESCAPE.sub(_unescaped, token[1:-1]) if b"\\" in token else token[1:-1]


def _unescaped(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    if escape[:1].isdigit() and escape[:1] < b"8":
        return bytes((int(escape, 8) & 0xFF,))
    return b"" if escape in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(escape, escape)


def _cid_widths(rows: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    parts = list(rows)[:200_000] if isinstance(rows, Array) else []
    at = 0
    while at + 1 < len(parts) and len(found) < 70_000:
        first, second = parts[at], parts[at + 1]
        if not isinstance(first, int):
            break
        if isinstance(second, Array):
            for row, width in enumerate(second):
                found[first + row] = float(width)
            at += 2
        elif at + 2 < len(parts):
            width = float(parts[at + 2])
            for code in range(first, min(int(second), first + 70_000) + 1):
                found[code] = width
            at += 3
        else:
            break
    return found
