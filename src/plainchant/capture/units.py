"""The unit that a cell or a typed word names, as the table of units calls it: « heures », h, HUR."""

from __future__ import annotations

from plainchant.capture.lines import plain
from plainchant.einvoice.codes.units import OFFERED

_CODES = {plain(word): row.code for row in OFFERED for word in (row.label, row.printed, *row.words, row.code) if word}


def unit_named(text: str) -> str:
    """Its code (BT-130), "" for a word that is no unit."""
    word = plain(" ".join(text.split()))
    return _CODES.get(word) or _CODES.get(word.rstrip("s"), "")
