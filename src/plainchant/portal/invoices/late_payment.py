"""What a public body owes an invoice's supplier on a given day: the sum itself, interest, lump sum. Plain Python.

Code de la commande publique: L2192-13 (interest runs by itself from the day after the delay), R2192-31 (its rate, fixed
for the whole delay), R2192-32 (until the day the principal is paid out, included), D2192-35 (lump sum), R2192-36
(both are paid within 45 days after the principal). Rates are in `einvoice.law.payment`, days in `payment_clock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plainchant.einvoice.amounts import to_cents
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.payment import days_to_pay_interest, interest_rate, legal_interest_rate, lump_sum

EUROS = "EUR"
_DAYS_A_YEAR = 365  # whatever the year
_DAY = timedelta(days=1)
_NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class InterestPeriod:
    """Days at one rate, both included. ``percent`` a year: None while the rate of that half-year is not known."""

    base: Decimal
    percent: Decimal | None
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def exact(self) -> Decimal | None:
        """The interest, not rounded."""
        if self.percent is None:
            return None
        return self.base * self.percent * self.days / (100 * _DAYS_A_YEAR)


@dataclass(frozen=True, kw_only=True)
class AmountDue:
    """What is owed at the end of the day ``at``. Amounts are euros, rounded once; None where a rate is not known.

    ``principal``: what is still to be paid of the invoice itself. ``days_late`` end with the payment. ``interest`` and
    ``lump_sum`` are owed from the first day of lateness, and stay owed once the principal is paid; they are then to be
    paid by ``lateness_due_on``, after which ``legal_periods`` run on both.
    """

    at: date
    due_on: date
    paid_on: date | None
    base: Decimal
    principal: Decimal
    days_late: int
    period: InterestPeriod | None
    interest: Decimal | None
    lump_sum: Decimal
    lateness_due_on: date | None
    legal_periods: tuple[InterestPeriod, ...]
    legal_interest: Decimal | None

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_whole(self) -> bool:
        """Whether every rate is known: otherwise more is owed than the total."""
        return self.interest is not None and self.legal_interest is not None

    @property
    def for_lateness(self) -> Decimal:
        """Interest and lump sum, as far as the rates are known."""
        return (self.interest or _NOTHING) + self.lump_sum + (self.legal_interest or _NOTHING)

    @property
    def total(self) -> Decimal:
        return self.principal + self.for_lateness


def amount_due(*, payable: Decimal, due_on: date, at: date, paid_on: date | None = None) -> AmountDue:
    """What is owed on that day of an invoice of ``payable`` euros (BT-115), whose delay ends with ``due_on``.

    ``paid_on``: the day the principal was paid out; it counts once it is over, and a payment after ``at`` is none yet.
    Days are civil days in Paris. ValueError for an amount that nobody owes.
    """
    if payable <= 0:
        raise ValueError(f"nobody owes {payable}")
    if paid_on is not None and paid_on > at:
        paid_on = None
    first_day, last_day = due_on + _DAY, paid_on or at
    principal = _NOTHING if paid_on else payable
    if last_day < first_day:
        return AmountDue(
            at=at,
            due_on=due_on,
            paid_on=paid_on,
            base=payable,
            principal=principal,
            days_late=0,
            period=None,
            interest=_NOTHING,
            lump_sum=_NOTHING,
            lateness_due_on=None,
            legal_periods=(),
            legal_interest=_NOTHING,
        )
    period = InterestPeriod(base=payable, percent=_rate(first_day), first_day=first_day, last_day=last_day)
    interest = None if period.exact is None else to_cents(period.exact)
    flat = lump_sum(at=first_day)
    lateness_due_on = paid_on + timedelta(days=days_to_pay_interest(at=paid_on)) if paid_on else None
    legal = (
        tuple(_legal_periods((interest or _NOTHING) + flat, after=lateness_due_on, at=at)) if lateness_due_on else ()
    )
    return AmountDue(
        at=at,
        due_on=due_on,
        paid_on=paid_on,
        base=payable,
        principal=principal,
        days_late=period.days,
        period=period,
        interest=interest,
        lump_sum=flat,
        lateness_due_on=lateness_due_on,
        legal_periods=legal,
        legal_interest=_summed(legal),
    )


def _rate(first_day: date) -> Decimal | None:
    try:
        return interest_rate(at=first_day)
    except NotKnown:
        return None


def _legal_periods(base: Decimal, *, after: date, at: date) -> Iterator[InterestPeriod]:
    """One for each half-year: the legal rate is the one of the day, unlike that of the interest before."""
    first_day = after + _DAY
    while first_day <= at:
        end = date(first_day.year, 6, 30) if first_day.month <= 6 else date(first_day.year, 12, 31)
        last_day = min(end, at)
        yield InterestPeriod(base=base, percent=_legal_rate(first_day), first_day=first_day, last_day=last_day)
        first_day = last_day + _DAY


def _legal_rate(day: date) -> Decimal | None:
    try:
        return legal_interest_rate(at=day).percent
    except NotKnown:
        return None


def _summed(periods: tuple[InterestPeriod, ...]) -> Decimal | None:
    """The interest of all of them, rounded once; None if one rate is not known."""
    exact = [period.exact for period in periods]
    return None if None in exact else to_cents(sum((part for part in exact if part is not None), _NOTHING))
