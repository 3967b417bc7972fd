"""The list of layouts, which importing their modules fills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .invoice import Invoice
from .pen import Pen

Drawing = Callable[[Invoice, Pen], str | bytes]  # HTML as text, or the bytes of a .docx, an .xlsx or a PDF


@dataclass(frozen=True)
class Layout:
    """How one program prints an invoice. Each seed takes the next of its kinds."""

    name: str
    tool: str  # a key of `printing.TOOLS`
    split: str  # "tune", "held" or "apart"
    kinds: tuple[str, ...]
    draw: Drawing


LAYOUTS: list[Layout] = []


def layout(tool: str, split: str, kinds: str) -> Callable[[Drawing], Drawing]:
    """Put the function that follows on the list."""

    def add(draw: Drawing) -> Drawing:
        LAYOUTS.append(Layout(draw.__name__, tool, split, tuple(kinds.split()), draw))
        return draw

    return add
