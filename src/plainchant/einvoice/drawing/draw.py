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

from plainchant.einvoice.formats.facturx.describe import DESCRIPTION, described
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF, Profile

from .sheet import Sheet

_TEMPLATE = Path(__file__).with_name("invoice.typ")
_RECYCLED_AFTER = 200  # drawings
_RECYCLED_AFTER_LINES = 5_000  # a long invoice leaves as much behind as many short ones
_LOCK = threading.Lock()


class _Drawer:
    compiler: typst.Compiler | None = None
    drawings = 0
    lines = 0


def draw(
    invoice: Invoice, *, at: datetime, xml: bytes | None = None, profile: Profile = PROFILE_OF["EN 16931"]
) -> bytes:
    """A PDF/A-3 of the invoice; with ``xml`` (a CII of ``profile``, in UTF-8), a Factur-X.

    ``at``: the date the file gives. The same invoice at the same instant gives the same bytes.
    ValueError when the profile has no Factur-X level.
    """
    inputs = {
        "sheet": json.dumps(Sheet(invoice).data(), ensure_ascii=False),
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
    with _LOCK:
        if _Drawer.compiler is None or _Drawer.drawings >= _RECYCLED_AFTER or _Drawer.lines >= _RECYCLED_AFTER_LINES:
            _Drawer.compiler = typst.Compiler(str(_TEMPLATE))
            _Drawer.drawings = _Drawer.lines = 0
        _Drawer.drawings += 1
        _Drawer.lines += len(invoice.lines)
        made = _Drawer.compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"])
    pdf = made if isinstance(made, bytes) else b""  # a PDF is one file: only pictures come as a list
    return pdf if xml is None else described(pdf, profile=profile)
