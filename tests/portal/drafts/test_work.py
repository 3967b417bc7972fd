"""What waits for somebody, on both sides: the counts of the menu and of the first page."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.queries import Work, work_of
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Space
from plainchant.portal.structures.grants import open_space
from tests.making import (
    a_draft,
    a_member,
    a_person,
    a_service,
    a_structure,
    a_town,
    an_attachment,
    made_available,
)

pytestmark = pytest.mark.django_db


def test_each_invoice_waits_for_one_side_only(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    author, agent = Actor(a_member(structure=seller, at=at)), Actor(a_member(structure=town, at=at))
    assert work_of(actor=author) == work_of(actor=agent) == Work(to_process=0, to_answer=0, drafts=0)
    invoices = [a_draft(seller=seller, user=author.account, at=at, buyer=town) for _ in range(3)]
    assert work_of(actor=author) == Work(to_process=0, to_answer=0, drafts=3)
    for invoice in invoices[1:]:
        drafts.submit(draft=invoice.draft, actor=author, at=at)
        made_available(invoice=invoice, at=at)
    assert work_of(actor=agent) == Work(to_process=2, to_answer=0, drafts=0)
    operations.process(invoice=invoices[1], action=Action.SUSPEND, actor=agent, at=at, reason_code="JUSTIF_ABS")
    assert work_of(actor=agent) == Work(to_process=1, to_answer=0, drafts=0)
    assert work_of(actor=author) == Work(to_process=0, to_answer=1, drafts=1)
    assert work_of(actor=Actor(a_member(structure=a_town(at=at), at=at))) == Work(to_process=0, to_answer=0, drafts=0)


def test_nothing_waits_for_whoever_may_only_consult_what_a_service_receives(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    culture, roads = a_service(structure=town, code="CULTURE"), a_service(structure=town, code="VOIRIE")
    author, agent = a_member(structure=seller, at=at), a_person(at=at)
    membership = an_attachment(person=agent, structure=town, at=at, profiles=[AccessProfile.READ], services=[culture])
    open_space(membership=membership, space=Space.RECEIVED, mode=Mode.MODIFICATION, services=[roads])
    for service in (culture, roads):
        invoice = a_draft(seller=seller, user=author, at=at, buyer=town, buyer_service=service)
        drafts.submit(draft=invoice.draft, actor=Actor(author), at=at)
        made_available(invoice=invoice, at=at)
    assert work_of(actor=Actor(agent)) == Work(to_process=1, to_answer=0, drafts=0)
