"""Whoever dies at whichever write of an invoice's life: each legal event is there once, and each mail has left.

As in `portal/flows/test_any_operation_may_be_the_last.py`: people do again what they saw fail, and the next worker
takes up what the last one held. The suite takes every 23rd write, PLAINCHANT_TEST_EVERY_WRITE=1 all of them.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import OperationalError, connection

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import after_sending
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.histories import Broken, looked_at
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile
from plainchant.portal.invoices.operations import process
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.tasks.embedded import run_until_idle
from tests.faults import Fault, Killed, faulty, recover
from tests.making import a_draft, a_member, a_structure, a_town, an_upload

STRIDE = 1 if os.environ.get("PLAINCHANT_TEST_EVERY_WRITE") else 23
FIRST = {"killed": 1, "refused": min(12, STRIDE)}
# The statuses of the life that is played, each once: as its history must have them.
LIFE = (
    Status.DRAFT,
    Status.DEPOSITED,
    Status.FORWARDING,
    Status.AVAILABLE,
    Status.SUSPENDED,
    Status.COMPLETED,
    Status.SERVICE_DONE,
    Status.PAID_OUT,
)


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="a commit that fails halfway is played in SQLite; on PostgreSQL tests.campaigns.crash kills real processes",
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", list(FIRST))
def test_whichever_write_is_the_last_each_event_is_there_once_and_each_mail_has_left(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    seller, town = a_structure(at=at), a_town(at=at, email="courrier@valbrume.example")
    artist, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
    for n in itertools.count(FIRST[kind], STRIDE):
        invoice = a_draft(seller=seller, user=artist, at=now(), buyer=town, number=f"F-{kind}-{n:04}")
        acts = _acts(invoice, artist=artist, agent=agent)
        fault = Fault(n, kind=kind)
        with faulty(fault, monkeypatch):
            try:
                _live(invoice, acts)
            except (Killed, OperationalError, OSError, NotAllowed):  # nobody acts on what has not arrived
                assert fault.has_struck
        recover()
        _live(invoice, acts)
        recover()
        _judge(invoice)
        if not fault.has_struck:
            break
    assert n > 60


def _acts(invoice: Invoice, *, artist: User, agent: User) -> dict[Status, Callable[[], object]]:
    """What people do, by the status it leads to."""
    town = {"invoice": invoice, "actor": Actor(agent)}

    def answer() -> None:
        uploads = [an_upload(content=b"%PDF-1.4 the order", name="commande.pdf")]
        after_sending.complete(invoice=invoice, uploads=uploads, comment="", actor=Actor(artist), at=now())

    return {
        Status.DEPOSITED: lambda: submit(draft=invoice.draft, actor=Actor(artist), at=now()),
        Status.SUSPENDED: lambda: process(**town, action=Action.SUSPEND, reason_code="JUSTIF_ABS", at=now()),
        Status.COMPLETED: answer,
        Status.SERVICE_DONE: lambda: process(**town, action=Action.CONFIRM_SERVICE, at=now()),
        Status.PAID_OUT: lambda: process(**town, action=Action.PAY_OUT, at=now()),
    }


def _live(invoice: Invoice, acts: dict[Status, Callable[[], object]]) -> None:
    """Each act that has not been done yet, and the work it causes."""
    for status, act in acts.items():
        if not invoice.history.filter(to_status=status).exists():
            invoice.refresh_from_db()
            act()
            run_until_idle()


def _judge(invoice: Invoice) -> None:
    assert tuple(invoice.history.order_by("sequence").values_list("to_status", flat=True)) == LIFE
    assert [found for found in looked_at(invoices=[invoice.pk]) if isinstance(found, Broken)] == []
    assert invoice.events.filter(kind=Event.Kind.NOTIFIED).count() == 1
    assert invoice.files.filter(role=InvoiceFile.Role.COMPLEMENT).count() == 1
    messages = list(Message.objects.filter(subject__contains=invoice.number))
    assert Counter(message.kind for message in messages) == {
        "invoice_available": 1,
        "invoice_completed": 1,
        "invoice_status": 5,
    }
    left = {sent.extra_headers["Message-ID"] for sent in mail.outbox}
    for message in messages:
        assert message.sent_at is not None
        assert f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S}@plainchant>" in left
