"""Days between two instants, counted by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import FloatField, Func


class DaysBetween(Func):
    """Days from the second instant to the first, with decimals. On SQLite, Django's own subtraction calls Python for
    each row.
    """

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s))", arg_joiner=") - julianday(", **kwargs
        )

    def as_postgresql(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM (%(expressions)s)) / 86400)::float"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **kwargs)
