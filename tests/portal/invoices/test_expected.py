"""« Mes échéances »: which payments are expected, and the calendar that a program reads without a log-in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import expected as expected_module
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.calendar_links import end_links, link_of, make_link, reader_of, token_of
from plainchant.portal.invoices.expected import by_month, expected_payments
from plainchant.portal.invoices.icalendar import CalendarDay, calendar
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import CalendarLink, Invoice
from plainchant.portal.invoices.payments import note_payment
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_person
from tests.portal.invoices.arrivals import arrived, carry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    with once_a_module():
        return arrived(at)


@pytest.fixture
def invoice(built: Invoice) -> Invoice:
    return deepcopy(built)


def expected(invoice: Invoice, *, today: date = TODAY) -> list[tuple[int, date, bool]]:
    payments = expected_payments(actor=Actor(invoice.created_by), today=today).payments
    return [(payment.invoice.pk, payment.due_on, payment.is_late) for payment in payments]


def test_what_is_to_be_paid_is_expected_on_its_last_day_and_late_from_the_day_after(invoice: Invoice) -> None:
    due_on = date(2026, 12, 3)
    assert expected(invoice, today=due_on) == [(invoice.pk, due_on, False)]
    assert expected(invoice, today=due_on + timedelta(days=1)) == [(invoice.pk, due_on, True)]


def test_nobody_else_reads_it(invoice: Invoice, at: datetime) -> None:
    assert invoice.buyer is not None
    for person in (a_person(at=at), invoice.buyer.memberships.get().user):
        assert expected_payments(actor=Actor(person), today=TODAY).payments == []


@pytest.mark.parametrize("action", [Action.REJECT, Action.SUSPEND, Action.SEND_BACK, Action.PAY_OUT])
def test_what_is_paid_refused_or_waits_for_the_supplier_is_not_expected(
    invoice: Invoice, at: datetime, action: Action
) -> None:
    assert invoice.buyer is not None
    given = {} if action is Action.PAY_OUT else {"reason_code": "AUTRE", "comment": "Non"}
    operations.process(
        invoice=invoice, action=action, actor=Actor(invoice.buyer.memberships.get().user), at=at, **given
    )
    assert expected(invoice) == []


def test_what_was_noted_as_paid_is_not_expected_until_that_is_taken_back(invoice: Invoice, at: datetime) -> None:
    actor = Actor(invoice.created_by)
    note_payment(invoice=invoice, day=at.date(), actor=actor, at=at)
    assert expected(invoice) == []
    note_payment(invoice=invoice, day=None, actor=actor, at=at)
    assert len(expected(invoice)) == 1


def test_what_goes_beyond_the_most_is_left_out_and_the_page_and_the_calendar_say_so(
    invoice: Invoice, at: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = Actor(invoice.created_by)
    token = token_of(make_link(actor=actor, at=at))
    client.force_login(invoice.created_by)

    def shown() -> tuple[bool, bool, int]:
        page = client.get("/factures/echeances/").text
        feed = client.get(f"/factures/echeances/{token}.ics").text
        return "premiers paiements" in page, "suite@plainchant" in feed, feed.count("BEGIN:VEVENT")

    monkeypatch.setattr(expected_module, "MOST", 1)
    assert shown() == (False, False, 1)  # as many as there are
    later = a_draft(seller=invoice.seller, user=invoice.created_by, at=at, buyer=invoice.buyer, number="F-LATER")
    submit(draft=later.draft, actor=actor, at=at)
    carry(later, at)
    assert shown() == (True, True, 2)
    note_payment(invoice=invoice, day=at.date(), actor=actor, at=at)  # it takes no place any more
    assert expected(invoice) == [(later.pk, later.due_on, False)]
    assert shown() == (False, False, 1)


def test_months_have_their_totals_by_currency(invoice: Invoice) -> None:
    (month,) = by_month(expected_payments(actor=Actor(invoice.created_by), today=TODAY).payments)
    assert (month.first_day, month.totals) == (date(2026, 12, 1), {"EUR": Decimal(1200)})


def test_a_link_is_read_in_the_name_of_its_owner_until_it_ends(invoice: Invoice, at: datetime) -> None:
    owner = Actor(invoice.created_by)
    first = token_of(make_link(actor=owner, at=at))
    assert reader_of(token=first) == owner
    second = token_of(make_link(actor=owner, at=at))
    assert reader_of(token=first) is None  # a new one ends the former
    assert reader_of(token=second) == owner
    end_links(person=invoice.created_by, at=at)
    assert (reader_of(token=second), link_of(person=invoice.created_by)) == (None, None)


def test_a_link_of_another_making_leads_nowhere(invoice: Invoice, at: datetime) -> None:
    link = make_link(actor=Actor(invoice.created_by), at=at)
    for token in (str(link.uid), signing.dumps(str(link.uid)), token_of(link)[:-1], "x"):
        assert reader_of(token=token) is None


def test_a_closed_account_shares_nothing_any_more(invoice: Invoice, at: datetime) -> None:
    token = token_of(make_link(actor=Actor(invoice.created_by), at=at))
    type(invoice.created_by).objects.filter(pk=invoice.created_by_id).update(is_active=False)
    assert reader_of(token=token) is None


def test_one_person_has_one_live_link(invoice: Invoice, at: datetime) -> None:
    for _ in range(2):
        make_link(actor=Actor(invoice.created_by), at=at)
    assert CalendarLink.objects.filter(person=invoice.created_by, ended_at__isnull=True).count() == 1


def test_a_calendar_is_written_as_rfc_5545_says() -> None:
    summary = "À payer\u00a0: F;1, « é\\è »\r\nBEGIN:VEVENT " + "ü" * 60
    day = CalendarDay(uid="1@plainchant", day=date(2026, 12, 31), summary=summary, url="https://a.example/factures/1/")
    text = calendar(name="Mes échéances", days=[day], at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    lines = text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert all(len(line.encode()) <= 75 and "\n" not in line for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART;VALUE=DATE:20261231" in whole
    assert "DTEND;VALUE=DATE:20270101" in whole
    assert whole.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:À payer\u00a0: F\\;1\\, « é\\\\è »\\nBEGIN:VEVENT " + "ü" * 60 in whole
