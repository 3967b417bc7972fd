"""Understand a document as programs really write it, by the types of what is declared.

Seen on the wire: `[]` or null for an empty object, an object in a list of itself and the reverse, numbers as strings,
"" for what is left out, booleans as words, dates with a time, a blank behind a word. An object may declare further
spellings of a key: `Annotated[…, also("other")]`. Unknown keys are passed over.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Meta, inspect

from plainchant.portal.lib.time import PARIS

from .bodies import Body
from .values import Base64File

T = TypeVar("T", bound=msgspec.Struct)
MOST_DIGITS = 18  # of an amount, on each side of the point
_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # so that no time zone leads out of what a datetime can be
_ABSENT: Any = object()
_TRUE, _FALSE = {"true", "1", "oui", "o", "yes"}, {"false", "0", "non", "n", "no"}
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
# Signs that no document of an invoice can hold (XML 1.0, 2.2).
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)


class BodyNotUnderstood(Exception):
    """A body that is no JSON, or a value of the wrong kind; the message says where, in French."""


def also(*spellings: str) -> Meta:
    """Other names under which programs send a key."""
    return Meta(extra={"also": spellings})


def understood(body: Body, kind: type[T]) -> T:
    """The request that a body is. Raises BodyNotUnderstood."""
    text = body.document.strip().removeprefix(b"\xef\xbb\xbf")
    try:
        raw = _DOCUMENT.decode(text) if text else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation):
        raise BodyNotUnderstood("Le corps de la requête n’est pas du JSON bien formé, en UTF-8.") from None
    eased = _eased(raw, _type(kind), body, "")
    try:
        return msgspec.convert({} if eased is _ABSENT else eased, kind)
    except msgspec.ValidationError as error:  # a number that is too large; the path follows its last « $. »
        raise BodyNotUnderstood(
            f"« {str(error).rpartition('$.')[2].rstrip('`')} » dépasse ce qui est permis."
        ) from None


@cache
def _type(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _eased(value: Any, kind: inspect.Type, body: Body, path: str) -> Any:
    """``value`` as ``kind`` wants it, or _ABSENT."""
    if isinstance(kind, inspect.Metadata):
        return _eased(value, kind.type, body, path)
    if isinstance(kind, inspect.UnionType):
        [kind] = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _eased(value, kind, body, path)
    if value is None or (isinstance(kind, inspect.StrType) and _is_hollow(value)):
        return _ABSENT
    if isinstance(value, str):
        if not value and not isinstance(kind, inspect.StrType):
            return _ABSENT
        if body.is_token(value) and not isinstance(kind, inspect.CustomType):
            raise BodyNotUnderstood(f"« {path} » est beaucoup trop long.")
    try:
        return _RULES[type(kind)](value, kind, body, path)
    except (ValueError, InvalidOperation, KeyError):
        raise BodyNotUnderstood(f"« {path} » n’a pas la forme attendue\u00a0: {_NAMES[type(kind)]}.") from None


def _is_hollow(value: Any) -> bool:
    """Whether it is an object in which nothing is set: what a program sends for a text of which it thinks otherwise."""
    return isinstance(value, dict) and not any(value.values())


def _object(value: Any, kind: Any, body: Body, path: str) -> Any:
    if isinstance(value, list):
        if not value:
            return {}
        value = value[0]
    if not isinstance(value, dict):
        raise ValueError
    found = {}
    for field in _fields(kind.cls):
        raw = next((value[name] for name in field.names if value.get(name) is not None), None)
        eased = _eased(raw, field.kind, body, f"{path}.{field.names[0]}" if path else field.names[0])
        if eased is not _ABSENT:
            found[field.names[0]] = eased
    return found


class _Field(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    kind: Any


@cache
def _fields(kind: type) -> tuple[_Field, ...]:
    info: Any = _type(kind)
    return tuple(
        _Field((field.encode_name, *((getattr(field.type, "extra", None) or {}).get("also", ()))), field.type)
        for field in info.fields
    )


def _list(value: Any, kind: Any, body: Body, path: str) -> Any:
    items = value if isinstance(value, list) else [value]
    eased = [_eased(item, kind.item_type, body, f"{path}[{place}]") for place, item in enumerate(items)]
    return [item for item in eased if item is not _ABSENT]


def _boolean(value: Any, *_: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _integer(value: Any, *_: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value.strip()):
            raise ValueError
        return int(value)
    if isinstance(value, Decimal):
        if abs(value.adjusted()) > MOST_DIGITS or value != value.to_integral_value():
            raise ValueError
        return int(value)
    if not isinstance(value, int):
        raise ValueError
    return value


def _number(value: Any, *_: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError
    if isinstance(value, str) and len(value) > 2 * MOST_DIGITS:
        raise ValueError
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise ValueError
    number = Decimal(value.strip() if isinstance(value, str) else value)
    if not number.is_finite() or (number and abs(number.adjusted()) >= MOST_DIGITS):
        raise ValueError
    return number


def _text(value: Any, *_: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError
    return str(value).translate(_UNWRITABLE)


def _word(value: Any, kind: Any, *_: Any) -> Any:
    """One of a list."""
    if not isinstance(value, str):
        raise ValueError
    allowed = kind.values if isinstance(kind, inspect.LiteralType) else [each.value for each in kind.cls]
    [found] = [each for each in allowed if str(each).lower() == value.strip().lower()]
    return found


def _moment(value: Any, *_: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError
    moment = datetime.fromisoformat(value.strip())
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _day(value: Any, *_: Any) -> date:
    if not isinstance(value, str):
        raise ValueError
    if len(value.strip()) != len("2026-11-03"):
        return _moment(value).astimezone(PARIS).date()
    day = date.fromisoformat(value.strip())
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError
    return day


def _file(value: Any, kind: Any, body: Body, *_: Any) -> Base64File:
    if kind.cls is not Base64File or not isinstance(value, str):
        raise ValueError
    return body.file_of(value)


_RULES: dict[type, Any] = {
    inspect.StructType: _object,
    inspect.ListType: _list,
    inspect.BoolType: _boolean,
    inspect.IntType: _integer,
    inspect.DecimalType: _number,
    inspect.StrType: _text,
    inspect.LiteralType: _word,
    inspect.EnumType: _word,
    inspect.DateTimeType: _moment,
    inspect.DateType: _day,
    inspect.CustomType: _file,
}
_NAMES: dict[type, str] = {
    inspect.StructType: "un objet",
    inspect.ListType: "une liste",
    inspect.BoolType: "true ou false",
    inspect.IntType: "un nombre entier",
    inspect.DecimalType: "un nombre",
    inspect.StrType: "un texte",
    inspect.LiteralType: "un mot de la liste prévue",
    inspect.EnumType: "un mot de la liste prévue",
    inspect.DateTimeType: "une date et une heure",
    inspect.DateType: "une date, par exemple 2026-11-03",
    inspect.CustomType: "un fichier en base64",
}
