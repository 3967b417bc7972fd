"""Between the network and the threads: a request takes a thread once all of it has arrived, until its answer is made.

Pages run on a few threads. Somebody who sends a form byte by byte, or reads an answer so, costs a socket and a file
here and keeps nobody waiting (docs/decisions/0054). This is an ASGI application around Django's WSGI one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, cast

from django.template.loader import get_template

from plainchant.portal.lib.outages import AWAY, RETRY_AFTER_SECONDS, Dependency
from plainchant.portal.lib.sending import ASKS_TO_SEND, MAY_SEND, is_for_programs

from .protection import protecting_headers

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]

MIB = 1 << 20
ALONE_PATHS = ("/health", "/ready")  # answered even when every thread is taken


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long anybody is waited for, in seconds; sizes are in bytes."""

    body: float = 30.0  # for a whole body; more for one that has kept `rate`
    rate: int = 4096  # bytes a second after that: half of what the slowest mobile network gives
    silence: float = 20.0  # between two pieces of a body, or of an answer
    thread: float = 30.0  # for a thread, when all are taken
    turn: float = 60.0  # for one's own other long bodies

    in_memory: int = 64 << 10  # a longer body goes to a file
    long_body: int = MIB  # a longer one is asked for before it is read
    long_bodies: int = 8  # of one address at once; the next ones wait
    free_disk: int = 256 * MIB  # what bodies leave free


class BodyTooSlow(Exception):
    """The body has not arrived in time."""


class BodyTooLong(Exception):
    """The body is longer than what was let in."""


class BodyCut(Exception):
    """The rest of the body does not come: the visitor has gone, or sends what HTTP does not take for a body."""


class NoPlace(Exception):
    """No thread, or no place for a long body, became free in time."""


@dataclass
class Response:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | IO[bytes]


class Front:
    """`threads`: requests answered at once. `proxies`: how many of ours add to X-Forwarded-For."""

    def __init__(
        self,
        wsgi: Callable[[Environ, Any], Iterable[bytes]],
        *,
        threads: int,
        proxies: int = 0,
        patience: Patience | None = None,
    ) -> None:
        self._wsgi = wsgi
        self._proxies = proxies
        self._patience = patience or Patience()
        self._pages = ThreadPoolExecutor(threads, "page")
        # A thread each: while `/ready` waits for a store that says nothing, `/health` answers.
        self._alone = {path: ThreadPoolExecutor(1, "alone") for path in ALONE_PATHS}
        self._disk = ThreadPoolExecutor(2, "disk")
        self._free = asyncio.Semaphore(threads)
        self._long: Counter[str] = Counter()  # address → its long bodies on the way
        self._long_has_ended = asyncio.Condition()
        self._promised = 0  # bytes of long bodies on the way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except BodyCut:  # whoever has gone does not read it
            answer = _plain(scope, 400, "La demande s’est interrompue avant la fin. Rien n’a été fait : recommencez.")
        except BodyTooSlow:
            sentence = "La demande n’est pas arrivée entière à temps. Vérifiez votre connexion, puis recommencez."
            answer = _plain(scope, 408, sentence)
        except BodyTooLong:
            answer = _plain(scope, 413, "Cet envoi est plus lourd qu’annoncé. Rien n’a été enregistré.")
        except NoPlace:
            answer = _unavailable(scope, Dependency.TIME)
        except OSError:
            log.exception("a request could not be kept while it arrived")
            answer = _unavailable(scope, Dependency.DISK)
        with suppress(TimeoutError):  # somebody who stops reading is left
            await self._send(answer, send)

    # -- What comes in ----------------------------------------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        environ = environ_of(scope)
        length = _length(environ)
        if length is not None and length <= self._patience.long_body:
            with tempfile.SpooledTemporaryFile(self._patience.in_memory) as body:
                if length:
                    await self._read(receive, body, most=length)
                return await self._page(environ, body)
        # Whether it may be sent at all is for the pages to say, before a byte of it is read.
        refusal = await self._page(environ | {ASKS_TO_SEND: True}, None)
        most = next((int(value) for name, value in refusal.headers if name == MAY_SEND), None)
        if most is None:
            return refusal
        async with self._turn(self._address(scope), length or most):
            with tempfile.SpooledTemporaryFile(self._patience.in_memory) as body:
                await self._read(receive, body, most=length or most)
                return await self._page(environ, body)

    async def _read(self, receive: Receive, body: Any, *, most: int) -> None:
        """Receive the whole body into a file. Raises BodyTooSlow, BodyTooLong, BodyCut."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        received = 0
        piece, pieces = 0, []
        while True:
            deadline = min(
                loop.time() + self._patience.silence,
                began + self._patience.body + received / self._patience.rate,
            )
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            if message["type"] == "http.disconnect":
                raise BodyCut
            data = message.get("body", b"")
            received += len(data)
            if received > most:
                raise BodyTooLong
            pieces.append(data)
            piece += len(data)
            is_last = not message.get("more_body", False)
            if is_last and received <= self._patience.in_memory:
                body.write(b"".join(pieces))  # in memory: no need of another thread
            elif is_last or piece >= MIB:
                await loop.run_in_executor(self._disk, body.write, b"".join(pieces))
                piece, pieces = 0, []
            if is_last:
                body.seek(0)
                return

    @asynccontextmanager
    async def _turn(self, address: str, length: int) -> AsyncIterator[None]:
        """A place for a long body, among those of its address, and on the disk. Raises NoPlace, OSError."""
        try:
            async with asyncio.timeout(self._patience.turn), self._long_has_ended:
                await self._long_has_ended.wait_for(lambda: self._long[address] < self._patience.long_bodies)
                self._long[address] += 1
        except TimeoutError:
            raise NoPlace from None
        self._promised += length
        try:
            # Twice: Django puts each file of a form in a file of its own.
            free = shutil.disk_usage(tempfile.gettempdir()).free
            if free - 2 * self._promised < self._patience.free_disk:
                raise OSError(f"no room for {length} bytes in {tempfile.gettempdir()}")
            yield
        finally:
            self._promised -= length
            async with self._long_has_ended:
                self._long[address] -= 1
                if not self._long[address]:
                    del self._long[address]
                self._long_has_ended.notify_all()

    def _address(self, scope: Scope) -> str:
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").split(b",")
        if self._proxies and len(forwarded) >= self._proxies:
            return forwarded[-self._proxies].strip().decode("latin-1")
        return str((scope.get("client") or ("",))[0])

    # -- The page ---------------------------------------------------------------------------------------------------

    async def _page(self, environ: Environ, body: IO[bytes] | None) -> Response:
        """What Django answers, made on a thread. Raises NoPlace."""
        loop = asyncio.get_running_loop()
        if alone := self._alone.get(environ["PATH_INFO"]):
            return await loop.run_in_executor(alone, self._make, environ, body)
        try:
            async with asyncio.timeout(self._patience.thread):
                await self._free.acquire()
        except TimeoutError:
            raise NoPlace from None
        try:
            return await loop.run_in_executor(self._pages, self._make, environ, body)
        finally:
            self._free.release()

    def _make(self, environ: Environ, body: Any) -> Response:
        if body is None:
            body = BytesIO()
        else:
            size = body.seek(0, os.SEEK_END)
            body.seek(0)
            environ["CONTENT_LENGTH"] = str(size)
        environ["wsgi.input"] = body
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            started[:] = [status, headers]

        result = self._wsgi(environ, start_response)
        try:
            content = _content(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        status, headers = started
        return Response(
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content,
        )

    # -- What goes out ----------------------------------------------------------------------------------------------

    async def _send(self, answer: Response, send: Send) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if isinstance(answer.body, bytes):
            await send({"type": "http.response.body", "body": answer.body})
            return
        loop = asyncio.get_running_loop()
        with answer.body as file:
            while data := await loop.run_in_executor(self._disk, file.read, _PIECE):
                async with asyncio.timeout(self._patience.silence):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


_PIECE = 128 << 10
_IN_MEMORY = MIB


class _File:
    """WSGI's file wrapper: a response that is a file."""

    def __init__(self, file: Any, block_size: int = _PIECE) -> None:
        self.file = file

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(_PIECE), b"")

    def close(self) -> None:
        self.file.close()


def _content(result: Iterable[bytes]) -> bytes | IO[bytes]:
    """All of a response: in memory if it is short, else a file that outlives the page's own."""
    if isinstance(result, _File):
        try:
            copy = os.fdopen(os.dup(result.file.fileno()), "rb")
        except (AttributeError, OSError):  # no file of the disk
            pass
        else:
            copy.seek(result.file.tell())
            if os.fstat(copy.fileno()).st_size > _IN_MEMORY:
                return copy
            with copy:
                return copy.read()
    # Made while a thread is there: a response that reads the database as it goes must not wait for a slow reader.
    spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by whoever has sent it
    for piece in result:
        spool.write(piece)
    size = spool.tell()
    spool.seek(0)
    if size > _IN_MEMORY:
        return cast("IO[bytes]", spool)
    with spool:
        return spool.read()


def environ_of(scope: Scope) -> Environ:
    """WSGI's environment of a request (PEP 3333), without its body."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": _NOWHERE,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _File,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name:
            continue  # X_Forwarded_Proto would pass for the header that only a proxy may write
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{text}" if key in environ else text
    return environ


class _Nowhere:
    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...


_NOWHERE = _Nowhere()


def _length(environ: Environ) -> int | None:
    """How long the body is, if it says so."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    text = environ.get("CONTENT_LENGTH", "0")
    return int(text) if text.isdecimal() else 0


def _plain(scope: Scope, status: int, sentence: str) -> Response:
    kind, body = (_JSON, _of_wire(status, sentence)) if _calls(scope) else (b"text/plain; charset=utf-8", sentence)
    headers = [(b"content-type", kind), (b"connection", b"close"), *_protection()]
    return Response(status, headers, body.encode())


def _unavailable(scope: Scope, away: Dependency) -> Response:
    sentence = AWAY[away].sentence
    if _calls(scope):
        kind, page = _JSON, _of_wire(503, sentence)
    else:
        kind, page = b"text/html; charset=utf-8", get_template("503.html").render({"sentence": sentence})
    headers = [
        (b"content-type", kind),
        (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
        (b"cache-control", b"no-store"),
        *_protection(),
    ]
    return Response(503, headers, page.encode())


_JSON = b"application/json;charset=utf-8"


def _calls(scope: Scope) -> bool:
    """Whether a program asks, which reads JSON alone."""
    return is_for_programs(str(scope["path"]))


def _of_wire(status: int, sentence: str) -> str:
    return json.dumps({"codeRetour": status, "libelle": sentence}, ensure_ascii=False)


def _protection() -> Iterable[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in protecting_headers().items()]
