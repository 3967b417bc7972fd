"""The day on which the money of an invoice arrived, as its supplier notes it, and what is owed of the invoice then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.late_payment import AmountDue
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.payments import (
    MONEY_IS_NOTED,
    PaymentNotNoted,
    note_payment,
    noted_on,
    owed_of,
    paid_on,
)
from plainchant.portal.invoices.statement import lines_of, total_of
from plainchant.portal.invoices.story import story_of
from plainchant.portal.rights.actor import Actor
from tests.making import put_in
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
DUE_ON = date(2026, 12, 3)  # thirty days after the notice of 3 November


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    with once_a_module():
        return arrived(at)


@pytest.fixture
def invoice(built: Invoice) -> Invoice:
    return deepcopy(built)


def owed(invoice: Invoice, *, today: date) -> AmountDue | None:
    invoice.refresh_from_db()
    history = list(invoice.history.all())
    return owed_of(
        invoice=invoice,
        delay=delay_of(invoice=invoice, history=history),
        paid_on=paid_on(history=history, noted=noted_on(invoice=invoice)),
        today=today,
    )


def note(invoice: Invoice, day: date | None, at: datetime) -> None:
    note_payment(invoice=invoice, day=day, actor=Actor(invoice.created_by), at=at)


def pay_out(invoice: Invoice, at: datetime) -> None:
    assert invoice.buyer is not None
    agent = Actor(invoice.buyer.memberships.get().user)
    operations.process(invoice=invoice, action=Action.PAY_OUT, actor=agent, at=at)


def test_a_day_that_has_not_come_is_refused(invoice: Invoice, at: datetime) -> None:
    with pytest.raises(PaymentNotNoted, match="pas encore venu"):
        note(invoice, at.date() + timedelta(days=1), at)
    assert noted_on(invoice=invoice) is None


def test_money_does_not_arrive_before_its_invoice_has_left(invoice: Invoice, at: datetime) -> None:
    with pytest.raises(PaymentNotNoted, match="le 3\u00a0novembre\u00a02026"):
        note(invoice, at.date() - timedelta(days=1), at)
    note(invoice, at.date(), at)
    assert noted_on(invoice=invoice) == at.date()


def test_what_was_not_noted_is_not_taken_back(invoice: Invoice, at: datetime) -> None:
    with pytest.raises(PaymentNotNoted, match="rien à corriger"):
        note(invoice, None, at)


@pytest.mark.parametrize("status", [Status.REJECTED, Status.TO_RECYCLE])
def test_nothing_is_noted_of_what_nobody_owes(invoice: Invoice, at: datetime, status: Status) -> None:
    put_in(status, pk=invoice.pk)
    with pytest.raises(PaymentNotNoted, match="rien n’est à payer"):
        note(invoice, at.date(), at)
    assert owed(invoice, today=date(2027, 1, 1)) is None


def test_a_correction_is_a_line_more_and_the_last_one_counts(invoice: Invoice, at: datetime) -> None:
    later = at + timedelta(days=60)
    for day in (date(2026, 12, 20), None, date(2026, 12, 23)):
        note(invoice, day, later)
    assert noted_on(invoice=invoice) == date(2026, 12, 23)
    kinds = list(Event.objects.filter(invoice=invoice, actor__isnull=False).values_list("kind", flat=True))
    assert kinds == [Event.Kind.PAID, Event.Kind.NOT_PAID, Event.Kind.PAID]
    note(invoice, None, later)
    assert noted_on(invoice=invoice) is None


def test_whose_money_has_arrived_is_what_was_noted_last_of_each(invoice: Invoice, at: datetime) -> None:
    other, day = arrived(at), date(2026, 12, 20)
    assert invoice.buyer is not None
    agent = Actor(invoice.buyer.memberships.get().user)
    first, second = at + timedelta(days=60), at + timedelta(days=61)

    def paid() -> list[Invoice]:
        return list(Invoice.objects.filter(MONEY_IS_NOTED))

    note(other, day, first)
    note(other, None, second)
    note(invoice, day, first)
    operations.record_download(invoice=invoice, actor=agent, at=second)  # says nothing of money
    assert paid() == [invoice]
    assert (noted_on(invoice=invoice), noted_on(invoice=other)) == (day, None)
    note(invoice, None, second)
    assert paid() == []
    note(invoice, day, second)  # at the same instant: the later line counts
    assert paid() == [invoice]
    note(invoice, None, second)
    assert paid() == []


def test_only_the_supplier_reads_it(invoice: Invoice, at: datetime) -> None:
    note(invoice, at.date(), at)
    history = list(invoice.history.all())
    read = {
        side: [
            step.day for step in story_of(invoice=invoice, history=history, side=side) if step.event == Event.Kind.PAID
        ]
        for side in (Side.SELLER, Side.BUYER)
    }
    assert read == {Side.SELLER: [at.date()], Side.BUYER: []}


def test_nothing_more_is_owed_before_the_delay_is_over_and_interest_from_the_day_after(invoice: Invoice) -> None:
    on_time, late = owed(invoice, today=DUE_ON), owed(invoice, today=DUE_ON + timedelta(days=1))
    assert on_time is not None
    assert (on_time.is_late, on_time.total) == (False, 1200)
    # 1 200 × 10,40 % × 1 / 365 = 0,3419…
    assert late is not None
    assert (late.is_late, late.total) == (True, Decimal("1240.34"))


def test_what_was_paid_late_keeps_what_is_owed_for_it(invoice: Invoice, at: datetime) -> None:
    pay_out(invoice, at + timedelta(days=40))  # ten days late: 1 200 × 10,40 % × 10 / 365 = 3,4191…
    due = owed(invoice, today=date(2026, 12, 20))
    assert due is not None
    assert (due.paid_on, due.principal, due.total) == (date(2026, 12, 13), 0, Decimal("43.42"))


def test_money_that_came_before_it_was_reported_counts_from_its_own_day(invoice: Invoice, at: datetime) -> None:
    note(invoice, date(2026, 12, 8), at + timedelta(days=36))
    pay_out(invoice, at + timedelta(days=40))
    due = owed(invoice, today=date(2026, 12, 20))
    assert due is not None
    assert due.paid_on == date(2026, 12, 8)


def test_a_payment_that_was_reported_before_the_money_came_counts_from_its_report(
    invoice: Invoice, at: datetime
) -> None:
    pay_out(invoice, at + timedelta(days=40))
    note(invoice, date(2026, 12, 16), at + timedelta(days=44))
    due = owed(invoice, today=date(2026, 12, 20))
    assert due is not None
    assert due.paid_on == date(2026, 12, 13)


def test_a_stopped_delay_owes_nothing_for_lateness(invoice: Invoice, at: datetime) -> None:
    assert invoice.buyer is not None
    agent = Actor(invoice.buyer.memberships.get().user)
    operations.process(invoice=invoice, action=Action.SUSPEND, actor=agent, at=at, reason_code="JUSTIF_ABS")
    assert owed(invoice, today=date(2027, 1, 1)) is None


@pytest.mark.parametrize("changes", [{"currency": "USD"}, {"type_code": "381"}, {"billing_framework": "A2"}])
def test_what_is_not_owed_or_not_in_euros_is_not_worked_out(invoice: Invoice, changes: dict[str, str]) -> None:
    history = list(invoice.history.all())
    for name, value in changes.items():
        setattr(invoice, name, value)
    delay = delay_of(invoice=invoice, history=history)
    assert owed_of(invoice=invoice, delay=delay, paid_on=None, today=date(2027, 1, 1)) is None


def test_the_calculation_is_written_line_by_line(invoice: Invoice, at: datetime) -> None:
    due = owed(invoice, today=date(2027, 1, 17))
    assert due is not None
    lines = lines_of(due)
    assert [line.amount for line in lines] == [
        "1\u202f200,00\u00a0€",
        "15,39\u00a0€",
        "40,00\u00a0€",
        "1\u202f255,39\u00a0€",
    ]
    assert "1\u202f200,00\u00a0€ × 10,40\u00a0% × 45 / 365 = 15,39\u00a0€" in lines[1].working
    assert total_of(due) == lines[-1].amount


def test_a_rate_that_is_not_known_is_not_guessed_in_words_either(invoice: Invoice, at: datetime) -> None:
    late = at + timedelta(days=60)
    Invoice.objects.filter(pk=invoice.pk).update(notified_at=late)
    due = owed(invoice, today=date(2027, 3, 1))
    assert due is not None
    assert lines_of(due)[1].amount == "pas encore connu"
    assert total_of(due) == "au moins 1\u202f240,00\u00a0€"
