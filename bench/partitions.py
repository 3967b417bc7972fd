"""What partitions by month give and cost: histories and files in one table, cut by instant, cut by range of numbers.

Run: DATABASE_URL=postgres://… python bench/partitions.py [--rows 200000]. A database of its own, dropped afterwards;
ten million rows take some 10 GB there, and an hour. Without PostgreSQL nothing is measured.

The tables have the columns of the portal's own, whose migrations ran, and the unique keys that each layout allows. They
are filled in the order of time, as a portal would: two years of invoices, each with five lines of history within thirty
days, and with one file. A rate by the clock says little on a machine that others use: the processor's time of the
database's session is counted.
"""
# ruff: noqa: S608 - names of tables and columns are those of the layouts below

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import scratch

MONTHS = 24
FIRST = datetime(2024, 11, 1, tzinfo=UTC)
STEPS = 5  # lines of history of an invoice
ASKED = 2_000  # histories, and files, read one by one
BATCH = 1_000
BATCHES = 60


def month(n: int) -> datetime:
    return FIRST.replace(year=FIRST.year + (FIRST.month - 1 + n) // 12, month=(FIRST.month - 1 + n) % 12 + 1)


@dataclass(frozen=True)
class Layout:
    """``by``: the column that cuts it into months, if any. ``keys``: what can be unique then, besides indexes."""

    table: str
    by: str
    keys: tuple[str, ...]
    indexes: tuple[str, ...] = ()


HISTORIES = (
    Layout("history_plain", "", ("id", "invoice_id, sequence"), ("actor_id", "at")),
    Layout("history_by_at", "at", ("id, at", "invoice_id, sequence, at"), ("actor_id",)),
    Layout("history_by_invoice", "invoice_id", ("id, invoice_id", "invoice_id, sequence"), ("actor_id", "at")),
)
FILES = (
    Layout("file_plain", "", ("id", "uid", "path")),
    Layout("file_by_id", "id", ("id", "uid, id", "path, id")),
)


class Bench:
    def __init__(self, connection: Any, rows: int) -> None:
        self.connection, self.rows = connection, rows
        self.invoices = rows // STEPS
        self.session = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        self.random = random.Random(1)

    def used(self, act: Callable[[], object]) -> tuple[float, float]:
        """Seconds of the session's processor, and by the clock."""
        before, begun = scratch.seconds_of(self.session), time.perf_counter()
        act()
        return scratch.seconds_of(self.session) - before, time.perf_counter() - begun

    def run(self, statement: str, *values: object) -> list[Any]:
        cursor = self.connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    def first_number(self, by: str, n: int, rows: int) -> str:
        """Where the month ``n`` begins: an instant, or the number that its first row has."""
        if by == "at":
            return f"'{month(n).isoformat()}'"
        span = (month(MONTHS) - FIRST).total_seconds()
        return str(int(rows * (month(n) - FIRST).total_seconds() / span) + 1)

    def make(self, layout: Layout, like: str, rows: int) -> None:
        cut = f" PARTITION BY RANGE ({layout.by})" if layout.by else ""
        self.run(f"CREATE TABLE {layout.table} (LIKE {like} INCLUDING DEFAULTS){cut}")
        if layout.by:
            for n in range(MONTHS + 3):
                low, high = (self.first_number(layout.by, k, rows) for k in (n, n + 1))
                part = f"{layout.table}_{n:02d} PARTITION OF {layout.table}"
                self.run(f"CREATE TABLE {part} FOR VALUES FROM ({low}) TO ({high})")
            self.run(f"CREATE TABLE {layout.table}_rest PARTITION OF {layout.table} DEFAULT")
        for key in layout.keys:
            self.run(f"CREATE UNIQUE INDEX ON {layout.table} ({key})")
        for index in layout.indexes:
            kind = "brin" if index == "at" else "btree"  # in the order of time already: a thousandth of a tree's size
            self.run(f"CREATE INDEX ON {layout.table} USING {kind} ({index})")

    # -- Histories ---------------------------------------------------------------------------------------------

    def history_rows(self, first: int, last: int) -> str:
        """A query for the lines of the invoices ``first`` to ``last``, with their instants."""
        span = (month(MONTHS) - FIRST).total_seconds()
        return f"""
            SELECT i, s, timestamptz '{FIRST.isoformat()}' + make_interval(secs => {span} * i / {self.invoices}
                + CASE WHEN s <= 3 THEN 60 * s ELSE 86400 * (s * 5 + i % 7) END) AS at
            FROM generate_series({first}::bigint, {last}::bigint) i, generate_series(1, {STEPS}) s"""

    def insert_history(self, table: str, source: str) -> None:
        self.run(f"""
            INSERT INTO {table} (id, invoice_id, sequence, action, from_status, to_status, at, party, actor_id,
                actor_name, reason_code, comment, payment_order)
            SELECT (i - 1) * {STEPS} + s, i, s, 'mettre_a_disposition', 'EN_COURS_ACHEMINEMENT', 'MISE_A_DISPOSITION',
                at, 'portal', CASE WHEN s > 3 THEN i % 5000 END, 'Camille Personne', '', '', '' FROM ({source}) made""")

    def fill_history(self, table: str) -> None:
        for n in range(MONTHS + 3):
            # Lines of a month belong to invoices of this one and of the two before.
            ends = [int(self.first_number("id", k, self.invoices)) for k in (max(n - 2, 0), n + 1)]
            rows = self.history_rows(ends[0], min(ends[1], self.invoices))
            bounds = f"at >= '{month(n).isoformat()}' AND at < '{month(n + 1).isoformat()}'"
            self.insert_history(table, f"SELECT * FROM ({rows}) every WHERE {bounds} ORDER BY at")

    def insert_batches(self, table: str) -> None:
        """As the portal's lots do: the first three lines of invoices that have just arrived."""
        each = BATCH // 3
        for n in range(BATCHES):
            first = self.invoices + n * each + 1
            rows = self.history_rows(first, first + each - 1)
            self.insert_history(table, f"SELECT * FROM ({rows}) every WHERE s <= 3")

    def read_histories(self, table: str) -> None:
        for _ in range(ASKED):
            invoice = self.random.randint(1, self.invoices)
            found = self.run(f"SELECT * FROM {table} WHERE invoice_id = %s ORDER BY sequence", invoice)
            assert len(found) == STEPS, (table, invoice, len(found))

    def read_recent(self, table: str) -> None:
        """With its first line's instant: what a table cut by instant wants to be asked."""
        for _ in range(ASKED):
            invoice = self.random.randint(1, self.invoices)
            made = FIRST + (month(MONTHS) - FIRST) * (invoice / self.invoices)
            bounds = (made - timedelta(days=1), made + timedelta(days=60))
            query = f"SELECT * FROM {table} WHERE invoice_id = %s AND at >= %s AND at < %s ORDER BY sequence"
            assert len(self.run(query, invoice, *bounds)) == STEPS

    def last_lines(self, table: str) -> None:
        """What a lot's move asks: the last number of each of fifty invoices."""
        for _ in range(ASKED // 20):
            first = self.random.randint(1, self.invoices - 50)
            wanted = list(range(first, first + 50))
            asked = f"SELECT invoice_id, max(sequence) FROM {table} WHERE invoice_id = ANY(%s) GROUP BY invoice_id"
            self.run(asked, wanted)

    def export(self, table: str) -> None:
        for n in (3, 12, 20):
            what = f"SELECT to_status, party, count(*), min(at), max(at) FROM {table}"
            self.run(f"{what} WHERE at >= %s AND at < %s GROUP BY 1, 2", month(n), month(n + 1))

    # -- Files -------------------------------------------------------------------------------------------------

    def fill_files(self, table: str, first: int, last: int) -> None:
        span = (month(MONTHS) - FIRST).total_seconds()
        self.run(f"""
            INSERT INTO {table} (id, uid, path, name, media_type, size, sha256, scan, created_at, page_sizes,
                page_trouble)
            SELECT i, md5(i::text)::uuid, '2026/11/' || md5(i::text), 'facture-' || i || '.xml', 'application/xml',
                30000, md5(i::text) || md5((i + 1)::text), 'clean',
                timestamptz '{FIRST.isoformat()}' + make_interval(secs => {span} * i / {self.rows}), '[]', ''
            FROM generate_series({first}::bigint, {last}::bigint) i""")

    def read_files(self, table: str, column: str) -> None:
        for _ in range(ASKED):
            number = self.random.randint(1, self.rows)
            value = "%s" if column == "id" else "md5(%s::text)::uuid"
            assert self.run(f"SELECT * FROM {table} WHERE {column} = {value}", number)

    # -- Both --------------------------------------------------------------------------------------------------

    def sizes(self, table: str) -> tuple[float, float]:
        """GB of rows, GB of indexes."""
        query = """SELECT sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)) FROM pg_class c
            WHERE c.relkind = 'r' AND (c.relname = %s OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE
            inhparent = %s::regclass))"""
        rows, indexes = self.run(query, table, table)[0]
        return float(rows) / 1e9, float(indexes) / 1e9

    def drop_oldest(self, layout: Layout, rows: int) -> None:
        if layout.by:
            self.run(f"DROP TABLE {layout.table}_00")
            return
        by = "at" if layout in HISTORIES else "id"
        self.run(f"DELETE FROM {layout.table} WHERE {by} < {self.first_number(by, 1, rows)}")
        self.run(f"VACUUM {layout.table}")

    def switch(self, table: str) -> None:
        """Make a plain table the first part of one cut by invoices, without copying a row: what a portal would do."""
        self.run(f"CREATE UNIQUE INDEX CONCURRENTLY ON {table} (id, invoice_id)")
        last = 2 * self.invoices
        self.run(f"ALTER TABLE {table} ADD CONSTRAINT so_far CHECK (invoice_id < {last}) NOT VALID")
        self.run(f"ALTER TABLE {table} VALIDATE CONSTRAINT so_far")
        with self.connection.transaction():
            self.run(f"ALTER TABLE {table} RENAME TO {table}_first")
            self.run(f"CREATE TABLE {table} (LIKE {table}_first INCLUDING DEFAULTS) PARTITION BY RANGE (invoice_id)")
            for key in ("id, invoice_id", "invoice_id, sequence"):
                self.run(f"CREATE UNIQUE INDEX ON {table} ({key})")
            self.run(f"ALTER TABLE {table} ATTACH PARTITION {table}_first FOR VALUES FROM (MINVALUE) TO ({last})")
            self.run(f"CREATE TABLE {table}_second PARTITION OF {table} FOR VALUES FROM ({last}) TO (MAXVALUE)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=200_000, help="lines of history, and as many files")
    chosen = asked.parse_args()
    if not scratch.ON_POSTGRESQL:
        print("PostgreSQL only: set DATABASE_URL")
        return
    import psycopg

    with scratch.portal("plainchant_bench_partitions"):
        from django.conf import settings

        database = settings.DATABASES["default"]
        with psycopg.connect(
            host=database["HOST"],
            port=database["PORT"],
            user=database["USER"],
            password=database["PASSWORD"],
            dbname=database["NAME"],
            autocommit=True,
        ) as connection:
            bench = Bench(connection, chosen.rows)
            print(f"{chosen.rows:,} rows, {MONTHS} months, load {scratch.load()}; processor of the session (clock)")
            _histories(bench)
            _files(bench)
            print(f"load at the end {scratch.load()}")


def _histories(bench: Bench) -> None:
    for layout in HISTORIES:
        bench.make(layout, "invoices_statuschange", bench.invoices)
        filled = bench.used(partial(bench.fill_history, layout.table))
        _say(layout, "fill, a thousand rows", filled, 1000 / bench.rows)
        bench.run(f"VACUUM ANALYZE {layout.table}")
    for _ in range(2):  # the first time everything is fetched from the disk
        bench.random.seed(1)
        measures: list[tuple[str, Callable[[str], None], float]] = [
            ("history of an invoice", bench.read_histories, 1 / ASKED),
            ("the same, its months named", bench.read_recent, 1 / ASKED),
            ("last lines of fifty", bench.last_lines, 20 / ASKED),
            ("export of a month", bench.export, 1 / 3),
        ]
        for name, act, share in measures:
            for layout in HISTORIES:
                _say(layout, name, bench.used(partial(act, layout.table)), share)
    for layout in HISTORIES:
        table = layout.table
        _say(layout, "insert, a thousand rows", bench.used(partial(bench.insert_batches, table)), 1 / BATCHES)
        rows, indexes = bench.sizes(table)
        print(f"  {table:20s} {rows:.2f} GB of rows, {indexes:.2f} GB of indexes")
        _say(layout, "an old month goes", bench.used(partial(bench.drop_oldest, layout, bench.invoices)), 1)
        print(f"  {table:20s} {sum(bench.sizes(table)):.2f} GB afterwards", flush=True)
        if not layout.by:
            _say(layout, "becomes one cut by invoice", bench.used(partial(bench.switch, table)), 1)
        bench.run(f"DROP TABLE {table}")


def _files(bench: Bench) -> None:
    for layout in FILES:
        table = layout.table
        bench.make(layout, "store_storedfile", bench.rows)
        filled = bench.used(partial(bench.fill_files, table, 1, bench.rows))
        _say(layout, "fill, a thousand rows", filled, 1000 / bench.rows)
        bench.run(f"VACUUM ANALYZE {table}")
        for column in ("id", "uid") * 2:
            read = bench.used(partial(bench.read_files, table, column))
            _say(layout, f"a file by its {column}", read, 1 / ASKED)
        rows, indexes = bench.sizes(table)
        print(f"  {table:20s} {rows:.2f} GB of rows, {indexes:.2f} GB of indexes")
        _say(layout, "an old month goes", bench.used(partial(bench.drop_oldest, layout, bench.rows)), 1)
        bench.run(f"DROP TABLE {table}")


def _say(layout: Layout, name: str, used: tuple[float, float], share: float) -> None:
    processor, clock = (1000 * share * seconds for seconds in used)
    print(f"  {layout.table:20s} {name:28s} {processor:10.2f} ms ({clock:.2f})", flush=True)


if __name__ == "__main__":
    main()
