"""Whoever sends or reads slowly takes no thread; what may not be sent is refused before it is read."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from plainchant.portal.lib.sending import ASKS_TO_SEND, MAY_SEND
from plainchant.web.front import Environ, Front, Patience, environ_of

QUICK = Patience(
    body=0.05, silence=0.05, thread=0.05, turn=0.05, in_memory=10, long_body=100, long_bodies=1, free_disk=0
)


def scope(path: str = "/", method: str = "GET", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1", "headers": named,
        "client": ("192.0.2.1", 5000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip


class Pages:
    """A WSGI application that remembers what it was asked, and says how long the body was."""

    def __init__(self, *, most: int | None = 1000) -> None:
        self.seen: list[Environ] = []
        self.most = most
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ)
        if ASKS_TO_SEND in environ:
            if self.most is None:
                start_response("413 Too large", [("X-Page", "too large")])
                return [b"too large"]
            start_response("200 OK", [(MAY_SEND.decode(), str(self.most))])
            return []
        if environ["PATH_INFO"] in ("/long", "/ready"):
            assert self.may_end.wait(10)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"%d bytes" % len(environ["wsgi.input"].read())]


class Visit:
    """One request: what is sent piece by piece (None: nothing more, and the line stays open), what was answered.

    ``is_cut``: the server loses the line after these pieces, or its sense.
    """

    def __init__(self, *pieces: bytes | None, is_cut: bool = False) -> None:
        self.pieces, self.is_cut = list(pieces), is_cut
        self.received = 0
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        self.received += 1
        if self.is_cut and not self.pieces:
            return {"type": "http.disconnect"}
        piece = self.pieces.pop(0) if self.pieces else b""
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": self.is_cut or bool(self.pieces)}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]

    async def to(self, front: Front, where: dict[str, Any]) -> Visit:
        await front(where, self.receive, self.send)
        return self


def test_a_body_arrives_whole_before_a_thread_is_taken() -> None:
    pages = Pages()
    front = Front(pages, threads=1, patience=QUICK)
    visit = asyncio.run(Visit(b"12345", b"6789012345").to(front, scope(method="POST", content_length="15")))
    assert (visit.status, visit.body) == (200, b"15 bytes")
    assert len(pages.seen) == 1


def test_a_length_that_is_no_number_counts_as_none() -> None:
    visit = asyncio.run(Visit().to(Front(Pages(), threads=1), scope(method="POST", content_length="\u00b2")))
    assert (visit.status, visit.body) == (200, b"0 bytes")


def test_a_hundred_slow_bodies_keep_nobody_waiting() -> None:
    front = Front(Pages(), threads=1, patience=Patience(body=600, silence=600))

    async def visits() -> Visit:
        slow = [
            asyncio.create_task(Visit(b"1", None).to(front, scope(method="POST", content_length="50")))
            for _ in range(100)
        ]
        await asyncio.sleep(0)
        other = await Visit().to(front, scope())
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()
        return other

    other = asyncio.run(visits())
    assert (other.status, other.body) == (200, b"0 bytes")


def test_a_hundred_slow_bodies_are_sent_away() -> None:
    front = Front(Pages(), threads=1, patience=QUICK)

    async def visits() -> list[Visit]:
        where = scope(method="POST", content_length="50")
        return await asyncio.gather(*(Visit(b"1", None).to(front, where) for _ in range(100)))

    assert {visit.status for visit in asyncio.run(visits())} == {408}


def test_a_body_that_keeps_coming_is_given_its_time() -> None:
    patience = Patience(body=0.0, silence=5, rate=1, in_memory=10)
    pieces = [b"x" * 10] * 5
    visit = asyncio.run(
        Visit(*pieces).to(Front(Pages(), threads=1, patience=patience), scope(method="POST", content_length="50"))
    )
    assert visit.body == b"50 bytes"


def test_a_long_body_that_may_not_be_sent_is_refused_before_a_byte_is_read() -> None:
    pages = Pages(most=None)
    front = Front(pages, threads=1, patience=QUICK)
    visit = asyncio.run(Visit(b"x" * 101).to(front, scope(method="POST", content_length="101")))
    assert (visit.status, visit.body, visit.received) == (413, b"too large", 0)
    assert len(pages.seen) == 1


def test_a_body_of_no_length_is_measured_and_ends_where_it_must() -> None:
    front = Front(Pages(most=20), threads=1, patience=QUICK)
    where = scope(method="POST", transfer_encoding="chunked")
    assert asyncio.run(Visit(b"x" * 10, b"x" * 10).to(front, where)).body == b"20 bytes"
    assert asyncio.run(Visit(b"x" * 10, b"x" * 11).to(front, where)).status == 413


def test_a_body_that_is_cut_reaches_no_page() -> None:
    pages = Pages()
    where = scope(path="/cpro/factures/v1/soumettre", method="POST", transfer_encoding="chunked")
    visit = asyncio.run(Visit(b"{", is_cut=True).to(Front(pages, threads=1), where))
    assert (visit.status, json.loads(visit.body)["codeRetour"]) == (400, 400)
    assert not any(ASKS_TO_SEND not in environ for environ in pages.seen)


def test_no_header_passes_for_the_question() -> None:
    pages = Pages()
    asked = asyncio.run(Visit().to(Front(pages, threads=1, patience=QUICK), scope(**{"plainchant.asks_to_send": "1"})))
    assert ASKS_TO_SEND not in pages.seen[0]
    assert asked.body == b"0 bytes"


def test_long_bodies_of_one_address_take_turns() -> None:
    patient = Patience(body=600, silence=600, turn=0.05, long_body=100, long_bodies=1, free_disk=0)
    front = Front(Pages(), threads=1, patience=patient)

    async def visits() -> tuple[int, int]:
        holding = Visit(b"1", None)
        first = asyncio.create_task(holding.to(front, scope(method="POST", content_length="101")))
        while not holding.received:
            await asyncio.sleep(0)
        second = await Visit(b"x" * 101).to(front, scope(method="POST", content_length="101"))
        elsewhere = scope(method="POST", content_length="101") | {"client": ("192.0.2.2", 1)}
        other = await Visit(b"x" * 101).to(front, elsewhere)
        first.cancel()
        return second.status, other.status

    assert asyncio.run(visits()) == (503, 200)


def test_an_address_behind_a_proxy_is_the_one_the_proxy_saw() -> None:
    pages = Pages()
    where = scope(x_forwarded_for="203.0.113.9, 198.51.100.7")
    assert Front(pages, threads=1)._address(where) == "192.0.2.1"
    assert Front(pages, threads=1, proxies=1)._address(where) == "198.51.100.7"
    assert Front(pages, threads=1, proxies=2)._address(where) == "203.0.113.9"


def test_a_disk_without_room_takes_no_long_body() -> None:
    front = Front(Pages(), threads=1, patience=Patience(long_body=100, free_disk=1 << 60))
    visit = asyncio.run(Visit(b"x" * 101).to(front, scope(method="POST", content_length="101")))
    assert (visit.status, visit.headers[b"retry-after"], visit.received) == (503, b"30", 0)


def test_a_program_reads_json_whatever_stopped_it() -> None:
    where = scope("/cpro/factures/v1/deposer/flux", method="POST", content_length="101")
    full = Front(Pages(), threads=1, patience=Patience(long_body=100, free_disk=1 << 60))
    slow = Front(Pages(), threads=1, patience=QUICK)
    short = scope("/cpro/factures/v1/deposer/flux", method="POST", content_length="50")
    for visit, status in (
        (asyncio.run(Visit(b"x" * 101).to(full, where)), 503),
        (asyncio.run(Visit(b"1", None).to(slow, short)), 408),
    ):
        assert (visit.status, visit.headers[b"content-type"]) == (status, b"application/json;charset=utf-8")
        assert json.loads(visit.body)["codeRetour"] == status


def test_when_every_thread_is_taken_pages_say_so_and_a_monitor_is_answered() -> None:
    pages = Pages()
    pages.may_end.clear()
    front = Front(pages, threads=1, patience=QUICK)

    async def visits() -> tuple[Visit, Visit, Visit]:
        taken = asyncio.create_task(Visit().to(front, scope("/long")))
        while not pages.seen:
            await asyncio.sleep(0.001)
        refused, monitor = await Visit().to(front, scope()), await Visit().to(front, scope("/health"))
        pages.may_end.set()
        return await taken, refused, monitor

    taken, refused, monitor = asyncio.run(visits())
    assert (refused.status, refused.headers[b"retry-after"]) == (503, b"30")
    assert "plus de demandes" in refused.body.decode()
    assert monitor.status == taken.status == 200


def test_while_the_store_keeps_one_monitor_waiting_the_other_hears_that_the_process_lives() -> None:
    pages = Pages()
    pages.may_end.clear()
    front = Front(pages, threads=1, patience=QUICK)

    async def visits() -> tuple[Visit, Visit]:
        waiting = asyncio.create_task(Visit().to(front, scope("/ready")))
        while not pages.seen:
            await asyncio.sleep(0.001)
        monitor = await asyncio.wait_for(Visit().to(front, scope("/health")), 5)
        pages.may_end.set()
        return await waiting, monitor

    ready, health = asyncio.run(visits())
    assert ready.status == health.status == 200


def test_a_file_is_sent_without_a_thread_and_closed(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"12345" * 500_000)
    opened: list[Any] = []

    def pages(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        opened.append(place.open("rb"))
        opened[-1].read(5)
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](opened[-1])
        return wrapped

    front = Front(pages, threads=1, patience=Patience(silence=0.05))
    assert asyncio.run(Visit().to(front, scope())).body == place.read_bytes()[5:]
    assert opened[-1].closed

    async def stops_reading() -> Visit:
        reader, other = Visit(), Visit()
        reader.send = lambda message: asyncio.Event().wait() if "body" in message else asyncio.sleep(0)  # type: ignore
        slow = asyncio.create_task(reader.to(front, scope()))
        await other.to(front, scope())
        await slow
        return other

    assert len(asyncio.run(stops_reading()).body) == len(place.read_bytes()) - 5


def test_the_environment_is_what_the_request_says_and_no_header_passes_for_another() -> None:
    where = scope("/é", x_forwarded_proto="http", content_type="text/plain", cookie="a=1")
    where["headers"] += [(b"x_forwarded_proto", b"https"), (b"cookie", b"b=2"), (b"content_length", b"5")]
    environ = environ_of(where)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert "CONTENT_LENGTH" not in environ


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_pages_say_whether_a_long_body_may_be_sent() -> None:
    from django.test import Client

    from plainchant.portal.lib.time import now
    from tests.making import a_member, a_structure

    somebody = Client()
    somebody.force_login(a_member(structure=a_structure(at=now()), at=now()))
    long: dict[str, Any] = {"CONTENT_LENGTH": str(1000 << 20), ASKS_TO_SEND: True}
    assert Client().generic("POST", "/flux/deposer/", **long).status_code == 413
    assert somebody.generic("POST", "/flux/deposer/", **long).headers[MAY_SEND.decode()] == str((1024 + 5) << 20)
