"""RapidOCR 3 on onnxruntime: PP-OCR's models come inside its wheel, nothing is fetched."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from PIL import Image

from plainchant.capture.engine import Seen, TookTooLong

# One thread: a limited child may start none, and one page at a time is read on a machine that also serves pages.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

_SETTINGS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # pages come here the right way up
    "Global.max_side_len": 2600,
    # Lines are found on a smaller copy (half the memory and the time), then read on the picture itself.
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    "Rec.rec_batch_num": 1,  # on one thread a batch only pads short lines
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # M_… of malloc.h


class RapidOcr:
    """Raises ImportError when the extra is not installed."""

    name = "RapidOCR"
    long_side = 2000
    sure = 0.9

    def __init__(self) -> None:
        import cv2
        import onnxruntime  # noqa: F401  (rapidocr asks for it only at the first page)
        from rapidocr import RapidOCR

        _return_memory_at_once()
        cv2.setNumThreads(1)
        self._engine = RapidOCR(params=_SETTINGS)

    def read(self, picture: Image.Image, *, seconds: float) -> list[Seen]:
        """The words, in the order in which lines were found."""
        import numpy

        with _at_most(seconds):
            found: Any = self._engine(numpy.asarray(picture.convert("RGB")), return_word_box=True)
        if found.txts is None or found.boxes is None:
            return []
        seen: list[Seen] = []
        for text, score, corners, words in zip(found.txts, found.scores, found.boxes, found.word_results, strict=False):
            seen += _words(text, float(score), corners, words)
        return seen


def _return_memory_at_once() -> None:
    """Large blocks go back to the system when freed, and there is one heap: 330 MB for a page instead of 600."""
    with contextlib.suppress(AttributeError, OSError):  # the C library has no such call
        tune = ctypes.CDLL(None).mallopt
        for parameter, value in ((_MMAP_THRESHOLD, 1 << 20), (_ARENA_MAX, 1)):
            tune(parameter, value)


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block after `seconds` of processor. Lines are read one by one: it stops between two."""
    if threading.current_thread() is not threading.main_thread():  # only there are signals heard
        yield
        return

    is_over = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_over
        is_over = True
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001))
    try:
        yield
    except Exception as error:  # RapidOCR wraps in its own what is raised while a model runs
        if is_over:
            raise TookTooLong from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _words(text: str, score: float, corners: Any, words: Any) -> list[Seen]:
    parts = text.split()
    if [part for part, _, _ in words] == parts:
        return [Seen(part, _around(box), min(float(sure), 1.0)) for part, sure, box in words]
    # Its own parting differs from white space: share the line between the letters.
    x0, y0, x1, y1 = _around(corners)
    letter = (x1 - x0) / max(len(text), 1)
    seen, start = [], 0
    for part in parts:
        start = text.index(part, start)
        end = start + len(part)
        seen.append(Seen(part, (x0 + letter * start, y0, x0 + letter * end, y1), score))
        start = end
    return seen


def _around(corners: Any) -> tuple[float, float, float, float]:
    across, down = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    return min(across), min(down), max(across), max(down)
