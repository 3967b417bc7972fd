"""A flow opened in a disposable process: its invoices one after the other, as the child finds them.

The server never opens an archive or an invoice itself. It holds one invoice at a time; a child that dies or takes too
long is one `ReaderFailed`, and whoever asked goes on behind the invoice that killed it.
"""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.core.files.storage import storages

from plainchant.einvoice.model import Header
from plainchant.portal.lib.text import storable_json

from . import sandbox
from .models import StoredFile
from .sandbox import ReaderFailed, Reason
from .sandbox_wire import ANSWER

SECONDS_EACH = 20.0
SECONDS_A_FLOW = 3_600.0
MAX_DOCUMENT_BYTES = 130 << 20
MAX_TOLD_BYTES = 1 << 20


@dataclass(frozen=True)
class FlowDocument:
    name: str
    role: str  # "01" the invoice, "02" an annex
    media_type: str
    content: bytes


@dataclass(frozen=True)
class FlowInvoice:
    """One invoice of a flow. ``findings``: what Chorus Pro's acceptance refuses; none when it may go on."""

    position: int
    part: int
    name: str
    kind: str
    syntax: str
    header: Header | None
    findings: list[dict[str, Any]]
    more: int
    documents: list[FlowDocument]


@dataclass(frozen=True)
class FlowEnd:
    """The flow has been read to its end. ``trouble``: what is wrong with it as a whole, in French, or ""."""

    trouble: str


@dataclass(frozen=True)
class FlowKind:
    interface: str  # "" when nothing in it is an invoice
    syntax: str
    trouble: str


def kind_of(*, stored: StoredFile) -> FlowKind:
    """What a flow holds, by its first invoice. Raises ReaderFailed."""
    with _opened(stored) as file, sandbox.conversation("flow_kind", {}, file, seconds=SECONDS_EACH) as frames:
        told, _ = _frame(frames, SECONDS_EACH)
    return FlowKind(str(told["interface"])[:8], str(told["syntax"])[:40], str(told["trouble"])[:1000])


def read_flow(*, stored: StoredFile, at: date, start: int = 0) -> Iterator[FlowInvoice | FlowEnd]:
    """Its invoices from the ``start``-th file on, then its end. Raises ReaderFailed where the child gave up."""
    options = {"at": at.isoformat(), "start": start, "seconds_each": SECONDS_EACH}
    with _opened(stored) as file, sandbox.conversation("flow", options, file, seconds=SECONDS_A_FLOW) as frames:
        while True:
            # The child's own alarm comes first; ours is for a child that no longer hears it.
            told, documents = _frame(frames, SECONDS_EACH * 3)
            if told.get("end"):
                yield FlowEnd(str(told["trouble"])[:1000])
                return
            yield _invoice(told, documents)


@contextmanager
def _opened(stored: StoredFile) -> Iterator[IO[bytes]]:
    """The bytes as a file of this machine: a store elsewhere is copied to a scratch file first, piece by piece."""
    with storages["documents"].open(stored.path) as source, tempfile.TemporaryFile() as scratch:
        file = getattr(source, "file", source)
        try:
            file.fileno()
        except (AttributeError, OSError):
            shutil.copyfileobj(source, scratch, 1 << 20)
            scratch.seek(0)
            file = scratch
        yield file


def _frame(frames: socket.socket, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
    """One object and its documents. The child has met a hostile file: nothing it sends is taken on trust."""
    try:
        frames.settimeout(seconds)
        told = storable_json(json.loads(_body(frames, 1, MAX_TOLD_BYTES)))
        documents = [_body(frames, 2, MAX_DOCUMENT_BYTES) for _ in told.get("documents", [])]
    except TimeoutError:
        raise ReaderFailed(Reason.TIMEOUT) from None
    except (OSError, EOFError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ReaderFailed(Reason.CRASHED) from error
    return told, documents


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


def _invoice(told: dict[str, Any], documents: list[bytes]) -> FlowInvoice:
    try:
        return FlowInvoice(
            position=int(told["position"]),
            part=int(told["part"]),
            name=str(told["name"])[:255],
            kind=str(told["kind"])[:60],
            syntax=str(told["syntax"])[:40],
            header=Header.from_json(told["header"]) if told["header"] else None,
            findings=[
                {
                    "rule": str(row["rule"])[:60],
                    "message": str(row["message"])[: sandbox.MAX_MESSAGE],
                    "field": str(row["field"] or "")[:60],
                    "line": int(row["line"]) if row["line"] is not None else None,
                    "path": str(row["path"])[:500],
                }
                for row in told["findings"]
            ],
            more=int(told["more"]),
            documents=[
                FlowDocument(str(row["name"])[:200], str(row["role"])[:2], str(row["media_type"])[:100], content)
                for row, content in zip(told["documents"], documents, strict=True)
            ],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReaderFailed(Reason.CRASHED) from error
