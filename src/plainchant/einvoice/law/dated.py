"""A fact of law or of usage: from when to when it holds, where it was read, and how sure of it we are.

Law changes by the day and by the source. Every rate, threshold and sentence that rests on a text is a row with its
dates and its source; what was not found, or is disputed, says so instead of looking certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

LAST_READ = "octobre 2026"  # the sources of the tables, all of them


class Certainty(StrEnum):
    """How a fact was established."""

    READ = "lu"  # in the text itself, or in an official or professional page about it
    SECOND_HAND = "seconde main"  # only in pages that repeat others
    KNOWN = "à vérifier"  # general knowledge, not looked up
    DISPUTED = "discuté"  # good sources contradict one another


@dataclass(frozen=True, slots=True)
class Source:
    """A text of law with its number, or a page with its year: as short as a reader needs to find it."""

    text: str
    certainty: Certainty = Certainty.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What holds from ``since`` to ``until``, both days included; None is « until something changes it »."""

    since: date
    until: date | None = None

    def holds(self, at: date) -> bool:
        return self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Dated):
    """One sentence that is true between two days, and why one may say so."""

    text: str
    sources: tuple[Source, ...]


class NotKnown(ValueError):
    """The tables have no row for what was asked. ``sentence`` says it in French, with what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def unknown(*, at: date, what: str) -> NotKnown:
    """What to raise where the tables are silent; ``what`` names it in French (« le taux de… »)."""
    return NotKnown(f"Nous ne connaissons pas {what} au {at:%d/%m/%Y} : vérifiez-le, et indiquez la valeur vous-même.")


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], *, at: date) -> tuple[Row, ...]:
    """The rows that hold on that day, in the table's order."""
    return tuple(row for row in rows if row.holds(at))


def the_one_in_force(rows: Iterable[Row], *, at: date, what: str) -> Row:
    """The row that holds on that day. NotKnown if none does; ``what`` names it in French (« le taux de… »)."""
    row = next((row for row in rows if row.holds(at)), None)
    if row is None:
        raise unknown(at=at, what=what)
    return row
