"""A rejection waits for its supplier until it is laid aside, or made again and sent."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.drafts import successors
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drafts.queries import Work, work_by_structure, work_of
from plainchant.portal.invoices import queries, rejections
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.story import story_of
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.rights import Right
from tests.making import a_member, a_structure, a_town, an_entry, made_available, mandated

pytestmark = pytest.mark.django_db
Built = tuple[Invoice, Actor, Actor]


@pytest.fixture(scope="module")
def made(once_a_module: Any, at: datetime) -> Built:
    """An invoice that its recipient has rejected, its supplier, its recipient."""
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        artist = a_member(structure=seller, at=at, is_manager=True)
        agent = Actor(a_member(structure=town, at=at, name="Agathe"))
        mandated(seller, by=artist, at=at)
        draft = an_entry(seller=seller, user=artist, at=at, buyer=town)
        submit(draft=draft, actor=Actor(artist), at=at)
        invoice = Invoice.objects.get(pk=draft.invoice_id)
        made_available(invoice=invoice, at=at)
        process(invoice=invoice, action=Action.REJECT, actor=agent, at=at, reason_code="DOUBLON")
        return invoice, Actor(artist), agent


@pytest.fixture
def built(made: Built) -> Built:
    return deepcopy(made)


def waits(artist: Actor) -> bool:
    return queries.needing_supplier(issued=queries.issued_for(actor=artist, right=Right.SEE_ISSUED)).exists()


def test_it_waits_until_it_is_laid_aside_which_is_noted_once(built: Built, at: datetime) -> None:
    invoice, artist, _ = built
    later = at + timedelta(days=2)
    assert waits(artist)
    assert work_of(actor=artist) == Work(to_process=0, to_answer=0, drafts=0, refused=1)
    assert work_by_structure(actor=artist, structures=[invoice.seller])[invoice.seller_id].refused == 1
    for _ in range(2):
        rejections.close(invoice=invoice, actor=artist, at=later)
    assert not waits(artist)
    assert Invoice.objects.get(pk=invoice.pk).rejection_closed_at == later
    assert invoice.status == Status.REJECTED
    assert Event.objects.filter(invoice=invoice, kind=Event.Kind.REJECTION_CLOSED).count() == 1


def test_it_is_the_supplier_s_own(built: Built, at: datetime) -> None:
    invoice, artist, agent = built
    with pytest.raises(NotAllowed):
        rejections.close(invoice=invoice, actor=agent, at=at)
    rejections.close(invoice=invoice, actor=artist, at=at)
    read = {
        side: [step.event for step in story_of(invoice=invoice, history=list(invoice.history.all()), side=side)]
        for side in (Side.SELLER, Side.BUYER)
    }
    assert Event.Kind.REJECTION_CLOSED in read[Side.SELLER]
    assert Event.Kind.REJECTION_CLOSED not in read[Side.BUYER]


def test_its_replacement_lays_it_aside_when_it_is_sent_and_not_before(built: Built, at: datetime) -> None:
    invoice, artist, _ = built
    again = successors.reissue(draft=invoice.draft, actor=artist, at=at)
    assert Invoice.objects.get(pk=invoice.pk).rejection_closed_at is None
    submit(draft=again, actor=artist, at=at + timedelta(hours=1))
    assert Invoice.objects.get(pk=invoice.pk).rejection_closed_at == at + timedelta(hours=1)
    assert not waits(artist)


def test_seven_days_without_anything_are_long(built: Built, at: datetime) -> None:
    invoice, artist, _ = built
    issued = queries.issued_for(actor=artist, right=Right.SEE_ISSUED)
    assert not queries.refused_for_long(issued=issued, at=at + timedelta(days=7)).exists()
    assert queries.refused_for_long(issued=issued, at=at + timedelta(days=7, seconds=1)).exists()
    rejections.close(invoice=invoice, actor=artist, at=at)
    assert not queries.refused_for_long(issued=issued, at=at + timedelta(days=8)).exists()


def test_only_a_rejection_is_laid_aside(built: Built, at: datetime) -> None:
    invoice, artist, _ = built
    again = successors.reissue(draft=invoice.draft, actor=artist, at=at)
    submit(draft=again, actor=artist, at=at)
    with pytest.raises(StatusHasChanged):
        rejections.close(invoice=again.invoice, actor=artist, at=at)
