"""Pages on paper, through a scanner or a telephone: drawn from a PDF, then worn, each in the same way every time."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter, ImageOps

from plainchant.capture.pdf import read_document
from plainchant.capture.place import Box
from tests.capture.hostile import pdf_of

Point = tuple[float, float]


@dataclass(frozen=True)
class Scanned:
    """A worn page as JPEG, and where a point of the clean one (fractions) has come to lie on it."""

    jpeg: bytes
    moved: Callable[[float, float], Point]

    def moved_box(self, box: Box) -> Box:
        """The rectangle around a rectangle of the clean page."""
        points = [self.moved(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across, down = [x for x, _ in points], [y for _, y in points]
        return min(across), min(down), max(across), max(down)


def page_of(pdf: bytes, *, dpi: int) -> Image.Image:
    """The first page in grey."""
    with pdfium.PdfDocument(pdf) as opened:
        grey: Image.Image = opened[0].render(scale=dpi / 72).to_pil().convert("L")
        return grey


def scanned(
    page: Image.Image,
    *,
    turned: float = 0.0,
    ink: int = 0,
    paper: int = 255,
    noise: int = 0,
    quality: int = 75,
    blur: float = 0.4,
) -> Scanned:
    """Through a scanner: laid askew or turned (degrees counter-clockwise), pale, grainy, compressed."""
    width, height = page.size
    askew = page.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    worn = askew.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: ink + (paper - ink) * value / 255)

    def moved(x: float, y: float) -> Point:
        angle = math.radians(turned)
        across, down = (x - 0.5) * width, (y - 0.5) * height
        u = math.cos(angle) * across + math.sin(angle) * down
        v = -math.sin(angle) * across + math.cos(angle) * down
        return u / askew.width + 0.5, v / askew.height + 0.5

    return Scanned(_jpeg(grainy(worn, noise), quality), moved)


def photographed(page: Image.Image, *, size: tuple[int, int] = (3000, 4000), noise: int = 8) -> Scanned:
    """On a dark table, from a little aside, in light that falls off to the left."""
    factor = max(size) / 4000
    a, b, c = 0.94 / factor, 0.03 / factor, -0.16 * page.width
    d, e, f = -0.02 / factor, 0.97 / factor, -0.12 * page.height
    g, h = 1.2e-5 / factor, 1.8e-5 / factor
    steps = (a, b, c, d, e, f, g, h)
    lit = page.point(lambda value: 25 + value * 190 / 255)
    seen = lit.transform(size, Image.Transform.PERSPECTIVE, steps, Image.Resampling.BICUBIC)
    where = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, steps)
    table = grainy(Image.new("L", size, 60), 40)
    table.paste(seen, (0, 0), where)
    shade = Image.linear_gradient("L").rotate(90).resize(size).point(lambda value: 120 + value * 135 / 255)

    def moved(x: float, y: float) -> Point:
        u, v = x * page.width, y * page.height
        p, q, r, s = a - g * u, b - h * u, d - g * v, e - h * v
        across, down = u - c, v - f
        whole = p * s - q * r
        return (across * s - q * down) / whole / size[0], (p * down - r * across) / whole / size[1]

    return Scanned(_jpeg(grainy(ImageChops.multiply(table, shade), noise), 70), moved)


def grainy(grey: Image.Image, most: int, *, seed: int = 7) -> Image.Image:
    """With grain of up to ``most`` of 255, lighter or darker."""
    if not most:
        return grey
    drawn = Image.frombytes("L", grey.size, random.Random(seed).randbytes(grey.width * grey.height))
    return ImageChops.add(grey, drawn.point(lambda value: 128 + (value - 128) * most / 128), 1, -128)


def reversed_page(page: Image.Image) -> Image.Image:
    """White on black, as a telephone at night shows it."""
    return ImageOps.invert(page)


def as_pdf(*jpegs: bytes) -> bytes:
    """Pictures as the pages of a PDF, as a scanner makes it."""
    first, *others = (Image.open(io.BytesIO(jpeg)) for jpeg in jpegs)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=150)
    return out.getvalue()


def _jpeg(grey: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    grey.save(out, "JPEG", quality=quality)
    return out.getvalue()


def with_layer(pdf: bytes, *, misread: dict[str, str] | None = None, is_under: bool = False) -> bytes:
    """The first page as a searching scanner saves it: its picture, and its words invisible over it.

    `misread`: words that it took for others. `is_under`: the words are plain, and lie under the picture.
    """
    page = read_document(pdf).pages[0]
    wrong = misread or {}
    shown = b"" if is_under else b"3 Tr "
    words = [b"BT " + shown]
    for word in page.words:
        x0, y0, x1, y1 = word.place.box
        size, width = (y1 - y0) * page.height_pt, (x1 - x0) * page.width_pt
        text = wrong.get(word.text, word.text).encode("cp1252", "replace")
        stretched = 100 * width / (0.6 * size * len(text))  # every letter of Courier is 0.6 wide
        escaped = text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        at = b"%.2f %.2f" % (x0 * page.width_pt, (1 - y1) * page.height_pt + 0.2 * size)
        words.append(b"/F %.2f Tf %.1f Tz 1 0 0 1 %s Tm (%s) Tj" % (size, stretched, at, escaped))
    text = b"\n".join([*words, b"ET"])
    picture = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (page.width_pt, page.height_pt)
    content = b"\n".join([text, picture] if is_under else [picture, text])
    grey = page_of(pdf, dpi=100)
    jpeg = _jpeg(grey, 60)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    image = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % grey.size
    image += b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>" % len(jpeg)
    box = b"[0 0 %.2f %.2f]" % (page.width_pt, page.height_pt)
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox " + box + b" /Contents 4 0 R /Resources"
            b" << /Font << /F 5 0 R >> /XObject << /P 6 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            font,
            image + b"\nstream\n" + jpeg + b"\nendstream",
        ]
    )
