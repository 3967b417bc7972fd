"""Reads that may be some seconds old go to a replica of the database, where there is one that keeps up.

A page says that it bears this (`web.routes.page`). Everything else, and every write, is the primary's: a background
task reads what it has just been given, and an operation decides on rows as they are. How old a read may be: decision
0058.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Model

from .outages import Dependency, dependency_of, first_line

log = logging.getLogger(__name__)

REPLICA = "replica"
MOST_BEHIND_SECONDS = 5.0
LOOKED_AT_EVERY_SECONDS = 2.0
LEFT_ALONE_SECONDS = 10.0  # when it did not answer: each look at one that is away may take its whole time limit
# After a write of somebody, their lists are the primary's: longer than what a replica in use may lack.
OWN_WRITES_SECONDS = 10
assert OWN_WRITES_SECONDS > MOST_BEHIND_SECONDS + 2 * LOOKED_AT_EVERY_SECONDS  # noqa: S101 - figures of one promise

_ALWAYS_CURRENT = {"accounts.login", "django_cache.cacheentry"}  # sessions; rate limits count in the cache
_bears_lag: ContextVar[bool] = ContextVar("bears_lag", default=False)
_T = TypeVar("_T")


class Router:
    """Django asks which database a query goes to."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        name = f"{model._meta.app_label}.{model._meta.model_name}"  # the cache has no more of a model than these
        return REPLICA if _bears_lag.get() and name not in _ALWAYS_CURRENT else PRIMARY

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        return PRIMARY

    def allow_relation(self, first: Model, second: Model, **hints: object) -> bool:
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints: object) -> bool:
        return alias == PRIMARY


def has_replica() -> bool:
    return REPLICA in connections


def read_lagging(read: Callable[[], _T]) -> _T:
    """What ``read`` gives. The replica answers its queries; the primary where there is none, or where it lags or fails.

    ``read`` changes nothing and gives nothing that is still to be asked for: it is called again where the replica
    breaks off.
    """
    if not has_replica() or not _look.keeps_up():
        return read()
    try:
        with _lagging():
            return read()
    except (DatabaseError, InterfaceError) as error:
        if dependency_of(error) is not Dependency.DATABASE:
            raise
        _look.failed(error)
    return read()


@contextmanager
def _lagging() -> Iterator[None]:
    token = _bears_lag.set(True)
    try:
        yield
    finally:
        _bears_lag.reset(token)


class _Look:
    """Whether the replica keeps up, looked at now and then. One thread looks, the others go by what it found last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._keeps_up = False

    def keeps_up(self) -> bool:
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                found = is_near(primary=connections[PRIMARY], replica=connections[REPLICA])
                self._note(found, "" if found else f"more than {MOST_BEHIND_SECONDS:.0f} s behind")
                self._until = time.monotonic() + LOOKED_AT_EVERY_SECONDS
            except (DatabaseError, InterfaceError) as error:
                self.failed(error)
            finally:
                self._lock.release()
        # A look that should long have been over says nothing about now.
        return self._keeps_up and time.monotonic() < self._until + LOOKED_AT_EVERY_SECONDS

    def failed(self, error: Exception) -> None:
        self._note(False, first_line(error))
        self._until = time.monotonic() + LEFT_ALONE_SECONDS

    def _note(self, keeps_up: bool, why: str) -> None:
        if keeps_up != self._keeps_up:
            if keeps_up:
                log.info("lists are read from the replica")
            else:
                log.warning("lists are read from the primary, the replica is not used: %s", why)
        self._keeps_up = keeps_up


_look = _Look()


def is_near(*, primary: Any, replica: Any, most_seconds: float = MOST_BEHIND_SECONDS) -> bool:
    """Whether the replica has all that the primary had just now, or a transaction of the last ``most_seconds``.

    The first holds while nothing is written, the second while much is. Both machines' clocks are taken to agree, as
    NTP has it. Raises DatabaseError.
    """
    with primary.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        (written,) = cursor.fetchone()
    with replica.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END"
            " >= %s::pg_lsn OR clock_timestamp() - pg_last_xact_replay_timestamp() < make_interval(secs => %s)",
            [written, most_seconds],
        )
        (near,) = cursor.fetchone()
    return bool(near)
