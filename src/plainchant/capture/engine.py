"""What is asked of an engine that recognises characters, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL import Image


@dataclass(frozen=True, slots=True)
class Seen:
    """A word on a picture: `box` in pixels (x0, y0, x1, y1), `confidence` 0..1 as the engine puts it."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float


class TookTooLong(Exception):
    """The picture was not read in the time given."""


class Engine(Protocol):
    """Finds words on a grey picture whose lines of text run level."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def long_side(self) -> int:
        """Pixels on the longer side of an A4 page at which it reads best."""

    @property
    def sure(self) -> float:
        """From this confidence on, a word is seldom wrong."""

    def read(self, picture: Image.Image, *, seconds: float) -> list[Seen]:
        """The words, in any order; raises TookTooLong after about `seconds` of work."""
