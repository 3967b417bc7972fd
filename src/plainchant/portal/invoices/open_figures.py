"""What is published of public bodies: how long they take, why they refuse, how much they receive. Never of a supplier.

Counted once a day, of the last twelve months, into a small table; only that table is read by whoever asks. Figures are
rounded, so that those of two days do not tell what one invoice was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce, Floor, Greatest

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.law.payment import payment_limit
from plainchant.portal.lib import deeds
from plainchant.portal.lib.days_between import DaysBetween, EndOfDay
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.queries import named_like

from .late_payment import EUROS
from .lifecycle import Status
from .models import BodyFigures, Invoice, StatusChange

COUNT = "invoices.count_bodies"
PERIOD = timedelta(days=365)
IN_A_JOB = 20  # bodies
# Of a body with fewer nothing is published, nor where one supplier has more than half of the invoices or of the money.
LEAST_INVOICES, LEAST_SUPPLIERS, LARGEST_SHARE = 20, 5, Decimal("0.5")
LEAST_IN_A_FIGURE = 5  # invoices behind a delay or a reason
ROUNDED_TO, MONEY_ROUNDED_TO = 5, 1_000

# What a recipient does with an invoice, in the order of its life.
STEPS = (
    Status.SUSPENDED, Status.TO_RECYCLE, Status.REJECTED, Status.SERVICE_DONE, Status.ORDERED, Status.AT_ACCOUNTANT,
    Status.ACCOUNTED, Status.PAID_OUT,
)  # fmt: skip
REFUSALS = (Status.SUSPENDED, Status.TO_RECYCLE, Status.REJECTED)


class PublishedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of twelve months. ``invoices`` and ``euros`` are rounded, and so are the counts of ``refusals``, by reason.

    ``days``: by status, the median of the days from the body's hands to it. What too few invoices are behind is absent.
    ``rejected``: in a hundred of its invoices, None where it is too few. ``limit``: its legal delay, in days.
    """

    invoices: int
    euros: int
    days: dict[str, int]
    refusals: dict[str, int]
    rejected: int | None
    limit: int


def ask_daily(*, at: datetime) -> None:
    """Have the bodies counted in the background, once a day, where the operator publishes their figures."""
    if not settings.OPEN_STATISTICS:
        return
    day, before = day_in_paris(at), deeds.last(deeds.Deed.FIGURES)
    if before is None or day_in_paris(before.at) != day:
        _ask(day=day, after=0, at=at)
        deeds.note(deeds.Deed.FIGURES, at=at)


def _ask(*, day: date, after: int, at: datetime) -> None:
    arguments = {"day": day.isoformat(), "after": after}
    enqueue(task=COUNT, key=f"{day}:{after}", at=at, arguments=arguments)


def count(*, day: date, after: int, at: datetime) -> None:
    """Count the bodies that come after this key, as of that day: some now, the others in further jobs."""
    received = Invoice.objects.filter(buyer=OuterRef("pk"), made_available_at__gte=at - PERIOD)
    bodies = Structure.objects.filter(Exists(received), nature=StructureNature.PUBLIC, pk__gt=after).order_by("pk")
    some = list(bodies[: IN_A_JOB + 1])
    for body in some[:IN_A_JOB]:
        figures = figures_of(body=body, since=at - PERIOD)
        if figures is None:
            BodyFigures.objects.filter(body=body).delete()
        else:
            values = {"counted_on": day, "figures": msgspec.to_builtins(figures)}
            BodyFigures.objects.update_or_create(body=body, defaults=values)
    if len(some) > IN_A_JOB:
        _ask(day=day, after=some[IN_A_JOB - 1].pk, at=at)
    else:  # of whom nothing has been counted today, nothing was received
        BodyFigures.objects.filter(counted_on__lt=day).delete()


def figures_of(*, body: Structure, since: datetime) -> PublishedFigures | None:
    """What may be published of what a body has received since then; None where a supplier could be recognised."""
    received = Invoice.objects.filter(buyer=body, made_available_at__gte=since, currency=EUROS).order_by()
    suppliers = list(received.values_list("seller").annotate(count=Count("pk"), amount=Sum("to_pay")))
    invoices = sum(count for _, count, _ in suppliers)
    amounts = [amount or Decimal(0) for *_, amount in suppliers]
    if invoices < LEAST_INVOICES or len(suppliers) < LEAST_SUPPLIERS:
        return None
    if _is_one_of_them(count for _, count, _ in suppliers) or _is_one_of_them(amounts):
        return None
    lines = StatusChange.objects.filter(
        invoice__buyer=body, invoice__made_available_at__gte=since, at__gte=F("invoice__made_available_at")
    ).order_by()
    rejected = received.filter(status=Status.REJECTED).count()
    return PublishedFigures(
        invoices=_rounded(invoices, ROUNDED_TO),
        euros=_rounded(sum(amounts, Decimal(0)), MONEY_ROUNDED_TO),
        days=_days(lines),
        refusals=_refusals(lines),
        rejected=round(100 * rejected / invoices) if rejected >= LEAST_IN_A_FIGURE else None,
        limit=payment_limit(category=body.payer_category).days,
    )


def _is_one_of_them(parts: Iterable[int | Decimal]) -> bool:
    """Whether one supplier has most of it, so that the figure is nearly its own."""
    sizes = [abs(Decimal(part)) for part in parts]
    return max(sizes) > LARGEST_SHARE * sum(sizes)


def _days(lines: QuerySet[StatusChange]) -> dict[str, int]:
    found: dict[str, Counter[int]] = {}
    begun = F("invoice__made_available_at")
    done = Greatest(Coalesce(EndOfDay(F("day")), F("at")), begun)  # paid on the day that the body names
    rows = (
        lines.filter(to_status__in=STEPS)
        .annotate(days=Floor(DaysBetween(done, begun)))
        .values_list("to_status", "days")
        .annotate(count=Count("pk"))
    )
    for status, days, count in rows:
        found.setdefault(status, Counter())[int(days)] += count
    return {
        status.value: _median(found[status])
        for status in STEPS
        if status in found and found[status].total() >= LEAST_IN_A_FIGURE
    }


def _median(counts: Counter[int]) -> int:
    """The value in the middle, the lower of two."""
    middle, passed = (counts.total() + 1) // 2, 0
    for value, count in sorted(counts.items()):
        passed += count
        if passed >= middle:
            return value
    raise ValueError("nothing was counted")


def _refusals(lines: QuerySet[StatusChange]) -> dict[str, int]:
    rows = lines.filter(to_status__in=REFUSALS).values_list("reason_code").annotate(count=Count("pk"))
    found = {code: count for code, count in rows if code in REASON_OF and count >= LEAST_IN_A_FIGURE}
    return {
        code: _rounded(count, ROUNDED_TO) for code, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    }


def _rounded(value: int | Decimal, to: int) -> int:
    return round(value / to) * to


def published(*, text: str = "") -> QuerySet[BodyFigures]:
    """The bodies of which something is published, by name; those that the text names, if there is one."""
    bodies = named_like(structures=Structure.objects.all(), text=text)
    rows = BodyFigures.objects.select_related("body").order_by("body__name", "pk")
    return rows.filter(body__in=bodies) if text else rows


def read(row: BodyFigures) -> PublishedFigures:
    """The figures of a row. msgspec.ValidationError for what no version has stored."""
    return msgspec.convert(row.figures, PublishedFigures)
