"""How a value is written on the page: amounts, money, days, identifiers, and words too long for a column."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.model import Classification, Identifier

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_LONG = re.compile(r"[^\s\u200b]{33,}")  # longer than an IBAN: no column is sure to hold it
_EVERY = 12
_UNSEEN_END = re.compile(r"^[\u00a0\u2007\u200b\u202f\u2060\ufeff]+|[\u00a0\u2007\u200b\u202f\u2060\ufeff]+$")


def amount(value: Decimal, *, least: int = 2) -> str:
    """1 234,56: at least ``least`` decimals, and all that are written."""
    sign = "−" if value < 0 else ""
    whole, _, cents = f"{abs(value):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", NARROW)
    cents = cents.rstrip("0").ljust(least, "0")
    return f"{sign}{groups},{cents}" if cents else f"{sign}{groups}"


def money(value: Decimal, currency: str) -> str:
    return f"{amount(value)}{NO_BREAK}{'€' if currency == 'EUR' else currency}"


def day(value: date) -> str:
    """3 novembre 2026, 1er mars 2027."""
    return f"{value.day}{'er' if value.day == 1 else ''}{NO_BREAK}{MONTHS[value.month - 1]}{NO_BREAK}{value.year}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """« 1 facture », « 2 factures »: in French zero is singular. ``plural``: where it is not the same with an s."""
    return f"{number} {(plural or singular + 's') if number > 1 else singular}"


def shown(value: Any) -> str:
    """Any scalar of the model, as people write it."""
    if isinstance(value, Decimal):
        return amount(value, least=0)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Identifier):
        return f"{value.value} ({value.scheme})" if value.scheme else value.value
    if isinstance(value, Classification):
        listed = " ".join(part for part in (value.list_id, value.version) if part)
        return f"{value.code} ({listed})" if listed else value.code or ""
    return str(value)


def grouped(value: str, *sizes: int) -> str:
    """A number in groups that the eye can hold: the last size goes on to the end."""
    compact, parts, at = "".join(value.split()), [], 0
    for size in sizes:
        parts.append(compact[at : at + size])
        at += size
    while at < len(compact):
        parts.append(compact[at : at + sizes[-1]])
        at += sizes[-1]
    return NO_BREAK.join(part for part in parts if part)


def with_ends_shown(value: str) -> str:
    """The same value, where a character that nobody sees and that makes it another one begins or ends it."""
    return _UNSEEN_END.sub("[espace insécable]", value)


def breakable(value: Any) -> Any:
    """The same data, where a word of more than 32 letters may be cut at the end of a row."""
    if isinstance(value, str):
        return _LONG.sub(_cut, value)
    if isinstance(value, dict):
        return {name: breakable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [breakable(part) for part in value]
    return value


def _cut(word: re.Match[str]) -> str:
    return "\u200b".join(word[0][at : at + _EVERY] for at in range(0, len(word[0]), _EVERY))
