"""What the pages draw (clause 6.2): their content streams are gone through operator by operator, following what they
use — forms, patterns, images, fonts, graphics states — and nothing that is only lying in the resources.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream

from .colour import Colours, is_icc_cmyk
from .fonts import PART, Fonts
from .images import look_at_image
from .look import Observations
from .states import look_at_state

_SPACE = rb"[\0\t\n\x0c\r ]"
_TOKEN = re.compile(
    # paths and positions, which no rule looks at, in one stride
    rb"(?:(?:(?<![0-9.])[-+]?(?:[0-9]{1,9}(?:\.[0-9]*+)?|\.[0-9]++)" + _SPACE + rb"++)*+"
    rb"(?:re|cm|[mlcvyhnwJjMi]|W\*?|T[dDmczLs*])(?=" + _SPACE + rb")" + _SPACE + rb"++)++"
    # a row of strings to show
    rb"|(?P<row>\[(?:[^\[\]()<>%/]++|\((?:[^()\\]|\\[\s\S])*+\)|<[0-9A-Fa-f\s]*+>)*+\]"
    + _SPACE
    + rb"*+TJ(?![A-Za-z0-9'\"*]))"
    rb"|(?P<name>/[^\0\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<word>[A-Za-z'\"][A-Za-z0-9'\"*]*)"
    rb"|(?P<string>\((?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S])*+\))*+\))*+\))"
    rb"|(?P<hex>(?<!<)<(?!<)[^<>]*+>)|%[^\r\n]*+"
    rb"|(?P<mode>[0-9](?=[\0\t\n\x0c\r ]+Tr\b))"
    rb"|(?P<long>(?<![0-9.])[0-9]{10,}(?![0-9.]))"
)
OPERATORS: Final = frozenset(
    b"b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re "
    b"RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \" true false null".split()
)
_DEVICE: Final = {
    b"g": ("/DeviceGray", 0),
    b"G": ("/DeviceGray", 1),
    b"rg": ("/DeviceRGB", 0),
    b"RG": ("/DeviceRGB", 1),
    b"k": ("/DeviceCMYK", 0),
    b"K": ("/DeviceCMYK", 1),
}
_FILLS: Final = frozenset((b"f", b"F", b"f*", b"b", b"b*", b"B", b"B*"))
_STROKES: Final = frozenset((b"S", b"s", b"b", b"b*", b"B", b"B*"))
_SHOWS: Final = frozenset((b"Tj", b"TJ", b"'", b'"'))
INTENTS: Final = frozenset(("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"))
_INLINE_KEY: Final = {b"/F": b"/Filter", b"/CS": b"/ColorSpace", b"/IM": b"/ImageMask", b"/I": b"/Interpolate"}
_INLINE_FILTERS: Final = frozenset(
    "/ASCIIHexDecode /AHx /ASCII85Decode /A85 /FlateDecode /Fl /RunLengthDecode /RL /CCITTFaxDecode /CCF "
    "/DCTDecode /DCT".split()
)
_INLINE_PAIR = re.compile(rb"(/[A-Za-z]+)[\0\t\n\x0c\r ]*(\[[^\]]*\]|/[^\s/\[\]<>]+|[^\s/\[\]<>]+)")
_BEGIN_OF_IMAGE = re.compile(rb"(?<=[\0\t\n\x0c\r \]>])ID[\0\t\n\x0c\r ]")
_END_OF_IMAGE = re.compile(rb"[\0\t\n\x0c\r ]EI(?=[\0\t\n\x0c\r ]|$)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\n\r\0\x0c"
_MAX_DEPTH = 16
_MAX_Q = 28


class _State:
    """The graphics state, as far as a rule asks for it."""

    __slots__ = ("fill", "font", "is_over_fill", "is_over_stroke", "mode", "overprint_mode", "stroke")

    def __init__(self) -> None:
        self.fill: Any = "/DeviceGray"
        self.stroke: Any = "/DeviceGray"
        self.font: Any = None
        self.mode = 0
        self.overprint_mode: Any = 0
        self.is_over_fill = False
        self.is_over_stroke = False

    def copy(self) -> _State:
        other = _State()
        for name in _State.__slots__:
            setattr(other, name, getattr(self, name))
        return other


class Contents:
    """Goes through the content streams of a file, each form once."""

    def __init__(self, look: Observations, colours: Colours, fonts: Fonts) -> None:
        self.look = look
        self.colours = colours
        self.fonts = fonts
        self.is_transparent = False  # whether the page looked at uses transparency
        self._seen: set[tuple[int, int]] = set()
        self._transparent: set[tuple[int, int]] = set()

    def page(self, page: Any, resources: Any, *, is_own: bool) -> bytes:
        """A page; ``resources`` may be inherited, ``is_own`` says that they are not."""
        contents = page.get("/Contents")
        parts = list(contents)[:10_000] if isinstance(contents, Array) else [contents]
        pieces = []
        for part in parts:
            data = self._read(part) if isinstance(part, Stream) else None
            if data is not None:
                pieces.append(data)
        data = b"\n".join(pieces)
        self._run(data, resources, _State(), 0, is_own=is_own)
        return data

    def _read(self, stream: Any) -> bytes | None:
        data = self.look.read(stream, self.look.content)
        if data is not None:
            self.look.content -= len(data)
        return data

    def form(self, stream: Any, resources: Any, state: _State | None = None, depth: int = 0) -> None:
        """A form, a pattern's cell, a glyph of a Type 3 font, an appearance; ``resources``: of what uses it."""
        if stream.objgen in self._transparent:
            self.is_transparent = True
        if depth > _MAX_DEPTH or stream.objgen in self._seen:
            return
        self._seen.add(stream.objgen)
        before, self.is_transparent = self.is_transparent, False
        look_at_form(self.look, stream)
        group = stream.get("/Group")
        if isinstance(group, Dictionary) and group.get("/S") == "/Transparency":
            self.is_transparent = True
            self.group(group, resources)
        own = stream.get("/Resources")
        data = self._read(stream)
        if data is not None:
            has_own = isinstance(own, Dictionary)
            used = own if has_own else resources
            self._run(data, used, state.copy() if state else _State(), depth + 1, is_own=has_own)
        if self.is_transparent:
            self._transparent.add(stream.objgen)
        self.is_transparent = self.is_transparent or before

    def group(self, group: Any, resources: Any) -> None:
        space = group.get("/CS")
        if space is not None:
            self.colours.use(space, resources)

    def _run(self, data: bytes, resources: Any, state: _State, depth: int, *, is_own: bool) -> None:
        look, at, name, words = self.look, 0, b"", 0
        stack: list[_State] = []
        search, operators = _TOKEN.search, OPERATORS
        texts: list[bytes] = []
        while True:
            match = search(data, at)
            if match is None:
                break
            at = match.end()
            kind = match.lastgroup
            if kind == "name":
                name = match[0]
                if len(name) > 128:
                    look.tell("PDFA-LIMITES")
            elif kind == "word":
                word = match[0]
                words += 1
                if word == b"q":
                    if len(stack) < 10_000:
                        stack.append(state.copy())
                    if len(stack) > _MAX_Q:
                        look.tell("PDFA-LIMITES", "q")
                elif word == b"Q":
                    if stack:
                        state = stack.pop()
                elif word == b"BI":
                    at = self._inline(data, at, resources, state)
                elif word not in operators:
                    look.tell("PDFA-OPERATEUR", word.decode("latin-1"))
                elif word in _ACTIVE:
                    self._operator(word, name, resources, state, texts, depth, is_own)
                    texts.clear()
                if words > look.operators:
                    look.unseen.add("pages")
                    break
            elif kind == "string" or kind == "hex":
                if kind == "hex" and _is_odd(match[0]):
                    look.tell("PDFA-HEXA")
                if len(texts) < 10_000:
                    texts.append(match[0])
                if len(match[0]) > 32_767:
                    look.tell("PDFA-LIMITES")
            elif kind == "row":
                words += 1
                row = match[0]
                if b"<" in row and any(text[:1] == b"<" and _is_odd(text) for text in PART.findall(row)):
                    look.tell("PDFA-HEXA")
                self._show(resources, state, [*texts, row], depth)
                texts.clear()
            elif kind == "mode":
                state.mode = int(match[0])
            elif kind == "long" and int(match[0][:20]) > 2_147_483_647:
                look.tell("PDFA-LIMITES")
        look.operators -= words

    def _operator(
        self,
        word: bytes,
        raw: bytes,
        resources: Any,
        state: _State,
        texts: list[bytes],
        depth: int,
        is_own: bool,
    ) -> None:
        if word in _DEVICE:
            space, is_stroke = _DEVICE[word]
            self.colours.use(space, resources)
            if is_stroke:
                state.stroke = space
            else:
                state.fill = space
        elif word in _SHOWS:
            self._show(resources, state, texts, depth)
        elif word in _FILLS or word in _STROKES:
            if word in _FILLS:
                self._paint(state.fill, state, resources, is_stroke=False)
            if word in _STROKES:
                self._paint(state.stroke, state, resources, is_stroke=True)
        else:
            name = _ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), raw).decode("utf-8", "surrogateescape")
            self._named(word, name, resources, state, depth, is_own)

    def _named(self, word: bytes, name: str, resources: Any, state: _State, depth: int, is_own: bool) -> None:
        if word == b"Tf":
            state.font = self._resource(resources, "/Font", name, is_own)
        elif word == b"gs":
            found = self._resource(resources, "/ExtGState", name, is_own)
            if isinstance(found, Dictionary):
                self._apply(found, resources, state, depth)
        elif word == b"Do":
            found = self._resource(resources, "/XObject", name, is_own)
            if isinstance(found, Stream):
                self._object(found, resources, state, depth)
        elif word in (b"cs", b"CS"):
            found = name
            if name not in ("/DeviceRGB", "/DeviceCMYK", "/DeviceGray", "/Pattern"):
                found = self._resource(resources, "/ColorSpace", name, is_own)
            if word == b"cs":
                state.fill = found
            else:
                state.stroke = found
        elif word in (b"scn", b"SCN"):
            space = state.fill if word == b"scn" else state.stroke
            first = space[0] if isinstance(space, Array) and len(space) else space
            if first == "/Pattern":
                found = self._resource(resources, "/Pattern", name, is_own)
                if found is not None:
                    self._pattern(found, resources, state, depth)
        elif word == b"sh":
            found = self._resource(resources, "/Shading", name, is_own)
            if found is not None:
                self.colours.use(found.get("/ColorSpace"), resources)
        elif word == b"ri" and name not in INTENTS:
            self.look.tell("PDFA-RENDU", name.lstrip("/"))

    def _resource(self, resources: Any, kind: str, name: str, is_own: bool) -> Any:
        group = resources.get(kind) if isinstance(resources, Dictionary) else None
        try:
            found = group.get(name) if isinstance(group, Dictionary) and len(name) > 1 else None
        except (ValueError, UnicodeEncodeError):
            found = None
        if found is None or not is_own:
            self.look.tell("PDFA-RESSOURCES", name.lstrip("/").encode("utf-8", "replace").decode())
        return found

    def _paint(self, space: Any, state: _State, resources: Any, *, is_stroke: bool) -> None:
        if space is None:
            return
        self.colours.use(space, resources)
        is_over = state.is_over_stroke if is_stroke else state.is_over_fill
        if is_over and state.overprint_mode == 1 and is_icc_cmyk(space):
            self.look.tell("PDFA-SURIMPRESSION")

    def _show(self, resources: Any, state: _State, texts: list[bytes], depth: int) -> None:
        font = state.font
        if font is None or not isinstance(font, Dictionary):
            return
        if font.get("/Subtype") == "/Type3":
            self._type3(font, resources, state, depth)
        elif state.mode != 3:
            if state.mode in (0, 2, 4, 6):
                self._paint(state.fill, state, resources, is_stroke=False)
            if state.mode in (1, 2, 5, 6):
                self._paint(state.stroke, state, resources, is_stroke=True)
        self.fonts.use(font, texts, is_visible=state.mode != 3)

    def _type3(self, font: Any, resources: Any, state: _State, depth: int) -> None:
        if font.objgen in self._seen and font.is_indirect:
            return
        self._seen.add(font.objgen)
        glyphs = font.get("/CharProcs")
        own = font.get("/Resources")
        for _, glyph in list(glyphs.items())[:1000] if isinstance(glyphs, Dictionary) else ():
            if isinstance(glyph, Stream) and glyph.objgen not in self._seen:
                self._seen.add(glyph.objgen)
                data = self._read(glyph)
                if data is not None and depth < _MAX_DEPTH:
                    has_own = isinstance(own, Dictionary)
                    self._run(data, own if has_own else resources, state.copy(), depth + 1, is_own=has_own)

    def _apply(self, found: Any, resources: Any, state: _State, depth: int) -> None:
        if look_at_state(self.look, found):
            self.is_transparent = True
        state.overprint_mode = found.get("/OPM", state.overprint_mode)
        stroke = found.get("/OP")
        fill = found.get("/op")
        if isinstance(stroke, bool):
            state.is_over_stroke = stroke
            state.is_over_fill = stroke
        if isinstance(fill, bool):
            state.is_over_fill = fill
        font = found.get("/Font")
        if isinstance(font, Array) and len(font):
            state.font = font[0]
        mask = found.get("/SMask")
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream):
            self.form(mask.G, resources, None, depth)

    def _object(self, found: Any, resources: Any, state: _State, depth: int) -> None:
        kind = found.get("/Subtype")
        if kind == "/Form":
            self.form(found, resources, state, depth)
        elif kind == "/Image":
            if found.get("/SMask") is not None or found.get("/SMaskInData", 0) != 0:
                self.is_transparent = True
            if found.get("/ImageMask") is True:
                self._paint(state.fill, state, resources, is_stroke=False)
            elif found.get("/ColorSpace") is not None:
                self._paint(found.get("/ColorSpace"), state, resources, is_stroke=False)
            if found.objgen not in self._seen:
                self._seen.add(found.objgen)
                look_at_image(self.look, found)
        else:
            look_at_form(self.look, found)

    def _pattern(self, found: Any, resources: Any, state: _State, depth: int) -> None:
        if isinstance(found, Stream):
            self.form(found, resources, None, depth)
        elif isinstance(found, Dictionary):
            shading = found.get("/Shading")
            if isinstance(shading, Dictionary | Stream):
                self.colours.use(shading.get("/ColorSpace"), resources)
            extra = found.get("/ExtGState")
            if isinstance(extra, Dictionary):
                self._apply(extra, resources, state.copy(), depth)

    def _inline(self, data: bytes, at: int, resources: Any, state: _State) -> int:
        """An inline image; the position after it."""
        begin = _BEGIN_OF_IMAGE.search(data, at, at + 4000)
        if begin is None:
            return at
        pairs = _INLINE_PAIR.findall(data, at, begin.start())
        entries = {_INLINE_KEY.get(key, key): value for key, value in pairs}
        for name in re.findall(rb"/[A-Za-z0-9]+", entries.get(b"/Filter", b"")):
            if name.decode() not in _INLINE_FILTERS:
                self.look.tell("PDFA-IMAGE-EN-LIGNE", name.decode().lstrip("/"))
        if entries.get(b"/Interpolate") == b"true":
            self.look.tell("PDFA-IMAGE", "Interpolate")
        if entries.get(b"/Intent") is not None and entries[b"/Intent"].decode("latin-1") not in INTENTS:
            self.look.tell("PDFA-RENDU", entries[b"/Intent"].decode("latin-1"))
        if entries.get(b"/ImageMask") == b"true":
            self._paint(state.fill, state, resources, is_stroke=False)
        elif b"/ColorSpace" in entries:
            names = re.findall(rb"/[A-Za-z0-9_.-]+", entries[b"/ColorSpace"])
            if names:
                last = names[1] if names[0] in (b"/I", b"/Indexed") and len(names) > 1 else names[0]
                self.colours.use(last.decode(), resources)
        for end in _END_OF_IMAGE.finditer(data, begin.end() - 1):
            if not data[end.end() : end.end() + 12].translate(None, _PRINTABLE):
                return end.end()
        return len(data)


_ACTIVE: Final = frozenset(
    {*_DEVICE, *_SHOWS, *_FILLS, *_STROKES, b"Tf", b"gs", b"Do", b"cs", b"CS", b"scn", b"SCN", b"sh", b"ri"}
)


def _is_odd(text: bytes) -> bool:
    digits = text[1:-1].translate(None, b"\0\t\n\x0c\r ")
    return len(digits) % 2 == 1 or bool(digits.strip(b"0123456789abcdefABCDEF"))


def look_at_form(look: Observations, stream: Any) -> None:
    kind = stream.get("/Subtype")
    if kind == "/PS" or stream.get("/Subtype2") == "/PS" or stream.get("/PS") is not None:
        look.tell("PDFA-XOBJET", "PS")
    for key in ("/OPI", "/Ref"):
        if stream.get(key) is not None:
            look.tell("PDFA-XOBJET", key.lstrip("/"))
    if isinstance(kind, Name) and kind not in ("/Form", "/Image", "/PS"):
        look.tell("PDFA-XOBJET", str(kind).lstrip("/"))
