"""Dataclasses as JSON and back, by their annotations: what is stored in a column, what a child process answers.

`Decimal` and `date` are strings in JSON, absent keys take their defaults, unknown ones are left out. Limits are said in
the type: `Annotated[str, Meta(max_length=40)]`. Why a library: docs/decisions/0043.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_DECIMALS = 5  # of a float: a hundred-thousandth of a page


def to_json(value: object) -> Any:
    """Dicts, lists, strings and numbers, as `json.loads` would give them back."""
    return _plain(msgspec.to_builtins(value))


def from_json(kind: type[T], data: Any) -> T:
    """The inverse of `to_json`. ValueError, with the path of what is wrong, on any other shape."""
    return msgspec.convert(data, kind)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
