"""Statements that are written once: asked again, only their values are others.

Django puts the text of a statement together anew each time, which for the ones that every call of a program asks takes
longer than the database takes to answer. Rows are read each time: only the text is kept, in this process.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet

Row = TypeVar("Row")
Value = int | str | Sequence[int]
MOST_TEXTS = 100  # of one statement: one a combination of what is not a value
MOST_LISTED = 200  # of a longer list of keys the text is not kept: it may hold ten thousand
_FIRST = -(2**61)  # stand for values while a text is written: nothing that is looked for can be one of these


class WrittenOnce(Generic[Row]):
    """The rows of a queryset, as a list; see `written_once`.

    ``keeps_texts``: tests that replace what texts are made of have none kept.
    """

    keeps_texts = True

    def __init__(self, model: type[Model], build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._model, self._build = model, build
        self.__doc__ = build.__doc__
        self._text = lru_cache(MOST_TEXTS)(self._write)

    def __call__(self, *shape: Any, **values: Value) -> list[Row]:
        using = router.db_for_read(self._model)
        text = self._text_for(using, shape, values)
        return [] if text is None else text.rows(using, values)

    def statement(self, *shape: Any, **values: Value) -> tuple[str, list[Any]] | None:
        """What is asked of the database: the text and its values; None where no row can be."""
        text = self._text_for(router.db_for_read(self._model), shape, values)
        return None if text is None else (text.sql, text.filled(values))

    def _text_for(self, using: str, shape: tuple[Any, ...], values: dict[str, Value]) -> _Text | None:
        kinds = tuple((name, _kind(value)) for name, value in values.items())
        is_long = any(kind > MOST_LISTED for _, kind in kinds if isinstance(kind, int))
        return (self._write if is_long or not self.keeps_texts else self._text)(using, shape, kinds)

    def _write(self, using: str, shape: tuple[Any, ...], kinds: tuple[tuple[str, Any], ...]) -> _Text | None:
        standing: dict[str, Value] = {}
        names: dict[int | str, tuple[str, int | None]] = {}
        for place, (name, kind) in enumerate(kinds):
            count = kind if isinstance(kind, int) else 1
            marks = [_FIRST - len(names) - each for each in range(count)]
            if kind is str:
                mark = f"\x01 value {place} \x01"
                standing[name], names[mark] = mark, (name, None)
            elif kind is int:
                standing[name], names[marks[0]] = marks[0], (name, None)
            else:
                standing[name] = marks
                names.update({mark: (name, each) for each, mark in enumerate(marks)})
        rows = self._build(*shape, **standing)
        compiler = rows.query.get_compiler(using=using)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = {
            place: names[value] for place, value in enumerate(params) if isinstance(value, int | str) and value in names
        }
        if lost := {name for name, _ in names.values()} - {name for name, _ in places.values()}:
            raise LookupError(f"the statement does not take as values: {', '.join(sorted(lost))}")
        return _Text(sql, tuple(params), places, rows, compiler)


def written_once(model: type[Model]) -> Callable[[Callable[..., QuerySet[Any, Row]]], WrittenOnce[Row]]:
    """Of a function that gives a queryset of ``model``: its statement is written once, and gives a list of rows.

        @written_once(Application)
        def _serving(*, client_id: str) -> QuerySet[Application]: ...

    What stands before the star may change the text, and is hashable. What stands behind it are values that a condition
    compares with as they are: whole numbers, texts, lists of keys. LookupError where one is used in another way.
    """
    return lambda build: WrittenOnce(model, build)


def _kind(value: Value) -> Any:
    """``int``, ``str``, or how many there are in a list. TypeError for others: None would change the text."""
    if isinstance(value, bool) or not isinstance(value, int | str | list | tuple):
        raise TypeError(f"{value!r} is no value of a statement that is written once")
    return int if isinstance(value, int) else str if isinstance(value, str) else len(value)


@dataclass(frozen=True)
class _Text:
    """``places``: of its parameters, the value that each takes, and which one of a list."""

    sql: str
    params: tuple[Any, ...]
    places: dict[int, tuple[str, int | None]]
    made: QuerySet[Any, Any]
    compiler: Any

    def filled(self, values: dict[str, Any]) -> list[Any]:
        params = list(self.params)
        for place, (name, each) in self.places.items():
            # The type says which column it is compared with (psycopg's Int8, for one).
            params[place] = type(params[place])(values[name] if each is None else values[name][each])
        return params

    def rows(self, using: str, values: dict[str, Any]) -> list[Any]:
        """Read as Django reads them: its compiler knows what the columns are, and is given the text."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda: (self.sql, self.filled(values))
        rows: Any = QuerySet(model=self.made.model, query=_Query(self.made.query, compiler), using=using)  # type: ignore[arg-type]
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
            setattr(rows, name, getattr(self.made, name))
        return list(rows)


class _Query:
    """As much of a query as reading its rows asks of it."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
