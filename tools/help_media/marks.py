"""The mark around what to click or read, and the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

ACCENT = (92, 31, 69)
HALO = (255, 254, 251)
_ROOM = 6  # pixels between what is marked and the mark
_POINTER = ((0, 0), (0, 22), (5, 17), (9, 26), (13, 24), (9, 16), (16, 16))


@dataclass(frozen=True)
class Box:
    """In pixels of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, found: Mapping[str, Any] | None) -> Box:
        """From Playwright's bounding box; an empty one where it found none."""
        if not found:
            return cls(0, 0, 0, 0)
        x, y = found["x"], found["y"]
        return cls(x - _ROOM, y - _ROOM, x + found["width"] + _ROOM, y + found["height"] + _ROOM)

    def within(self, size: tuple[int, int]) -> Box:
        """The part that is on the picture: a document may be longer than the screen."""
        width, height = size
        return Box(max(self.left, 4), max(self.top, 4), min(self.right, width - 5), min(self.bottom, height - 5))

    @property
    def middle(self) -> tuple[float, float]:
        """Where the pointer goes; of something tall, near its top."""
        return (self.left + self.right) / 2, min((self.top + self.bottom) / 2, self.top + 60)

    @property
    def is_empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top


def marked(picture: Image.Image, box: Box) -> Image.Image:
    """A copy with the mark, the rest a little in the shade."""
    if box.is_empty:
        return picture
    corners = (box.left, box.top, box.right, box.bottom)
    shade = Image.new("L", picture.size, 26)
    ImageDraw.Draw(shade).rounded_rectangle(corners, radius=8, fill=0)
    copy = Image.composite(Image.new("RGB", picture.size, (40, 30, 34)), picture, shade)
    draw = ImageDraw.Draw(copy)
    draw.rounded_rectangle((corners[0] - 2, corners[1] - 2, corners[2] + 2, corners[3] + 2), 9, outline=HALO, width=2)
    draw.rounded_rectangle(corners, radius=8, outline=ACCENT, width=3)
    return copy


def pointed(picture: Image.Image, at: tuple[float, float]) -> Image.Image:
    """A copy with the pointer's tip there."""
    copy = picture.copy()
    shape = [(x + at[0], y + at[1]) for x, y in _POINTER]
    ImageDraw.Draw(copy).polygon(shape, fill=(33, 26, 29), outline=HALO, width=2)
    return copy
