"""An operation of a migration: SQL that each database is given in its own words.

RunPython could ask the same, but Django builds every model of the portal for it first, which takes a second each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import migrations


class Statements(migrations.RunSQL):
    """Runs the list of the database that is migrated, and ``…_back`` when the migration is undone."""

    def __init__(
        self,
        *,
        sqlite: Sequence[str] = (),
        postgresql: Sequence[str] = (),
        sqlite_back: Sequence[str] = (),
        postgresql_back: Sequence[str] = (),
    ) -> None:
        self._forwards = {"sqlite": sqlite, "postgresql": postgresql}
        self._backwards = {"sqlite": sqlite_back, "postgresql": postgresql_back}
        super().__init__([*sqlite, *postgresql], [*sqlite_back, *postgresql_back])

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _run(self._forwards, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _run(self._backwards, schema_editor)


def _run(statements: Mapping[str, Sequence[str]], schema_editor: Any) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
