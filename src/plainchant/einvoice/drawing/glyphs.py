"""Letters that the fonts of the page do not have: PDF/A refuses them, so each becomes a square, and no other does.

Only the fonts inside typst are used: the same invoice gives the same bytes on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import typst

HOLE = "\u25a1"  # an empty square, as a font has for what it lacks
MAX_TRIED = 600  # different unusual letters of one document that are tried one by one
_PROBE = Path(__file__).with_name("glyphs.typ").read_bytes()
_NO_GLYPH = "could not be displayed"
# Letters that the fonts inside typst have: Latin, Greek, Cyrillic, punctuation, currencies, a few signs.
_UNUSUAL = re.compile(
    r"[^\n\u0020-\u007e\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f\u200b\u2013\u2014\u2018-\u201e\u2026"
    r"\u202f\u20ac\u2212\u25a1]"
)
_shown: dict[str, bool] = {}  # of each letter tried in this process, whether the fonts have it


def with_holes(compiled: Callable[[str, bool], bytes], data: str, *, has_holes: bool = False) -> tuple[bytes, bool]:
    """What ``compiled`` makes of ``data``, JSON, and whether letters had to become squares. Raises TypstError.

    ``has_holes``: whether some had to before, in another part of the same document.
    """
    try:
        return compiled(data, has_holes), has_holes
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
    cleaned = _without(data, lacking(data))
    try:
        return compiled(cleaned, True), True
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
    # A letter that is shown alone but not beside its neighbours, as some marks are.
    return compiled(_UNUSUAL.sub(HOLE, data), True), True


def lacking(text: str) -> set[str]:
    """The letters of a text that no font of the page has. Beyond ``MAX_TRIED`` different ones, the others are too."""
    unusual = list(dict.fromkeys(_UNUSUAL.findall(text)))
    untried = [letter for letter in unusual if letter not in _shown]
    if len(_shown) + len(untried) > 20 * MAX_TRIED:
        _shown.clear()
        untried = unusual
    probe = typst.Compiler(ignore_system_fonts=True)
    _try(probe, untried[:MAX_TRIED])
    return {letter for letter in unusual if not _shown.get(letter, False)}


def _try(probe: typst.Compiler, letters: list[str]) -> None:
    """Halves what cannot be shown together until each letter is known."""
    if not letters:
        return
    if _is_shown(probe, "".join(letters)):
        _shown.update(dict.fromkeys(letters, True))
    elif len(letters) == 1:
        _shown[letters[0]] = False
    else:
        half = len(letters) // 2
        _try(probe, letters[:half])
        _try(probe, letters[half:])


def _is_shown(probe: typst.Compiler, letters: str) -> bool:
    try:
        # Spaces keep letters from joining into a sign that the font has, or lacks, as one.
        probe.compile(_PROBE, format="pdf", sys_inputs={"letters": " ".join(letters)}, pdf_standards=["a-3b"])
    except typst.TypstError as error:
        if _NO_GLYPH in str(error):
            return False
        raise
    return True


def _without(data: str, letters: set[str]) -> str:
    return "".join(HOLE if letter in letters else letter for letter in data)
