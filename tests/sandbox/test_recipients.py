"""Recipients that follow a script: what they do, on which day, and what waits for the supplier."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from plainchant.portal.drafts import after_sending
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.sandbox.recipients import AT_FIRST, BEHAVIOURS, Recipients, ScriptedStep
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients(tmp_path: Path) -> Recipients:
    return Recipients(tmp_path / "recipients.json")


@pytest.fixture
def invoice(at: datetime) -> Invoice:
    seller = a_structure(at=at)
    invoice = a_draft(seller=seller, user=a_member(structure=seller, at=at), at=at, buyer=a_town(at=at))
    submit(draft=invoice.draft, actor=Actor(invoice.created_by), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


def statuses(invoice: Invoice) -> list[str]:
    return list(invoice.history.order_by("sequence").values_list("to_status", flat=True))[4:]


def test_each_step_is_made_once_on_its_day(recipients: Recipients, invoice: Invoice, at: datetime) -> None:
    recipients.follow(invoice.buyer.identifier, BEHAVIOURS["pays"])
    assert recipients.play(at=at + timedelta(days=2, seconds=-1)) == 0
    assert recipients.play(at=at + timedelta(days=2)) == 1
    assert recipients.play(at=at + timedelta(days=9)) == 0
    assert statuses(invoice) == [Status.SERVICE_DONE]
    assert recipients.play(at=at + timedelta(days=25)) == 2
    assert statuses(invoice) == [Status.SERVICE_DONE, Status.ORDERED, Status.PAID_OUT]
    assert invoice.history.get(to_status=Status.ORDERED).payment_order == f"M-{invoice.pk}"


def test_a_suspended_invoice_waits_for_its_supplier(recipients: Recipients, invoice: Invoice, at: datetime) -> None:
    recipients.follow(invoice.buyer.identifier, BEHAVIOURS["suspends"])
    assert recipients.play(at=at + timedelta(days=30)) == 1
    assert statuses(invoice) == [Status.SUSPENDED]
    invoice.refresh_from_db()
    after_sending.complete(
        invoice=invoice, uploads=[], comment="Le voici.", actor=Actor(invoice.created_by), at=at + timedelta(days=31)
    )
    assert recipients.play(at=at + timedelta(days=31)) == 2
    assert statuses(invoice)[-2:] == [Status.SERVICE_DONE, Status.PAID_OUT]


def test_a_rejected_invoice_is_left_alone_and_the_supplier_reads_why(
    recipients: Recipients, invoice: Invoice, at: datetime
) -> None:
    recipients.follow(
        invoice.buyer.identifier,
        [ScriptedStep(3, Action.REJECT, "DOUBLON", "Déjà payée."), ScriptedStep(4, Action.PAY_OUT)],
    )
    assert recipients.play(at=at + timedelta(days=30)) == 1
    assert recipients.play(at=at + timedelta(days=60)) == 0
    change = invoice.history.get(to_status=Status.REJECTED)
    assert (change.reason_code, change.comment) == ("DOUBLON", "Déjà payée.")


def test_a_body_that_follows_no_script_does_nothing(recipients: Recipients, invoice: Invoice, at: datetime) -> None:
    assert recipients.play(at=at + timedelta(days=90)) == 0
    assert set(AT_FIRST.values()) <= set(BEHAVIOURS)
    assert recipients.all().keys() == AT_FIRST.keys()


def test_when_something_falls_due(recipients: Recipients, invoice: Invoice, at: datetime) -> None:
    recipients.follow(invoice.buyer.identifier, BEHAVIOURS["pays"])
    days = [(due - at).days for due in recipients.next_instants(until=at + timedelta(days=10))]
    assert days == [2, 10]
