"""An invoice with every term filled, each with a value of its own: what is lost on the way can be named."""

from __future__ import annotations

import types
import typing
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

from plainchant.einvoice.model import Classification, Group, Identifier

HIDDEN = {"source", "content", "rows", "tax_type", "is_proprietary"}


def filled(model: type, numbers: typing.Iterator[int], made: list[object]):
    """A group with every field filled, a list with one; each value that was put in goes to ``made``."""
    values = {}
    hints = typing.get_type_hints(model)
    for row in fields(model):
        if row.name in HIDDEN:
            continue
        kinds = [part for part in typing.get_args(hints[row.name]) if part not in (type(None), Ellipsis)]
        kind = kinds[0] if kinds else hints[row.name]
        several = typing.get_origin(hints[row.name]) is tuple
        value = one(kind, numbers, made)
        values[row.name] = (value,) if several else value
    return model(**values)


def one(kind: type, numbers: typing.Iterator[int], made: list[object]):
    number = next(numbers)
    if isinstance(kind, types.GenericAlias):
        kind = typing.get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Group):
        return filled(kind, numbers, made)
    if kind is Decimal:
        value = Decimal(f"{number}.07")
    elif kind is date:
        value = date(2000, 1, 1) + timedelta(days=number)
    elif kind is Identifier:
        value = Identifier(f"id{number}", f"s{number}")
    elif kind is Classification:
        value = Classification(f"c{number}", f"l{number}", f"v{number}")
    else:
        value = f"mark{number}"
    made.append(value)
    return value
