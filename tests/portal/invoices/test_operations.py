"""What may be done to an invoice, by whom, and what is written when it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.errors import ReasonMissing, StatusHasChanged
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposited(at: datetime) -> Invoice:
    seller, buyer = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    a_member(structure=buyer, at=at, name="Basile")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    return invoice


@pytest.fixture
def available(deposited: Invoice, at: datetime) -> Invoice:
    """An invoice in the recipient's hands."""
    made_available(invoice=deposited, at=at)
    return deposited


def test_a_suspension_without_a_reason_changes_nothing(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    with pytest.raises(ReasonMissing):
        operations.process(invoice=available, action=Action.SUSPEND, actor=Actor(agent), at=at)
    available.refresh_from_db()
    assert available.status == Status.AVAILABLE


def test_another_reason_needs_a_sentence(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    with pytest.raises(ReasonMissing):
        operations.process(invoice=available, action=Action.REJECT, actor=Actor(agent), at=at, reason_code="AUTRE")


def test_a_reason_of_another_action_is_refused(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    with pytest.raises(ReasonMissing):
        operations.process(
            invoice=available, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="TX_TVA_ERR"
        )


def test_a_rejected_invoice_cannot_be_paid(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    operations.process(invoice=available, action=Action.REJECT, actor=Actor(agent), at=at, reason_code="DOUBLON")
    with pytest.raises(StatusHasChanged):
        operations.process(invoice=available, action=Action.PAY_OUT, actor=Actor(agent), at=at)


def test_two_agents_acting_on_the_same_page_one_wins_and_the_other_is_told(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    seen_by_the_other = Invoice.objects.get(pk=available.pk)
    operations.process(invoice=available, action=Action.SUSPEND, actor=Actor(agent), at=at, reason_code="JUSTIF_ABS")
    with pytest.raises(StatusHasChanged) as refused:
        operations.process(
            invoice=seen_by_the_other, action=Action.REJECT, actor=Actor(agent), at=at, reason_code="DOUBLON"
        )
    assert refused.value.status == Status.SUSPENDED
    assert "Suspendue », par vous :" in str(refused.value)


def test_who_came_first_is_named_to_their_own_side_alone(available: Invoice, at: datetime) -> None:
    agent, colleague = available.buyer.memberships.get().user, a_member(structure=available.buyer, at=at, name="Basile")
    seen = [Invoice.objects.get(pk=available.pk) for _ in range(2)]
    given = {"action": Action.SUSPEND, "reason_code": "JUSTIF_ABS", "at": at}
    operations.process(invoice=available, actor=Actor(agent), **given)
    with pytest.raises(StatusHasChanged) as refused:
        operations.process(invoice=seen[0], actor=Actor(colleague), **given)
    assert f", par {agent.get_full_name()} :" in str(refused.value)
    operations.complete(invoice=available, files=[], comment="Voici.", actor=Actor(available.created_by), at=at)
    with pytest.raises(StatusHasChanged) as refused:
        operations.process(invoice=seen[1], actor=Actor(colleague), **given)
    assert "Complétée » : cette action" in str(refused.value)


def test_the_whole_way_leaves_a_history_without_gaps(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    artist = available.created_by
    operations.process(
        invoice=available,
        action=Action.SUSPEND,
        actor=Actor(agent),
        at=at,
        reason_code="JUSTIF_ABS",
        comment="Le RIB ?",
    )
    operations.complete(invoice=available, files=[], comment="Il est sur la facture.", actor=Actor(artist), at=at)
    operations.process(invoice=available, action=Action.CONFIRM_SERVICE, actor=Actor(agent), at=at)
    operations.process(invoice=available, action=Action.ORDER_PAYMENT, actor=Actor(agent), at=at, payment_order="M-12")
    operations.process(invoice=available, action=Action.PAY_OUT, actor=Actor(agent), at=at)
    steps = list(available.history.values_list("sequence", "from_status", "to_status"))
    assert [step[0] for step in steps] == list(range(1, len(steps) + 1))
    assert all(before[2] == after[1] for before, after in pairwise(steps))
    assert steps[-1][2] == Status.PAID_OUT
    assert available.history.get(to_status=Status.ORDERED).payment_order == "M-12"
    suspended = available.history.get(to_status=Status.SUSPENDED)
    assert (suspended.actor_name, suspended.reason_code, suspended.comment) == (
        "Basile Essai",
        "JUSTIF_ABS",
        "Le RIB ?",
    )


def test_the_supplier_gets_a_mail_with_the_reason_and_what_to_do(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    operations.process(
        invoice=available,
        action=Action.SUSPEND,
        actor=Actor(agent),
        at=at,
        reason_code="JUSTIF_ABS",
        comment="Le RIB ?",
    )
    message = Message.objects.get(kind="invoice_status", subject__contains="suspendue")
    assert message.recipient == available.created_by.email
    assert "Il manque un justificatif" in message.body
    assert "Le RIB ?" in message.body
    assert str(available.uid) in message.body
    # Of which one of many invoices it speaks: to whom it went, and how much.
    assert f"Destinataire\u00a0: «\u00a0{available.buyer}\u00a0»\nMontant\u00a0: 1\u202f200,00\u00a0€\n" in message.body


def test_time_never_runs_backwards_in_a_history(available: Invoice, at: datetime) -> None:
    agent = available.buyer.memberships.get().user
    operations.process(
        invoice=available,
        action=Action.SUSPEND,
        actor=Actor(agent),
        at=at - timedelta(hours=2),
        reason_code="JUSTIF_ABS",
    )
    instants = list(available.history.values_list("at", flat=True))
    assert instants == sorted(instants)


def test_a_clock_that_was_put_back_makes_nobody_told_before_there_was_something_to_tell(
    available: Invoice, at: datetime
) -> None:
    message = Message.objects.get(kind="invoice_available")
    operations.record_notification(message=message, at=at - timedelta(hours=26))
    available.refresh_from_db()
    assert available.notified_at == available.made_available_at
    assert Event.objects.get(invoice=available, kind=Event.Kind.NOTIFIED).at == available.made_available_at


def test_a_late_notice_counts_though_the_clock_was_put_back(available: Invoice, at: datetime) -> None:
    operations.notify_late(invoice=available, at=at - timedelta(hours=26))
    operations.record_notification(message=Message.objects.filter(kind="invoice_available").latest("pk"), at=at)
    available.refresh_from_db()
    assert available.notified_at == at


def test_an_invoice_is_not_available_before_it_was_carried_though_the_clock_was_put_back(
    deposited: Invoice, at: datetime
) -> None:
    made_available(invoice=deposited, at=at - timedelta(hours=26))
    assert deposited.made_available_at == at
    operations.record_notification(message=Message.objects.get(kind="invoice_available"), at=at)
    deposited.refresh_from_db()
    assert deposited.notified_at == at


def test_the_first_notice_that_leaves_starts_the_delay_and_a_second_does_not(available: Invoice, at: datetime) -> None:
    message = Message.objects.get(kind="invoice_available")
    later = at + timedelta(minutes=7)
    operations.record_notification(message=message, at=later)
    operations.record_notification(message=message, at=later + timedelta(days=1))
    available.refresh_from_db()
    assert available.notified_at == later
    # Two workers at once: the message that left first may be written down last.
    operations.record_notification(message=message, at=later - timedelta(milliseconds=5))
    available.refresh_from_db()
    assert available.notified_at == later - timedelta(milliseconds=5)


def test_recycling_to_another_body_starts_a_new_delay_and_keeps_number_and_amounts(
    available: Invoice, at: datetime
) -> None:
    agent = available.buyer.memberships.get().user
    operations.record_notification(message=Message.objects.get(kind="invoice_available"), at=at)
    operations.process(invoice=available, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="SIRET_ERR")
    other = a_town(at=at, name="Commune de Clairbois")
    number, amount = available.number, available.document["payable_amount"]
    operations.recycle(
        invoice=available,
        routing=Routing(buyer=other, commitment="EJ-1"),
        comment="",
        actor=Actor(available.created_by),
        at=at,
    )
    assert (available.number, available.document["payable_amount"]) == (number, amount)
    assert available.document["buyer"] == asdict(operations.party_of(structure=other))
    assert available.document["purchase_order_reference"] == "EJ-1"
    assert available.notified_at is None
    assert available.made_available_at is None


def test_a_late_notice_to_a_former_recipient_does_not_start_the_new_ones_delay(
    available: Invoice, at: datetime
) -> None:
    agent = available.buyer.memberships.get().user
    old_notice = Message.objects.get(kind="invoice_available")
    later = at + timedelta(hours=1)
    operations.process(
        invoice=available, action=Action.SEND_BACK, actor=Actor(agent), at=later, reason_code="SIRET_ERR"
    )
    operations.recycle(
        invoice=available,
        routing=Routing(buyer=a_town(at=at, name="Commune de Clairbois")),
        comment="",
        actor=Actor(available.created_by),
        at=later,
    )
    made_available(invoice=available, at=later)
    operations.record_notification(message=old_notice, at=later)
    available.refresh_from_db()
    assert available.notified_at is None


def test_the_supplier_reads_the_reason_and_what_to_do(available: Invoice, at: datetime) -> None:
    agent = Actor(available.buyer.memberships.get().user)  # type: ignore[union-attr]
    operations.process(invoice=available, action=Action.SUSPEND, actor=agent, at=at, reason_code="JUSTIF_ABS")
    body = Message.objects.filter(kind="invoice_status").latest("pk").body
    reason = REASON_OF["JUSTIF_ABS"]
    assert f"Motif\u00a0: {reason.label}." in body
    assert f"Que faire\u00a0: {reason.mend}" in body
