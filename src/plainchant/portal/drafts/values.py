"""A text that somebody typed → a number or a day; or the sentence that says what to write instead."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from plainchant.capture.amounts import parse_digits
from plainchant.capture.dates import dates_in
from plainchant.einvoice.amounts import LARGEST, decimals

_NUMBER = re.compile(r"(?P<sign>[-−]\s?)?(?P<digits>\d[\d\s.,'’]*)")


class NotUnderstood(ValueError):
    """A text that is no amount, no date: the sentence says what to write."""


def number(text: str, *, places: int, what: str, example: str) -> Decimal | None:
    """« 1 234,56 » → Decimal; None for an empty text. Raises NotUnderstood, also beyond ``places`` decimals."""
    shown = text.strip()
    bare = shown.rstrip("€%").strip()
    if not shown:
        return None
    written = _NUMBER.fullmatch(bare)
    try:
        value = parse_digits(written["digits"]) if written else None
    except InvalidOperation:
        value = None
    if written is None or value is None:
        raise NotUnderstood(f"« {shown[:30]} » n’est pas {what}. Écrivez par exemple {example}.")
    if written["sign"]:
        value = -value
    if decimals(value) > places:
        raise NotUnderstood(f"« {shown[:30]} » a trop de décimales : {places} au plus. Arrondissez.")
    if abs(value) >= LARGEST:
        raise NotUnderstood(f"« {shown[:30]} » est trop grand : 12 chiffres au plus avant la virgule.")
    return value


def day(text: str) -> date | None:
    """« 12/03/2026 », « le 12 mars 2026 » → date; None for an empty text. Raises NotUnderstood."""
    shown = text.strip()
    if not shown:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFD", shown.lower()) if not unicodedata.combining(c))
    plain = plain.removeprefix("le ")
    dates = dates_in(plain)
    if len(dates) != 1 or plain[: dates[0].start].strip() or plain[dates[0].end :].strip():
        raise NotUnderstood(f"« {shown[:30]} » n’est pas une date. Écrivez le jour, le mois et l’année : 12/03/2026.")
    return dates[0].value


def written(value: Decimal, *, places: int = 0) -> str:
    """A number as people write it, with at least ``places`` decimals: 1234.5 → « 1234,50 » for two."""
    whole, _, cents = f"{value:f}".partition(".")
    cents = cents.rstrip("0").ljust(places, "0")
    return f"{whole},{cents}" if cents else whole
