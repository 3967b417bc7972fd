"""What the portal depends on and may be away: which exceptions mean it, what a visitor reads, and one line in the log.

An outage is not a fault of the request: the same request works once the dependency is back. The pages answer 503
(`web/errors.py`), a task leaves its work to the sweep (`tasks/`), the log has a line a minute (`OneLineAnOutage`).
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass
from enum import StrEnum

from django import db as database

RETRY_AFTER_SECONDS = 30


class Dependency(StrEnum):
    """Something outside of this process without which some work cannot be done."""

    DATABASE = "database"
    STORE = "document store"
    DISK = "disk"
    ANTIVIRUS = "antivirus"
    MAIL = "mail server"
    ISSUER = "service that people log in with"
    TIME = "time of this machine"


@dataclass(frozen=True)
class Away:
    dependency: Dependency
    sentence: str  # for visitors, who know no databases


AWAY = {
    row.dependency: row
    for row in (
        Away(Dependency.DATABASE, "Le portail n’a pas accès à ses données en ce moment."),
        Away(Dependency.STORE, "Le portail ne peut ni lire ni garder de documents en ce moment."),
        Away(Dependency.DISK, "Le portail n’a plus de place, ou ne peut plus écrire, en ce moment."),
        Away(Dependency.ANTIVIRUS, "L’antivirus du portail ne répond pas, et aucun fichier n’est pris sans lui."),
        Away(Dependency.TIME, "Le portail reçoit plus de demandes qu’il ne peut en traiter en ce moment."),
        Away(
            Dependency.ISSUER,
            "Le service qui vous identifie ne répond pas en ce moment. Si vous avez un mot de passe sur ce portail, "
            "il marche toujours.",
        ),
        Away(Dependency.MAIL, "Le portail ne peut pas envoyer de courriels en ce moment."),
    )
}


class StoreAway(OSError):
    """The document store cannot be reached, read or written. Whatever was kept before is still there."""

    away = Dependency.STORE


# A machine that has run out of something, or whose disk fails: nothing is wrong with what was asked.
_DISK_ERRORS = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOMEM
}  # fmt: skip

# https://www.sqlite.org/rescode.html: busy, locked, no memory, read-only, I/O error, full, cannot open, lock protocol.
# Not « no such column », which has the same Python class.
_SQLITE_ERRORS = {5, 6, 7, 8, 10, 13, 14, 15}

# https://www.postgresql.org/docs/current/errcodes-appendix.html. A server that became a replica, or is in recovery.
_READ_ONLY = "25006"
# The function of PostgreSQL that finds a prepared statement's types altered. Its sentence is in the server's language.
_STALE_PLAN = "RevalidateCachedQuery"


def dependency_of(error: BaseException | None) -> Dependency | None:
    """What is away, if that is what an exception means; None for a fault of our own.

    An exception of the portal's says so itself, with an attribute ``away``.
    """
    while error is not None:
        away = getattr(error, "away", None)
        if isinstance(away, Dependency):
            return away
        if _is_of_the_database(error):
            return Dependency.DATABASE
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            return Dependency.DISK
        error = error.__cause__
    return None


def is_stale_plan(error: BaseException) -> bool:
    """Whether a prepared statement's columns have other types now: an upgrade is under way. The next try is well."""
    return getattr(getattr(error, "diag", None), "source_function", None) == _STALE_PLAN


def _is_of_the_database(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_ERRORS
    psycopg = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(error, psycopg.Error):
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or error.sqlstate == _READ_ONLY:
            return True
        return is_stale_plan(error)
    # Raised by Django itself: a connection that was closed under it.
    return isinstance(error, database.InterfaceError) and error.__cause__ is None


def database_trouble() -> str:
    """Why a new connection to the database cannot be opened, in one line; nothing if it can. Any thread may ask."""
    connection = database.connections["default"].copy()  # the caller's own may be in the middle of something
    try:
        connection.ensure_connection()
    except database.DatabaseError as error:
        return first_line(error)
    finally:
        connection.close()
    return ""


def first_line(error: BaseException) -> str:
    """What an exception says, in one line."""
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


class OneLineAnOutage(logging.Filter):
    """Lets one record a minute through for each dependency that is away, without its traceback, and counts the others.

    Every request and every task of an outage fails in the same way. A record is about an outage if the exception it
    carries says so, or if it was logged with ``extra={"away": Dependency.…}``.
    """

    def __init__(self, *, every_seconds: float = 60.0) -> None:
        super().__init__()
        self._every = every_seconds
        self._lock = threading.Lock()
        self._last: dict[Dependency, float] = {}
        self._hidden: dict[Dependency, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        away = getattr(record, "away", None) or dependency_of(error)
        if away is None and record.name.startswith("psycopg.pool"):
            away = Dependency.DATABASE
        if away is None:
            return True
        at = time.monotonic()
        with self._lock:
            last = self._last.get(away)
            if last is not None and at - last < self._every:
                self._hidden[away] = self._hidden.get(away, 0) + 1
                return False
            self._last[away] = at
            hidden = self._hidden.pop(away, 0)
        while error is not None and error.__cause__ is not None:
            error = error.__cause__  # what the driver says; those above it say that it said something
        reason = first_line(error) if error is not None else record.getMessage()
        again = f" ({hidden} more like it since the last line)" if hidden else ""
        record.msg, record.args = "the %s is away: %s%s", (away, reason, again)
        record.exc_info = record.exc_text = None
        return True
