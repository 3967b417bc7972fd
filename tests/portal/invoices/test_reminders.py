"""Reminders of a late payment: each in its turn, each once, none once the invoice is paid, refused or stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.payments import note_payment
from plainchant.portal.invoices.reminders import (
    MAX_TEXT,
    REMINDERS,
    ReminderNotSent,
    next_reminder,
    proposed_text,
    send_reminder,
    sent_reminders,
)
from plainchant.portal.mail.mails import from_stored, html
from plainchant.portal.rights.actor import Actor
from tests.making import put_in
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
KIND, FIRM, FORMAL = (row.kind for row in REMINDERS)
DUE = 30  # days after the arrival: 3 December


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    with once_a_module():
        return arrived(at)


@pytest.fixture
def invoice(built: Invoice) -> Invoice:
    return deepcopy(built)


def send(invoice: Invoice, kind: str, at: datetime, text: str = "Où en est le paiement ?") -> Event:
    return send_reminder(invoice=invoice, kind=kind, text=text, actor=Actor(invoice.created_by), at=at)


def late(at: datetime, days: int) -> datetime:
    """So many days after the last day to pay."""
    return at + timedelta(days=DUE + days)


def test_the_table_goes_from_kind_to_formal() -> None:
    assert all(first.after < second.after for first, second in pairwise(REMINDERS))
    assert REMINDERS[0].after > 0


def test_none_leaves_before_its_day(invoice: Invoice, at: datetime) -> None:
    first = REMINDERS[0].after
    with pytest.raises(ReminderNotSent, match="à compter du"):
        send(invoice, KIND, late(at, first - 1))
    assert send(invoice, KIND, late(at, first)).kind == KIND


def test_nothing_is_sent_of_what_is_not_late(invoice: Invoice, at: datetime) -> None:
    assert next_reminder(invoice=invoice, today=date(2026, 12, 3)) is None
    with pytest.raises(ReminderNotSent, match="plus à envoyer"):
        send(invoice, KIND, late(at, 0))


def test_each_leaves_once_and_in_its_order(invoice: Invoice, at: datetime) -> None:
    with pytest.raises(ReminderNotSent, match="plus à envoyer"):
        send(invoice, FORMAL, late(at, 60))
    send(invoice, KIND, late(at, 60))
    with pytest.raises(ReminderNotSent, match="plus à envoyer"):
        send(invoice, KIND, late(at, 60))
    with pytest.raises(ReminderNotSent, match="à compter du"):  # whoever begins late leaves time to answer too
        send(invoice, FIRM, late(at, 60 + REMINDERS[1].after - REMINDERS[0].after - 1))
    send(invoice, FIRM, late(at, 60 + REMINDERS[1].after - REMINDERS[0].after))
    send(invoice, FORMAL, late(at, 120))
    assert next_reminder(invoice=invoice, today=date(2028, 1, 1)) is None


@pytest.mark.parametrize("action", [Action.REJECT, Action.SUSPEND, Action.SEND_BACK, Action.PAY_OUT])
def test_none_leaves_once_it_is_paid_refused_or_waits_for_the_supplier(
    invoice: Invoice, at: datetime, action: Action
) -> None:
    assert invoice.buyer is not None
    given = {} if action is Action.PAY_OUT else {"reason_code": "AUTRE", "comment": "Non"}
    agent = Actor(invoice.buyer.memberships.get().user)
    operations.process(invoice=invoice, action=action, actor=agent, at=late(at, 20), **given)
    with pytest.raises(ReminderNotSent, match="plus à envoyer"):
        send(invoice, KIND, late(at, 21))


def test_none_leaves_once_the_money_was_noted(invoice: Invoice, at: datetime) -> None:
    note_payment(invoice=invoice, day=date(2026, 12, 10), actor=Actor(invoice.created_by), at=late(at, 20))
    with pytest.raises(ReminderNotSent, match="plus à envoyer"):
        send(invoice, KIND, late(at, 21))


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n ", "vide"), ("x" * (MAX_TEXT + 1), "Raccourcissez")], ids=["empty", "too long"]
)
def test_a_message_says_something_and_not_too_much(invoice: Invoice, at: datetime, text: str, sentence: str) -> None:
    with pytest.raises(ReminderNotSent, match=sentence):
        send(invoice, KIND, late(at, 20), text)
    assert not Event.objects.filter(invoice=invoice, kind=KIND).exists()


def test_where_nobody_reads_nothing_is_said_to_have_left(invoice: Invoice, at: datetime) -> None:
    assert invoice.buyer is not None
    invoice.buyer.memberships.all().delete()
    with pytest.raises(ReminderNotSent, match="n’est pas parti"):
        send(invoice, KIND, late(at, 20))
    assert not Event.objects.filter(invoice=invoice, kind=KIND).exists()


def test_the_mail_quotes_the_supplier_breaks_strangers_links_and_says_what_is_owed(
    invoice: Invoice, at: datetime
) -> None:
    event = send(invoice, KIND, late(at, 20), "Payez sur https://voleur.example/ici\n\n« Vite » <b>")
    message = event.message
    assert message is not None
    assert invoice.buyer is not None
    assert message.recipient == invoice.buyer.memberships.get().user.email
    assert message.subject.startswith(f"Facture {invoice.number}")
    assert "https://voleur" not in message.body
    assert '«\u00a0" Vite " <b>\u00a0»' in message.body
    assert "20\u00a0jours" in message.body
    assert message.content is not None
    assert "<b>" not in html(from_stored(subject=message.subject, stored=message.content)).split("Vite", 1)[1][:20]


def test_the_draft_says_what_is_known_of_the_invoice(invoice: Invoice) -> None:
    reminder = next_reminder(invoice=invoice, today=date(2027, 1, 17))
    assert reminder is not None
    assert (reminder.row.kind, reminder.is_ready) == (KIND, True)
    text = proposed_text(invoice=invoice, reminder=reminder)
    assert invoice.number in text
    assert "3\u00a0décembre\u00a02026" in text
    for row in REMINDERS:  # each can be filled in
        filled = proposed_text(invoice=invoice, reminder=type(reminder)(**{**vars(reminder), "row": row}))
        assert "{" not in filled
    assert "1\u202f255,39\u00a0€" in filled


def test_what_was_sent_to_a_former_recipient_does_not_count(invoice: Invoice, at: datetime) -> None:
    send(invoice, KIND, late(at, 20))
    Invoice.objects.filter(pk=invoice.pk).update(made_available_at=late(at, 25), notified_at=late(at, 25))
    invoice.refresh_from_db()
    again = next_reminder(invoice=invoice, today=late(at, 25 + DUE + 3).date())
    assert again is not None
    assert again.row.kind == KIND


def test_a_second_suspension_which_stops_no_delay_stops_reminders(invoice: Invoice, at: datetime) -> None:
    put_in(Status.SUSPENDED, pk=invoice.pk)
    invoice.refresh_from_db()
    assert next_reminder(invoice=invoice, today=late(at, 20).date()) is None


def test_what_has_not_arrived_has_had_no_reminder(invoice: Invoice) -> None:
    invoice.made_available_at = None
    assert sent_reminders(invoice=invoice) == {}


def test_what_was_sent_of_one_invoice_was_not_sent_of_another(invoice: Invoice, at: datetime) -> None:
    other = arrived(at)
    event = send(invoice, KIND, late(at, REMINDERS[0].after))
    assert sent_reminders(invoice=invoice) == {KIND: event}
    assert sent_reminders(invoice=other) == {}
