"""The payment delay of an invoice as its history makes it run, and what may be said of it on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.delay import Outlook, delay_of, lateness_after, outlook_of
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payment_clock import ClockState, PaymentClock
from plainchant.portal.rights.actor import Actor
from tests.making import a_member, a_town
from tests.portal.invoices.arrivals import arrived, carry

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def delay(invoice: Invoice) -> PaymentClock:
    return delay_of(invoice=invoice, history=list(invoice.history.all()))


def outlook(invoice: Invoice, *, today: date) -> Outlook:
    return outlook_of(invoice=invoice, delay=delay(invoice), today=today)


def processed(invoice: Invoice, action: Action, at: datetime, **given: str) -> None:
    assert invoice.buyer is not None
    agent = invoice.buyer.memberships.get().user
    operations.process(invoice=invoice, action=action, actor=Actor(agent), at=at, **given)
    invoice.refresh_from_db()


def test_the_delay_runs_from_the_notice_and_stops_once_for_a_suspension(at: datetime) -> None:
    invoice = arrived(at)
    assert delay(invoice).due_on == date(2026, 12, 3)
    processed(invoice, Action.SUSPEND, at + timedelta(days=10), reason_code="JUSTIF_ABS")
    assert (delay(invoice).state, delay(invoice).stopped_on) == (ClockState.STOPPED, date(2026, 11, 13))
    operations.complete(
        invoice=invoice, files=[], comment="Voici.", actor=Actor(invoice.created_by), at=at + timedelta(days=20)
    )
    invoice.refresh_from_db()
    assert (delay(invoice).state, delay(invoice).due_on) == (ClockState.RUNNING, date(2026, 12, 23))


def test_a_suspension_by_a_former_recipient_stops_nothing(at: datetime) -> None:
    invoice = arrived(at)
    seller = Actor(invoice.created_by)
    processed(invoice, Action.SUSPEND, at, reason_code="JUSTIF_ABS")
    operations.complete(invoice=invoice, files=[], comment="Voici.", actor=seller, at=at)
    invoice.refresh_from_db()
    processed(invoice, Action.SEND_BACK, at, reason_code="SIRET_ERR")
    other, later = a_town(at=at, name="Commune B"), at + timedelta(days=5)
    a_member(structure=other, at=at, name="AgentB")
    operations.recycle(invoice=invoice, routing=operations.Routing(buyer=other), comment="", actor=seller, at=later)
    carry(invoice, later)
    assert (delay(invoice).due_on, delay(invoice).extra_interruptions) == (date(2026, 12, 8), 0)
    processed(invoice, Action.SUSPEND, later, reason_code="JUSTIF_ABS")
    assert delay(invoice).state is ClockState.STOPPED


@pytest.mark.parametrize("values", [{"type_code": "381"}, {"billing_framework": "A2"}])
def test_no_delay_runs_where_nothing_is_owed(at: datetime, values: dict[str, str]) -> None:
    invoice = arrived(at, **values)
    assert (delay(invoice).state, delay(invoice).due_on) == (ClockState.NOT_OWED, None)
    assert outlook(invoice, today=date(2027, 6, 1)) is Outlook.NOTHING


def test_the_outlook_follows_the_day_and_what_the_body_tells(at: datetime) -> None:
    invoice = arrived(at)
    assert outlook(invoice, today=date(2026, 12, 3)) is Outlook.NEW
    assert outlook(invoice, today=date(2026, 12, 4)) is Outlook.LATE
    assert invoice.buyer is not None
    invoice.buyer.reports_no_payment = True
    assert outlook(invoice, today=date(2026, 12, 3)) is Outlook.NEW
    assert outlook(invoice, today=date(2026, 12, 4)) is Outlook.LATE_OR_PAID
    processed(invoice, Action.CONFIRM_SERVICE, at)
    assert outlook(invoice, today=date(2026, 12, 3)) is Outlook.RUNNING


def test_nothing_is_promised_of_what_waits_for_the_supplier_or_is_over(at: datetime) -> None:
    today = date(2026, 12, 4)
    sent_back, rejected, suspended = arrived(at), arrived(at), arrived(at)
    processed(sent_back, Action.SEND_BACK, at, reason_code="SIRET_ERR")
    processed(rejected, Action.REJECT, at, reason_code="AUTRE", comment="Double")
    processed(suspended, Action.SUSPEND, at, reason_code="JUSTIF_ABS")
    assert {outlook(invoice, today=today) for invoice in (sent_back, rejected, suspended)} == {Outlook.NOTHING}


def test_before_the_notice_has_left_the_delay_has_not_started(at: datetime) -> None:
    invoice = arrived(at)
    invoice.notified_at = None
    assert outlook(invoice, today=date(2026, 12, 4)) is Outlook.NOT_STARTED
    invoice.made_available_at = None
    assert outlook(invoice, today=date(2026, 12, 4)) is Outlook.NOTHING


def test_what_is_owed_for_lateness_is_the_laws_of_the_day_after(at: datetime) -> None:
    assert lateness_after(due_on=date(2026, 12, 3)).interest_rate == Decimal("10.40")
    assert lateness_after(due_on=date(2026, 12, 31)).interest_rate is None  # the rate of 2027 is not known
    assert lateness_after(due_on=date(2026, 12, 3)).lump_sum == 40


def test_the_delay_of_work_still_to_be_done_runs_from_its_day(at: datetime) -> None:
    invoice = arrived(at)
    assert invoice.document is not None
    invoice.document["delivery_date"] = "2026-11-20"
    assert delay(invoice).due_on == date(2026, 12, 20)
    invoice.type_code = "386"  # an advance is paid before
    assert delay(invoice).due_on == date(2026, 12, 3)
