"""Which payments a supplier expects, and when: the same rows for the page and for the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right

from .delay import pays_in_silence
from .lifecycle import Status
from .models import Invoice
from .payments import MONEY_IS_NOTED
from .queries import issued_for

NOT_EXPECTED = (Status.TO_RECYCLE, Status.SUSPENDED)  # it is the supplier's turn
MOST = 1000  # invoices, the first to be paid: a page, and a calendar, hold no more


@dataclass(frozen=True, kw_only=True)
class ExpectedPayment:
    """``amount`` in the invoice's currency; ``is_silent``: its recipient does not report that it pays."""

    invoice: Invoice
    due_on: date
    amount: Decimal
    is_late: bool
    is_silent: bool


@dataclass(frozen=True, kw_only=True)
class ExpectedPayments:
    """``is_cut``: more than `MOST` are expected, and those after the last of ``payments`` are left out."""

    payments: list[ExpectedPayment]
    is_cut: bool


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


def expected_payments(*, actor: Actor, today: date) -> ExpectedPayments:
    """What is still to be paid to the suppliers whom this actor follows, the first day first; `MOST` at most.

    Nothing of an invoice whose delay has not begun or is stopped, nor of one whose money was noted.
    """
    waiting = (
        issued_for(actor=actor, right=Right.SEE_ISSUED)
        .filter(due_on__isnull=False, payable_amount__isnull=False)
        .exclude(status__in=NOT_EXPECTED)
        .exclude(payable_amount=0)
        .exclude(MONEY_IS_NOTED)
        .order_by("due_on", "pk")[: MOST + 1]
    )
    invoices = list(waiting)
    payments = [
        ExpectedPayment(
            invoice=invoice,
            due_on=invoice.due_on,
            amount=invoice.kind.to_pay or invoice.payable_amount,
            is_late=invoice.due_on < today,
            is_silent=pays_in_silence(invoice=invoice),
        )
        for invoice in invoices[:MOST]
        if invoice.due_on and invoice.payable_amount
    ]
    return ExpectedPayments(payments=payments, is_cut=len(invoices) > MOST)


def by_month(payments: list[ExpectedPayment]) -> list[ExpectedMonth]:
    """The same, month by month, in order."""
    months: dict[date, list[ExpectedPayment]] = {}
    for payment in payments:
        months.setdefault(payment.due_on.replace(day=1), []).append(payment)
    return [ExpectedMonth(first_day=first, payments=some) for first, some in sorted(months.items())]
