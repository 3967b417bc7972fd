"""A flow opened in a disposable process: its invoices one after the other, as the child finds them.

``document`` is the flow's bytes as a file of this machine, opened by whoever asks (`portal.store.queries.local_file`).
The server never opens an archive or an invoice itself. It holds one invoice at a time; a child that dies or takes too
long is one `ReaderFailed`, and whoever asked goes on behind the invoice that killed it.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import IO, Any, TypeVar

from plainchant.capture.billing_table import BillingRow
from plainchant.einvoice.model import Header
from plainchant.reader.text import storable_json
from plainchant.shapes import from_json, to_json

from . import sandbox
from .messages import SENSELESS, ArchiveFile, FlowEnd, FlowInvoiceRead, FlowKind
from .reasons import FLOW_SENTENCES, FailureReason, ReaderFailed
from .wire import ANSWER

T = TypeVar("T")
DATA = "application/xml"  # the media type of an invoice's data as they were sent, and of no other document
SECONDS_EACH = 20.0
SECONDS_TO_DRAW = 60.0  # ten thousand lines take twenty
SECONDS_AT_MOST = 180.0  # an invoice of 120 MB, and what is skipped before it
SECONDS_A_FLOW = 3_600.0
SECONDS_TO_COUNT = 120.0  # a gigabyte is inflated once to know how many files there are
MAX_DOCUMENT_BYTES = 130 << 20
MAX_TOLD_BYTES = 8 << 20  # two thousand findings


@dataclass(frozen=True)
class FlowDocument:
    name: str
    role: str  # "01" the invoice, "02" an annex
    media_type: str
    content: bytes


@dataclass(frozen=True)
class InvoiceInFlow:
    """One invoice of a flow. ``findings``: what Chorus Pro's acceptance says; it goes on unless one is fatal."""

    position: int
    part: int
    name: str
    kind: str
    syntax: str
    header: Header | None
    findings: list[dict[str, Any]]
    more: int
    documents: list[FlowDocument]
    content: str = ""  # SHA-256 of the file
    places: Mapping[str, str] = field(default_factory=dict)  # of a table's row: field → cell


def kind_of(*, document: AbstractContextManager[IO[bytes]]) -> FlowKind:
    """What a flow holds, by its first invoice. Raises ReaderFailed."""

    def ask() -> dict[str, Any]:
        with sandbox.conversation("flow_kind", {}, file, seconds=SECONDS_TO_COUNT) as frames:
            return _frame(frames, SECONDS_TO_COUNT)[0]

    try:
        with document as file:
            answer = sandbox.asked_again(ask)
    except ReaderFailed as failed:
        raise ReaderFailed(failed.reason, FLOW_SENTENCES) from failed
    return _made(FlowKind, answer, FLOW_SENTENCES)


def _made(kind: type[T], answer: Any, sentences: Mapping[FailureReason, str] = MappingProxyType({})) -> T:
    """A child's message, when it has the agreed shape. Raises ReaderFailed."""
    try:
        return from_json(kind, answer)
    except SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, sentences) from error


def read_rows(*, document: AbstractContextManager[IO[bytes]]) -> tuple[list[BillingRow], FlowEnd]:
    """The rows of a table of invoices, in order, and its end. Raises ReaderFailed."""

    def ask() -> tuple[list[BillingRow], FlowEnd]:
        rows: list[BillingRow] = []
        with sandbox.conversation("flow_rows", {}, file, seconds=SECONDS_EACH) as frames:
            while True:
                answer, _ = _frame(frames, SECONDS_EACH)
                if answer.get("end"):
                    return rows, _made(FlowEnd, answer)
                rows.append(_made(BillingRow, answer))

    with document as file:
        return sandbox.asked_again(ask)


def unpacked(*, document: AbstractContextManager[IO[bytes]], max_bytes: int) -> Iterator[tuple[str, bytes] | FlowEnd]:
    """The files of an archive, (name, bytes) each, then its end. ``max_bytes``: of one of them.

    Raises ReaderFailed.
    """
    options = {"max_bytes": max_bytes}
    with document as file, sandbox.conversation("unpack", options, file, seconds=SECONDS_TO_COUNT) as frames:
        while True:
            answer, documents = _frame(frames, SECONDS_TO_COUNT)
            if answer.get("end"):
                yield _made(FlowEnd, answer)
                return
            if len(documents) != 1:
                raise ReaderFailed(FailureReason.CRASHED, FLOW_SENTENCES)
            yield _made(ArchiveFile, answer).name, documents[0]


def read_flow(
    *, document: AbstractContextManager[IO[bytes]], at: date, start: int = 0
) -> Iterator[InvoiceInFlow | FlowEnd]:
    """Its invoices from the ``start``-th file on, then its end. Raises ReaderFailed where the child gave up."""
    options = {"at": at.isoformat(), "start": start, "seconds_each": SECONDS_EACH}
    with (
        document as file,
        sandbox.conversation("flow", options, file, seconds=SECONDS_A_FLOW, pool=sandbox.Pool.FLOWS) as frames,
    ):
        while True:
            # The child's own alarm comes first; ours is for a child that no longer hears it.
            answer, documents = _frame(frames, SECONDS_AT_MOST)
            if answer.get("end"):
                yield _made(FlowEnd, answer)
                return
            yield _invoice(answer, documents)


def page_of(*, document: AbstractContextManager[IO[bytes]], part: int) -> bytes:
    """The PDF of the ``part``-th invoice of a file of data, for people to read. Raises ReaderFailed."""
    options = {"part": part}
    with (
        document as file,
        sandbox.conversation("flow_page", options, file, seconds=SECONDS_TO_DRAW, pool=sandbox.Pool.DRAWINGS) as frames,
    ):
        _, documents = _frame(frames, SECONDS_TO_DRAW)
    if len(documents) != 1 or not documents[0].startswith(b"%PDF-"):
        raise ReaderFailed(FailureReason.CRASHED)
    return documents[0]


def _frame(frames: socket.socket, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
    """One object and its documents. The child has met a hostile file: nothing it sends is taken on trust."""
    try:
        frames.settimeout(seconds)
        answer = storable_json(json.loads(_body(frames, 1, MAX_TOLD_BYTES)))
        documents = [_body(frames, 2, MAX_DOCUMENT_BYTES) for _ in answer.get("documents", [])]
    except TimeoutError:
        raise ReaderFailed(FailureReason.TIMEOUT) from None
    except (OSError, EOFError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ReaderFailed(FailureReason.CRASHED) from error
    return answer, documents


def _body(frames: socket.socket, wanted: int, most: int) -> bytes:
    kind, size = ANSWER.unpack(_exactly(frames, ANSWER.size))
    if kind != wanted or size > most:
        raise ValueError("not what was agreed")
    return _exactly(frames, size)


def _exactly(frames: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = frames.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _invoice(answer: dict[str, Any], documents: list[bytes]) -> InvoiceInFlow:
    read = _made(FlowInvoiceRead, answer)
    return InvoiceInFlow(
        position=read.position,
        part=read.part,
        name=read.name,
        kind=read.kind,
        syntax=read.syntax,
        header=read.header,
        findings=to_json(read.findings),
        more=read.more,
        content=read.sha256,
        documents=[
            FlowDocument(row.name, row.role, row.media_type, content)
            for row, content in zip(read.documents, documents, strict=True)
        ],
    )
