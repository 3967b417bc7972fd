"""What reaches a Sentry: where the error is and of which kind; no address, no link, nothing that was typed."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

sentry = pytest.importorskip("plainchant.portal.lib.sentry", reason="the extra `sentry` is not installed")

TOKEN = "q8dJv1xwP3sT0uY5zA7cE9gI2kM4oR6h"
SECRETS = ("marie@potiers.fr", "Lefèvre", TOKEN, "73282932000074", "trois vases bleus", "192.0.2.7")


@pytest.fixture
def sink() -> Iterator[tuple[str, list[bytes]]]:
    """A DSN of this machine, and the bodies of what is sent there."""
    received: list[bytes] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Sink)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", received
    server.shutdown()
    thread.join()
    server.server_close()


def fail(name: str, password: str) -> None:
    address = "marie@potiers.fr"
    raise ValueError(f"{name} <{address}> typed {password}: DETAIL: Key (email)=({address}) exists")


def test_neither_addresses_nor_links_nor_what_was_typed_leaves(sink: tuple[str, list[bytes]]) -> None:
    dsn, received = sink
    handler = sentry.SentryErrors(dsn=dsn, release="plainchant@0.1.0")
    log = logging.getLogger("plainchant.test_sentry")
    log.propagate = False
    log.addHandler(handler)
    try:
        fail("Lefèvre", "trois vases bleus")
    except ValueError:
        log.exception("%s failed for %s from 192.0.2.%d", "/compte/activer/" + TOKEN, "marie@potiers.fr", 7)
    log.error(f"badly written: marie@potiers.fr 73282932000074 /compte/activer/{TOKEN}/")
    log.warning("not an error")
    log.removeHandler(handler)
    handler.close()  # what is on its way has arrived then
    assert len(received) == 2
    everything = b"\n".join(received).decode()
    for secret in SECRETS:
        assert secret not in everything, secret
    event = json.loads(received[0].splitlines()[2])
    [error] = event["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "fail")
    assert event["logentry"]["message"] == "%s failed for %s from 192.0.2.%d"
    assert event["release"] == "plainchant@0.1.0"
    assert not {"request", "user", "breadcrumbs", "extra", "modules"} & set(event)
    assert not event.get("server_name")
