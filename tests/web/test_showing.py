"""The words for an invoice: no promise that the law does not make, and a story of one line a step."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payment_clock import PaymentClock
from plainchant.portal.invoices.story import story_of
from plainchant.portal.rights.actor import Actor
from plainchant.web.showing import sentence_for_seller, timeline
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def delay(invoice: Invoice) -> PaymentClock:
    return delay_of(invoice=invoice, history=list(invoice.history.all()))


def sentence(invoice: Invoice, *, today: date) -> str:
    return sentence_for_seller(invoice, delay(invoice), today=today)


def test_the_supplier_reads_by_when_she_must_be_paid(at: datetime) -> None:
    assert "jeudi 3\u00a0décembre 2026" in sentence(arrived(at), today=date(2026, 11, 4))


@pytest.mark.parametrize("values", [{"type_code": "381"}, {"billing_framework": "A2"}])
def test_no_payment_is_promised_where_none_is_owed(at: datetime, values: dict[str, str]) -> None:
    said = sentence(arrived(at, **values), today=date(2027, 6, 1))
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
    assert f"{owed} de 40\u00a0€ vous sont dus" in sentence(invoice, today=date(2027, 6, 1))


def test_late_payment_is_not_claimed_of_a_body_that_never_reports_it(at: datetime) -> None:
    invoice = arrived(at)
    assert invoice.buyer is not None
    invoice.buyer.reports_no_payment = True
    said = sentence(invoice, today=date(2027, 6, 1))
    assert "regardez votre compte" in said
    assert "indemnité" not in said


def test_a_line_of_the_story_says_what_who_when_and_why_and_the_last_what_is_to_come(at: datetime) -> None:
    invoice = arrived(at)
    assert invoice.buyer is not None
    agent = invoice.buyer.memberships.get().user
    operations.process(invoice=invoice, action=Action.ORDER_PAYMENT, actor=Actor(agent), at=at, payment_order="M-12",
                       comment="Bonne réception.")  # fmt: skip
    invoice.refresh_from_db()
    history = list(invoice.history.all())
    events = timeline(story_of(invoice=invoice, history=history, side=Side.SELLER), delay(invoice), kind=invoice.kind)
    (ordered,) = [event for event in events if event.get("official") == "statut 08"]
    assert ordered["why"] == "Mandat n°\u00a0M-12 · Bonne réception."
    assert (ordered["who"], ordered["at"]) == (agent.get_full_name(), at)
    assert events[-1] == {"sentence": "Dernier jour pour payer (30\u00a0jours)", "expected_on": date(2026, 12, 3)}
    assert {"sentence": "Destinataire prévenu par courriel", "at": at, "who": "Plainchant"} in events
