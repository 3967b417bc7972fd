"""In the disposable child: the pages that the portal makes itself, laid out from what the server hands over as JSON."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TypeVar

import typst

from plainchant.einvoice.drawing import Look, draw
from plainchant.einvoice.drawing.glyphs import with_holes
from plainchant.einvoice.making.authors.note import draw_note
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.reader.messages import InvoiceToDraw, NoteToDraw, PageToDraw
from plainchant.shapes import from_json

T = TypeVar("T")


def invoice(data: bytes, *, at: str) -> bytes:
    """A typed invoice as its Factur-X."""
    given = _given(InvoiceToDraw, data)
    composed = compose(given.sheet)
    look = Look(template=given.template, logo=base64.b64decode(given.logo), colour=given.colour)
    return draw(composed, at=datetime.fromisoformat(at), xml=write_cii(composed), look=look)


def note(data: bytes, *, at: str) -> bytes:
    """The note for the payer of a typed invoice."""
    given = _given(NoteToDraw, data)
    return draw_note(
        invoice=compose(given.sheet),
        situations=given.situations,
        dispense_year=given.dispense_year,
        at=datetime.fromisoformat(at),
    )


def page(data: bytes) -> bytes:
    """A template of the portal filled in, as a PDF/A."""
    given = _given(PageToDraw, data)

    def compiled(sheet: str, _has_holes: bool) -> bytes:
        made = typst.compile(
            given.template.encode(),
            format="pdf",
            sys_inputs={"sheet": sheet},
            pdf_standards=["a-2b", "ua-1"],
            ignore_system_fonts=True,
        )
        return made if isinstance(made, bytes) else b""

    return with_holes(compiled, given.sheet)[0]


def _given(kind: type[T], data: bytes) -> T:
    return from_json(kind, json.loads(data))
