"""How often people are mailed of the invoices that they follow, as a table, and when the lists of them leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from plainchant.portal.lib.time import PARIS
from plainchant.portal.rights.rights import Right, Space


class Rhythm(StrEnum):
    """The codes that rows store and forms send."""

    AT_ONCE = "IMMEDIAT"
    DAILY = "QUOTIDIEN"
    WEEKLY = "HEBDOMADAIRE"
    NEVER = "AUCUN"


@dataclass(frozen=True)
class RhythmRow:
    """``label`` is what people choose; ``period`` how long a list of that rhythm looks back, None without a list."""

    rhythm: Rhythm
    label: str
    period: timedelta | None = None


RHYTHMS: tuple[RhythmRow, ...] = (
    RhythmRow(Rhythm.AT_ONCE, "Tout de suite"),
    RhythmRow(Rhythm.DAILY, "Chaque matin, une liste", timedelta(days=1)),
    RhythmRow(Rhythm.WEEKLY, "Le lundi, une liste", timedelta(days=7)),
    RhythmRow(Rhythm.NEVER, "Aucun message"),
)
RHYTHM_ROW: Mapping[Rhythm, RhythmRow] = {row.rhythm: row for row in RHYTHMS}

# Of people who have chosen nothing. What is received is told at once to one address or one person (`queries`).
# None: what they follow for clients, who are told themselves.
USUAL: Mapping[Space | None, Rhythm] = {
    Space.ISSUED: Rhythm.AT_ONCE,
    Space.RECEIVED: Rhythm.DAILY,
    None: Rhythm.DAILY,
}
# A mail says no more than a page: the right with which one follows what the space holds.
FOLLOWING: Mapping[Space, Right] = {Space.ISSUED: Right.SEE_ISSUED, Space.RECEIVED: Right.SEE_RECEIVED}

LISTS_LEAVE_AT = time(7)  # in Paris
_MARGIN = timedelta(minutes=5)  # what was being written at that moment has been committed by then
_MONDAY = 0


def last_list(*, rhythm: Rhythm, at: datetime) -> datetime:
    """The instant up to which the newest list of this rhythm tells: seven in the morning, on Monday for a weekly one.

    ValueError for a rhythm without lists.
    """
    if RHYTHM_ROW[rhythm].period is None:
        raise ValueError(f"{rhythm} has no lists")
    here = (at - _MARGIN).astimezone(PARIS)
    day = here.date() if here.time() >= LISTS_LEAVE_AT else here.date() - timedelta(days=1)
    if rhythm is Rhythm.WEEKLY:
        day -= timedelta(days=(day.weekday() - _MONDAY) % 7)
    return datetime.combine(day, LISTS_LEAVE_AT, tzinfo=PARIS)
