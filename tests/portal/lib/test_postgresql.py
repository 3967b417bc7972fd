"""A server that takes a call and does not answer: the caller hangs up when it has waited long enough."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable

import pytest

psycopg = pytest.importorskip("psycopg")


from plainchant.portal.lib.postgresql.base import AsyncConnection, DatabaseWrapper  # noqa: E402


def by_django(port: int) -> None:
    settings = {
        "ENGINE": "plainchant.portal.lib.postgresql", "NAME": "x", "USER": "x", "PASSWORD": "", "HOST": "127.0.0.1",
        "PORT": port, "OPTIONS": {"connect_timeout": 2}, "TIME_ZONE": None, "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
    }  # fmt: skip
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        DatabaseWrapper(settings, "unanswered").connect()


def by_the_worker(port: int) -> None:
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        asyncio.run(AsyncConnection.connect(f"postgres://x@127.0.0.1:{port}/x?connect_timeout=2"))


@pytest.mark.parametrize("call", [by_django, by_the_worker])
def test_an_attempt_that_timed_out_is_over_before_any_garbage_is_collected(call: Callable[[int], None]) -> None:
    gc.disable()
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            call(server.getsockname()[1])
            caller, _ = server.accept()
            with caller:
                caller.settimeout(0.5)
                assert caller.recv(100) != b""  # it has asked for TLS
                assert caller.recv(100) == b""  # and is gone
    finally:
        gc.enable()
