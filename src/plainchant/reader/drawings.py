"""The pages that the portal makes itself, drawn in the disposable process: no server process lays one out.

typst keeps what it drew and a page of many lines takes hundreds of megabytes, which a process never gives back. Here
they go with the child, and what is too long ends as a sentence.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from plainchant.einvoice.drawing.look import Look
from plainchant.einvoice.making.composing import Sheet
from plainchant.shapes import to_json

from . import sandbox
from .flows import SECONDS_TO_DRAW
from .messages import InvoiceToDraw, NoteToDraw, PageToDraw
from .reasons import FailureReason, ReaderFailed

MAX_PDF_BYTES = 60 << 20


def draw_invoice(*, sheet: Sheet, look: Look, at: datetime) -> bytes:
    """The Factur-X of a typed invoice. The same sheet at the same instant in the same look gives the same bytes.

    Raises ReaderFailed, as all of these do: busy, or not_drawn when the page cannot be laid out.
    """
    logo = base64.b64encode(look.logo).decode()
    return _drawn("draw_invoice", InvoiceToDraw(sheet, look.template, look.colour, logo), {"at": at.isoformat()})


def draw_note(*, sheet: Sheet, situations: Sequence[str], dispense_year: int | None, at: datetime) -> bytes:
    """The note for the payer of a typed invoice, of an instant in Paris (`einvoice.making.authors.draw_note`)."""
    return _drawn("draw_note", NoteToDraw(sheet, list(situations), dispense_year), {"at": at.isoformat()})


def draw_page(*, template: Path, sheet: dict[str, Any]) -> bytes:
    """A typst template with its data, as a PDF/A-2b: the same data always give the same page."""
    return _drawn("draw_page", PageToDraw(template.read_text("utf-8"), json.dumps(sheet, ensure_ascii=False)), {})


def _drawn(task: str, message: object, options: dict[str, Any]) -> bytes:
    data = json.dumps(to_json(message), ensure_ascii=False).encode()
    try:
        pdf = sandbox.ask(
            task, data, options, seconds=SECONDS_TO_DRAW, max_bytes=MAX_PDF_BYTES, pool=sandbox.Pool.DRAWINGS
        )
    except ReaderFailed as failed:
        if failed.reason is FailureReason.BUSY:
            raise
        raise ReaderFailed(FailureReason.NOT_DRAWN) from failed
    if not pdf.startswith(b"%PDF-"):
        raise ReaderFailed(FailureReason.NOT_DRAWN)
    return pdf
