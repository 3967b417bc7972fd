"""When an invoice must be paid. Plain Python: the rules that count the days; how many is in `einvoice.law.payment`.

Code de la commande publique: R2192-10 and -11 (limits), R2192-15 (start: notification that the invoice is available),
R2192-13 (or the day of performance, where that is later), R2192-27 to -29 (one interruption only; afterwards thirty
days, or what was left if that is more). R2192-14, of receipts without a date, never applies: a notice has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from plainchant.einvoice.law.payment import days_after_suspension, payment_limit


class ClockState(StrEnum):
    NOT_STARTED = "not-started"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"
    NOT_OWED = "not-owed"  # nothing is to be paid (`kinds`): no delay runs


@dataclass(frozen=True)
class Interruption:
    """A suspension: the days it began and ended, the latter None while it lasts."""

    stopped_on: date
    resumed_on: date | None = None


@dataclass(frozen=True)
class PaymentClock:
    """``due_on``: the last day of the delay, None while it has not started or is stopped.

    ``starts_at_performance``: it runs from the day of performance, which came after the notification.
    ``interrupted_on``: the day of the suspension that stops it, or has stopped it. ``extra_interruptions`` counts those
    that the law does not let stop it: a second one, or one that came when the delay was over.
    """

    state: ClockState
    limit_days: int
    started_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    interrupted_on: date | None = None
    extra_interruptions: int = 0
    starts_at_performance: bool = False


def payment_clock(
    *,
    payer_category: str,
    notified_on: date | None,
    interruptions: Sequence[Interruption] = (),
    ended: bool = False,
    owed: bool = True,
    performed_on: date | None = None,
) -> PaymentClock:
    """The state of the delay. ``notified_on``: civil day in Paris on which the buyer was told of the invoice.

    ``performed_on``: the day on which the work was done or the goods delivered (BT-72), None if the invoice says none.
    ``owed``: False for what is not to be paid. ``ended``: the invoice has been paid
    or refused; the last date is kept for the record.
    """
    days = payment_limit(category=payer_category, at=notified_on).days
    if not owed:
        return PaymentClock(state=ClockState.NOT_OWED, limit_days=days)
    if notified_on is None:
        return PaymentClock(state=ClockState.ENDED if ended else ClockState.NOT_STARTED, limit_days=days)
    started = max(notified_on, performed_on or notified_on)
    # What ended before the delay began could not stop it, and does not use up the one interruption.
    interruptions = [i for i in interruptions if i.resumed_on is None or i.resumed_on > started]
    due = started + timedelta(days=days)
    stopped = interrupted = None
    # Nor can a delay be stopped that is over: interest runs by then.
    if interruptions and interruptions[0].stopped_on <= due:
        first = interruptions[0]
        interrupted = first.stopped_on
        if first.resumed_on is None:
            stopped = first.stopped_on
        else:
            left = (due - max(first.stopped_on, started)).days
            due = first.resumed_on + timedelta(days=max(days_after_suspension(at=first.resumed_on), left))
    if ended:
        state = ClockState.ENDED
    elif stopped:
        state = ClockState.STOPPED
    else:
        state = ClockState.RUNNING
    return PaymentClock(
        state=state,
        limit_days=days,
        started_on=started,
        due_on=None if stopped else due,
        stopped_on=stopped,
        interrupted_on=interrupted,
        extra_interruptions=len(interruptions) - (1 if interrupted else 0),
        starts_at_performance=started != notified_on,
    )
