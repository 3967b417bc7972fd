"""Instants and days. Only the edges ask for the time; everything below receives it as ``at``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from plainchant.einvoice import wording

PARIS = ZoneInfo("Europe/Paris")


def _machine() -> datetime:
    return datetime.now(tz=UTC)


_clock: Callable[[], datetime] = _machine


def now() -> datetime:
    """The present instant, in UTC."""
    return _clock()


def follow(clock: Callable[[], datetime]) -> None:
    """Have ``now`` return what this clock shows: a sandbox's, when it starts."""
    global _clock
    _clock = clock


def day_in_paris(at: datetime) -> date:
    """The civil day of an instant for French law: the one in Paris."""
    return at.astimezone(PARIS).date()


def instant_in_words(at: datetime) -> str:
    """« 3 décembre 2026 à 14 h 32 », in Paris; a day in words is `wording.day`."""
    here = at.astimezone(PARIS)
    return f"{wording.day(here.date())} à\u00a0{here.hour}\u00a0h\u00a0{here.minute:02d}"
