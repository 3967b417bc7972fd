"""What the invoices that a supplier has sent come to: by status, by how long each body takes, by what they were refused
for, and what is expected when.

The database counts: no invoice is read. A credit note takes its amount off, and has no delay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Avg, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.law.payment import payment_limit
from plainchant.portal.lib.days_between import DaysBetween, EndOfDay
from plainchant.portal.structures.models import Structure

from .expected import still_expected
from .late_payment import EUROS
from .lifecycle import NOT_SENT, STATUSES, Status
from .models import Invoice, StatusChange

MOST_BODIES = 20  # those that have paid the most invoices
MONTHS_AHEAD, WEEKS_AHEAD = 6, 12


@dataclass
class SentTotals:
    """How many invoices, and what they come to in each currency: less than nothing where credit notes outweigh."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def euros(self) -> Decimal:
        return self.amounts.get(EUROS, Decimal(0))

    def add(self, *, count: int, currency: str, amount: Decimal | None) -> None:
        self.count += count
        self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + (amount or Decimal(0))


def sent_since(*, issued: QuerySet[Invoice], first_day: date) -> QuerySet[Invoice]:
    """Those of ``issued`` that were sent and are dated of that day or later."""
    return issued.filter(issue_date__gte=first_day).exclude(status__in=NOT_SENT).select_related(None).order_by()


def by_status(*, sent: QuerySet[Invoice]) -> dict[Status, SentTotals]:
    """In the order of an invoice's life; without those that no invoice has."""
    found = _grouped(sent.values_list("status", "currency").annotate(count=Count("pk"), amount=Sum("to_pay")))
    return {row.status: found[row.status] for row in STATUSES if row.status in found}


@dataclass(frozen=True, kw_only=True)
class BodyDelay:
    """How long a body takes, from the day it was told to the payment: days, suspensions included.

    The payment is on the day that the body names, where it names one.

    ``count``: of the invoices that it had to pay and has paid. ``mean`` and ``longest`` are of those it was told of.
    """

    body: Structure
    count: int
    mean: Decimal | None
    longest: Decimal | None
    limit: int


def delays_by_body(*, sent: QuerySet[Invoice]) -> list[BodyDelay]:
    """Of the bodies that have paid most invoices, these first; `MOST_BODIES` at most."""
    named = StatusChange.objects.filter(invoice=OuterRef("pk"), to_status=Status.PAID_OUT, day__isnull=False)
    paid_at = Coalesce(EndOfDay(Subquery(named.order_by("-sequence").values("day")[:1])), F("status_at"))
    # Paid before it was told here, as an import may say: at once.
    days = DaysBetween(Greatest(paid_at, F("notified_at")), F("notified_at"))
    # Counted among all that was sent, not narrowed to what was paid: SQLite would walk through the portal's paid ones.
    paid = Q(status=Status.PAID_OUT, to_pay__gt=0)
    rows = list(
        sent.values_list("buyer")
        .annotate(count=Count("pk", filter=paid), mean=Avg(days, filter=paid), longest=Max(days, filter=paid))
        .filter(count__gt=0)
        .order_by("-count", "buyer")[:MOST_BODIES]
    )
    bodies = Structure.objects.in_bulk([body for body, *_ in rows])
    return [
        BodyDelay(
            body=bodies[body],
            count=count,
            mean=None if mean is None else Decimal(str(round(mean, 1))),
            longest=None if longest is None else Decimal(round(longest)),
            limit=payment_limit(category=bodies[body].payer_category).days,
        )
        for body, count, mean, longest in rows
    ]


def by_rejection(*, sent: QuerySet[Invoice]) -> dict[str, SentTotals]:
    """By the reason that the recipient gave, "" for none; the most frequent first."""
    rejected = sent.filter(status=Status.REJECTED)
    lines = StatusChange.objects.filter(invoice__in=rejected.values("pk"), to_status=Status.REJECTED).order_by()
    rows = lines.values_list("reason_code", "invoice__currency")
    found = _grouped(rows.annotate(count=Count("invoice"), amount=Sum("invoice__to_pay")))
    known = {code: totals for code, totals in found.items() if code in REASON_OF or not code}
    return dict(sorted(known.items(), key=lambda item: (-item[1].count, item[0])))


class StretchStep(StrEnum):
    """By what the days are put together: the words of an address."""

    MONTH = "mois"
    WEEK = "semaine"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """From ``first`` to ``last``, what is expected. Without ``first`` it is late; without ``last`` it has no end."""

    first: date | None
    last: date | None
    totals: SentTotals


def expected_by(*, issued: QuerySet[Invoice], step: StretchStep, today: date) -> list[Stretch]:
    """What is still to be paid, by the last day of its delay; of `expected.expected_payments`, without a limit.

    What is late comes first; what comes after the last month or week is one stretch.
    """
    waiting = still_expected(issued=issued).select_related(None).order_by()
    stretches = [Stretch(first=first, last=last, totals=SentTotals()) for first, last in _stretches(step, today)]
    days = waiting.values_list("due_on", "currency").annotate(count=Count("pk"), amount=Sum("to_pay"))
    for due_on, currency, count, amount in days:
        of_day = next(row for row in stretches if row.last is None or due_on <= row.last)
        of_day.totals.add(count=count, currency=currency, amount=amount)
    return [row for row in stretches if row.totals.count]


@dataclass(frozen=True, kw_only=True)
class SellerExpected:
    """What one supplier expects: all of it, and what of it is late."""

    all: SentTotals = field(default_factory=SentTotals)
    late: SentTotals = field(default_factory=SentTotals)


def expected_by_seller(*, issued: QuerySet[Invoice], today: date) -> dict[int, SellerExpected]:
    """What is still to be paid to each supplier who expects something, by the supplier's key. One query."""
    found: dict[int, SellerExpected] = {}
    is_late = Q(due_on__lt=today)
    rows = still_expected(issued=issued).select_related(None).order_by().values_list("seller", "currency")
    counted = rows.annotate(
        count=Count("pk"),
        amount=Sum("to_pay"),
        late_count=Count("pk", filter=is_late),
        late_amount=Sum("to_pay", filter=is_late),
    )
    for seller, currency, count, amount, late_count, late_amount in counted:
        of_seller = found.setdefault(seller, SellerExpected())
        of_seller.all.add(count=count, currency=currency, amount=amount)
        if late_count:
            of_seller.late.add(count=late_count, currency=currency, amount=late_amount)
    return found


def _stretches(step: StretchStep, today: date) -> Iterable[tuple[date | None, date | None]]:
    yield None, today - timedelta(days=1)
    first = today
    for _ in range(MONTHS_AHEAD if step is StretchStep.MONTH else WEEKS_AHEAD):
        begun = first.replace(day=1) if step is StretchStep.MONTH else first - timedelta(days=first.weekday())
        after = (begun + timedelta(days=31)).replace(day=1) if step is StretchStep.MONTH else begun + timedelta(days=7)
        yield first, after - timedelta(days=1)
        first = after
    yield first, None


def _grouped(rows: Iterable[tuple[Any, str, int, Decimal | None]]) -> dict[Any, SentTotals]:
    """(key, currency, count, amount) → what each key comes to."""
    found: dict[Any, SentTotals] = {}
    for key, currency, count, amount in rows:
        found.setdefault(key, SentTotals()).add(count=count, currency=currency, amount=amount)
    return found
