"""A recipient is offered the moves that they have the right to make, no others."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from tests.access.holding import holding
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(at: datetime) -> Invoice:
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


@pytest.mark.parametrize(
    ("held", "processes", "pays"),
    [
        ({Right.SEE_RECEIVED}, False, False),
        ({Right.SEE_RECEIVED, Right.PROCESS}, True, False),
        ({Right.SEE_RECEIVED, Right.PAY}, False, True),
        ({Right.SEE_RECEIVED, Right.PROCESS, Right.PAY}, True, True),
    ],
)
def test_only_the_moves_of_ones_rights_are_offered(
    invoice: Invoice,
    client: Client,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    held: set[Right],
    processes: bool,
    pays: bool,
) -> None:
    assert invoice.buyer is not None
    client.force_login(a_member(structure=invoice.buyer, at=at, name="Basile"))
    holding(monkeypatch, frozenset(held))
    page = client.get(f"/recues/{invoice.uid}/").text
    for action, offered in ((Action.SUSPEND, processes), (Action.CONFIRM_SERVICE, processes), (Action.PAY_OUT, pays)):
        assert (f">{MOVE_OF[action].label} <kbd" in page) == offered, action
