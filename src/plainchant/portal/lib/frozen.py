"""Triggers by which the database itself refuses to change or to remove what must stay, whoever asks: for migrations.

SQLite drops the triggers of a table with it, and Django makes a table anew there for some changes of its columns: such
a migration calls `freeze` again at its end. `tests/portal/invoices/test_frozen.py` fails otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .statements import Statements

_POSTGRESQL = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{sentence}'; END $$;
CREATE TRIGGER {name} BEFORE {event} ON {table}
FOR EACH ROW {when} EXECUTE FUNCTION {name}();
"""
_SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""


@dataclass(frozen=True, slots=True)
class Frozen:
    """``columns`` of ``table`` cannot be changed once ``condition`` holds for the old row, nor the row be removed.

    No ``columns``: none may be changed. ``condition`` and ``never`` are SQL of both databases, about ``old`` and about
    ``new``: what a row may not become.
    """

    table: str
    condition: str = ""
    columns: Sequence[str] = ()
    never: str = ""
    events: Sequence[str] = ("UPDATE", "DELETE")

    def statements(self, vendor: str) -> list[str]:
        template, differs = (_POSTGRESQL, "IS DISTINCT FROM") if vendor == "postgresql" else (_SQLITE, "IS NOT")
        made = []
        for event in self.events:
            changes = [f"old.{column} {differs} new.{column}" for column in self.columns]
            changed = " OR ".join([*changes, *([self.never] if self.never else [])])
            conditions = [f"({part})" for part in (self.condition, changed if event == "UPDATE" else "") if part]
            made.append(
                template.format(
                    name=self._name(event),
                    table=self.table,
                    event=event,
                    when=f"WHEN ({' AND '.join(conditions)})" if conditions else "",
                    sentence=f"{self.table} is frozen",
                )
            )
        return made

    def statements_back(self, vendor: str) -> list[str]:
        names = [self._name(event) for event in self.events]
        if vendor == "postgresql":
            return [f"DROP TRIGGER {name} ON {self.table}; DROP FUNCTION {name}();" for name in names]
        return [f"DROP TRIGGER {name}" for name in names]

    def _name(self, event: str) -> str:
        return f"{self.table}_refuses_{event.lower()}"


def freeze(*rows: Frozen) -> Statements:
    """The operation of a migration that makes the triggers of ``rows``."""
    made: dict[str, list[str]] = {}
    for vendor in ("sqlite", "postgresql"):
        made[vendor] = [statement for row in rows for statement in row.statements(vendor)]
        made[f"{vendor}_back"] = [statement for row in rows for statement in row.statements_back(vendor)]
    return Statements(**made)
