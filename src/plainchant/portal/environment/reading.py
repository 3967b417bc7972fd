"""The value of a variable of the table, in the type of its kind. One that is empty counts as not set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .table import VARIABLE_OF, Kind

_ON = frozenset({"1", "true", "yes", "on"})
_OFF = frozenset({"0", "false", "no", "off"})


class Unreadable(ValueError):
    """The text of a variable is none of what its kind allows. ``sentence`` says what it may be."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name} {sentence}")
        self.name = name
        self.sentence = f"{name} {sentence}"


class Environment:
    """Reads the rows of the table from ``values``. KeyError for a name without a row, TypeError for another kind."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, *, default: str = "") -> str:
        """A text, a secret or a choice. Raises Unreadable."""
        row = VARIABLE_OF[name]
        if row.kind not in (Kind.TEXT, Kind.SECRET, Kind.CHOICE):
            raise TypeError(f"{name} is a {row.kind}")
        value = self._value(name) or default
        if row.choices and value not in row.choices:
            raise Unreadable(name, f"vaut « {value} ». Valeurs possibles : {', '.join(row.choices)}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Raises Unreadable."""
        value = self._of_kind(name, Kind.FLAG).lower()
        if value in _ON or value in _OFF:
            return value in _ON
        if value:
            raise Unreadable(name, f"vaut « {value} ». Écrivez 1 ou 0.")
        return default

    def number(self, name: str, *, default: int) -> int:
        """A whole number, zero or more. Raises Unreadable."""
        value = self._of_kind(name, Kind.NUMBER)
        if value and not (value.isascii() and value.isdigit()):
            raise Unreadable(name, f"vaut « {value} ». Écrivez un nombre entier, en chiffres.")
        return int(value) if value else default

    def list(self, name: str, *, default: Sequence[str]) -> list[str]:
        """Raises Unreadable for a part that is none of the choices, where there are few."""
        value = self._of_kind(name, Kind.LIST)
        parts = [part.strip() for part in value.split(",") if part.strip()] if value else list(default)
        choices = VARIABLE_OF[name].choices
        for part in parts:
            if choices and part not in choices:
                raise Unreadable(name, f"contient « {part} ». Valeurs possibles : {', '.join(choices)}.")
        return parts

    def _of_kind(self, name: str, kind: Kind) -> str:
        if VARIABLE_OF[name].kind is not kind:
            raise TypeError(f"{name} is a {VARIABLE_OF[name].kind}")
        return self._value(name)

    def _value(self, name: str) -> str:
        return self._values.get(name, "").strip()
