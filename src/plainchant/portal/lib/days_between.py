"""Days between two instants, and the end of a day, counted by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, FloatField, Func


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


class EndOfDay(Func):
    """The last instant of a date, in UTC: whole days are counted to it, whatever the hour of the other end."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        return self.as_sql(compiler, connection, template="datetime(%(expressions)s, '+1 day')", **kwargs)

    def as_postgresql(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + 1)::timestamptz", **kwargs)
