"""Draws a text document: its paragraphs and tables on A4, so that the recipient has something to read everywhere.

Fonts, colours and pictures are left out. What is read of it is read on this drawing, where everybody sees it.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from plainchant.capture.blocks import Block, Paragraph, Table
from plainchant.capture.letter import Letter
from plainchant.einvoice.drawing.glyphs import with_holes

_TEMPLATE = Path(__file__).with_name("letter.typ").read_bytes()


def draw_letter(letter: Letter, *, title: str, at: datetime) -> bytes:
    """A PDF/A-3 of it; `title` (a file name) is the document's, `at` the date that the file gives.

    The same document at the same instant gives the same bytes.
    """
    dates = {"year": str(at.year), "month": str(at.month), "day": str(at.day)}
    parts = {"head": letter.head, "body": letter.body, "foot": letter.foot}
    data = {"title": title, **{name: [_shown(block) for block in blocks] for name, blocks in parts.items()}}

    def compiled(letter_json: str, has_holes: bool) -> bytes:
        # A compiler of its own: typst keeps what it laid out, and no two documents are alike.
        inputs = {"letter": letter_json, **dates}
        compiler = typst.Compiler(_TEMPLATE, ignore_system_fonts=True, sys_inputs=inputs)
        made = compiler.compile(_TEMPLATE, format="pdf", pdf_standards=["a-3b"])
        return made if isinstance(made, bytes) else b""

    pdf, _ = with_holes(compiled, json.dumps(data, ensure_ascii=False))
    return pdf


def _shown(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"cells": block.cells, "align": block.align}
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    count = max((sum(cell.columns for cell in row) for row in table.rows), default=1)
    widths = list(table.widths) if len(table.widths) == count and all(table.widths) else [1.0] * count
    rows = []
    for row in table.rows:
        cells = [{"blocks": [_shown(block) for block in cell.blocks], "columns": cell.columns} for cell in row]
        missing = count - sum(cell.columns for cell in row)
        rows.append([*cells, {"blocks": [], "columns": missing}] if missing else cells)
    return {"rows": rows, "widths": widths}
