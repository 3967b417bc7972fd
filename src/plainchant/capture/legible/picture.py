"""Lays a scan or a photo on a page, upright, so that the recipient opens it as any other document."""

from __future__ import annotations

import base64
import io
import json
from datetime import datetime
from pathlib import Path

import typst
from PIL import Image

from plainchant.capture.picture import open_colour_pages

_TEMPLATE = Path(__file__).with_name("picture.typ").read_bytes()
# 200 points an inch on A4: print of eight points stays legible, and the copy weighs less than a megabyte.
_LONG_SIDE = 2340
_QUALITY = 82


def draw_picture(data: bytes, *, title: str, at: datetime) -> bytes:
    """A PDF/A-3 that shows a picture on A4 as its EXIF says it is to be seen, a page for each of its own; wide pictures
    lie on a page laid wide.

    Raises UnreadablePicture. The same picture at the same instant gives the same bytes.
    """
    about = {
        "title": title,
        "pictures": json.dumps([_described(page) for page in open_colour_pages(data, long_side=_LONG_SIDE)]),
        "year": str(at.year),
        "month": str(at.month),
        "day": str(at.day),
    }
    # A compiler of its own, as for a workbook: typst would keep every picture.
    compiler = typst.Compiler(ignore_system_fonts=True)
    made = compiler.compile(_TEMPLATE, format="pdf", sys_inputs=about, pdf_standards=["a-3b"])
    return made if isinstance(made, bytes) else b""


def _described(picture: Image.Image) -> dict[str, object]:
    """A picture as the template takes it: in an SVG, as a file would have to be written where nothing can be."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    width, height = picture.size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image width="{width}" '
        f'height="{height}" href="data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"/></svg>'
    )
    return {"is_wide": width > height, "svg": svg}
