"""A worker dies, the database goes or the disk is full, at each operation of a flow in turn: what is there is right.

SQLite's own method: the n-th write to the database or the disk fails, for n = 1, 2, 3… until none does. Reads change
nothing: to die at one is to die at the write after it. The suite takes every fifth write, the two kinds of end in
turn; PLAINCHANT_TEST_EVERY_WRITE=1 takes them all.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import OperationalError, connection

from plainchant.portal.flows import lots
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile, StatusChange
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.tasks.embedded import run_until_idle
from tests.faults import Fault, Killed, faulty, recover
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, invoice, sent

STRIDE = 1 if os.environ.get("PLAINCHANT_TEST_EVERY_WRITE") else 5
FIRST = {"killed": 1, "refused": min(2, STRIDE)}


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="a commit that fails halfway is played in SQLite; on PostgreSQL tests.campaigns.crash kills real processes",
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", list(FIRST))
def test_whichever_write_is_the_last_each_invoice_is_there_once_and_whole(kind, monkeypatch):
    at = now()
    seller = a_structure(at=at)
    user = a_member(structure=seller, at=at)
    town = a_town(at=at, email="courrier@valbrume.example")
    monkeypatch.setattr(lots, "MOST_INVOICES", 2)
    for n in itertools.count(FIRST[kind], STRIDE):
        files = {
            f"{place}.xml": invoice(f"N{n}-{place}", seller=seller.identifier, buyer=buyer)
            for place, buyer in enumerate([town.identifier, "99999999999999", town.identifier])
        }
        content = archive(files)
        flow = sent(content, structure=seller, user=user, at=at, processed=False)
        fault = Fault(n, kind=kind)
        with faulty(fault, monkeypatch):
            try:
                _work(flow)
            except (Killed, OperationalError, OSError):
                assert fault.has_struck
        recover()
        flow.refresh_from_db()
        _judge(flow, files, town)
        if not fault.has_struck:
            break
    assert n > 40
    _judge_the_store()


def _work(flow: Flow) -> None:
    while not process(flow=flow, at=now()):
        flow.refresh_from_db()
    run_until_idle()


def _judge(flow: Flow, files: dict[str, bytes], town) -> None:
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 2, 1)
    results = {row.position: row for row in FlowInvoice.objects.filter(flow=flow)}
    assert [results[place].invoice is None for place in range(3)] == [False, True, False]
    assert Message.objects.filter(kind="flow_ended", subject__contains=flow.number).count() == 1
    for place in (0, 2):
        made = Invoice.objects.get(number=results[place].number)
        assert made == results[place].invoice
        assert made.status == Status.AVAILABLE
        lines = StatusChange.objects.filter(invoice=made).order_by("sequence")
        assert [(line.sequence, line.to_status) for line in lines] == [
            (1, Status.DRAFT),
            (2, Status.DEPOSITED),
            (3, Status.FORWARDING),
            (4, Status.AVAILABLE),
        ]
        kept = InvoiceFile.objects.get(invoice=made).stored
        assert read_bytes(stored=kept) == files[f"{place}.xml"]
        event = Event.objects.get(invoice=made, kind=Event.Kind.NOTIFIED)
        assert made.notified_at == event.at
        assert event.message.recipient == town.email


def _judge_the_store() -> None:
    """Every row has its bytes; every file without a row is noted as begun."""
    root = Path(storages["documents"].path(""))
    known = set()
    for row in StoredFile.objects.all():
        known.add(row.path)
        assert hashlib.sha256((root / row.path).read_bytes()).hexdigest() == row.sha256
    pending = set(PendingFile.objects.values_list("path", flat=True))
    assert not known & pending
    for place in root.rglob("*"):
        if place.is_file() and str(place.relative_to(root)) not in known:
            assert str(place.relative_to(root)).removesuffix(".partial") in pending
