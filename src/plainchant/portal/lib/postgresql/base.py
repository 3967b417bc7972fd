"""Django's PostgreSQL and the worker's connections, with four differences.

An attempt that failed is over at once. psycopg (3.3) leaves the socket of one that timed out to the garbage collector,
which an idle process does not run for minutes. A PostgreSQL that is being stopped waits for such a caller for its
authentication_timeout, a minute, and a restart of the database took as long.

A session whose machine has vanished is over within a minute. A server believes in it for two hours otherwise, and keeps
its locks: whoever comes for the same rows waits as long.

Statements are prepared (settings), and a plan that an upgrade under way has made stale is made anew.

Whether a connection still serves is not asked of the server before each request: one that ends says so on the socket,
and one that can no longer say it would not have answered the question either.
"""

from __future__ import annotations

import os
import select
import traceback
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from plainchant.portal.lib.outages import is_stale_plan

_WHILE_NOTHING_IS_HEARD = (
    "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000"
)


class PreparingCursor(base.CursorMixin, psycopg.Cursor[Any]):
    """Prepares a stale statement again. In a transaction that is too late: PostgreSQL has ended it."""

    def execute(self, *args: Any, **options: Any) -> Self:
        try:
            return super().execute(*args, **options)
        except psycopg.errors.FeatureNotSupported as error:
            if not is_stale_plan(error) or self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            super().execute("DEALLOCATE ALL")
            return super().execute(*args, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    """Found by Django under this name."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if params["cursor_factory"] is base.ServerBindingCursor:
            params["cursor_factory"] = PreparingCursor
        if not self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):  # a pooler takes no options
            given = params.get("options", os.environ.get("PGOPTIONS", ""))
            params["options"] = f"{_WHILE_NOTHING_IS_HEARD} {given}".strip()
        return params

    def is_usable(self) -> bool:
        return (not self.errors_occurred and _is_quiet(self.connection)) or bool(super().is_usable())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.Error as error:
            _let_go(error)
            raise


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """Handed to the pool of the worker."""

    @classmethod
    async def connect(cls, *args: Any, **kwargs: Any) -> Self:
        try:
            return await super().connect(*args, **kwargs)
        except psycopg.Error as error:
            _let_go(error)
            raise


def _is_quiet(connection: psycopg.Connection[Any] | None) -> bool:
    """Whether nothing has come in since the last answer: no « I am ending », no end of the stream."""
    if connection is None or connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)


def _let_go(error: BaseException | None) -> None:
    """Empty the frames that ended with an exception: one of them holds the half-made connection, and the exception."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__
