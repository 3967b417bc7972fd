"""The two engines that recognise characters, both optional, behind one small face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
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


def available() -> Engine | None:
    """The better of the engines installed here, made ready once; None without any."""
    for make in (rapid_ocr, tesseract):
        engine = make()
        if engine is not None:
            return engine
    return None


@cache
def rapid_ocr() -> Engine | None:
    """RapidOCR, if the `ocr` extra is installed (`make ocr`)."""
    from plainchant.capture.rapid import RapidOcr

    return _started(RapidOcr)


@cache
def tesseract() -> Engine | None:
    """Tesseract with its French data, if the system has it."""
    from plainchant.capture.tesseract import Tesseract

    return _started(Tesseract)


def _started(make: Callable[[], Engine]) -> Engine | None:
    try:
        return make()
    except (ImportError, OSError):
        return None
