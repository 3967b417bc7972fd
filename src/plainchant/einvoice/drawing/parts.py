"""A long invoice is drawn in parts, so that the memory it takes does not grow with its lines.

typst keeps the whole document it lays out, some 130 kB a row: ten thousand lines would take more than a reader process
is given. Each part is a document of its own; joined, they are one file with one numbering.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from plainchant.einvoice.drawing.facturx import with_level

LINES_A_PART = 800
# What of the sheet stands behind the lines, and is said once: in the last part.
_BEHIND: dict[str, Any] = {
    "taxes": [],
    "totals": [],
    "payable": None,
    "payment": [],
    "parties": [],
    "mentions": [],
    "attachments": [],
    "others": [],
}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Some lines of a sheet, with what stands before or behind them if they are the first or the last."""

    sheet: dict[str, Any]
    is_first: bool
    is_last: bool
    carried: str | None  # the running total of the lines before, as written

    @property
    def is_whole(self) -> bool:
        return self.is_first and self.is_last

    def place(self, *, pages_before: int) -> dict[str, Any]:
        """What the template asks about the part."""
        return {
            "is_first": self.is_first,
            "is_last": self.is_last,
            "is_whole": self.is_whole,
            "carried": self.carried,
            "pages_before": pages_before,
        }


def parts_of(sheet: dict[str, Any]) -> Iterator[SheetPart]:
    """A sheet (`PageContent.data`) in parts of at most ``LINES_A_PART`` lines, one part at least."""
    lines = sheet["lines"]
    starts = range(0, len(lines), LINES_A_PART) if lines else range(1)
    for start in starts:
        is_last = start + LINES_A_PART >= len(lines)
        yield SheetPart(
            sheet={**sheet, **({} if is_last else _BEHIND), "lines": lines[start : start + LINES_A_PART]},
            is_first=start == 0,
            is_last=is_last,
            carried=lines[start - 1]["running"] if start else None,
        )


def page_count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def joined(parts: Sequence[bytes], *, numbers: bytes, level: str | None) -> bytes:
    """The parts as one PDF/A-3, each page under its page of ``numbers``; a Factur-X of ``level`` if there is one.

    What belongs to the document (attached data, metadata, colours) is that of the first part.
    """
    with pikepdf.open(io.BytesIO(parts[0])) as whole, pikepdf.open(io.BytesIO(numbers)) as numbering:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as opened:
                whole.pages.extend(opened.pages)
        for page, number in zip(whole.pages, numbering.pages, strict=True):
            # `add_overlay` names what it adds at random; the same invoice gives the same bytes.
            form = whole.copy_foreign(number.as_form_xobject())
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.PageNumber)
            page.contents_add(b"q /PageNumber Do Q")
        if level is not None:
            metadata = whole.Root.Metadata
            metadata.write(with_level(metadata.read_bytes().decode(), level).encode())
        written = io.BytesIO()
        whole.save(written, deterministic_id=True)
    return written.getvalue()
