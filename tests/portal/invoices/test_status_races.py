"""Three people change the status of one invoice at once: one of them does, and the others hear who it was.

`PLAINCHANT_TEST_RACES=1000` runs a thousand of each.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, connections

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.histories import Broken, looked_at
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.invoices.operations import process
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]
RACES = int(os.environ.get("PLAINCHANT_TEST_RACES", "15"))
WANTED = ((Action.REJECT, "DOUBLON"), (Action.SUSPEND, "JUSTIF_ABS"), (Action.CONFIRM_SERVICE, ""))


def test_one_of_three_wins_and_the_others_hear_who_did(at: datetime) -> None:
    assert connection.vendor == "postgresql"
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    agents = [a_member(structure=town, at=at, name=name) for name in ("Agathe", "Basile", "Cyprien")]
    invoices = []
    for number in range(RACES):
        invoice = a_draft(seller=seller, user=artist, at=at, buyer=town, number=f"F-{number}")
        submit(draft=invoice.draft, actor=Actor(artist), at=at)
        invoices.append(invoice)
    carry_lot(uids=[str(invoice.uid) for invoice in invoices], at=at)
    mails = Message.objects.filter(kind="invoice_status").count()
    won: Counter[str] = Counter()
    with ThreadPoolExecutor(len(agents)) as pool:
        for invoice in invoices:
            barrier = threading.Barrier(len(agents))
            calls = [
                _moving(invoice.pk, agent, action, reason, at, barrier)
                for agent, (action, reason) in zip(agents, WANTED, strict=True)
            ]
            outcomes = list(pool.map(lambda call: call(), calls))
            made = [outcome for outcome in outcomes if isinstance(outcome, StatusChange)]
            lost = [outcome for outcome in outcomes if isinstance(outcome, StatusHasChanged)]

            assert (len(made), len(lost)) == (1, 2), outcomes
            assert all(f", par {made[0].actor_name}" in str(refusal) for refusal in lost)
            won[made[0].action] += 1
    assert Message.objects.filter(kind="invoice_status").count() == mails + RACES
    assert [found for found in looked_at() if isinstance(found, Broken)] == []
    assert won.total() == RACES


def _moving(
    key: int, agent: User, action: Action, reason: str, at: datetime, barrier: threading.Barrier
) -> Callable[[], object]:
    def call() -> object:
        try:
            invoice = Invoice.objects.select_related("seller", "buyer", "buyer_service").get(pk=key)
            barrier.wait(timeout=60)  # all have seen it waiting before any of them acts
            return process(invoice=invoice, action=action, actor=Actor(agent), at=at, reason_code=reason)
        except Exception as error:  # noqa: BLE001 - the outcome is what the test looks at
            return error
        finally:
            connections.close_all()

    return call
