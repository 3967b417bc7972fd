"""An invoice sent back is re-routed under its own number, or refused for what the new recipient demands."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.drafts.after_sending import recycle, recycle_as_typed, routing_as_typed
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_service, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_back(at: datetime) -> Invoice:
    seller, buyer = a_structure(at=at), a_town(at=at)
    artist, agent = a_member(structure=seller, at=at), a_member(structure=buyer, at=at, name="Basile")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    operations.process(invoice=invoice, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="SIRET_ERR")
    return invoice


def test_a_recipient_who_demands_a_service_refuses_without(sent_back: Invoice, at: datetime) -> None:
    demanding = a_town(at=at, name="Commune de Clairbois", requires_service=True)
    with pytest.raises(WouldBeRefused) as refused:
        recycle(
            invoice=sent_back,
            routing=Routing(buyer=demanding),
            comment="",
            actor=Actor(sent_back.created_by),
            at=at,
        )
    assert {finding.field for finding in refused.value.findings} == {"buyer_service"}
    sent_back.refresh_from_db()
    assert sent_back.status == Status.TO_RECYCLE


def test_with_what_is_demanded_it_goes_on_its_way_again(sent_back: Invoice, at: datetime) -> None:
    demanding = a_town(at=at, name="Commune de Clairbois", requires_service=True)
    recycle(
        invoice=sent_back,
        routing=Routing(buyer=demanding, buyer_service=a_service(structure=demanding)),
        comment="Pardon.",
        actor=Actor(sent_back.created_by),
        at=at,
    )
    sent_back.refresh_from_db()
    assert (sent_back.status, sent_back.buyer) == (Status.DEPOSITED, demanding)
    assert sent_back.document["buyer"]["service_code"] == "CULTURE"


def test_sending_it_back_to_the_same_place_is_refused(sent_back: Invoice, at: datetime) -> None:
    same = Routing(buyer=sent_back.buyer, commitment=sent_back.commitment)
    with pytest.raises(WouldBeRefused):
        recycle(invoice=sent_back, routing=same, comment="", actor=Actor(sent_back.created_by), at=at)


def test_a_word_has_the_length_of_the_history_and_no_more(sent_back: Invoice, at: datetime) -> None:
    town, actor = a_town(at=at, name="Commune de Clairbois"), Actor(sent_back.created_by)
    typed = routing_as_typed(invoice=sent_back) | {"buyer": town.identifier, "comment": "m" * (MAX_HISTORY_COMMENT + 1)}
    with pytest.raises(WouldBeRefused) as refused:
        recycle_as_typed(invoice=sent_back, typed=typed, actor=actor, at=at)
    assert [(finding.rule, finding.field) for finding in refused.value.findings] == [("SAISIE-MOT-LONG", "comment")]
    recycle_as_typed(invoice=sent_back, typed=typed | {"comment": "m" * MAX_HISTORY_COMMENT}, actor=actor, at=at)
    sent_back.refresh_from_db()
    assert sent_back.buyer == town
