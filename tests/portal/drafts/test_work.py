"""What waits for somebody, on both sides: the counts of the menu and of the first page."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.queries import Work, work_of
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

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
