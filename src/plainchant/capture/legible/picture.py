"""Lays a scan or a photo on a page, upright, so that the recipient opens it as any other document."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import typst

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
    dates = {"year": str(at.year), "month": str(at.month), "day": str(at.day)}
    # typst takes pictures from files only. In the reader process the temporary folder is its own.
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.typ")
        page.write_bytes(_TEMPLATE)
        wide = []
        for rank, picture in enumerate(open_colour_pages(data, long_side=_LONG_SIDE)):
            picture.save(page.with_name(f"{rank}.jpg"), "JPEG", quality=_QUALITY)
            wide.append("w" if picture.width > picture.height else "h")
        # A compiler of its own, as for a workbook: typst would keep every picture.
        compiler = typst.Compiler(str(page), root=folder, ignore_system_fonts=True)
        about = {"title": title, "pages": "".join(wide), **dates}
        made = compiler.compile(format="pdf", sys_inputs=about, pdf_standards=["a-3b"])
    return made if isinstance(made, bytes) else b""
