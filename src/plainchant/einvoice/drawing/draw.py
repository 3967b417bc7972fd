"""Draws an invoice: typst lays the page out as PDF/A-3, the XML is put inside.

typst keeps what it computed for the next page: a compiler drawn from for ever would grow without end, so it is made
again every few hundred drawings.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path

import typst

from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF, Profile
from plainchant.einvoice.syntaxes.facturx.describe import DESCRIPTION, described

from .glyphs import with_holes
from .look import PLAIN, Look, LookRefused
from .sheet import Sheet

_TEMPLATE = Path(__file__).with_name("invoice.typ")
_RECYCLED_AFTER = 200  # drawings
_RECYCLED_AFTER_LINES = 5_000  # a long invoice leaves as much behind as many short ones
_LOCK = threading.Lock()
_BROKEN_LOGO = "Ce logo est abîmé. Enregistrez-le de nouveau au format PNG, puis choisissez-le."


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
    if xml is not None:
        inputs |= {
            "xml": xml.decode(),
            "relationship": profile.relationship.lower(),
            "description": DESCRIPTION,
        }

    def compiled(sheet: str, has_holes: bool) -> bytes:
        told = {"sheet": sheet, "holes": "yes" if has_holes else ""}
        made = _compiler(len(invoice.lines)).compile(format="pdf", sys_inputs=inputs | told, pdf_standards=["a-3b"])
        return made if isinstance(made, bytes) else b""  # a PDF is one file: only pictures come as a list

    with _LOCK:
        try:
            pdf = with_holes(compiled, json.dumps(Sheet(invoice).data(), ensure_ascii=False))
        except typst.TypstError as error:
            if look.logo and "image" in str(error):
                raise LookRefused(_BROKEN_LOGO, field="logo") from error
            raise
    return pdf if xml is None else described(pdf, profile=profile)


def _compiler(lines: int) -> typst.Compiler:
    if _Drawer.compiler is None or _Drawer.drawings >= _RECYCLED_AFTER or _Drawer.lines >= _RECYCLED_AFTER_LINES:
        _Drawer.compiler = typst.Compiler(str(_TEMPLATE), ignore_system_fonts=True)
        _Drawer.drawings = _Drawer.lines = 0
    _Drawer.drawings += 1
    _Drawer.lines += lines
    return _Drawer.compiler
