"""What means that something is away, and what is a fault of ours; one line a minute of an outage."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import OperationalError

from plainchant.portal.lib.outages import AWAY, Dependency, OneLineAnOutage, StoreAway, database_trouble, dependency_of
from plainchant.portal.mail.operations import MailServerAway
from plainchant.portal.store.antivirus import ScannerAway


def raised(act: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        act()
    return caught.value


def of_sqlite(statement: str, *, name: str = ":memory:") -> Exception:
    """What Django raises for a statement, as a cause of its own exception."""
    connection = connections["default"].copy()
    connection.settings_dict = {**connections["default"].settings_dict, "NAME": name, "TEST": {}}

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    try:
        return raised(execute)
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.skipif("sqlite" not in connections["default"].vendor, reason="of SQLite")
def test_a_file_that_cannot_be_opened_is_away_and_a_column_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    assert dependency_of(of_sqlite("SELECT 1", name=str(tmp_path / "nowhere" / "x"))) is Dependency.DATABASE
    fault = of_sqlite("SELECT nothing FROM nowhere")
    assert isinstance(fault, OperationalError)  # the same class
    assert dependency_of(fault) is None


def test_a_locked_file_is_away(tmp_path: Path) -> None:
    first, second = (sqlite3.connect(tmp_path / "x", timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN EXCLUSIVE")
    error = raised(lambda: second.execute("BEGIN EXCLUSIVE"))
    first.close(), second.close()
    assert dependency_of(error) is Dependency.DATABASE


def test_a_server_that_refuses_cuts_or_only_reads_is_away_and_bad_sql_is_a_fault() -> None:
    psycopg = pytest.importorskip("psycopg")
    refused = raised(lambda: psycopg.connect("host=127.0.0.1 port=1 user=x dbname=x"))
    assert dependency_of(refused) is Dependency.DATABASE
    for away in (psycopg.errors.AdminShutdown, psycopg.errors.TooManyConnections, psycopg.errors.QueryCanceled,
                 psycopg.errors.DiskFull, psycopg.errors.ReadOnlySqlTransaction, psycopg.InterfaceError):  # fmt: skip
        assert dependency_of(away("x")) is Dependency.DATABASE, away
    for fault in (psycopg.errors.UndefinedTable, psycopg.errors.SyntaxError, psycopg.errors.UniqueViolation,
                  psycopg.errors.NumericValueOutOfRange):  # fmt: skip
        assert dependency_of(fault("x")) is None, fault


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OSError(errno.ENOSPC, "full"), Dependency.DISK),
        (OSError(errno.EMFILE, "too many"), Dependency.DISK),
        (FileNotFoundError(errno.ENOENT, "none"), None),
        (BrokenPipeError(errno.EPIPE, "left"), None),
        (StoreAway("x"), Dependency.STORE),
        (ScannerAway(), Dependency.ANTIVIRUS),
        (MailServerAway("x"), Dependency.MAIL),
        (ValueError("x"), None),
        (None, None),
    ],
)
def test_other_dependencies(error: Exception | None, away: Dependency | None) -> None:
    assert dependency_of(error) is away


def test_what_is_raised_from_an_outage_is_one_and_what_is_raised_beside_it_is_not() -> None:
    def wraps() -> None:
        try:
            raise StoreAway("x")
        except StoreAway as error:
            raise RuntimeError from error

    def stumbles() -> None:
        try:
            raise StoreAway("x")
        except StoreAway:
            raise RuntimeError  # noqa: B904

    assert dependency_of(raised(wraps)) is Dependency.STORE
    assert dependency_of(raised(stumbles)) is None


def test_every_dependency_has_a_sentence() -> None:
    assert set(AWAY) == set(Dependency)


@pytest.mark.django_db
def test_a_database_that_answers_has_no_trouble() -> None:
    assert database_trouble() == ""


class Kept(logging.Handler):
    def __init__(self, *, every_seconds: float) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(OneLineAnOutage(every_seconds=every_seconds))
        self.log = logging.Logger("kept")
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def test_a_thousand_requests_of_an_outage_are_one_line_and_another_fault_has_its_trace() -> None:
    kept = Kept(every_seconds=60)
    for number in range(1000):
        kept.log.error("request %d failed", number, exc_info=StoreAway("no bucket"))
        kept.log.error("no antivirus for request %d", number, extra={"away": Dependency.ANTIVIRUS})
    kept.log.error("a fault", exc_info=ValueError("of ours"))
    assert kept.lines[0] == "the document store is away: no bucket"
    assert kept.lines[1] == "the antivirus is away: no antivirus for request 0"
    assert kept.lines[2].startswith("a fault\n")
    assert len(kept.lines) == 3


def test_what_was_left_out_is_counted_in_the_next_line() -> None:
    kept = Kept(every_seconds=0)
    kept.log.error("x", exc_info=StoreAway("first"))
    kept.filters[0]._every = 60  # type: ignore[union-attr]
    for _ in range(7):
        kept.log.error("x", exc_info=StoreAway("again"))
    kept.filters[0]._every = 0  # type: ignore[union-attr]
    kept.log.error("x", exc_info=StoreAway("still"))
    assert kept.lines[1] == "the document store is away: still (7 more like it since the last line)"
    assert len(kept.lines) == 2
