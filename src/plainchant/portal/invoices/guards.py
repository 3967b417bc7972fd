"""The table of moves, kept by the database itself: no status is written that the lifecycle does not lead to.

Made anew after every migration from `lifecycle.MOVES`, which stays the only table of what may follow what.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connections

from . import lifecycle
from .lifecycle import Status

INVOICES, HISTORY = "invoices_invoice", "invoices_statuschange"

# One line of the history: it follows the last, and is a row of the table. SQL of both databases.
_FOLLOWS = f"""
    new.sequence = 1 + coalesce((SELECT max(sequence) FROM {HISTORY} WHERE invoice_id = new.invoice_id), 0)
    AND new.from_status = coalesce((SELECT to_status FROM {HISTORY} WHERE invoice_id = new.invoice_id
        ORDER BY sequence DESC LIMIT 1), '')
    AND new.action || ':' || new.from_status || ':' || new.to_status IN ({{lines}})
"""  # noqa: S608 - names of tables
_LEADS_TO = "old.status = new.status OR old.status || ':' || new.status IN ({pairs})"
_IS_LAST_LINE = f"""
    (SELECT status FROM {INVOICES} WHERE id = new.id) = (SELECT to_status FROM {HISTORY} WHERE invoice_id = new.id
        ORDER BY sequence DESC LIMIT 1)
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A trigger, named ``name``, by which the database refuses with ``sentence`` a row for which ``holds`` is not true.

    ``at_the_end``: of the transaction, on PostgreSQL; SQLite cannot wait so long and has no such guard.
    """

    name: str
    table: str
    event: str
    holds: str
    sentence: str
    at_the_end: bool = False

    def statements(self, vendor: str) -> list[str]:
        """What makes it, or makes it anew."""
        if vendor == "sqlite":
            made = (
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} WHEN NOT coalesce({self.holds}, 0) "
                f"BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"
            )
            return [] if self.at_the_end else [f"DROP TRIGGER IF EXISTS {self.name}", made]
        function = (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT coalesce({self.holds}, false) THEN "
            f"RAISE EXCEPTION '{self.sentence}' USING ERRCODE = 'check_violation'; END IF; RETURN new; END $$"
        )
        when = f"{self.event} ON {self.table}"
        trigger = (
            f"CREATE CONSTRAINT TRIGGER {self.name} AFTER {when} DEFERRABLE INITIALLY DEFERRED"
            if self.at_the_end
            else f"CREATE TRIGGER {self.name} BEFORE {when}"
        )
        # Only where it is not there yet: making it waits for whoever writes to the table.
        absent = f"NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = '{self.name}')"  # noqa: S608 - our own name
        made = f"{trigger} FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        return [function, f"DO $do$ BEGIN IF {absent} THEN {made}; END IF; END $do$"]


def lines() -> set[tuple[str, str, str]]:
    """Action, former status ("": none), status: every line that a history may have."""
    return {(move.action, source, move.target) for move in lifecycle.MOVES for source in move.sources or [""]}


def pairs() -> set[tuple[str, str]]:
    """What one UPDATE may change a status from and to: a move, or several of the way to the recipient in a row."""
    ours = {(source, move.target) for move in lifecycle.WAY for source in move.sources}
    for middle, source, target in product(Status, Status, Status):  # Warshall's: the one in the middle goes outermost
        if (source, middle) in ours and (middle, target) in ours:
            ours.add((source, target))
    return ours | {(source, target) for _, source, target in lines() if source}


def guards() -> list[Guard]:
    """All of them, as the table of moves is now."""
    written = ", ".join(sorted(f"'{':'.join(line)}'" for line in lines()))
    led = ", ".join(sorted(f"'{':'.join(pair)}'" for pair in pairs()))
    return [
        Guard(
            name="invoices_history_follows",
            table=HISTORY,
            event="INSERT",
            holds=_FOLLOWS.format(lines=written),
            sentence="no such move in the life of an invoice",
        ),
        Guard(
            name="invoices_status_follows",
            table=INVOICES,
            event="UPDATE OF status",
            holds=_LEADS_TO.format(pairs=led),
            sentence="no move of an invoice leads there",
        ),
        Guard(
            name="invoices_status_is_written",
            table=INVOICES,
            event="UPDATE OF status",
            holds=_IS_LAST_LINE,
            sentence="a status is not that of the last line of its history",
            at_the_end=True,
        ),
    ]


def install(*, using: str = "default", **_: Any) -> None:
    """Make the triggers. Called after each `migrate`."""
    with connections[using].cursor() as cursor:
        for guard in guards():
            for statement in guard.statements(connections[using].vendor):
                cursor.execute(statement)
