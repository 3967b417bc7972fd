"""Scans and photos are read in the disposable process too, one at a time on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plainchant.capture import ocr
from plainchant.shapes import to_json

from . import messages, sandbox
from .reasons import PICTURE_SENTENCES, FailureReason, ReaderFailed
from .turn import turn

# The child gives up by itself on a page, then on a document, after seconds of processor (`capture.ocr`): this
# is the clock on the wall, of a machine that is busy with other things too.
SECONDS = 100.0
PATIENCE = 60.0


@dataclass(frozen=True)
class Recognised:
    """What was read on a scan: ``reading`` and ``pages`` as `sandbox.read_pdf` gives them, on the pages as displayed.

    ``reason`` says why nothing was read, None when something was; ``engine`` is for people.
    """

    engine: str
    reason: ocr.ScanFailure | None
    pages: list[dict[str, Any]]
    reading: dict[str, Any]

    @property
    def sentence(self) -> str:
        """What to tell the person when nothing was read, "" when something was."""
        return ocr.SENTENCES[self.reason] if self.reason else ""


def is_wanted(reading: dict[str, Any]) -> bool:
    """Whether a reading (as JSON) says that what matters is in pictures, or what a scanner made of them."""
    return not {"image_only", "picture_pages", "recognised_pages"}.isdisjoint(reading.get("warnings", ()))


def read_scan(source: bytes | Path, *, patience: float = PATIENCE, seconds: float = SECONDS) -> Recognised:
    """Read a PDF of scanned pages, a JPEG or a PNG in a process of its own; any thread may call.

    Waits `patience` seconds for its turn, then at most `seconds`. Raises ReaderFailed, `busy` when its turn has not
    come; OSError when the path cannot be read.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    sentences = {} if b"%PDF-" in data[:1024] else PICTURE_SENTENCES
    with turn(seconds=patience) as held:
        if held is None:
            raise ReaderFailed(FailureReason.BUSY)
        try:
            body = sandbox.ask_alone("scan", data, seconds=seconds, max_bytes=sandbox.MAX_JSON_BYTES, lent=held)
        except ReaderFailed as failed:
            raise ReaderFailed(failed.reason, sentences) from failed
    try:
        answer = messages.decoded(messages.ScanRead, body)
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, sentences) from error
    return Recognised(answer.engine, answer.reason, to_json(answer.pages), to_json(answer.reading))
