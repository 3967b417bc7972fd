"""Django's PostgreSQL and the worker's connections, with one difference: an attempt that failed is over at once.

psycopg (3.3) leaves the socket of an attempt that timed out to the garbage collector, which an idle process does not
run for minutes. A PostgreSQL that is being stopped waits for such a caller for its authentication_timeout, a minute,
and a restart of the database took as long.
"""

from __future__ import annotations

import traceback
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Found by Django under this name."""

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


def _let_go(error: BaseException | None) -> None:
    """Empty the frames that ended with an exception: one of them holds the half-made connection, and the exception."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__
