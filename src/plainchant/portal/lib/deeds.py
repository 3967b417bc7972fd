"""When the portal last did what it does by itself, and with what result: for the page of those who run it.

Kept in the cache, which every process shares. It may forget; then the page says that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.cache import cache


class Deed(StrEnum):
    """The value is the name in the cache."""

    BACKUP = "deed:backup"  # number: of faults
    SWEEP = "deed:sweep"  # number: of rows that had waited too long
    SWEEP_BEGUN = "deed:sweep-begun"
    FIGURES = "deed:figures"  # asked for: those that are published of public bodies
    AWAY = "deed:away"  # it came back after a day without a sweep


@dataclass(frozen=True)
class Done:
    """``number`` means what the deed says."""

    at: datetime
    number: int


def note(deed: Deed, *, at: datetime, number: int = 0) -> None:
    """Keep that it was done, in place of the time before."""
    cache.set(deed.value, (at, number), timeout=None)


def last(deed: Deed) -> Done | None:
    """None where it was never done, or is forgotten."""
    kept = cache.get(deed.value)
    return Done(*kept) if kept else None
