"""Which payments a supplier expects, and when: the same rows for the page and for the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

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
    issued = issued_for(actor=actor, right=Right.SEE_ISSUED)
    invoices = list(_with_an_amount(issued)[: MOST + 1])
    return ExpectedPayments(
        payments=[_expected(invoice, today) for invoice in invoices[:MOST]], is_cut=len(invoices) > MOST
    )


def next_payment(*, issued: QuerySet[Invoice], today: date) -> ExpectedPayment | None:
    """The first of ``issued`` to be paid from this day on, None where nothing is expected any more."""
    invoice = _with_an_amount(issued).filter(due_on__gte=today).first()
    return _expected(invoice, today) if invoice else None


def still_expected(*, issued: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Those of ``issued`` that somebody owes, whose delay runs or is over, and whose money was not noted."""
    return issued.filter(due_on__isnull=False).exclude(status__in=NOT_EXPECTED).exclude(MONEY_IS_NOTED)


def _with_an_amount(issued: QuerySet[Invoice]) -> QuerySet[Invoice]:
    with_amount = still_expected(issued=issued).filter(payable_amount__isnull=False).exclude(payable_amount=0)
    return with_amount.order_by("due_on", "pk")


def _expected(invoice: Invoice, today: date) -> ExpectedPayment:
    assert invoice.due_on is not None  # noqa: S101 - asked of the database; tells the type
    assert invoice.payable_amount is not None  # noqa: S101
    return ExpectedPayment(
        invoice=invoice,
        due_on=invoice.due_on,
        amount=invoice.kind.to_pay or invoice.payable_amount,
        is_late=invoice.due_on < today,
        is_silent=pays_in_silence(invoice=invoice),
    )


def by_month(payments: list[ExpectedPayment]) -> list[ExpectedMonth]:
    """The same, month by month, in order."""
    months: dict[date, list[ExpectedPayment]] = {}
    for payment in payments:
        months.setdefault(payment.due_on.replace(day=1), []).append(payment)
    return [ExpectedMonth(first_day=first, payments=some) for first, some in sorted(months.items())]
