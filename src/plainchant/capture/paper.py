"""The sheet of paper in a photograph: where it lies on the table, and the picture of it alone, seen from above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageOps

from plainchant.capture.place import Box

Point = tuple[float, float]

_LOOK = 240  # pixels of the long side of the copy on which it is sought
_LEAST = 0.15  # of the picture: less is a card, a label, a reflection
_EDGE = 0.015  # of the picture: nearer, a side of the sheet is the side of the picture
_RIM = 0.02  # of the way from a corner to the middle
_FILLED = 0.88  # of the four-sided figure: less is no sheet


@dataclass(frozen=True, slots=True)
class Paper:
    """Its corners, as fractions of the picture: top left, top right, bottom right, bottom left."""

    corners: tuple[Point, Point, Point, Point]

    def on_picture(self, u: float, v: float) -> Point:
        """A point of the sheet (fractions of it) on the picture."""
        a, b, c, d, e, f, g, h = self._projection()
        depth = g * u + h * v + 1
        return (a * u + b * v + c) / depth, (d * u + e * v + f) / depth

    def cut_out(self, grey: Image.Image) -> Image.Image:
        """The sheet alone, its corners set square."""
        width, height = self._size(grey.size)
        a, b, c, d, e, f, g, h = self._projection()
        across, down = grey.size
        steps = (
            *(a * across / width, b * across / height, c * across),
            *(d * down / width, e * down / height, f * down),
            *(g / width, h / height),
        )
        return grey.transform((width, height), Image.Transform.PERSPECTIVE, steps, Image.Resampling.BICUBIC)

    def _size(self, size: tuple[int, int]) -> tuple[int, int]:
        points = [(x * size[0], y * size[1]) for x, y in self.corners]
        top, right, bottom, left = (_apart(points[side], points[(side + 1) % 4]) for side in range(4))
        return max(round(max(top, bottom)), 1), max(round(max(left, right)), 1)

    def _projection(self) -> tuple[float, float, float, float, float, float, float, float]:
        """The projective map of the unit square onto the corners (Heckbert, 1989)."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
        dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
        area = dx1 * dy2 - dy1 * dx2
        g, h = (sx * dy2 - sy * dx2) / area, (dx1 * sy - dy1 * sx) / area
        return x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h


def find_paper(grey: Image.Image) -> Paper | None:
    """The sheet that lies on a darker ground; None when the picture is the page itself, as a scanner gives it.

    The ground must show on three sides at least: a page with a dark band on top and another on the left is a page.
    """
    factor = _LOOK / max(grey.size)
    if factor > 1:
        return None
    size = max(round(grey.width * factor), 1), max(round(grey.height * factor), 1)
    # Closed over by the white around them, letters leave no holes in the sheet.
    small = ImageOps.autocontrast(grey.resize(size, Image.Resampling.BOX), cutoff=1)
    small = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    width, height = size
    threshold = _threshold(small.histogram())
    sheet = _largest(small.point(lambda value: 255 if value > threshold else 0).tobytes(), width, height)
    if len(sheet) < _LEAST * width * height:
        return None
    xs, ys = [place % width for place in sheet], [place // width for place in sheet]
    edges = min(xs) / width, min(ys) / height, 1 - (max(xs) + 1) / width, 1 - (max(ys) + 1) / height
    if sum(edge > _EDGE for edge in edges) < 3:
        return None
    corners = _corners(sheet, width)
    area = _area(corners)
    if not area or not _FILLED <= len(sheet) / area <= 1.1:
        return None
    # A little inside: a dark rim would pass for the strongest line of the page.
    middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
    first, second, third, fourth = (
        ((x + (middle[0] - x) * _RIM + 0.5) / width, (y + (middle[1] - y) * _RIM + 0.5) / height) for x, y in corners
    )
    return Paper((first, second, third, fourth))


def bounds(points: Iterator[Point]) -> Box:
    """The rectangle around points, kept within the page."""
    across, down = zip(*points, strict=True)
    return _inside(min(across)), _inside(min(down)), _inside(max(across)), _inside(max(down))


def _threshold(histogram: list[int]) -> int:
    """Between the dark and the light: where the two classes differ most (Otsu, 1979)."""
    count, total = sum(histogram), sum(value * many for value, many in enumerate(histogram))
    best, best_at, dark, dark_total = -1.0, 127, 0, 0
    for value, many in enumerate(histogram):
        dark, dark_total = dark + many, dark_total + value * many
        light = count - dark
        if not dark or not light:
            continue
        apart = dark * light * (dark_total / dark - (total - dark_total) / light) ** 2
        if apart > best:
            best, best_at = apart, value
    return best_at


def _largest(mask: bytes, width: int, height: int) -> list[int]:
    """The places (y × width + x) of the largest connected light surface."""
    left = bytearray(mask)
    largest: list[int] = []
    for start in range(width * height):
        if not left[start]:
            continue
        left[start] = 0
        found = [start]
        for place in found:  # it grows as it is walked
            x = place % width
            for other in (
                place - width,
                place + width,
                place - 1 if x else -1,
                place + 1 if x + 1 < width else -1,
            ):
                if 0 <= other < width * height and left[other]:
                    left[other] = 0
                    found.append(other)
        if len(found) > len(largest):
            largest = found
    return largest


def _corners(places: list[int], width: int) -> tuple[Point, Point, Point, Point]:
    """The farthest points along the two diagonals: right for a sheet that is not turned by more than some thirty
    degrees, which is how people hold a telephone."""
    points = [(place % width, place // width) for place in places]
    top_left, bottom_right = min(points, key=lambda p: p[0] + p[1]), max(points, key=lambda p: p[0] + p[1])
    top_right, bottom_left = max(points, key=lambda p: p[0] - p[1]), min(points, key=lambda p: p[0] - p[1])
    return top_left, top_right, bottom_right, bottom_left


def _area(corners: tuple[Point, ...]) -> float:
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def _apart(point: Point, other: Point) -> float:
    return float(((point[0] - other[0]) ** 2 + (point[1] - other[1]) ** 2) ** 0.5)


def _inside(edge: float) -> float:
    return min(max(edge, 0.0), 1.0)
