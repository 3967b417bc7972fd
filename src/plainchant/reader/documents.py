"""Documents handed in as an invoice that are more, or less, than a PDF: read and drawn in the disposable reader."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plainchant.capture.commitment_table import CommitmentRow
from plainchant.capture.kinds import LETTERS, PICTURES, WORKBOOKS
from plainchant.capture.payment_table import PaymentRow
from plainchant.shapes import to_json

from . import messages, sandbox
from .reasons import (
    LETTER_SENTENCES,
    PAYMENTS_SENTENCES,
    PICTURE_SENTENCES,
    WORKBOOK_SENTENCES,
    FailureReason,
    ReaderFailed,
)
from .wire import TWO

MAX_PDF_BYTES = 20 << 20


@dataclass(frozen=True)
class Opened:
    """A file that is no PDF: what it really is, what was read in it, and the PDF that shows it.

    ``reading`` is a ``FieldReading`` as JSON, its places on the pages of ``pdf``, with the names of the cells;
    ``pages`` as ``sandbox.read_pdf`` gives them.
    """

    kind: str  # of WORKBOOKS, LETTERS or PICTURES
    reading: dict[str, Any]
    pages: list[dict[str, Any]]
    pdf: bytes


def open_workbook(source: bytes, *, title: str, at: datetime, sheets: Sequence[int] = ()) -> Opened:
    """Read an .xlsx, .xls or .ods and draw it, or only some ``sheets`` of it, by their ranks (from 1) among those that
    are visible and hold something; ``title`` is written on the drawing. Raises ReaderFailed."""
    options = {**_about(title, at), "sheets": list(sheets)}
    return _opened("workbook", source, options, kinds=WORKBOOKS, sentences=WORKBOOK_SENTENCES)


def open_letter(source: bytes, *, title: str, at: datetime) -> Opened:
    """Draw a .docx or .odt and read it where it stands on its drawing. Raises ReaderFailed."""
    return _opened("letter", source, _about(title, at), kinds=LETTERS, sentences=LETTER_SENTENCES)


def invoice_of_mail(source: bytes) -> tuple[str, bytes]:
    """Name and bytes of the file joined to a mail that may be an invoice. Raises ReaderFailed."""
    body = _asked("mail", source, {}, max_bytes=MAX_PDF_BYTES, sentences={})
    try:
        (length,) = TWO.unpack_from(body)
        joined = messages.decoded(messages.JoinedFile, body[TWO.size : TWO.size + length])
    except (*messages.SENSELESS, struct.error) as error:
        raise ReaderFailed(FailureReason.CRASHED) from error
    return joined.name, body[TWO.size + length :]


def open_picture(source: bytes, *, title: str, at: datetime) -> Opened:
    """Lay a picture on a page, upright; a TIFF has a page for each of its own. Raises ReaderFailed."""
    return _opened("picture", source, _about(title, at), kinds=PICTURES, sentences=PICTURE_SENTENCES)


def pages_alone(source: bytes, *, first: int, last: int) -> bytes:
    """The pages of a PDF from ``first`` to ``last`` as a PDF of their own, with nothing of the others in it.

    Raises ReaderFailed.
    """
    part = _asked("pdf_pages", source, {"first": first, "last": last}, max_bytes=MAX_PDF_BYTES, sentences={})
    if not part.startswith(b"%PDF-"):
        raise ReaderFailed(FailureReason.CRASHED)
    return part


def read_workbook(source: bytes) -> tuple[str, dict[str, Any]]:
    """What a workbook is and what was read in it, where it stands in its cells. Raises ReaderFailed."""
    body = _asked("workbook_fields", source, {}, max_bytes=sandbox.MAX_JSON_BYTES, sentences=WORKBOOK_SENTENCES)
    try:
        answer = messages.decoded(messages.WorkbookRead, body)
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, WORKBOOK_SENTENCES) from error
    return answer.kind, to_json(answer.reading)


def read_payments(source: bytes) -> list[PaymentRow] | None:
    """The rows of a table of payments, a workbook or a CSV; None for another table. Raises ReaderFailed."""
    body = _asked("payments", source, {}, max_bytes=sandbox.MAX_JSON_BYTES, sentences=PAYMENTS_SENTENCES)
    try:
        return messages.decoded(messages.PaymentsRead, body).rows
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, PAYMENTS_SENTENCES) from error


def read_commitments(source: bytes) -> list[CommitmentRow] | None:
    """The rows of a table of commitments, a workbook or a CSV; None for another table. Raises ReaderFailed."""
    body = _asked("commitments", source, {}, max_bytes=sandbox.MAX_JSON_BYTES, sentences=PAYMENTS_SENTENCES)
    try:
        return messages.decoded(messages.CommitmentsRead, body).rows
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, PAYMENTS_SENTENCES) from error


def compare_electronic(source: bytes, *, at: date) -> dict[str, Any]:
    """What a Factur-X is and whether it would be accepted, and where its page differs from its data.

    Returns `{"kind", "accepted", "findings": [sentences], "is_compared", "differences": [{"field", "on_page",
    "in_data", "page"}]}`; `page` is 0 where the value of the data is nowhere to be seen. Raises ReaderFailed.
    """
    body = _asked("compare", source, {"at": at.isoformat()}, max_bytes=sandbox.MAX_JSON_BYTES, sentences={})
    try:
        compared: dict[str, Any] = to_json(messages.decoded(messages.Compared, body))
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED) from error
    return compared


def _about(title: str, at: datetime) -> dict[str, Any]:
    return {"title": title[:200], "at": at.isoformat()}


def _opened(
    task: str,
    source: bytes,
    options: dict[str, Any],
    *,
    kinds: frozenset[str],
    sentences: Mapping[FailureReason, str],
) -> Opened:
    body = _asked(task, source, options, max_bytes=sandbox.MAX_JSON_BYTES + MAX_PDF_BYTES, sentences=sentences)
    try:
        (length,) = TWO.unpack_from(body)
        answer_bytes, drawn = body[TWO.size : TWO.size + length], body[TWO.size + length :]
        answer = messages.decoded(messages.DocumentRead, answer_bytes)
        if answer.kind not in kinds or not drawn.startswith(b"%PDF-"):
            raise ValueError("another kind, or no drawing")
    except (*messages.SENSELESS, struct.error) as error:
        raise ReaderFailed(FailureReason.CRASHED, sentences) from error
    return Opened(kind=answer.kind, reading=to_json(answer.reading), pages=to_json(answer.pages), pdf=drawn)


def _asked(
    task: str, source: bytes, options: dict[str, Any], *, max_bytes: int, sentences: Mapping[FailureReason, str]
) -> bytes:
    try:
        return sandbox.ask(task, source, options, seconds=sandbox.DEFAULT_SECONDS, max_bytes=max_bytes)
    except ReaderFailed as failed:
        raise ReaderFailed(failed.reason, sentences) from failed
