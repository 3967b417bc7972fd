"""What each side may read of an invoice's story."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.story import StoryStep, history_of, question_of, story_of
from plainchant.portal.rights.actor import Actor
from tests.making import a_member, a_town
from tests.portal.invoices.arrivals import arrived, carry

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def steps(invoice: Invoice, side: Side) -> list[StoryStep]:
    return story_of(invoice=invoice, history=list(invoice.history.all()), side=side)


def names(story: list[StoryStep]) -> list[str]:
    return [step.move.action.value if step.move else str(step.event) for step in story]


def agent_of(invoice: Invoice) -> User:
    assert invoice.buyer is not None
    return invoice.buyer.memberships.get().user


def test_a_recipient_reads_from_the_sending_on_and_a_supplier_from_the_draft_on(at: datetime) -> None:
    invoice = arrived(at)
    sent = ["submit", "forward", "make_available", "NOTIFICATION_DESTINATAIRE"]
    assert names(steps(invoice, Side.BUYER)) == sent
    assert names(steps(invoice, Side.SELLER)) == ["create", *sent]


def test_a_history_is_that_of_its_invoice(at: datetime) -> None:
    first, second = arrived(at), arrived(at)
    assert history_of(invoice=first.pk) == list(first.history.order_by("sequence"))
    assert history_of(invoice=second.pk) == list(second.history.order_by("sequence"))


def test_a_new_recipient_reads_nothing_of_the_former_one(at: datetime) -> None:
    invoice = arrived(at)
    agent, later = agent_of(invoice), at + timedelta(days=1)
    operations.record_download(invoice=invoice, actor=Actor(agent), at=later)
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
    carry(invoice, later + timedelta(hours=1))
    for_buyer, for_seller = steps(invoice, Side.BUYER), steps(invoice, Side.SELLER)
    assert "note interne" not in {step.comment for step in for_buyer}
    assert agent.get_full_name() not in {step.who for step in for_buyer}
    assert names(for_buyer) == ["recycle", "forward", "make_available", "NOTIFICATION_DESTINATAIRE"]
    (sent_back,) = [step for step in for_seller if step.move and step.move.action is Action.SEND_BACK]
    assert (sent_back.comment, sent_back.reason and sent_back.reason.code) == ("note interne", "SIRET_ERR")
    assert sent_back.status is not None
    assert sent_back.status.edi == "04"


def test_of_several_notices_and_downloads_the_first_counts(at: datetime) -> None:
    invoice = arrived(at)
    agent = Actor(agent_of(invoice))
    for hours in (3, 1, 2):
        operations.record_download(invoice=invoice, actor=agent, at=at + timedelta(hours=hours))
    downloads = [step for step in steps(invoice, Side.SELLER) if step.event is Event.Kind.DOWNLOADED]
    assert [(step.at, step.who) for step in downloads] == [(at + timedelta(hours=1), str(agent.person))]


def test_the_portal_itself_tells_the_recipient(at: datetime) -> None:
    (notice,) = [step for step in steps(arrived(at), Side.SELLER) if step.event is Event.Kind.NOTIFIED]
    assert (notice.who, notice.at) == ("Plainchant", at)


def test_what_was_asked_last_is_what_there_is_to_answer(at: datetime) -> None:
    invoice = arrived(at)
    assert question_of(list(invoice.history.all())) is None
    operations.process(
        invoice=invoice,
        action=Action.SUSPEND,
        actor=Actor(agent_of(invoice)),
        at=at,
        reason_code="JUSTIF_ABS",
        comment="La liste ?",
    )
    asked = question_of(list(invoice.history.all()))
    assert asked is not None
    assert asked.comment == "La liste ?"
    assert question_of([]) is None
