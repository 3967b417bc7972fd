"""PDF bytes to words with their places, and a page to a picture, through PDFium.

PDFium is not thread-safe and uploaded files are hostile: this module runs only in the disposable reader process
(`plainchant.reader.sandbox`), in scripts and in tests, never in a server or a worker.
"""

from __future__ import annotations

import ctypes
import io
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from plainchant.capture import text_layer
from plainchant.capture.place import Box, Document, Page, PageWord, Place
from plainchant.capture.text_layer import Origin
from plainchant.einvoice.syntaxes.facturx.extract import extract

MAX_PAGES = 500
MAX_PAGES_READ = 30
MAX_CHARS_PER_PAGE = 60_000
MAX_PIXELS = 40_000_000
MAX_SLENDERNESS = 30  # a page's height over its width: beyond, its picture has too many pixels
A4 = (595.0, 842.0)

# PDFium answers positions in whole device units: a large virtual device keeps six digits.
_DEVICE = 1_000_000
_STEP = 1000
# How far two letters of a word stand apart at most, and how far one is drawn under the other, in heights of a letter.
_TOUCHING, _KERNED = 0.12, 0.25
# A page with fewer words than this and a picture is a scan with a stamp of text, not a page of text.
_STAMP = 12


class UnreadablePdf(Exception):
    """The file cannot be read as a PDF; `code` is one of empty, not_a_pdf, password, unreadable, too_many_pages,
    too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoSuchPage(IndexError):
    """A page number outside the file."""


def read_document(data: bytes) -> Document:
    """Take pages and words out of a PDF, and look whether it carries an invoice; raises UnreadablePdf."""
    with _open(data) as pdf:
        page_count = len(pdf)
        producer = " ".join(pdf.get_metadata_value(key) for key in ("Producer", "Creator"))[:400]
        read = [_read_page(pdf, index, producer) for index in _looked_at(page_count)]
        pages = tuple(page for page, *_ in read)
        return Document(
            pages=pages,
            page_count=page_count,
            has_text=any(page.words for page in pages),
            carries_data=extract(data).xml is not None,
            is_damaged=b"%%EOF" not in data[-2048:],
            pictures=tuple(page.number for page, is_picture, _ in read if is_picture),
            recognised=tuple(page.number for page, _, is_recognised in read if is_recognised),
        )


def _looked_at(page_count: int) -> list[int]:
    """The pages that are read: the first and the last ones when there are many."""
    if page_count <= MAX_PAGES_READ:
        return list(range(page_count))
    half = MAX_PAGES_READ // 2
    return [*range(half), *range(page_count - half, page_count)]


def page_sizes(data: bytes, *, most: int) -> tuple[int, list[tuple[float, float]]]:
    """How many pages a PDF has, and the size in points, as displayed, of the first ``most``. Raises UnreadablePdf.

    A page that could not be drawn anyway is given the size of an A4 sheet: the others are still worth showing.
    """
    with _open(data) as pdf:
        return len(pdf), [_drawable_size(pdf, index) for index in range(min(len(pdf), most))]


def _drawable_size(pdf: pdfium.PdfDocument, index: int) -> tuple[float, float]:
    try:
        width, height = pdf.get_page_size(index)
    except pdfium.PdfiumError:
        return A4
    return (width, height) if 0 < width < 1e6 and 0 < height < MAX_SLENDERNESS * width else A4


def render_page(data: bytes, *, page: int, width_px: int) -> bytes:
    """Draw page `page` (from 1) as PNG bytes, `width_px` pixels wide, without its active parts.

    Raises UnreadablePdf (`too_large` above 40 million pixels, however the page is proportioned) and NoSuchPage.
    """
    with _open(data) as pdf:
        if not 1 <= page <= len(pdf):
            raise NoSuchPage(page)
        sheet = _load(pdf, page - 1)
        width_pt, height_pt = _size(sheet)
        scale = width_px / width_pt
        if width_px < 1 or math.ceil(width_px) * math.ceil(height_pt * scale) > MAX_PIXELS:
            raise UnreadablePdf("too_large")
        # No form environment is opened: form scripts have nothing to run in.
        bitmap = sheet.render(scale=scale, may_draw_forms=False)
        image = bitmap.to_pil()
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=3)
        return out.getvalue()


def draw_pages(data: bytes, *, numbers: Sequence[int], long_side: int) -> Iterator[tuple[int, Image.Image]]:
    """Each page with its picture in grey, `long_side` pixels long, drawn when it is asked for. Raises UnreadablePdf."""
    with _open(data) as pdf:
        for number in numbers:
            sheet = _load(pdf, number - 1)
            bitmap = sheet.render(scale=long_side / max(_size(sheet)), may_draw_forms=False, grayscale=True)
            drawing = bitmap.to_pil().convert("L")
            sheet.close()
            yield number, drawing


def _open(data: bytes) -> pdfium.PdfDocument:
    if not data:
        raise UnreadablePdf("empty")
    if b"%PDF-" not in data[:1024]:
        raise UnreadablePdf("not_a_pdf")
    try:
        pdf = pdfium.PdfDocument(data)
        page_count = len(pdf)
    except pdfium.PdfiumError as error:
        is_locked = error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
        raise UnreadablePdf("password" if is_locked else "unreadable") from error
    if page_count == 0:
        raise UnreadablePdf("unreadable")
    if page_count > MAX_PAGES:
        raise UnreadablePdf("too_many_pages")
    return pdf


def _load(pdf: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    try:
        return pdf[index]
    except pdfium.PdfiumError as error:
        raise UnreadablePdf("unreadable") from error


def _size(sheet: pdfium.PdfPage) -> tuple[float, float]:
    width, height = sheet.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise UnreadablePdf("too_large" if max(width, height) >= 1e6 else "unreadable")
    return width, height


def _read_page(pdf: pdfium.PdfDocument, index: int, producer: str) -> tuple[Page, bool, bool]:
    """The page; whether it is a picture; whether its words are those that a scanner recognised."""
    sheet = _load(pdf, index)
    width, height = _size(sheet)
    try:
        text_page = sheet.get_textpage()
    except pdfium.PdfiumError as error:
        raise UnreadablePdf("unreadable") from error
    letters = _Letters(sheet, text_page.raw)
    text_page.close()
    origin = letters.origin
    if origin is Origin.AUTHOR and text_layer.is_under_a_picture(sheet.raw, area=width * height, producer=producer):
        origin = Origin.RECOGNISED
    words = [] if origin is Origin.SENSELESS else letters.visible if origin is Origin.AUTHOR else letters.words
    is_picture = not words or (
        len(words) < _STAMP and any(sheet.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    )
    sheet.close()
    placed = tuple(PageWord(word.text, Place(index + 1, word.box)) for word in words)
    page = Page(number=index + 1, width_pt=width, height_pt=height, words=placed, quarter=_quarter(words))
    return page, is_picture, origin is Origin.RECOGNISED and not is_picture


@dataclass(frozen=True, slots=True)
class _Word:
    """`quarter`: how it runs on the page as displayed, see `Page`."""

    text: str
    box: Box
    quarter: int
    is_hidden: bool


def _quarter(words: Sequence[_Word]) -> int:
    """How most letters of a page run."""
    letters: Counter[int] = Counter()
    for word in words:
        letters[word.quarter] += len(word.text)
    return max(letters, key=letters.__getitem__, default=0)


class _Letters:
    """The characters of a page, cut into words at white space and where the next one does not follow on the line.

    `lost` counts the glyphs that are no letter, `lost_in_words` those of them that do not stand alone.
    """

    def __init__(self, sheet: pdfium.PdfPage, text_page: object) -> None:
        self.words: list[_Word] = []
        self.lost = self.lost_in_words = 0
        self._display = _Display(sheet)
        self._cut(text_page)
        self.visible = [word for word in self.words if not word.is_hidden]

    @property
    def origin(self) -> Origin:
        """As far as the characters alone tell."""
        if text_layer.is_senseless(
            [word.text for word in self.words], lost=self.lost, lost_in_words=self.lost_in_words
        ):
            return Origin.SENSELESS
        hidden = sum(len(word.text) for word in self.words if word.is_hidden)
        is_hidden = hidden > sum(len(word.text) for word in self.visible)
        return Origin.RECOGNISED if is_hidden else Origin.AUTHOR

    def _cut(self, text_page: object) -> None:
        chars: list[str] = []
        low = start = high = end = 0.0  # of the word, along its line (`_along`)
        before = (0.0, 0.0, 0.0)  # of the letter before: start, end, low
        turn = 0
        is_hidden = is_unmapped = is_supposed = False
        lost = 0  # in this word
        rect = pdfium_c.FS_RECTF()
        rect_pointer = ctypes.byref(rect)
        get_unicode, get_box = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox

        def close_word() -> None:
            nonlocal lost
            if chars:
                text = unicodedata.normalize("NFKC", "".join(chars)).strip()
                box = self._display.box(*_across(start, low, end, high, turn))
                if text and box is not None:
                    # NFKC may open a ligature into letters and a space: one word each, same place.
                    quarter = self._display.quarter(turn)
                    self.words.extend(_Word(part, box, quarter, is_hidden) for part in text.split())
                if lost:
                    self.lost += lost
                    self.lost_in_words += lost if len(chars) > 1 else 0
                chars.clear()
                lost = 0

        for position in range(min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS_PER_PAGE)):
            code = get_unicode(text_page, position)
            if code in (0x02, 0xAD, 0xFFFE) and not pdfium_c.FPDFText_HasUnicodeMapError(text_page, position):
                code = 0x2D  # how PDFium gives a hyphen at the end of a line
            # Lone surrogates and unmapped glyphs cannot be written out as text.
            char = chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"
            if char.isspace() or code < 0x20 or 0x200B <= code <= 0x200F or code == 0xFEFF:
                # What PDFium adds between letters that it was given one by one; they may touch.
                if pdfium_c.FPDFText_IsGenerated(text_page, position) == 1:
                    is_supposed = True
                elif char.isspace() or code < 0x20:
                    close_word()
                    if text_layer.is_lost(code):
                        self.lost += 1
                        self.lost_in_words += 1
                continue
            if not get_box(text_page, position, rect_pointer):
                close_word()
                continue
            edges = _along(rect.left, rect.bottom, rect.right, rect.top, turn)
            height = edges[3] - edges[1]
            gap = (edges[0] - end) / height if height else 1.0
            if is_supposed and not (-_KERNED < gap < _TOUCHING and abs(edges[1] - low) < 0.2 * height):
                close_word()
            is_supposed = False
            is_next = chars and (
                (abs(edges[1] - low) < 0.5 * height and -0.5 * height < edges[0] - end < 0.6 * height)
                # The letters of a ligature all have its box.
                or (edges[0], edges[2], edges[1]) == before
            )
            if is_next:
                low, start = min(low, edges[1]), min(start, edges[0])
                high, end = max(high, edges[3]), max(end, edges[2])
            else:
                close_word()
                turn = _turn_of(text_page, position)
                is_hidden = text_layer.is_hidden(pdfium_c.FPDFText_GetTextObject(text_page, position))
                is_unmapped = pdfium_c.FPDFText_HasUnicodeMapError(text_page, position) == 1
                edges = _along(rect.left, rect.bottom, rect.right, rect.top, turn)
                start, low, end, high = edges
            before = edges[0], edges[2], edges[1]
            if is_unmapped or text_layer.is_lost(code):
                lost += 1
            chars.append(char)
        close_word()


def _turn_of(text_page: object, position: int) -> int:
    """How a character runs in the page's own coordinates: 0 to the right, 90 down, 180 to the left, 270 up."""
    angle = pdfium_c.FPDFText_GetCharAngle(text_page, position)
    return round(angle / (math.pi / 2)) % 4 * 90 if angle > 0 else 0


def _along(left: float, bottom: float, right: float, top: float, turn: int) -> tuple[float, float, float, float]:
    """A rectangle seen along a line of text: where it starts, its low edge, where it ends, its high edge."""
    if turn == 0:
        return left, bottom, right, top
    if turn == 90:
        return -top, left, -bottom, right
    return (-right, -top, -left, -bottom) if turn == 180 else (bottom, -right, top, -left)


def _across(start: float, low: float, end: float, high: float, turn: int) -> tuple[float, float, float, float]:
    """The inverse of `_along`."""
    return _along(start, low, end, high, (360 - turn) % 360)


class _Display:
    """Page coordinates to fractions of the page as displayed: rotation and cropping are one affine map."""

    def __init__(self, sheet: pdfium.PdfPage) -> None:
        self._zero = _on_device(sheet, 0, 0)
        right, up = _on_device(sheet, _STEP, 0), _on_device(sheet, 0, _STEP)
        self._along_x = (right[0] - self._zero[0]) / _STEP, (right[1] - self._zero[1]) / _STEP
        self._along_y = (up[0] - self._zero[0]) / _STEP, (up[1] - self._zero[1]) / _STEP

    def box(self, left: float, bottom: float, right: float, top: float) -> Box | None:
        """None when wholly outside the page."""
        xa, ya = self._point(left, top)
        xb, yb = self._point(right, bottom)
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        if x1 <= 0 or y1 <= 0 or x0 >= 1 or y0 >= 1:
            return None
        return max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)

    def quarter(self, turn: int) -> int:
        """How a line that runs as `turn` says in the page's own coordinates runs as displayed."""
        right, down = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}[turn]
        across = right * self._along_x[0] + down * self._along_y[0]
        below = right * self._along_x[1] + down * self._along_y[1]
        if abs(across) >= abs(below):
            return 0 if across >= 0 else 180
        return 90 if below >= 0 else 270

    def _point(self, x: float, y: float) -> tuple[float, float]:
        (x0, y0), (xx, yx), (xy, yy) = self._zero, self._along_x, self._along_y
        return (x0 + x * xx + y * xy) / _DEVICE, (y0 + x * yx + y * yy) / _DEVICE


def _on_device(sheet: pdfium.PdfPage, x: float, y: float) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    done = pdfium_c.FPDF_PageToDevice(
        sheet.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, ctypes.byref(device_x), ctypes.byref(device_y)
    )
    if not done:
        raise UnreadablePdf("unreadable")
    return device_x.value, device_y.value
