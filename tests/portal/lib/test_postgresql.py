"""A server that takes a call and does not answer: the caller hangs up when it has waited long enough."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db import NotSupportedError, connection

from plainchant.portal.lib.outages import Dependency, dependency_of

psycopg = pytest.importorskip("psycopg")


from plainchant.portal.lib.postgresql.base import AsyncConnection, DatabaseWrapper  # noqa: E402


def settings_of(port: int) -> dict[str, Any]:
    return {
        "ENGINE": "plainchant.portal.lib.postgresql", "NAME": "x", "USER": "x", "PASSWORD": "", "HOST": "127.0.0.1",
        "PORT": port, "OPTIONS": {"connect_timeout": 2}, "TIME_ZONE": None, "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
    }  # fmt: skip


def by_django(port: int) -> None:
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        DatabaseWrapper(settings_of(port), "unanswered").connect()


def by_the_worker(port: int) -> None:
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        asyncio.run(AsyncConnection.connect(f"postgres://x@127.0.0.1:{port}/x?connect_timeout=2"))


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql" or connection.settings_dict["HOST"][:1] in ("", "/"),
    reason="asks a PostgreSQL on the network",
)
def test_a_session_whose_machine_vanishes_is_not_believed_in_for_hours() -> None:
    found = {}
    with connection.cursor() as cursor:
        for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout"):
            cursor.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [name])
            found[name] = cursor.fetchone()[0]
    assert found == {
        "tcp_keepalives_idle": 20,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL prepares statements")
def test_a_statement_whose_column_an_upgrade_alters_is_prepared_anew() -> None:
    ours, upgrade = connection.copy("ours"), connection.copy("upgrade")

    def read() -> object:
        with ours.cursor() as cursor:
            cursor.execute("SELECT name FROM altered WHERE name = %s", ["a"])
            return cursor.fetchone()

    def alter(what: str) -> None:
        with upgrade.cursor() as cursor:
            cursor.execute(what)

    try:
        alter("CREATE TABLE altered (name varchar(10))")
        alter("INSERT INTO altered VALUES ('a')")
        assert [read() for _ in range(8)] == [("a",)] * 8  # prepared after the fifth
        alter("ALTER TABLE altered ALTER name TYPE varchar(20)")
        assert read() == ("a",)
        assert [read() for _ in range(8)] == [("a",)] * 8
        alter("ALTER TABLE altered ALTER name TYPE varchar(30)")
        ours.set_autocommit(False)
        with pytest.raises(NotSupportedError) as stale:
            read()
        ours.rollback()
        ours.set_autocommit(True)
        assert dependency_of(stale.value) is Dependency.DATABASE
        assert read() == ("a",)
    finally:
        alter("DROP TABLE IF EXISTS altered")
        ours.close()
        upgrade.close()


def test_the_options_of_an_operator_are_kept_and_a_pooler_is_given_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=7s")
    direct, pooled = (
        DatabaseWrapper(settings_of(5432) | {"DISABLE_SERVER_SIDE_CURSORS": pooled}, "x").get_connection_params()
        for pooled in (False, True)
    )
    assert direct["options"].endswith(" -c statement_timeout=7s")
    assert "options" not in pooled


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks a PostgreSQL")
def test_a_connection_that_was_ended_is_known_without_asking() -> None:
    other = DatabaseWrapper(connection.settings_dict, "other")
    other.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT query_start FROM pg_stat_activity WHERE pid = %s", [pid := other.connection.info.backend_pid]
            )
            before = cursor.fetchone()
            assert other.is_usable()
            cursor.execute("SELECT query_start FROM pg_stat_activity WHERE pid = %s", [pid])
            assert cursor.fetchone() == before  # it was not asked
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert not other.is_usable()
    finally:
        other.close()
