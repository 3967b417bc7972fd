"""Text as every database can hold it."""

from __future__ import annotations

from typing import Any


def storable(text: str) -> str:
    """``text`` without NUL and lone surrogates: PostgreSQL refuses the first, UTF-8 the others."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def storable_json(value: Any) -> Any:
    """The same for every text of a JSON value, keys included."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable_json(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable_json(item) for key, item in value.items()}
    return value
