"""What each side reads of an invoice: its own story, and no promise that the law does not make."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.web.showing import clock_of, sentence_for_seller, story
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


def arrived(at: datetime, **values: object) -> Invoice:
    """An invoice that its recipient has been told of."""
    seller, buyer = a_structure(at=at), a_town(at=at, name="Commune A")
    artist = a_member(structure=seller, at=at)
    a_member(structure=buyer, at=at, name="AgentA")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer, **values)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    _carry(invoice, at)
    return invoice


def _carry(invoice: Invoice, at: datetime) -> None:
    made_available(invoice=invoice, at=at)
    for message in Message.objects.filter(kind="invoice_available", created_at=at):
        operations.record_notification(message=message, at=at)
    invoice.refresh_from_db()


def told(invoice: Invoice, side: Side) -> str:
    history = list(invoice.history.all())
    return str(story(invoice, history, clock_of(invoice, history), side=side))


def test_a_new_recipient_reads_nothing_of_the_former_one(at: datetime) -> None:
    invoice = arrived(at)
    agent = invoice.buyer.memberships.get().user
    later = at + timedelta(days=1)
    operations.process(
        invoice=invoice,
        action=Action.SEND_BACK,
        actor=Actor(agent),
        at=later,
        reason_code="SIRET_ERR",
        comment="note interne",
    )
    other = a_town(at=at, name="Commune B")
    a_member(structure=other, at=at, name="AgentB")
    routing = operations.Routing(buyer=other)
    operations.recycle(invoice=invoice, routing=routing, comment="Pardon.", actor=Actor(invoice.created_by), at=later)
    _carry(invoice, later + timedelta(hours=1))
    for_buyer = told(invoice, Side.BUYER)
    assert "note interne" not in for_buyer
    assert "AgentA" not in for_buyer
    assert "Destinataire prévenu" in for_buyer
    assert "note interne" in told(invoice, Side.SELLER)


def test_the_supplier_reads_by_when_she_must_be_paid(at: datetime) -> None:
    invoice = arrived(at)
    clock = clock_of(invoice, list(invoice.history.all()))
    assert clock.due_on == date(2026, 12, 3)
    assert "jeudi 3\u00a0décembre 2026" in sentence_for_seller(invoice, clock, today=date(2026, 11, 4))


@pytest.mark.parametrize("values", [{"type_code": "381"}, {"billing_framework": "A2"}])
def test_no_payment_is_promised_where_none_is_owed(at: datetime, values: dict[str, str]) -> None:
    invoice = arrived(at, **values)
    clock = clock_of(invoice, list(invoice.history.all()))
    said = sentence_for_seller(invoice, clock, today=date(2027, 6, 1))
    assert clock.due_on is None
    assert "payer" not in said
    assert "40" not in said


@pytest.mark.parametrize(
    ("notified", "owed"),
    [
        (datetime(2026, 11, 3, 9, tzinfo=UTC), "des intérêts au taux de 10,4\u00a0% par an et une indemnité"),
        (datetime(2026, 12, 3, 9, tzinfo=UTC), "des intérêts et une indemnité"),  # the rate of 2027 is not known
    ],
)
def test_late_payment_is_owed_with_what_the_law_gives(at: datetime, notified: datetime, owed: str) -> None:
    invoice = arrived(at)
    invoice.notified_at = notified
    clock = clock_of(invoice, list(invoice.history.all()))
    assert f"{owed} de 40\u00a0€ vous sont dus" in sentence_for_seller(invoice, clock, today=date(2027, 6, 1))


def test_late_payment_is_not_claimed_of_a_body_that_never_reports_it(at: datetime) -> None:
    invoice = arrived(at)
    invoice.buyer.reports_no_payment = True
    clock = clock_of(invoice, list(invoice.history.all()))
    said = sentence_for_seller(invoice, clock, today=date(2027, 6, 1))
    assert "regardez votre compte" in said
    assert "indemnité" not in said
