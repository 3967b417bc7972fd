"""Instants and days. Only the edges ask for the time; everything below receives it as ``at``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present instant, in UTC. One function, so that a sandbox can be given another clock."""
    return datetime.now(tz=UTC)


def day_in_paris(at: datetime) -> date:
    """The civil day of an instant for French law: the one in Paris."""
    return at.astimezone(PARIS).date()
