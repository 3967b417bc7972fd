"""What a recipient has to deal with before its delay ends: within a week, service by service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet, Sum

from .models import Invoice

WEEK = timedelta(days=7)


def is_due_soon(today: date) -> Q:
    """Of invoices: the last day to pay is within a week, or past."""
    return Q(due_on__lte=today + WEEK)


@dataclass(frozen=True, kw_only=True)
class DueToService:
    """The invoices of one service, or those sent to none (``code`` and ``service`` are ""), in one currency.

    ``late`` of ``count`` are past their last day; ``first_day`` is the first of the last days.
    """

    buyer: str
    code: str
    service: str
    currency: str
    count: int
    late: int
    amount: Decimal
    first_day: date


def due_by_service(*, waiting: QuerySet[Invoice], today: date) -> list[DueToService]:
    """Of the invoices that wait for their recipient, those due soon; the service with the first last day first."""
    soon = waiting.filter(is_due_soon(today)).select_related(None).order_by()
    of_service = ("buyer__label", "buyer__name", "service_code", "buyer_service__name", "currency")
    rows = soon.values_list(*of_service).annotate(
        count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), amount=Sum("to_pay"), first_day=Min("due_on")
    )
    return [
        DueToService(
            buyer=label or name,
            code=code,
            service=service or "",
            currency=currency,
            count=count,
            late=late,
            amount=amount or Decimal(0),
            first_day=first_day,
        )
        for label, name, code, service, currency, count, late, amount, first_day in rows.order_by(
            "first_day", "service_code"
        )
    ]
