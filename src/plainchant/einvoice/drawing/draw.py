"""Draws an invoice: typst lays the page out as PDF/A-3, the XML is put inside.

typst keeps what it computed for the next page: a compiler drawn from for ever would grow without end, so it is made
again every few hundred drawings.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import partial
from pathlib import Path

import typst

from plainchant.einvoice.drawing.facturx import DESCRIPTION, described
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF, Profile

from .glyphs import with_holes
from .look import PLAIN, Look, LookRefused
from .parts import joined, page_count, parts_of
from .sheet import PageContent

# In memory: in the reader process, files may be out of reach. Given to each compilation: typst-py forgets it after one.
_TEMPLATE = Path(__file__).with_name("invoice.typ").read_bytes()
_NUMBERS = Path(__file__).with_name("page_numbers.typ").read_bytes()
_RECYCLED_AFTER = 200  # drawings
_RECYCLED_AFTER_LINES = 5_000  # a long invoice leaves as much behind as many short ones
_KEPT_DRAWINGS = 10  # typst-py evicts by age after each
_LOCK = threading.Lock()
_BROKEN_LOGO = "Ce logo est abîmé. Enregistrez-le de nouveau au format PNG."


class _Drawer:
    compiler: typst.Compiler | None = None
    drawings = 0
    lines = 0


def draw(
    invoice: Invoice,
    *,
    at: datetime,
    xml: bytes | None = None,
    profile: Profile = PROFILE_OF["EN 16931"],
    look: Look = PLAIN,
) -> bytes:
    """A PDF/A-3 of the invoice; with ``xml`` (a CII of ``profile``, in UTF-8), a Factur-X.

    ``at``: the date the file gives. ``look``: the sender's template, logo and colour; the invoice says the same in
    each. The same invoice at the same instant in the same look gives the same bytes. ValueError when the profile has
    no Factur-X level; LookRefused, which is one, when the logo is damaged.
    """
    inputs = {
        "look": json.dumps(look.data()),
        "year": str(at.year),
        "month": str(at.month),
        "day": str(at.day),
    }
    attached = {}
    if xml is not None:
        attached = {
            "xml": xml.decode(),
            "relationship": profile.relationship.lower(),
            "description": DESCRIPTION,
        }
    parts = list(parts_of(PageContent(invoice).data()))
    with _LOCK:
        try:
            pdfs, pages = [], 0
            has_holes = False
            for place, part in enumerate(parts):
                own = inputs | (attached if place == 0 else {})
                own["part"] = json.dumps(part.place(pages_before=pages))
                pdf, has_holes = with_holes(
                    partial(_compiled, own, len(part.sheet["lines"]), is_whole=part.is_whole),
                    json.dumps(part.sheet, ensure_ascii=False),
                    has_holes=has_holes,
                )
                pdfs.append(pdf)
                if not part.is_whole:
                    pages += page_count(pdf)
                    _forget()
        except typst.TypstError as error:
            if look.logo and "image" in str(error):
                raise LookRefused(_BROKEN_LOGO, field="logo") from error
            raise
        if len(pdfs) > 1:
            numbers = typst.compile(
                _NUMBERS,
                ignore_system_fonts=True,
                sys_inputs={"pages": str(pages)},
                pdf_standards=["a-3b"],
                pdf_tags=False,
            )
            return joined(pdfs, numbers=numbers, level=profile.level if xml is not None else None)
    return pdfs[0] if xml is None else described(pdfs[0], profile=profile)


def _compiled(inputs: dict[str, str], lines: int, sheet: str, has_holes: bool, *, is_whole: bool) -> bytes:
    # The tags of a part would be lost when the parts are joined; they take a third of the memory too.
    made = _compiler(lines).compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs=inputs | {"sheet": sheet, "holes": "yes" if has_holes else ""},
        pdf_standards=["a-3b"],
        pdf_tags=is_whole,
    )
    return made if isinstance(made, bytes) else b""  # a PDF is one file: only pictures come as a list


def _forget() -> None:
    """Has typst give back what it keeps of a part: it drops what its last ten drawings did not use."""
    small = typst.Compiler(ignore_system_fonts=True, sys_inputs={"pages": "1"})
    for _ in range(_KEPT_DRAWINGS + 1):
        small.compile(_NUMBERS, format="pdf")


def _compiler(lines: int) -> typst.Compiler:
    if _Drawer.compiler is None or _Drawer.drawings >= _RECYCLED_AFTER or _Drawer.lines >= _RECYCLED_AFTER_LINES:
        _Drawer.compiler = typst.Compiler(ignore_system_fonts=True)
        _Drawer.drawings = _Drawer.lines = 0
    _Drawer.drawings += 1
    _Drawer.lines += lines
    return _Drawer.compiler
