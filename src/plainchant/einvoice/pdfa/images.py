"""Images (clause 6.2.8), the boxes of JPEG 2000 included."""

from __future__ import annotations

from typing import Any, Final

from pikepdf import Array, Stream

from .look import Observations

_INTENTS: Final = frozenset(("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"))
_MAX_BOXES = 200
_CIE_JAB = 19


def look_at_image(look: Observations, image: Any) -> None:
    for key in ("/Alternates", "/OPI"):
        if image.get(key) is not None:
            look.tell("PDFA-IMAGE", key.lstrip("/"))
    if image.get("/Interpolate") is True:
        look.tell("PDFA-IMAGE", "Interpolate")
    if image.get("/Intent") is not None and str(image.get("/Intent")) not in _INTENTS:
        look.tell("PDFA-RENDU", str(image.get("/Intent")).lstrip("/"))
    bits = image.get("/BitsPerComponent")
    filters = image.get("/Filter")
    last = filters[-1] if isinstance(filters, Array) and len(filters) else filters
    if last == "/JPXDecode":
        data = bytes(image.read_raw_bytes())
        if not isinstance(filters, Array) or len(filters) == 1:
            _jpeg2000(look, data)
    elif image.get("/ImageMask") is True:
        if bits not in (None, 1):
            look.tell("PDFA-IMAGE", f"BitsPerComponent = {bits}")
    elif bits is not None and bits not in (1, 2, 4, 8, 16):
        look.tell("PDFA-IMAGE", f"BitsPerComponent = {bits}")
    for key in ("/SMask", "/Mask"):
        mask = image.get(key)
        if isinstance(mask, Stream) and mask.get("/SMask") is None:
            look_at_image(look, mask)


def _boxes(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    found: list[tuple[bytes, int, int]] = []
    while start + 8 <= end and len(found) < _MAX_BOXES:
        size, kind, body = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop > end or stop < body:
            break
        found.append((kind, body, stop))
        start = stop
    return found


def _jpeg2000(look: Observations, data: bytes) -> None:
    header = next((row for row in _boxes(data, 0, len(data)) if row[0] == b"jp2h"), None)
    if header is None:
        return  # a bare code stream: its own header is not read
    colours = []
    channels, depths = 0, []
    for kind, body, stop in _boxes(data, header[1], header[2]):
        if kind == b"ihdr":
            channels, depth = int.from_bytes(data[body + 8 : body + 10], "big"), data[body + 10 : body + 11]
            if depth != b"\xff":
                depths += list(depth)
        elif kind == b"bpcc":
            depths += list(data[body:stop])
        elif kind == b"colr":
            colours.append((data[body], data[body + 2], int.from_bytes(data[body + 3 : body + 7], "big")))
    if channels not in (1, 3, 4):
        look.tell("PDFA-JPEG2000", f"{channels} canaux")
    if len(colours) > 1 and sum(approximation == 1 for _, approximation, _ in colours) != 1:
        look.tell("PDFA-JPEG2000", "colr")
    if any(method not in (1, 2, 3) for method, _, _ in colours):
        look.tell("PDFA-JPEG2000", "METH")
    if any(method == 1 and space == _CIE_JAB for method, _, space in colours):
        look.tell("PDFA-JPEG2000", "CIEJab")
    if any((depth & 0x7F) + 1 > 38 for depth in depths) or len(set(depths)) > 1:
        look.tell("PDFA-JPEG2000", "profondeur")
