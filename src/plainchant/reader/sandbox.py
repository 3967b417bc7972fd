"""Untrusted files are read in a disposable process: PDFium crashes in threaded ones, and uploaded files are hostile.

One zygote a server process (see `child`) forks a limited child for each request. Every abnormal end of a
child (exit, signal, time-out, senseless answer) becomes one exception, `ReaderFailed`, and the server lives on.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, TypeVar

from plainchant.einvoice.drawing.look import MAX_LOGO_BYTES, Look, LookRefused
from plainchant.reader import messages
from plainchant.reader.reasons import CHECK_SENTENCES, LOGO_SENTENCES, FailureReason, ReaderFailed
from plainchant.reader.walls import ENVIRONMENT, MEMORY_BYTES, ChildLimits
from plainchant.reader.wire import ANSWER, MAX_INPUT_BYTES, QUESTION
from plainchant.shapes import to_json

MAX_JSON_BYTES = 4 << 20
MAX_PNG_BYTES = 20 << 20
DEFAULT_SECONDS = 20.0
SECONDS_TO_COUNT = 5.0  # of a page that somebody is waiting for
MAX_SIDE_PT = 1e8
T = TypeVar("T")
_ZYGOTE = ("-m", "plainchant.reader.child")
_SECONDS_TO_START = 30.0


class Pool(StrEnum):
    """Whose places a child takes: nobody waits for those of another pool."""

    PEOPLE = "people"  # who have an account
    STRANGERS = "strangers"
    FLOWS = "flows"  # long, and nobody waits at a screen
    DRAWINGS = "drawings"  # pages that the portal makes


_PROCESSORS = os.cpu_count() or 2
_PLACES = {
    Pool.PEOPLE: max(2, _PROCESSORS),
    Pool.STRANGERS: max(1, _PROCESSORS // 2),
    Pool.FLOWS: 2,
    Pool.DRAWINGS: max(2, _PROCESSORS),
}
# A visitor who waits for a place holds a thread that another could use. A drawing is short.
_SECONDS_IN_QUEUE = {Pool.PEOPLE: 5.0, Pool.STRANGERS: 1.0, Pool.FLOWS: 5.0, Pool.DRAWINGS: 15.0}
_NICE = {Pool.PEOPLE: 5, Pool.STRANGERS: 15, Pool.FLOWS: 10, Pool.DRAWINGS: 5}
# Of memory that a child sees. Some 200 MB are the zygote's, shared: a drawing is left with half a gigabyte.
_MEMORY_BYTES = dict.fromkeys(Pool, MEMORY_BYTES) | {Pool.DRAWINGS: 704 << 20}


def read_pdf(source: bytes | Path, *, seconds: float = DEFAULT_SECONDS) -> dict[str, Any]:
    """Read a PDF (bytes, or the path of a file) in a process of its own; any thread may call.

    Returns `{"page_count", "has_text", "is_damaged", "pages": [{"number", "width_pt", "height_pt", "words": [[text, x0,
    y0, x1, y1]]}], "reading"}`, edges being fractions of the page and `reading` what `shapes.from_json` makes a
    `FieldReading` of. At most `seconds` of wall clock once the reader is free. Raises ReaderFailed; OSError when the
    path cannot be read.
    """
    body = ask("read", source, {}, seconds=seconds, max_bytes=MAX_JSON_BYTES)
    return _taken(messages.PdfRead, body)


def _taken(
    kind: type[Any], body: bytes, sentences: Mapping[FailureReason, str] = MappingProxyType({})
) -> dict[str, Any]:
    """A child's answer as JSON, when it has the agreed shape. Raises ReaderFailed."""
    try:
        taken: dict[str, Any] = to_json(messages.decoded(kind, body))
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED, sentences) from error
    return taken


def page_sizes(
    source: bytes | Path, *, most: int, seconds: float = SECONDS_TO_COUNT
) -> tuple[int, list[tuple[float, float]]]:
    """How many pages a PDF has, and the size in points of the first ``most``; any thread may call.

    Raises ReaderFailed; OSError when the path cannot be read.
    """
    body = ask("page_sizes", source, {"most": most}, seconds=seconds, max_bytes=MAX_JSON_BYTES)
    try:
        answer = messages.decoded(messages.PageSizes, body)
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED) from error
    count, sizes = answer.count, answer.sizes
    if len(sizes) != min(count, most) or any(not 0 < side < MAX_SIDE_PT for size in sizes for side in size):
        raise ReaderFailed(FailureReason.CRASHED)
    return count, sizes


def render_page(source: bytes | Path, *, page: int, width_px: int, seconds: float = DEFAULT_SECONDS) -> bytes:
    """Draw page `page` (from 1), `width_px` pixels wide, as PNG bytes; any thread may call.

    Raises ReaderFailed (`no_such_page` among others); OSError when the path cannot be read.
    """
    options = {"page": page, "width_px": width_px}
    body = ask("render", source, options, seconds=seconds, max_bytes=MAX_PNG_BYTES)
    if not body.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ReaderFailed(FailureReason.CRASHED)
    return body


MAX_LOGO_UPLOAD_BYTES = 5 << 20


def normalise_logo(source: bytes, *, seconds: float = DEFAULT_SECONDS) -> bytes:
    """A stranger's picture as the PNG that `einvoice.drawing.Look` takes: 1,200 pixels a side at most, no metadata.

    Decoded and encoded again in a process of its own; any thread may call. Raises ReaderFailed with a sentence for the
    person who chose the picture.
    """
    if len(source) > MAX_LOGO_UPLOAD_BYTES:
        raise ReaderFailed(FailureReason.TOO_LARGE, LOGO_SENTENCES)
    try:
        body = ask("logo", source, {}, seconds=seconds, max_bytes=MAX_LOGO_BYTES)
        Look(template="letterhead", logo=body)  # the child has met a hostile file: believed when it has the shape
    except ReaderFailed as failed:
        raise ReaderFailed(failed.reason, LOGO_SENTENCES) from failed
    except LookRefused as refused:
        raise ReaderFailed(FailureReason.CRASHED, LOGO_SENTENCES) from refused
    return body


def check_invoice(
    source: bytes, *, at: date, seconds: float = DEFAULT_SECONDS, pool: Pool = Pool.PEOPLE
) -> dict[str, Any]:
    """Check an invoice (XML or Factur-X) in a process of its own; any thread may call.

    Returns a `CheckedInvoice`: what `plainchant check --json` says, without the file's name, the placements and the
    invoices of an envelope; `facts`: pairs of a label and a value to recognise the invoice by; `addressed`: the buyer's
    SIRET, its service and the commitment, "" where not given. Raises ReaderFailed.
    """
    try:
        body = ask("check", source, {"at": at.isoformat()}, seconds=seconds, max_bytes=MAX_JSON_BYTES, pool=pool)
    except ReaderFailed as failed:
        raise ReaderFailed(failed.reason, CHECK_SENTENCES) from failed
    return _taken(messages.CheckedInvoice, body, CHECK_SENTENCES)


def read_invoice_data(source: bytes, *, seconds: float = DEFAULT_SECONDS) -> dict[str, Any] | None:
    """What an XML invoice states, by the names of `capture.proposal`; None for another XML. Raises ReaderFailed."""
    body = ask("data", source, {}, seconds=seconds, max_bytes=MAX_JSON_BYTES)
    try:
        stated: dict[str, Any] | None = messages.decoded(messages.STATED, body)
    except messages.SENSELESS as error:
        raise ReaderFailed(FailureReason.CRASHED) from error
    return stated


def close() -> None:
    """Stop this process's zygote, if there is one; the next request starts another."""
    with _state.lock:
        zygote, _state.zygote = _state.zygote, None
    if zygote is not None:
        zygote.stop()


@dataclass(slots=True)
class _Zygote:
    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: Path

    def stop(self) -> None:
        self.control.close()  # the zygote reads the end of its socket, kills its children and leaves
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)  # it does so itself, unless it was killed


class _State:
    """What one process knows: its zygote, and how many children of each pool may work at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.places = {pool: threading.BoundedSemaphore(count) for pool, count in _PLACES.items()}
        self.zygote: _Zygote | None = None


_state = _State()
# Zygotes of the process we were forked from: theirs, but their handles must not be collected here.
_inherited: list[_Zygote] = []


def _forget_after_fork() -> None:
    global _state
    zygote, _state = _state.zygote, _State()
    if zygote is not None:
        zygote.control.close()
        _inherited.append(zygote)


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(close)


@contextmanager
def _place(pool: Pool) -> Iterator[None]:
    """One of the places of a pool; raises ReaderFailed when none gets free in time."""
    places = _state.places[pool]
    if not places.acquire(timeout=_SECONDS_IN_QUEUE[pool]):
        raise ReaderFailed(FailureReason.BUSY)
    try:
        yield
    finally:
        places.release()


def ask(
    task: str,
    source: bytes | Path,
    options: dict[str, Any],
    *,
    seconds: float,
    max_bytes: int,
    pool: Pool = Pool.PEOPLE,
) -> bytes:
    """The bytes a child answers on a file; at most ``seconds`` and ``max_bytes``. Raises ReaderFailed, OSError."""
    with _place(pool):
        request = _request(task, options, seconds=seconds, pool=pool)
        return _answer(request, _bytes_of(source), seconds=seconds, max_bytes=max_bytes)


def ask_alone(task: str, source: bytes | Path, *, seconds: float, max_bytes: int, lent: int) -> bytes:
    """The bytes a child answers that holds the descriptor ``lent`` while it lives; it keeps no visitor waiting.

    Raises ReaderFailed, OSError.
    """
    request = _request(task, {}, seconds=seconds, pool=Pool.FLOWS)
    return _answer(request, _bytes_of(source), seconds=seconds, max_bytes=max_bytes, lent=(lent,))


def _request(task: str, options: dict[str, Any], *, seconds: float, pool: Pool) -> bytes:
    limits = ChildLimits(seconds=seconds, nice=_NICE[pool], memory_bytes=_MEMORY_BYTES[pool])
    return json.dumps({"task": task, "options": options, "limits": asdict(limits)}).encode()


def _bytes_of(source: bytes | Path) -> bytes:
    if isinstance(source, Path):
        if source.stat().st_size > MAX_INPUT_BYTES:
            raise ReaderFailed(FailureReason.TOO_LARGE)
        source = source.read_bytes()
    if not source:
        raise ReaderFailed(FailureReason.EMPTY)
    if len(source) > MAX_INPUT_BYTES:
        raise ReaderFailed(FailureReason.TOO_LARGE)
    return source


def _answer(request: bytes, data: bytes, *, seconds: float, max_bytes: int, lent: tuple[int, ...] = ()) -> bytes:
    for is_last in (False, True):
        zygote = _running_zygote()
        try:
            return _converse(zygote, request, data, seconds=seconds, max_bytes=max_bytes, lent=lent)
        except _NoAnswer:
            # Either the child died of this file, or the zygote itself went: only then is it worth asking again.
            if is_last or not _is_gone(zygote):
                raise ReaderFailed(FailureReason.CRASHED) from None
    raise AssertionError("unreachable")


def asked_again(ask: Callable[[], T]) -> T:
    """What ``ask`` answers; asked once more if the zygote has gone meanwhile: nothing was wrong with the file then."""
    zygote = _running_zygote()
    try:
        return ask()
    except ReaderFailed as failed:
        if failed.reason is not FailureReason.CRASHED or not _is_gone(zygote):
            raise
    return ask()


@contextmanager
def conversation(
    task: str, options: dict[str, Any], file: IO[bytes], *, seconds: float, pool: Pool = Pool.PEOPLE
) -> Iterator[socket.socket]:
    """A child at work on an open ``file``, and the socket it answers on; it dies when the socket is closed.

    For files too big to be handed over: the child reads the descriptor itself. Raises ReaderFailed when none is free.
    """
    with _place(pool):
        request = _request(task, options, seconds=seconds, pool=pool)
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    socket.send_fds(_running_zygote().control, [request], [theirs.fileno(), file.fileno()])
                except OSError as error:
                    raise ReaderFailed(FailureReason.CRASHED) from error
            yield ours


class _NoAnswer(Exception):
    """The conversation ended before a whole answer."""


def _converse(
    zygote: _Zygote, request: bytes, data: bytes, *, seconds: float, max_bytes: int, lent: tuple[int, ...]
) -> bytes:
    deadline = time.monotonic() + seconds
    ours, theirs = socket.socketpair()
    with ours:
        try:
            with theirs:
                socket.send_fds(zygote.control, [request], [theirs.fileno(), *lent])
            ours.settimeout(seconds)
            try:
                ours.sendall(QUESTION.pack(len(data)))
                ours.sendall(data)
            except BrokenPipeError:
                pass  # it may have refused at sight: listen to what it said
            is_right, size = ANSWER.unpack(_receive(ours, ANSWER.size, deadline))
            if size > max_bytes:
                raise ReaderFailed(FailureReason.TOO_LARGE)
            body = _receive(ours, size, deadline)
        except TimeoutError:
            raise ReaderFailed(FailureReason.TIMEOUT) from None
        except OSError as error:
            if time.monotonic() >= deadline:
                raise ReaderFailed(FailureReason.TIMEOUT) from None
            raise _NoAnswer from error
    if is_right:
        return body
    try:
        reason = FailureReason(body.decode())
    except ValueError:
        reason = FailureReason.CRASHED
    raise ReaderFailed(reason)


def _receive(connection: socket.socket, size: int, deadline: float) -> bytes:
    """Exactly `size` bytes; raises TimeoutError after the deadline and OSError at an early end."""
    parts = bytearray()
    while len(parts) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            # The zygote kills at the same instant as we give up: an end so late is a time-out.
            raise TimeoutError if deadline - time.monotonic() < 0.05 else ConnectionResetError
        parts += part
    return bytes(parts)


def _is_gone(zygote: _Zygote) -> bool:
    """Whether the zygote has ended; its end follows that of its children by an instant."""
    try:
        zygote.process.wait(timeout=0.1)
    except subprocess.TimeoutExpired:
        return False
    return True


def is_up() -> bool:
    """Whether this process's zygote runs, once it has been started if it did not."""
    try:
        _running_zygote()
    except (ReaderFailed, OSError):
        return False
    return True


def _running_zygote() -> _Zygote:
    with _state.lock:
        if _state.zygote is not None and _state.zygote.process.poll() is not None:
            _state.zygote.stop()
            _state.zygote = None
        if _state.zygote is None:
            _state.zygote = _start()
        return _state.zygote


def _start() -> _Zygote:
    """Start a zygote and wait until it is ready; raises ReaderFailed (BUSY) when it does not come up."""
    # One message is one request: no framing on the control socket.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = tempfile.mkdtemp(prefix="plainchant-reader-")  # the zygote removes it when it leaves
    with theirs:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *_ZYGOTE, str(theirs.fileno())],
            env=ENVIRONMENT,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # a Ctrl+C in the terminal is for the server alone
        )
    zygote = _Zygote(process=process, control=ours, folder=Path(folder))
    ours.settimeout(_SECONDS_TO_START)
    try:
        is_ready = ours.recv(16) == b"ready"
    except OSError:
        is_ready = False
    if not is_ready:
        zygote.stop()
        raise ReaderFailed(FailureReason.BUSY)  # the machine is: nothing is known of any file
    return zygote
