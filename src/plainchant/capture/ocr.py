"""Scans and photos to the same words with places as a PDF with text gives, so that the same reading of fields runs.

Runs only in the disposable reader process (`plainchant.reader.sandbox`), in scripts and in tests: whatever the
file holds, a page takes at most `PAGE_SECONDS` and, with the larger of the engines, 500 MB.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from PIL import Image
from stdnum import iban as stdnum_iban
from stdnum.fr import siret as stdnum_siret

from plainchant.capture import pdf, picture
from plainchant.capture.engine import Engine, Seen, TookTooLong
from plainchant.capture.fields import read_fields
from plainchant.capture.picture import Turned
from plainchant.capture.place import Document, Page, PageWord, Place
from plainchant.capture.proposal import Certainty, FieldReading, ReadField, VatLine, WarningCode

# The first pages and the last one: the head of the invoice and its totals.
MAX_PAGES = 5
PAGE_SECONDS = 15.0  # of work for a page; one of a dense invoice takes two to five
DOCUMENT_SECONDS = 45.0
_MAX_WORDS = 3000
_A4_LONG = 842.0  # points
# Upside down, both engines see rubbish and know it: their mean confidence falls from 0.9 and more to 0.6 and less.
_UPRIGHT = 0.8
# A page whose words are less sure than this on the whole shows something else than text. (A single word may well be
# right with a confidence of 0: Tesseract has no notion of « 216,00 ».)
_RUBBISH = 0.5
# A sheet photographed on a table is smaller than the picture: look closer, then keep the sheet.
_CLOSER = 1.5


class ScanFailure(StrEnum):
    """Why a scan gave no words."""

    NO_ENGINE = "no_engine"
    TOO_LONG = "too_long"
    NOTHING_READ = "nothing_read"


_BY_HAND = "Saisissez les champs vous-même, à côté de l’image."

SENTENCES: dict[ScanFailure, str] = {
    ScanFailure.NO_ENGINE: "Ce document est une image : ce portail ne sait pas encore y lire du texte. "
    f"{_BY_HAND} L’administrateur du portail peut installer la lecture des images avec la commande « make ocr ».",
    ScanFailure.TOO_LONG: "La lecture de cette image prend trop de temps : nous l’avons arrêtée. "
    f"{_BY_HAND} Une numérisation en noir et blanc de la seule facture se lit plus vite.",
    ScanFailure.NOTHING_READ: "Aucun texte lisible n’a été trouvé sur cette image. "
    f"{_BY_HAND} Une photo prise bien à plat, à la lumière du jour, ou une numérisation en 300 points par pouce se "
    "lit mieux.",
}


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """A document read from pictures.

    `document` has its pages upright, as the reading of fields wants them; `displayed()` has them as the file shows
    them. `turned` is by page number, for the pages that were recognised; `shaky` are the words of which the engine was
    not sure. `unread` says that some pages that are pictures were left. `reason` is None when something was read.
    `beside` is the same document with the words of the scanner that made it, where it left some.
    """

    document: Document
    turned: dict[int, Turned]
    shaky: tuple[Place, ...] = ()
    engine: str = ""
    unread: bool = False
    reason: ScanFailure | None = None
    beside: Document | None = None

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
        words = tuple(PageWord(word.text, self.shown_at(word.place)) for word in page.words)
        scale = page.width_pt / how.out_width
        size = how.width * scale, how.height * scale
        width, height = size if how.quarter in (0, 180) else size[::-1]
        return Page(number=page.number, width_pt=width, height_pt=height, words=words)


def fields_of(scan: ScannedDocument) -> FieldReading:
    """The fields of a scan, placed on the pages as the file shows them.

    A misread character changes a number without making it look wrong: here only check digits and arithmetic make a
    field certain, and a word of which the engine was not sure makes it doubtful. So does another reading by the scanner
    that made the file.
    """
    own = _own_fields(scan)
    return own if scan.beside is None else compared(own, read_fields(scan.beside))


def _own_fields(scan: ScannedDocument) -> FieldReading:
    reading = read_fields(scan.document)
    warnings: tuple[WarningCode, ...] = reading.warnings
    if scan.unread and "pages_unread" not in warnings:
        warnings = (*warnings, "pages_unread")
    return replace(
        reading,
        fields={name: _lowered(name, read, scan) for name, read in reading.fields.items()},
        vat_breakdown=tuple(_lowered_line(line, scan) for line in reading.vat_breakdown),
        warnings=warnings,
        engine=scan.engine if scan.turned else "",
    )


def scan_image(data: bytes, *, engine: Engine | None) -> ScannedDocument:
    """Read a picture; without an engine only the sizes of its pages are known. Raises UnreadablePicture."""
    pages = []
    for number, (width, height) in enumerate(picture.page_sizes(data), start=1):
        scale = _A4_LONG / max(width, height)
        pages.append(Page(number=number, width_pt=width * scale, height_pt=height * scale, words=()))
    blank = Document(pages=tuple(pages), page_count=len(pages), has_text=False)
    if engine is None:
        picture.open_picture(data, long_side=1000)  # whether it can be
        return _scanned(blank, (), engine=None)
    read = _first_and_last([page.number for page in pages])
    drawn = picture.open_pages(data, long_side=round(engine.long_side * _CLOSER), numbers=read)
    scan = _scanned(blank, drawn, engine=engine)
    return replace(scan, unread=scan.unread or len(read) < len(pages))


def _first_and_last(numbers: list[int]) -> list[int]:
    """Those of many pages that are read."""
    return numbers if len(numbers) <= MAX_PAGES else [*numbers[: MAX_PAGES - 1], numbers[-1]]


def scan_pdf(data: bytes, *, engine: Engine | None) -> ScannedDocument:
    """Read a PDF of which pages are pictures, or have the words of a scanner; those with text keep it.

    At most `MAX_PAGES` pictures are read: the first ones and the last. Raises UnreadablePdf.
    """
    document = pdf.read_document(data)
    if engine is None:
        return _scanned(document, (), engine=None)
    numbers = sorted({*document.pictures, *document.recognised})
    read = _first_and_last(numbers)
    long_side = round(engine.long_side * _CLOSER)
    scan = _scanned(document, pdf.draw_pages(data, numbers=read, long_side=long_side), engine=engine)
    unread = scan.unread or any(number not in read for number in document.pictures)
    return replace(scan, unread=unread, beside=document if document.recognised else None)


def _scanned(
    document: Document, pictures: Iterable[tuple[int, Image.Image]], *, engine: Engine | None
) -> ScannedDocument:
    """`document` with the words of its `pictures`, given by page number and drawn one after the other."""
    if engine is None:
        return ScannedDocument(document, {}, reason=None if document.has_text else ScanFailure.NO_ENGINE)
    pages = {page.number: page for page in document.pages}
    ways: dict[int, Turned] = {}
    shaky: list[Place] = []
    unread = False
    end = time.process_time() + DOCUMENT_SECONDS
    for number, grey in pictures:
        if picture.is_blank(grey):
            continue
        try:
            seen, ways[number] = _recognise(engine, grey, end=min(end, time.process_time() + PAGE_SECONDS))
        except TookTooLong:
            unread = unread or number not in document.recognised
            continue
        pages[number] = _page(pages[number], seen, ways[number])
        doubted = (
            word
            for word, seen_word in zip(pages[number].words, seen, strict=True)
            if seen_word.confidence < engine.sure
        )
        shaky += (word.place for word in doubted)
    has_text = any(page.words for page in pages.values())
    nothing = ScanFailure.TOO_LONG if unread else ScanFailure.NOTHING_READ
    return ScannedDocument(
        document=replace(
            document,
            pages=tuple(pages.values()),
            has_text=has_text,
            pictures=(),
            recognised=tuple(number for number in document.recognised if number not in ways),
        ),
        turned=ways,
        shaky=tuple(shaky),
        engine=engine.name,
        unread=unread,
        reason=None if has_text else nothing,
    )


def _recognise(engine: Engine, grey: Image.Image, *, end: float) -> tuple[list[Seen], Turned]:
    """The words of a page set upright: lines that run level leave two ways up, and now and then they deceive."""
    sheet, paper = picture.cut_out(grey, long_side=engine.long_side)
    level, first = picture.levelled(sheet, paper=paper)
    seen = _visible(engine, level, end)
    best = seen, first
    for turn in (180, 90, 270):
        sure = _mean_confidence(best[0])
        if sure >= (_UPRIGHT if turn == 180 else _RUBBISH):
            break
        quarter, skew = (first.quarter + turn) % 360, first.skew if turn == 180 else 0.0
        other, how = picture.turned(sheet, quarter=quarter, skew=skew, paper=paper)
        with suppress(TookTooLong):  # what was read the other way up is there
            seen = _visible(engine, other, end)
            if _understood(seen) > _understood(best[0]):
                best = seen, how
    return (best[0] if _mean_confidence(best[0]) >= _RUBBISH else []), best[1]


def _visible(engine: Engine, level: Image.Image, end: float) -> list[Seen]:
    """Words that have a place on the picture; those that stick out of it are cut. Raises TookTooLong."""
    seconds = end - time.process_time()
    if seconds <= 0:
        raise TookTooLong
    width, height = level.size
    kept = []
    for word in engine.read(level, seconds=seconds)[:_MAX_WORDS]:
        x0, y0, x1, y1 = word.box
        box = max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))
        if box[0] < box[2] and box[1] < box[3]:
            kept.append(replace(word, box=box))
    return kept


def _mean_confidence(seen: list[Seen]) -> float:
    letters = sum(len(word.text) for word in seen)
    return sum(len(word.text) * word.confidence for word in seen) / letters if letters else 0.0


def _understood(seen: list[Seen]) -> float:
    return sum(len(word.text) * word.confidence**2 for word in seen)


def _page(page: Page, seen: list[Seen], how: Turned) -> Page:
    width, height = how.out_width, how.out_height
    words = []
    for word in seen:
        x0, y0, x1, y1 = word.box
        words.append(PageWord(word.text, Place(page.number, (x0 / width, y0 / height, x1 / width, y1 / height))))
    scale = max(page.width_pt, page.height_pt) / max(how.width, how.height)
    return Page(number=page.number, width_pt=width * scale, height_pt=height * scale, words=tuple(words))


def compared(own: FieldReading, other: FieldReading) -> FieldReading:
    """Our reading of a scan beside that of the scanner that made the file: where they differ, a value is doubtful."""
    fields = dict(own.fields)
    for name, theirs in other.fields.items():
        ours = fields.get(name)
        fields[name] = theirs if ours is None else _of_two(name, ours, theirs)
    rates, others = own.vat_breakdown or other.vat_breakdown, {_amounts(line) for line in other.vat_breakdown}
    if others:
        rates = tuple(line if _amounts(line) in others else replace(line, certainty="doubtful") for line in rates)
    return replace(own, fields=fields, vat_breakdown=rates, lines=own.lines or other.lines)


def _of_two(name: str, ours: ReadField, theirs: ReadField) -> ReadField:
    if ours.value == theirs.value:
        # What two saw alike is not doubted for how one saw it.
        is_shaky = ours.certainty == "doubtful" and theirs.certainty != "doubtful"
        return replace(ours, certainty="likely") if is_shaky else ours
    is_theirs = (_has_key(name, theirs), theirs.certainty != "doubtful") > (
        _has_key(name, ours),
        ours.certainty != "doubtful",
    )
    return replace(theirs if is_theirs else ours, certainty="doubtful")


def _amounts(line: VatLine) -> tuple[object, ...]:
    return line.rate, line.base, line.tax


def _lowered(name: str, read: ReadField, scan: ScannedDocument) -> ReadField:
    place = read.place
    if place is not None and place.page not in scan.turned:
        return read  # from a page of text
    certainty: Certainty = read.certainty
    if certainty == "certain" and not _is_proven(name, read):
        certainty = "likely"
    if certainty == "likely" and place is not None and any(_overlap(place, other) for other in scan.shaky):
        certainty = "doubtful"
    return replace(read, certainty=certainty, place=None if place is None else scan.shown_at(place))


def _lowered_line(line: VatLine, scan: ScannedDocument) -> VatLine:
    """Rate, base and tax agree or the line is not certain: only doubts of the engine lower it further."""
    place, certainty = line.place, line.certainty
    if place is None or place.page not in scan.turned:
        return line
    if certainty == "likely" and any(_overlap(place, other) for other in scan.shaky):
        certainty = "doubtful"
    return replace(line, certainty=certainty, place=scan.shown_at(place))


def _is_proven(name: str, read: ReadField) -> bool:
    """Whether check digits or the arithmetic of the totals speak for a value that is certain."""
    # Totals are certain only when net + VAT = gross, and the amount to pay only when it equals that gross.
    return name.endswith("_amount") or _has_key(name, read)


def _has_key(name: str, read: ReadField) -> bool:
    """Whether the check digits of a number are right."""
    if name in ("seller_siret", "buyer_siret"):
        return bool(stdnum_siret.is_valid(read.value))
    return name == "iban" and bool(stdnum_iban.is_valid(read.value))


def _overlap(place: Place, other: Place) -> bool:
    (x0, y0, x1, y1), (u0, v0, u1, v1) = place.box, other.box
    # By the middle of the height: boxes of neighbouring lines touch.
    return place.page == other.page and x0 < u1 and u0 < x1 and y0 < (v0 + v1) / 2 < y1
