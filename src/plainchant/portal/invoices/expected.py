"""Which payments a supplier expects, and when: the same rows for the page and for the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right

from .delay import pays_in_silence
from .lifecycle import Status
from .models import Event, Invoice
from .payments import NOTES
from .queries import issued_for

MOST = 1000  # invoices, the first to be paid: whoever waits for more has a program


@dataclass(frozen=True, kw_only=True)
class ExpectedPayment:
    """``amount`` in the invoice's currency; ``is_silent``: its recipient does not report that it pays."""

    invoice: Invoice
    due_on: date
    amount: Decimal
    is_late: bool
    is_silent: bool


@dataclass(frozen=True, kw_only=True)
class ExpectedMonth:
    """A month's payments, and their total in each currency."""

    first_day: date
    payments: list[ExpectedPayment]

    @property
    def totals(self) -> dict[str, Decimal]:
        totals: dict[str, Decimal] = {}
        for payment in self.payments:
            currency = payment.invoice.currency
            totals[currency] = totals.get(currency, Decimal(0)) + payment.amount
        return totals


def expected_payments(*, actor: Actor, today: date) -> list[ExpectedPayment]:
    """What is still to be paid to the suppliers whom this actor follows, the first day first; `MOST` at most.

    Nothing of an invoice whose delay has not begun or is stopped, nor of one whose money was noted.
    """
    waiting = (
        issued_for(actor=actor, right=Right.SEE_ISSUED)
        .filter(due_on__isnull=False)
        .exclude(status__in=(Status.TO_RECYCLE, Status.SUSPENDED))
        .order_by("due_on", "pk")[:MOST]
    )
    invoices = list(waiting)
    noted = _noted(invoices)
    return [
        ExpectedPayment(
            invoice=invoice,
            due_on=invoice.due_on,
            amount=invoice.payable_amount,
            is_late=invoice.due_on < today,
            is_silent=pays_in_silence(invoice=invoice),
        )
        for invoice in invoices
        if invoice.due_on and invoice.payable_amount and invoice.pk not in noted
    ]


def by_month(payments: list[ExpectedPayment]) -> list[ExpectedMonth]:
    """The same, month by month, in order."""
    months: dict[date, list[ExpectedPayment]] = {}
    for payment in payments:
        months.setdefault(payment.due_on.replace(day=1), []).append(payment)
    return [ExpectedMonth(first_day=first, payments=some) for first, some in sorted(months.items())]


def _noted(invoices: list[Invoice]) -> set[int]:
    """Keys of those whose money has arrived, as their suppliers last noted."""
    lines = Event.objects.filter(invoice__in=invoices, kind__in=NOTES).order_by("at", "id")
    last = dict(lines.values_list("invoice", "kind"))
    return {key for key, kind in last.items() if kind == Event.Kind.PAID}
