"""The two engines that recognise characters, both optional: which of them is installed here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from .engine import Engine


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
