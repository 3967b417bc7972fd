"""An S3 store that is away is told from one that will never take a document: only the second stops a start."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import override_settings

from plainchant.portal.lib.outages import StoreAway, dependency_of
from plainchant.portal.store.reaching import try_store

pytest.importorskip("storages.backends.s3", reason="S3 needs django-storages and boto3")


def at(endpoint: str) -> override_settings:
    options = {
        "bucket_name": "documents",
        "access_key": "a",
        "secret_key": "b",
        "region_name": "eu-west-3",
        "endpoint_url": endpoint,
    }
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    return override_settings(STORAGES=settings.STORAGES | {"documents": backend})


@contextmanager
def store_that_answers(status: int) -> Iterator[None]:
    """An S3 that says the same to whatever it is asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with at(f"http://127.0.0.1:{server.server_address[1]}"):
            yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [503, 500, 429])
def test_a_store_that_cannot_now_is_away(status: int) -> None:
    with store_that_answers(status), pytest.raises(StoreAway):
        try_store()


def test_nobody_there_is_away() -> None:
    with at("http://127.0.0.1:9"), pytest.raises(StoreAway):
        try_store()


def test_keys_that_are_refused_are_a_setting_to_correct() -> None:
    with store_that_answers(403), pytest.raises(Exception, match="403") as refused:
        try_store()
    assert dependency_of(refused.value) is None
