"""A scan or a photo made ready for reading: decoded within limits, grey, upright and level.

Pillow alone: numpy comes only with one of the two engines.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import cast

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageOps

from plainchant.capture.kinds import PICTURES, kind_of
from plainchant.capture.paper import Paper, Point, bounds, find_paper
from plainchant.capture.place import Box

MAX_PIXELS = 60_000_000  # a telephone takes 12 to 50 million, an A3 page at 600 dpi has 70
MAX_PAGES = 30  # of a TIFF
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# What Pillow raises on broken files, besides its own.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, RuntimeError),
    *(struct.error, zlib.error),
)

_ORIENTATION = 0x0112  # of EXIF: how the camera was held
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_LOOK = 800  # pixels of the long side of the copy on which the angle is sought
_WIDEST = 10.0  # degrees: beyond, a page was not laid askew but turned
_INK = 0.0005  # of a page: what two lines of totals alone on a sheet cover
_GRAIN = 0.03  # of the contrast: what half of the pixels differ from their surroundings by
_CONTRAST, _SHADE = 120, 40  # of 255: between ink and paper, and between the lightest paper and the darkest
_BLANK = 24  # of 255: less between the darkest and the lightest spot is an empty page


class UnreadablePicture(Exception):
    """The file cannot be read as a picture; `code` is one of empty, not_a_picture, unreadable, too_large, blank."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Turned:
    """How a picture was set upright: `paper` cut out, then `quarter` (0, 90, 180 or 270), then `skew`, degrees
    counter-clockwise.

    `width` and `height` are the picture's before the skew, `out_width` and `out_height` after it, in pixels.
    """

    quarter: int
    skew: float
    width: int
    height: int
    out_width: int
    out_height: int
    paper: Paper | None = None

    def displayed(self, box: Box) -> Box:
        """A rectangle of the upright picture (fractions) as the rectangle around it on the picture as it came."""
        x0, y0, x1, y1 = box
        return bounds(self._point(x, y) for x in (x0, x1) for y in (y0, y1))

    def _point(self, x: float, y: float) -> Point:
        angle = math.radians(self.skew)
        cos, sin = math.cos(angle), math.sin(angle)
        across, down = (x - 0.5) * self.out_width, (y - 0.5) * self.out_height
        u = (cos * across - sin * down) / self.width + 0.5
        v = (sin * across + cos * down) / self.height + 0.5
        u, v = {0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[self.quarter]
        return (u, v) if self.paper is None else self.paper.on_picture(u, v)


def open_picture(data: bytes, *, long_side: int) -> Image.Image:
    """The first page of a picture in grey, turned as its EXIF says, of at most about `long_side` pixels a side.

    Raises UnreadablePicture before any pixel is decoded when there are more than 60 million.
    """
    return next(open_pages(data, long_side=long_side))[1]


def open_pages(data: bytes, *, long_side: int, numbers: Collection[int] = ()) -> Iterator[tuple[int, Image.Image]]:
    """The same of each page (from 1), or of those in `numbers`, with its number; decoded when it is asked for."""
    with _opened(data) as image:
        for number in _pages(image, numbers):
            image.draft("L", (long_side, long_side))  # a JPEG is decoded no larger than needed
            grey = _grey(ImageOps.exif_transpose(image))
            yield number, sized(grey, long_side=min(long_side, max(grey.size)))


def open_colours(data: bytes, *, long_side: int) -> Image.Image:
    """The first page with its colours, on white, and never enlarged: for the eye."""
    return next(open_colour_pages(data, long_side=long_side))


def open_colour_pages(data: bytes, *, long_side: int) -> Iterator[Image.Image]:
    """The same of each page, decoded when it is asked for."""
    with _opened(data) as image:
        for _ in _pages(image, ()):
            image.draft("RGB", (long_side, long_side))
            turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
            page = image.copy() if page_count(image) > 1 else image
            if page.mode in ("RGB", "RGBA", "L", "LA", "CMYK"):  # first, so that the rest is done on a small picture
                page.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
            coloured = _on_white(page)
            coloured.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
            yield coloured if turn is None else coloured.transpose(turn)  # last, when it is small


def page_sizes(data: bytes) -> list[tuple[int, int]]:
    """Width and height in pixels of each page as it is to be seen. Raises UnreadablePicture."""
    with _opened(data) as image:
        sizes = []
        for _ in _pages(image, ()):
            is_on_its_side = image.getexif().get(_ORIENTATION, 1) >= 5
            sizes.append(image.size[::-1] if is_on_its_side else image.size)
        return sizes


def _pages(image: Image.Image, numbers: Collection[int]) -> Iterator[int]:
    """Go through the pages of a picture: the number of each, once it is the one that will be decoded."""
    count = page_count(image)
    for number in range(1, count + 1):
        if numbers and number not in numbers:
            continue
        if count > 1:
            image.seek(number - 1)
            if image.width * image.height > MAX_PIXELS:
                raise UnreadablePicture("too_large")
        yield number


def page_count(image: Image.Image) -> int:
    """Of a TIFF, as scanners and fax machines make it; of any other the picture that is shown first is the page."""
    return min(getattr(image, "n_frames", 1), MAX_PAGES) if image.format == "TIFF" else 1


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    if not data:
        raise UnreadablePicture("empty")
    kind = kind_of(data)
    if kind.code not in PICTURES:
        raise UnreadablePicture("not_a_picture")
    try:
        if kind.code == "heic":
            know_heic()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow on odd metadata and on size, which is checked here
            with Image.open(io.BytesIO(data), formats=(kind.format,)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UnreadablePicture("too_large")
                yield image
    except Image.DecompressionBombError as error:
        raise UnreadablePicture("too_large") from error
    except ImportError as error:  # the decoder of HEIC is not installed
        raise UnreadablePicture("not_a_picture") from error
    except BROKEN as error:
        raise UnreadablePicture("unreadable") from error


@cache
def know_heic() -> None:
    """Teach Pillow what an iPhone makes; its tiles are decoded by this thread. Raises ImportError."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=0)


def sized(grey: Image.Image, *, long_side: int) -> Image.Image:
    """At most `long_side` pixels long; a small picture is enlarged, twice at most."""
    factor = min(long_side / max(grey.size), 2.0)
    if 0.95 < factor < 1.05:
        return grey
    size = max(round(grey.width * factor), 1), max(round(grey.height * factor), 1)
    return grey.resize(size, Image.Resampling.LANCZOS)


def is_blank(grey: Image.Image) -> bool:
    """Whether nothing is drawn on it."""
    darkest, lightest = grey.resize((200, 200), Image.Resampling.BOX).getextrema()
    return float(lightest) - float(darkest) < _BLANK  # type: ignore[arg-type]


def cut_out(grey: Image.Image, *, long_side: int) -> tuple[Image.Image, Paper | None]:
    """The sheet of paper alone when the picture shows it on a table, in even light, `long_side` pixels long."""
    paper = find_paper(grey)
    sheet = smoothed(grey if paper is None else paper.cut_out(grey))
    return evenly_lit(sized(sheet, long_side=long_side)), paper


def smoothed(grey: Image.Image) -> Image.Image:
    """Without the grain that a telephone gives in the dark: engines lose themselves in thousands of specks."""
    for _ in range(2):
        calm = grey.filter(ImageFilter.MedianFilter(3))
        contrast = max(_percentile(grey, 0.98) - _percentile(grey, _INK), 1)
        if _percentile(ImageChops.difference(grey, calm), 0.5) < _GRAIN * contrast:
            return grey
        grey = calm
    return grey


def evenly_lit(grey: Image.Image) -> Image.Image:
    """Black on white, however dark, pale, shaded or reversed it came."""
    dark, middle, light = (_percentile(grey, part) for part in (_INK, 0.5, 0.98))
    if middle < (dark + light) / 2:  # light letters on a dark page
        grey, dark, light = ImageOps.invert(grey), 255 - light, 255 - dark
    # What is lightest around each spot is the paper there: a shadow or the fall of a lamp's light is taken off.
    small = grey.reduce(8) if min(grey.size) >= 64 else grey
    ground = small.filter(ImageFilter.MaxFilter(15)).filter(ImageFilter.GaussianBlur(8))
    if light - dark > _CONTRAST and _percentile(ground, 0.02) > light - _SHADE:
        return grey  # as good as it comes: engines know what to do with it
    ground = ground.resize(grey.size, Image.Resampling.BILINEAR)
    even = ImageMath.lambda_eval(
        lambda args: args["convert"](args["min"](args["grey"] * 255 / args["max"](args["ground"], 64), 255), "L"),
        grey=grey,
        ground=ground,
    )
    return ImageOps.autocontrast(even, cutoff=(100 * _INK, 0))


def _percentile(grey: Image.Image, part: float) -> int:
    """The value that `part` (0..1) of the pixels do not exceed."""
    histogram, seen = grey.histogram(), 0
    wanted = sum(histogram) * part
    for value, many in enumerate(histogram):
        seen += many
        if seen >= wanted:
            return value
    return 255


def levelled(grey: Image.Image, *, paper: Paper | None = None) -> tuple[Image.Image, Turned]:
    """The picture turned so that its lines of text run level; it may still be upside down."""
    across, down = grey.width // 30, grey.height // 30  # the rim may be the table, or a shadow of the scanner's lid
    inside = grey.crop((across, down, grey.width - across, grey.height - down))
    small = ImageOps.autocontrast(sized(inside, long_side=min(_LOOK, max(inside.size))), cutoff=1)
    (level, skew), (level_on_side, skew_on_side) = _skew(small), _skew(small.transpose(Image.Transpose.ROTATE_90))
    if level_on_side > level:
        return turned(grey, quarter=90, skew=skew_on_side, paper=paper)
    return turned(grey, quarter=0, skew=skew, paper=paper)


def turned(grey: Image.Image, *, quarter: int, skew: float, paper: Paper | None = None) -> tuple[Image.Image, Turned]:
    """The picture turned by `quarter` and then by `skew`, on a white ground, and how to come back."""
    if quarter:
        grey = grey.transpose(getattr(Image.Transpose, f"ROTATE_{quarter}"))
    width, height = grey.size
    if skew:
        grey = grey.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return grey, Turned(quarter, skew, width, height, *grey.size, paper)


def _grey(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # sixteen bits
        image = image.point(lambda value: value / 256)
    return _flattened(image).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    return (_grey(image) if image.mode.startswith("I") else _flattened(image)).convert("RGB")


def _flattened(image: Image.Image) -> Image.Image:
    """Transparent is white, as on paper."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground


def _skew(small: Image.Image) -> tuple[float, float]:
    """How level the lines can be made, and the angle that does so: coarse steps first, then fine ones around."""
    best = max((_level(small, float(angle)), float(angle)) for angle in range(-round(_WIDEST), round(_WIDEST) + 1))
    for step in (0.5, 0.25, 0.1):
        best = max(best, *((_level(small, best[1] + side * step), best[1] + side * step) for side in (-1, 1)))
    level, angle = best
    return level, round(angle, 2) if abs(angle) >= 0.15 else 0.0


def _level(small: Image.Image, angle: float) -> float:
    """How sharply dark rows and light rows alternate: lines of text and the white between them, when level."""
    rotated = small.rotate(angle, Image.Resampling.BILINEAR, fillcolor=255)
    column = rotated.convert("F").resize((1, rotated.height), Image.Resampling.BOX)
    rows = cast(tuple[float, ...], column.get_flattened_data())
    return sum((row - other) ** 2 for row, other in pairwise(rows)) / rotated.height
