"""Tesseract with its French data, through the library that its Debian package brings.

The library and not the program: an untrusted file is read in a child that may start no other program (see
`plainchant.reader.walls`).
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator

from PIL import Image

from plainchant.capture.engine import Seen, TookTooLong

_LIBRARIES = ("libtesseract.so.5", "libtesseract.so.4")
_LANGUAGE = b"fra"
_SPARSE = 11  # page segmentation: words wherever they stand, no columns guessed
_WORD = 5  # level of a row of the TSV
_CANCEL = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_int)


class Tesseract:
    """Raises OSError when the library or its French data are not there."""

    name = "Tesseract"
    long_side = 2340
    sure = 0.8

    def __init__(self) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read when the library is loaded
        self._library = _load()
        self._handle = self._library.TessBaseAPICreate()
        if self._library.TessBaseAPIInit3(self._handle, None, _LANGUAGE) != 0:
            self._library.TessBaseAPIDelete(self._handle)
            raise OSError("Tesseract has no French data")
        self._library.TessBaseAPISetPageSegMode(self._handle, _SPARSE)
        self._library.TessBaseAPISetVariable(self._handle, b"debug_file", b"/dev/null")

    def read(self, picture: Image.Image, *, seconds: float) -> list[Seen]:
        """The words, as Tesseract orders them."""
        grey = picture.convert("L")
        width, height = grey.size
        library, handle = self._library, self._handle
        library.TessBaseAPISetImage(handle, grey.tobytes(), width, height, 1, width)
        library.TessBaseAPISetSourceResolution(handle, max(round(max(grey.size) / 11.7), 70))  # of an A4 page
        try:
            self._recognise(seconds)
            answer = library.TessBaseAPIGetTsvText(handle, 0)
            if not answer:
                return []
            rows = ctypes.string_at(answer).decode("utf-8", "replace")
            library.TessDeleteText(answer)
            return list(_words(rows))
        finally:
            library.TessBaseAPIClear(handle)

    def _recognise(self, seconds: float) -> None:
        library = self._library
        end = time.process_time() + seconds
        is_over = _CANCEL(lambda _, __: time.process_time() > end)  # asked at each word
        monitor = library.TessMonitorCreate()
        try:
            library.TessMonitorSetCancelFunc(monitor, is_over)
            if library.TessBaseAPIRecognize(self._handle, monitor) != 0:
                raise TookTooLong
        finally:
            library.TessMonitorDelete(monitor)


def _words(rows: str) -> Iterator[Seen]:
    """level, page, block, paragraph, line, word, left, top, width, height, confidence (0..100), text."""
    for row in rows.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == str(_WORD) and cells[11].strip():
            left, top, width, height = (float(cell) for cell in cells[6:10])
            yield Seen(cells[11].strip(), (left, top, left + width, top + height), float(cells[10]) / 100)


def _load() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        library.TessBaseAPICreate.restype = pointer
        library.TessBaseAPICreate.argtypes = []
        library.TessBaseAPIDelete.argtypes = [pointer]
        library.TessBaseAPIInit3.argtypes = [pointer, text, text]
        library.TessBaseAPISetPageSegMode.argtypes = [pointer, ctypes.c_int]
        library.TessBaseAPISetVariable.argtypes = [pointer, text, text]
        library.TessBaseAPISetImage.argtypes = [pointer, text, *[ctypes.c_int] * 4]
        library.TessBaseAPISetImage.restype = None
        library.TessBaseAPISetSourceResolution.argtypes = [pointer, ctypes.c_int]
        library.TessMonitorCreate.restype = pointer
        library.TessMonitorCreate.argtypes = []
        library.TessMonitorDelete.argtypes = [pointer]
        library.TessMonitorSetCancelFunc.argtypes = [pointer, _CANCEL]
        library.TessBaseAPIRecognize.argtypes = [pointer, pointer]
        library.TessBaseAPIGetTsvText.argtypes = [pointer, ctypes.c_int]
        library.TessBaseAPIGetTsvText.restype = pointer  # and not text: it is to be given back
        library.TessDeleteText.argtypes = [pointer]
        library.TessBaseAPIClear.argtypes = [pointer]
        return library
    raise OSError("no libtesseract")
