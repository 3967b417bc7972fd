"""Whose words a page of a PDF carries: its author's, those that a scanner recognised, or signs without meaning.

A scanner lays the words it recognised, invisible, over or under the picture of the page: they are as good as its
recognition. A font that does not say which letters its glyphs are gives signs that nobody can read.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Collection
from enum import StrEnum

import pypdfium2.raw as pdfium_c

from plainchant.capture.lines import plain


class Origin(StrEnum):
    """Where the words of a page come from."""

    AUTHOR = "author"
    RECOGNISED = "recognised"
    SENSELESS = "senseless"


# How often each letter comes in French text, in per cent, accents left out. Other languages of Europe come near.
_FRENCH = {
    "a": 8.1, "b": 0.9, "c": 3.4, "d": 3.7, "e": 17.1, "f": 1.1, "g": 0.9, "h": 0.7, "i": 7.6, "j": 0.6, "k": 0.1,
    "l": 5.5, "m": 3.0, "n": 7.1, "o": 5.4, "p": 3.0, "q": 1.4, "r": 6.6, "s": 7.9, "t": 7.2, "u": 6.4, "v": 1.8,
    "w": 0.1, "x": 0.4, "y": 0.3, "z": 0.1,
}  # fmt: skip
_ALIKE = 0.8  # cosine: German, English and Italian have 0.9 and more, letters put for others seldom 0.75
_FEWEST_LETTERS = 60  # fewer say nothing of a language
_COMMON = frozenset(
    "au aux avec client commande compte date de des du echeance en et euros facture fr ht iban la le les montant net "
    "no numero objet page par payer pour prix quantite reference siret sur tel total ttc tva un une amount and "
    "description for from invoice number of order price quantity tax the to vat der die und".split()
)
_WORD = re.compile(r"[a-z]+")
# Glyphs that stand for no letter: a page may have a few as bullets and icons, each a word of its own.
_LOST_SHARE, _LOST_IN_WORDS, _LEAST_SHARE = 0.1, 8, 0.01
_FOREIGN_SHARE = 0.3
# Letters of the scripts of Europe, general punctuation, currencies, letter-like signs, numbers, arrows, boxes, bullets.
_KNOWN = ((0x20, 0x52F), (0x1E00, 0x1FFF), (0x2000, 0x20CF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2500, 0x27BF))

_COVERS = 0.7  # of the page: a picture that large is the page itself
_MOST_OBJECTS = 20_000
# Programs that recognise characters, as they sign their files; a page-wide picture must be there too.
_RECOGNISERS = re.compile(
    r"ocrmypdf|tesseract|abbyy|finereader|omnipage|scansoft|readiris|paper capture|clearscan|paperport|scansnap|"
    r"adobe psl|luratech|vuescan|naps2|genius scan|camscanner|adobe scan|microsoft lens",
    re.I,
)


def is_senseless(words: Collection[str], *, lost: int, lost_in_words: int) -> bool:
    """Whether what a page gives as words cannot be what people read on it.

    `lost`: glyphs that are no letter; `lost_in_words`: those of them that do not stand alone, as a bullet does.
    """
    text = "".join(words)
    glyphs = len(text) + lost
    if not glyphs:
        return False
    if lost >= _LOST_SHARE * glyphs or (lost_in_words >= _LOST_IN_WORDS and lost_in_words >= _LEAST_SHARE * glyphs):
        return True
    if sum(count for letter, count in Counter(text).items() if not _is_known(letter)) > _FOREIGN_SHARE * glyphs:
        return True
    letters = plain(" ".join(words))
    return not (_is_a_language(letters) or len(_COMMON.intersection(_WORD.findall(letters))) > 1)


def _is_known(letter: str) -> bool:
    code = ord(letter)
    return any(low <= code <= high for low, high in _KNOWN)


def _is_a_language(letters: str) -> bool:
    counts = {letter: count for letter, count in Counter(letters).items() if letter in _FRENCH}
    if sum(counts.values()) < _FEWEST_LETTERS:
        return True
    product = sum(count * _FRENCH[letter] for letter, count in counts.items())
    return product >= _ALIKE * math.hypot(*counts.values()) * math.hypot(*_FRENCH.values())


def is_lost(code: int) -> bool:
    """Whether a character is none: private, a control, or the sign for « unknown »."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000 or code in (0, 0xFFFD) or (code < 0x20 and code not in _SPACES)


_SPACES = (0x09, 0x0A, 0x0D)


def is_hidden(text_object: object) -> bool:
    """Whether the text of an object leaves no mark on the page (rendering modes 3 and 7)."""
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) if text_object else 0
    return mode in (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)


def is_under_a_picture(page: object, *, area: float, producer: str) -> bool:
    """Whether the words of a page lie under a picture of the whole page, or over one in a recogniser's file.

    `area` in square points. Pages that are a letterhead with words on it are no such pages.
    """
    texts_under = texts = 0
    has_picture = False
    for index in range(min(pdfium_c.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = pdfium_c.FPDFPage_GetObject(page, index)
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts += 1
        elif _is_opaque_picture(item, kind) and _area(item) >= _COVERS * area:
            has_picture, texts_under = True, texts
    if not has_picture:
        return False
    return texts_under > texts / 2 or bool(_RECOGNISERS.search(producer))


def _is_opaque_picture(item: object, kind: int) -> bool:
    if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
        parts = (
            pdfium_c.FPDFFormObj_GetObject(item, at) for at in range(min(pdfium_c.FPDFFormObj_CountObjects(item), 20))
        )
        return any(_is_opaque_image(part) for part in parts)
    return kind == pdfium_c.FPDF_PAGEOBJ_IMAGE and _is_opaque_image(item)


def _is_opaque_image(item: object) -> bool:
    is_image = pdfium_c.FPDFPageObj_GetType(item) == pdfium_c.FPDF_PAGEOBJ_IMAGE
    return is_image and not pdfium_c.FPDFPageObj_HasTransparency(item)


def _area(item: object) -> float:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetBounds(item, *map(ctypes.byref, edges)):
        return 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    return max(right - left, 0.0) * max(top - bottom, 0.0)
