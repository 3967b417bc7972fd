"""The two databases as a backup sees them: a copy of one instant, what is in it, and how it is put back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import environ
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from plainchant.portal.lib.disk import flush
from plainchant.portal.lib.errors import Refused

if TYPE_CHECKING:
    import psycopg

_DOCUMENTS = "SELECT path, sha256, size FROM store_storedfile ORDER BY path"
_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


class BackupUnusable(Refused):
    """A backup that cannot be taken, read or put back, and why."""

    code = "backup_unusable"


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document that a database names: where it is in the store, and what proves its bytes."""

    path: str
    sha256: str
    size: int


class DatabaseCopy(Protocol):
    """The rows of one instant."""

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""

    def migrations(self) -> list[str]:
        """What has been done to the tables: app.migration."""

    def documents(self) -> Iterator[NamedDocument]:
        """Every document that is named, by path."""


# What Django's OPTIONS may say that libpq's programs understand too, with the variable they read it from.
_LIBPQ = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


@dataclass(frozen=True)
class Sqlite:
    """A file. ``name`` is the engine's; ``file_name`` what its copy is called in a backup."""

    path: Path
    name: str = "sqlite"
    file_name: str = "database.sqlite3"

    @contextmanager
    def snapshot(self, into: Path) -> Iterator[DatabaseCopy]:
        """Write a copy to the file ``into``; what is in it can be asked meanwhile."""
        # All pages in one step: in WAL mode writers go on meanwhile, and the copy is of one instant.
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(into)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        with Sqlite(into).opened() as copy:
            yield copy

    @contextmanager
    def opened(self) -> Iterator[DatabaseCopy]:
        """What is in it now."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            yield _SqliteCopy(connection)

    def is_empty(self) -> bool:
        """Whether it has no table at all."""
        if not self.path.exists():
            return True
        with self.opened() as copy:
            return not copy.counts()

    def load(self, copy: Path) -> None:
        """Put a copy in its place, which is empty. Raises BackupUnusable; then it is empty still."""
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
            try:
                (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            except sqlite3.DatabaseError as error:
                verdict = str(error)
        if verdict != "ok":
            raise BackupUnusable(
                f"La base de cette sauvegarde est abîmée ({verdict}). Prenez une sauvegarde plus ancienne."
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_name(self.path.name + ".partial")
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        flush(partial)
        for left in ("-wal", "-shm"):
            self.path.with_name(self.path.name + left).unlink(missing_ok=True)
        partial.rename(self.path)
        flush(self.path.parent)


@dataclass(frozen=True)
class _SqliteCopy:
    connection: sqlite3.Connection

    def counts(self) -> dict[str, int]:
        named = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return {name: self._one(f'SELECT count(*) FROM "{name}"') for (name,) in named}  # noqa: S608 - its own tables

    def migrations(self) -> list[str]:
        return [name for (name,) in self.connection.execute(_MIGRATIONS)]

    def documents(self) -> Iterator[NamedDocument]:
        for row in self.connection.execute(_DOCUMENTS):
            yield NamedDocument(*row)

    def _one(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])


@dataclass(frozen=True)
class Postgresql:
    """``parameters`` are those of libpq, as Django gives them: host, port, dbname, user, password, sslmode…"""

    parameters: Mapping[str, str]
    name: str = "postgresql"
    file_name: str = "database.dump"

    @contextmanager
    def snapshot(self, into: Path) -> Iterator[DatabaseCopy]:
        import psycopg

        with self._connected() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            self._run("pg_dump", *arguments, f"--file={into}")
            yield _PostgresqlCopy(connection)

    @contextmanager
    def opened(self) -> Iterator[DatabaseCopy]:
        with self._connected() as connection:
            yield _PostgresqlCopy(connection)

    def is_empty(self) -> bool:
        with self._connected() as connection:
            return not _PostgresqlCopy(connection).tables()

    def load(self, copy: Path) -> None:
        arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        self._run("pg_restore", *arguments, f"--dbname={self.parameters['dbname']}", str(copy))

    @contextmanager
    def temporary(self, name: str) -> Iterator[Postgresql]:
        """A new database on the same server, which goes afterwards. Raises BackupUnusable if the role may not."""
        import psycopg

        with self._connected(autocommit=True) as admin:
            try:
                admin.execute(f'CREATE DATABASE "{name}"'.encode())
            except psycopg.errors.InsufficientPrivilege as error:
                raise BackupUnusable(
                    "Le rôle PostgreSQL ne peut pas créer de base d’essai : donnez-lui CREATEDB, ou indiquez un autre "
                    "serveur avec --database-url."
                ) from error
            try:
                yield Postgresql({**self.parameters, "dbname": name})
            finally:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    @contextmanager
    def following(self) -> Iterator[LogStream]:
        """Its log, which is streamed elsewhere."""
        with self._connected(autocommit=True) as connection:
            yield LogStream(connection)

    def _connected(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        import psycopg

        return psycopg.connect(**self.parameters, **options)  # type: ignore[arg-type]

    def _run(self, program: str, *arguments: str) -> None:
        # By the environment: arguments are read by every user of the machine.
        environment = {**os.environ, **{_LIBPQ[key]: value for key, value in self.parameters.items()}}
        try:
            done = subprocess.run(  # noqa: S603
                [program, "--no-password", *arguments], env=environment, capture_output=True, text=True, check=False
            )
        except FileNotFoundError as error:
            raise BackupUnusable(
                f"Le programme {program} manque. Installez les outils de PostgreSQL (Debian : postgresql-client)."
            ) from error
        if done.returncode:
            reason = " ".join(done.stderr.split())[-300:]
            raise BackupUnusable(f"{program} n’a pas abouti ({reason}).")


@dataclass(frozen=True)
class _PostgresqlCopy:
    connection: psycopg.Connection[tuple[Any, ...]]

    def tables(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        )
        return [name for (name,) in rows]

    def counts(self) -> dict[str, int]:
        counts = {}
        for name in self.tables():
            row = self.connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()  # noqa: S608
            counts[name] = int(row[0]) if row else 0
        return counts

    def migrations(self) -> list[str]:
        return [name for (name,) in self.connection.execute(_MIGRATIONS)]

    def documents(self) -> Iterator[NamedDocument]:
        with self.connection.cursor(name="documents") as cursor:
            cursor.itersize = 5_000
            for row in cursor.execute(_DOCUMENTS):
                yield NamedDocument(*row)


@dataclass(frozen=True)
class LogStream:
    """The log of a PostgreSQL, and who receives it by a replication slot."""

    connection: psycopg.Connection[tuple[Any, ...]]

    def mark(self, point: str) -> str:
        """Name this instant in the log; its position there. Raises BackupUnusable if the role may not."""
        import psycopg

        try:
            row = self.connection.execute("SELECT pg_create_restore_point(%s)::text", [point]).fetchone()
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupUnusable(
                "Le rôle PostgreSQL ne peut pas marquer le journal : "
                "GRANT EXECUTE ON FUNCTION pg_create_restore_point TO son_nom."
            ) from error
        return str(row[0]) if row else ""

    def has_arrived(self, position: str, *, slot: str) -> bool:
        """Whether who receives the log has written it to a disk up to there."""
        query = "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND restart_lsn >= %s::pg_lsn"
        return self.connection.execute(query, [slot, position]).fetchone() is not None

    def documents(self) -> Iterator[NamedDocument]:
        """Every document that is named now."""
        with self.connection.transaction():  # a cursor on the server lives in one
            yield from _PostgresqlCopy(self.connection).documents()


Database = Sqlite | Postgresql


def of_the_settings() -> Database:
    """The portal's own database."""
    return _of(connection.settings_dict)


def of_url(url: str) -> Database:
    """The database of a DATABASE_URL."""
    return _of(environ.Env.db_url_config(url))


def _of(configured: Mapping[str, Any]) -> Database:
    if "postgresql" not in configured["ENGINE"]:
        return Sqlite(Path(configured["NAME"]))
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parameters = {key: configured.get(name) for key, name in named.items()}
    parameters |= {key: value for key, value in (configured.get("OPTIONS") or {}).items() if key in _LIBPQ}
    return Postgresql({key: str(value) for key, value in parameters.items() if value})


def known_migrations() -> set[str]:
    """What this program knows to have been done to tables, as app.migration: its migrations, and those they replace."""
    ours = MigrationLoader(None).disk_migrations.items()
    return {f"{app}.{name}" for key, migration in ours for app, name in [key, *migration.replaces]}
