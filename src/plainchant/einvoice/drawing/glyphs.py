"""Letters that the fonts of the page do not have: PDF/A refuses them, so each becomes a square.

Only the fonts inside typst are used: the same invoice gives the same bytes on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import typst

HOLE = "\u25a1"  # an empty square, as a font has for what it lacks
_TRIES = 2
_NO_GLYPH = re.compile(r"the text [`\"]+(.*?)[`\"]+ could not be displayed")
# Letters that the fonts inside typst have: Latin, Greek, Cyrillic, punctuation, currencies, a few signs.
_SAFE = re.compile(
    r"[^\n\u0020-\u007e\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f\u200b\u2013\u2014\u2018-\u201e\u2026"
    r"\u202f\u20ac\u2212\u25a1]"
)


def with_holes(compiled: Callable[[str, bool], bytes], data: str, *, has_holes: bool = False) -> tuple[bytes, bool]:
    """What ``compiled`` makes of ``data``, JSON, and whether letters had to become squares. Raises TypstError.

    ``has_holes``: whether some had to before, in another part of the same document.
    """
    for attempt in range(_TRIES + 1):
        try:
            return compiled(data, has_holes), has_holes
        except typst.TypstError as error:
            lacking = _NO_GLYPH.search(str(error))
            if lacking is None or attempt == _TRIES:
                raise
            # First the letters that typst names; then, as it may name only some, all that is unusual.
            has_holes = True
            data = _without(data, lacking[1] if attempt < _TRIES - 1 else "")
    raise AssertionError("unreachable")


def _without(data: str, lacking: str) -> str:
    cleaned = "".join(HOLE if letter in lacking and not letter.isascii() else letter for letter in data)
    return cleaned if cleaned != data else _SAFE.sub(HOLE, data)
