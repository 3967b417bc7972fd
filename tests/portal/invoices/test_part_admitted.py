"""A recipient who contests the amount admits the rest: that is paid in time, and the contested part is explained."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import histories
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.errors import AmountNotPossible, ReasonMissing, StatusHasChanged
from plainchant.portal.invoices.expected import expected_payments
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.invoices.operations import process, record_notification
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.invoices.payments import owed_today
from plainchant.portal.invoices.permissions import moves_for
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WHY = {"reason_code": "MONTANTTOTAL_ERR", "comment": "Deux jours au lieu de quatre"}


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    """Of 1 200 €, in the hands of a town that has been told of it."""
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        artist = a_member(structure=seller, at=at)
        a_member(structure=town, at=at, name="Basile")
        invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
        submit(draft=invoice.draft, actor=Actor(artist), at=at)
        made_available(invoice=invoice, at=at)
        for message in Message.objects.filter(kind="invoice_available"):
            record_notification(message=message, at=at)
        invoice.refresh_from_db()
        return invoice


@pytest.fixture
def invoice(built: Invoice) -> Invoice:
    return deepcopy(built)


def agent_of(invoice: Invoice) -> Actor:
    assert invoice.buyer is not None
    return Actor(invoice.buyer.memberships.get().user)


def admit(invoice: Invoice, amount: str | None, *, at: datetime, **given: str) -> None:
    process(
        invoice=invoice,
        action=Action.ADMIT_PART,
        actor=agent_of(invoice),
        at=at,
        amount=None if amount is None else Decimal(amount),
        **{**WHY, **given},
    )


def test_a_part_is_more_than_nothing_less_than_all_and_explained(invoice: Invoice, at: datetime) -> None:
    for amount in (None, "0", "-1", "1200", "1200.01", "600.005", "NaN", "Infinity"):
        with pytest.raises(AmountNotPossible):
            admit(invoice, amount, at=at)
    for wrong in ({"reason_code": ""}, {"reason_code": "DOUBLON"}, {"comment": " "}):
        with pytest.raises(ReasonMissing):
            admit(invoice, "600", at=at, **wrong)
    assert Invoice.objects.get(pk=invoice.pk).status == Status.AVAILABLE


def test_what_is_admitted_is_to_be_paid_and_late_interest_is_of_it_alone(invoice: Invoice, at: datetime) -> None:
    before = delay_of(invoice=invoice, history=[])
    admit(invoice, "600.50", at=at)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.admitted_amount, invoice.contested_amount) == (
        Status.SERVICE_DONE,
        Decimal("600.50"),
        Decimal("599.50"),
    )
    assert (invoice.to_pay, invoice.payable_amount) == (Decimal("600.50"), Decimal("1200"))
    assert invoice.kind.name == "Facture admise en partie"
    delay = delay_of(invoice=invoice, history=list(invoice.history.all()))
    assert (delay.state, delay.due_on) == (ClockState.RUNNING, before.due_on)
    assert delay.due_on is not None
    owed = owed_today(invoice=invoice, today=delay.due_on + timedelta(days=100))
    assert owed is not None
    assert owed.principal == Decimal("600.50")
    seller = Actor(invoice.created_by)
    [payment] = expected_payments(actor=seller, today=date(2026, 11, 4)).payments
    assert payment.amount == Decimal("600.50")
    process(invoice=invoice, action=Action.PAY_OUT, actor=agent_of(invoice), at=at)


def test_it_is_done_once_and_its_sum_is_sealed(invoice: Invoice, at: datetime) -> None:
    admit(invoice, "600", at=at)
    with pytest.raises(StatusHasChanged):
        admit(invoice, "700", at=at)
    with pytest.raises(StatusHasChanged):
        process(invoice=invoice, action=Action.REJECT, actor=agent_of(invoice), at=at, reason_code="DOUBLON")
    line = StatusChange.objects.get(invoice=invoice, action=Action.ADMIT_PART)
    before = StatusChange.objects.get(invoice=invoice, sequence=line.sequence - 1)
    sealed = histories.digest_of(line, uid=str(invoice.uid), before=before.digest)
    assert sealed == line.digest
    line.amount = Decimal("601")
    assert histories.digest_of(line, uid=str(invoice.uid), before=before.digest) != sealed


def test_nothing_is_admitted_of_what_is_not_to_be_paid(invoice: Invoice, at: datetime) -> None:
    paid = deepcopy(invoice)
    paid.billing_framework = "A2"
    moves = {move.action for move in moves_for(actor=agent_of(invoice), invoice=invoice, side=Side.BUYER)}
    assert Action.ADMIT_PART in moves
    offered = {move.action for move in moves_for(actor=agent_of(invoice), invoice=paid, side=Side.BUYER)}
    assert moves - offered == {Action.ADMIT_PART}
    with pytest.raises(AmountNotPossible):
        admit(paid, "600", at=at)


def test_both_sides_read_both_sums_and_what_to_do(invoice: Invoice, at: datetime) -> None:
    town, artist = Client(), Client()
    town.force_login(agent_of(invoice).account)
    artist.force_login(invoice.created_by)
    address = f"/recues/{invoice.uid}/traiter/admit-part/"
    assert "La somme que vous ne contestez pas" in town.get(address).text
    assert town.post(address, {"amount": "2000", **WHY}).status_code == 422
    assert town.post(address, {"amount": "600,50", **WHY}).status_code == 302
    read = {
        "the town": town.get(f"/recues/{invoice.uid}/").text,
        "the supplier": artist.get(f"/factures/{invoice.uid}/").text,
    }
    for page in read.values():
        assert "600,50" in page
    assert "599,50" in read["the supplier"]
    assert "émettez un avoir" in read["the supplier"]
    message = Message.objects.filter(recipient=invoice.created_by.notice_address).latest("pk")
    assert "admise en partie" in message.subject
    assert "599,50" in message.body
    assert "émettez un avoir" in message.body
