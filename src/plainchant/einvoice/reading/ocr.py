"""Scans and photos to the same words with places as a PDF with text gives, so that the same reading of fields runs.

Whatever the file holds, this runs only in the disposable reader process; what it takes there is said at `MAX_PAGES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image
from stdnum import iban as stdnum_iban
from stdnum.fr import siret as stdnum_siret

from plainchant.einvoice.reading import pdf, picture
from plainchant.einvoice.reading.engines import Engine, Seen, available
from plainchant.einvoice.reading.fields import read_fields
from plainchant.einvoice.reading.picture import Turned
from plainchant.einvoice.reading.place import Document, Page, Place, Word
from plainchant.einvoice.reading.proposal import Certainty, FieldReading, ReadField
from plainchant.einvoice.reading.turn import turn

# The first pages and the last one: the head of the invoice and its totals.
MAX_PAGES = 5
PATIENCE = 30.0  # seconds to wait for one's turn
_MAX_WORDS = 3000
_A4_LONG = 842.0  # points
# A page with fewer words than this and a picture is a scan with a stamp of text, not a page of text.
_STAMP = 12
# Upside down, both engines see rubbish and know it: their mean confidence falls from 0.9 and more to 0.6 and less.
_UPRIGHT = 0.8


class Reason(StrEnum):
    """Why a scan gave no words."""

    NO_ENGINE = "no_engine"
    BUSY = "busy"
    NOTHING_READ = "nothing_read"


_BY_HAND = "Saisissez les champs vous-même, à côté de l’image."

SENTENCES: dict[Reason, str] = {
    Reason.NO_ENGINE: "Ce document est une image : ce portail ne sait pas encore y lire du texte. "
    f"{_BY_HAND} L’administrateur du portail peut installer la lecture des images avec la commande « make ocr ».",
    Reason.BUSY: "D’autres images sont en cours de lecture. "
    f"{_BY_HAND} Vous pouvez aussi attendre une minute, puis déposer de nouveau ce document.",
    Reason.NOTHING_READ: "Aucun texte lisible n’a été trouvé sur cette image. "
    f"{_BY_HAND} Une photo prise bien à plat, à la lumière du jour, ou une numérisation en 300 points par pouce se "
    "lit mieux.",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A document read from pictures.

    `document` has its pages upright, as the reading of fields wants them; `displayed()` has them as the file shows
    them. `turned` is by page number, for the pages that were recognised; `shaky` are the words of which the engine was
    not sure. `reason` is None when something was read.
    """

    document: Document
    turned: dict[int, Turned]
    shaky: tuple[Place, ...] = ()
    engine: str = ""
    reason: Reason | None = None

    def displayed(self) -> Document:
        """The same words where they stand on the pages as the file shows them."""
        return replace(self.document, pages=tuple(self._displayed(page) for page in self.document.pages))

    def shown_at(self, place: Place) -> Place:
        """A place of `document` on the page as the file shows it."""
        how = self.turned.get(place.page)
        return place if how is None else replace(place, box=how.displayed(place.box))

    def _displayed(self, page: Page) -> Page:
        how = self.turned.get(page.number)
        if how is None:
            return page
        words = tuple(Word(word.text, self.shown_at(word.place)) for word in page.words)
        scale = page.width_pt / how.out_width
        size = how.width * scale, how.height * scale
        width, height = size if how.quarter in (0, 180) else size[::-1]
        return Page(number=page.number, width_pt=width, height_pt=height, words=words)


def read_image(data: bytes, *, patience: float = PATIENCE) -> Scan:
    """Read a JPEG or a PNG with the engine that is there; raises UnreadablePicture.

    `patience`: how many seconds to wait for one's turn.
    """
    return scan_image(data, engine=available(), patience=patience)


def read_scanned_pdf(data: bytes, *, patience: float = PATIENCE) -> Scan:
    """Read a PDF of which pages are pictures, with the engine that is there; raises UnreadablePdf.

    Pages with text keep it. At most `MAX_PAGES` pictures are read: the first ones and the last.
    """
    return scan_pdf(data, engine=available(), patience=patience)


def fields_of(scan: Scan) -> FieldReading:
    """The fields of a scan, placed on the pages as the file shows them.

    A misread character changes a number without making it look wrong: here only check digits and arithmetic make a
    field certain, and a word of which the engine was not sure makes it doubtful.
    """
    reading = read_fields(scan.document)
    return replace(reading, fields={name: _lowered(name, read, scan) for name, read in reading.fields.items()})


def scan_image(data: bytes, *, engine: Engine | None, patience: float = PATIENCE) -> Scan:
    """`read_image` with the engine given, or with none."""
    grey = picture.open_picture(data, long_side=engine.long_side if engine else 1000)
    width_pt, height_pt = (side * _A4_LONG / max(grey.size) for side in grey.size)
    empty = Page(number=1, width_pt=width_pt, height_pt=height_pt, words=())
    blank = Document(pages=(empty,), page_count=1, has_text=False)
    return _scanned(blank, [(1, grey)], engine=engine, patience=patience)


def scan_pdf(data: bytes, *, engine: Engine | None, patience: float = PATIENCE) -> Scan:
    """`read_scanned_pdf` with the engine given, or with none."""
    document = pdf.read_document(data)
    if engine is None:
        return _scanned(document, (), engine=None, patience=patience)
    with pdfium.PdfDocument(data) as opened:
        numbers = [page.number for page in document.pages if _is_picture(opened, page)]
        if len(numbers) > MAX_PAGES:
            numbers = [*numbers[: MAX_PAGES - 1], numbers[-1]]
        drawn = ((number, _draw(opened, number, long_side=engine.long_side)) for number in numbers)
        return _scanned(document, drawn, engine=engine, patience=patience)


def _scanned(
    document: Document, pictures: Iterable[tuple[int, Image.Image]], *, engine: Engine | None, patience: float
) -> Scan:
    """`document` with the words of its `pictures`, given by page number and drawn one after the other."""
    if engine is None:
        return Scan(document, {}, reason=None if document.has_text else Reason.NO_ENGINE)
    pages = {page.number: page for page in document.pages}
    ways: dict[int, Turned] = {}
    shaky: list[Place] = []
    with turn(seconds=patience) as is_ours:
        if not is_ours:
            return Scan(document, {}, engine=engine.name, reason=None if document.has_text else Reason.BUSY)
        for number, grey in pictures:
            if picture.is_blank(grey):
                continue
            seen, ways[number] = _recognise(engine, grey)
            pages[number] = _page(pages[number], seen, ways[number])
            doubted = (
                word for word, one in zip(pages[number].words, seen, strict=True) if one.confidence < engine.sure
            )
            shaky += (word.place for word in doubted)
    has_text = any(page.words for page in pages.values())
    return Scan(
        document=replace(document, pages=tuple(pages.values()), has_text=has_text),
        turned=ways,
        shaky=tuple(shaky),
        engine=engine.name,
        reason=None if has_text else Reason.NOTHING_READ,
    )


def _recognise(engine: Engine, grey: Image.Image) -> tuple[list[Seen], Turned]:
    level, how = picture.levelled(grey)
    seen = _visible(engine.read(level), level)
    if _mean_confidence(seen) >= _UPRIGHT:
        return seen, how
    turned_over, other_how = picture.turned(grey, quarter=(how.quarter + 180) % 360, skew=how.skew)
    other = _visible(engine.read(turned_over), turned_over)
    return (other, other_how) if _understood(other) > _understood(seen) else (seen, how)


def _visible(seen: list[Seen], level: Image.Image) -> list[Seen]:
    """Words that have a place on the picture; those that stick out of it are cut."""
    width, height = level.size
    kept = []
    for one in seen[:_MAX_WORDS]:
        x0, y0, x1, y1 = one.box
        box = max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))
        if box[0] < box[2] and box[1] < box[3]:
            kept.append(replace(one, box=box))
    return kept


def _mean_confidence(seen: list[Seen]) -> float:
    letters = sum(len(one.text) for one in seen)
    return sum(len(one.text) * one.confidence for one in seen) / letters if letters else 0.0


def _understood(seen: list[Seen]) -> float:
    return sum(len(one.text) * one.confidence**2 for one in seen)


def _page(page: Page, seen: list[Seen], how: Turned) -> Page:
    width, height = how.out_width, how.out_height
    words = []
    for one in seen:
        x0, y0, x1, y1 = one.box
        words.append(Word(one.text, Place(page.number, (x0 / width, y0 / height, x1 / width, y1 / height))))
    scale = max(page.width_pt, page.height_pt) / max(how.width, how.height)
    return Page(number=page.number, width_pt=width * scale, height_pt=height * scale, words=tuple(words))


def _is_picture(opened: pdfium.PdfDocument, page: Page) -> bool:
    if len(page.words) >= _STAMP:
        return False
    if not page.words:
        return True
    sheet = opened[page.number - 1]
    return any(sheet.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _draw(opened: pdfium.PdfDocument, number: int, *, long_side: int) -> Image.Image:
    sheet = opened[number - 1]
    bitmap = sheet.render(scale=long_side / max(sheet.get_size()), may_draw_forms=False, grayscale=True)
    drawing: Image.Image = bitmap.to_pil().convert("L")
    return drawing


def _lowered(name: str, read: ReadField, scan: Scan) -> ReadField:
    place = read.place
    if place is not None and place.page not in scan.turned:
        return read  # from a page of text
    certainty: Certainty = read.certainty
    if certainty == "certain" and not _is_proven(name, read):
        certainty = "likely"
    if certainty == "likely" and place is not None and any(_overlap(place, other) for other in scan.shaky):
        certainty = "doubtful"
    return replace(read, certainty=certainty, place=None if place is None else scan.shown_at(place))


def _is_proven(name: str, read: ReadField) -> bool:
    """Whether check digits or the arithmetic of the totals speak for a value that is certain."""
    if name in ("seller_siret", "buyer_siret"):
        return bool(stdnum_siret.is_valid(read.value))
    if name == "iban":
        return bool(stdnum_iban.is_valid(read.value))
    # Totals are certain only when net + VAT = gross, and the amount to pay only when it equals that gross.
    return name.endswith("_amount")


def _overlap(one: Place, other: Place) -> bool:
    (x0, y0, x1, y1), (u0, v0, u1, v1) = one.box, other.box
    # By the middle of the height: boxes of neighbouring lines touch.
    return one.page == other.page and x0 < u1 and u0 < x1 and y0 < (v0 + v1) / 2 < y1
