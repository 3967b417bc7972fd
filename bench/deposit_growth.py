"""What an invoice of a flow costs when 100, 1,000, 10,000 and 100,000 are stored already; part of `bench/deposit.py`.

The stored ones are rows made in bulk, each with its history, its file, its result and its sent notice, all of the one
supplier and the one recipient that the measured ones have: the least kind case. Their documents are not on the disk.
"""

from __future__ import annotations

import io
import os
import tarfile
import time
import uuid
from math import log10
from pathlib import Path

import scratch

STAGES = (100, 1_000, 10_000, 100_000)
FLOW = 100
REPEATED = 5


def measure(name: str, *, plot: bool) -> None:
    from django.db import connection

    print(f"\nCost of an invoice by how many are stored (flows of {FLOW} CII; stored ones are rows made in bulk)")
    points = []
    stored = 0
    for stage in STAGES:
        make(stage - stored, stored)
        stored = stage
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        costs = sorted(_cost(name, f"{stage}-{n}") for n in range(REPEATED))
        middle, least, most = (1000 * cost for cost in (costs[len(costs) // 2], costs[0], costs[-1]))
        points.append((stage, middle))
        print(f"  {stage:7,d} stored  {middle:6.2f} ms of processor each (from {least:.2f} to {most:.2f})")
    print(f"  100,000 costs {points[-1][1] / points[0][1]:.2f} times what 100 does")
    if plot:
        place = Path(__file__).parents[1] / f"docs/pictures/deposit-growth-{connection.vendor}.svg"
        place.write_text(drawn(points, connection.vendor), encoding="utf-8")


def _cost(name: str, tag: str) -> float:
    """Processor seconds of one invoice, here, in the reader and in PostgreSQL, from its flow's bytes to its notice."""
    from django.core.files.base import ContentFile

    from plainchant.portal.flows.operations import process, receive
    from plainchant.portal.invoices.models import DepositMode
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor
    from plainchant.tasks.table import TASKS

    seller, town, user = scratch.parties()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as made:
        for n in range(FLOW):
            content = scratch.cii_between(seller.identifier, town.identifier, f"G{tag}-{n:03d}")
            member = tarfile.TarInfo(f"{n}.xml")
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    content, at = out.getvalue(), now()
    begun = _used(name)
    flow = receive(
        structure=seller,
        file=ContentFile(content, name="l.tar.gz"),
        name="l.tar.gz",
        size=len(content),
        actor=Actor(user),
        at=at,
        deposit_mode=DepositMode.FLOW,
    )
    while not process(flow=flow, at=now()):
        flow.refresh_from_db()
    carry_on(TASKS)
    flow.refresh_from_db()
    assert flow.accepted == FLOW, (flow.accepted, flow.refused)
    return (_used(name) - begun) / FLOW


def carry_on(tasks: object) -> None:
    """What the workers would do, whichever engine has the jobs."""
    from plainchant.portal.invoices.lifecycle import Status
    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.mail.models import Message

    waiting = [str(uid) for uid in Invoice.objects.filter(status=Status.DEPOSITED).values_list("uid", flat=True)]
    for first in range(0, len(waiting), 50):
        tasks["invoices.carry"](uids=waiting[first : first + 50])  # type: ignore[index]
    for key in Message.objects.filter(sent_at__isnull=True).values_list("dedup_key", flat=True):
        tasks["mail.deliver"](dedup_key=key)  # type: ignore[index]


def _used(name: str) -> float:
    time.sleep(0.05)  # the reader's child has been buried, and counts
    return scratch.seconds_of(os.getpid()) + (scratch.seconds_of_postgresql(name) if scratch.ON_POSTGRESQL else 0.0)


def make(count: int, first: int) -> None:
    from datetime import date, timedelta
    from decimal import Decimal

    from plainchant.portal.flows.models import Flow, FlowInvoice, State
    from plainchant.portal.invoices import histories
    from plainchant.portal.invoices.lifecycle import Action, Side, Status
    from plainchant.portal.invoices.models import DepositMode, Event, Invoice, InvoiceFile, Notice, StatusChange
    from plainchant.portal.lib.time import now
    from plainchant.portal.mail.models import Message
    from plainchant.portal.store.models import StoredFile

    seller, town, user = scratch.parties()
    at = now() - timedelta(days=2)
    history = (Status.DRAFT, Status.DEPOSITED, Status.FORWARDING, Status.AVAILABLE)
    actions = (Action.CREATE, Action.SUBMIT, Action.FORWARD, Action.MAKE_AVAILABLE)
    for start in range(first, first + count, 500):
        numbers = range(start, min(start + 500, first + count))
        uids = {n: uuid.uuid4() for n in numbers}
        files = StoredFile.objects.bulk_create(
            StoredFile(
                path=uids[n].hex,
                name="f.xml",
                media_type="application/xml",
                size=19_000,
                sha256="0" * 64,
                created_at=at,
            )
            for n in numbers
        )
        invoices = Invoice.objects.bulk_create(
            Invoice(
                uid=uids[n],
                status=Status.AVAILABLE,
                status_at=at,
                deposit_mode=DepositMode.FLOW,
                seller=seller,
                buyer=town,
                number=f"OLD-{n:06d}",
                issue_date=date(2026, 10, 1),
                payable_amount=Decimal(120),
                document={"number": f"OLD-{n:06d}", "note": "x" * 400},
                created_at=at,
                created_by=user,
                updated_at=at,
                deposited_at=at,
                made_available_at=at,
                notice_written_at=at,
                notified_at=at,
            )
            for n in numbers
        )
        histories.add(
            [
                StatusChange(
                    invoice=one,
                    action=action,
                    from_status=source,
                    to_status=status,
                    at=at,
                    party=Side.SYSTEM,
                    actor_name="Plainchant",
                )
                for one in invoices
                for action, source, status in zip(actions, ["", *history], history, strict=False)
            ],
            are_first=True,
        )
        InvoiceFile.objects.bulk_create(
            InvoiceFile(invoice=one, stored=file, role="02", name="f.xml", added_at=at, added_by=user)
            for one, file in zip(invoices, files, strict=True)
        )
        flow = Flow.objects.create(
            number=uuid.uuid4().hex[:25],
            interface="FSO1116A",
            syntax="x",
            structure=seller,
            sender=user,
            deposit_mode=DepositMode.FLOW,
            name="old",
            content=uuid.uuid4().hex,
            stored=files[0],
            state=State.INTEGRATED,
            state_at=at,
            received_at=at,
        )
        FlowInvoice.objects.bulk_create(
            FlowInvoice(flow=flow, position=place, part=0, number=one.number, invoice=one, at=at)
            for place, one in enumerate(invoices)
        )
        messages = Message.objects.bulk_create(
            Message(
                kind="invoice_available",
                recipient="courrier@noirepine.example",
                subject="s",
                body="x" * 300,
                dedup_key=uuid.uuid4().hex,
                created_at=at,
                sent_at=at,
            )
            for one in invoices
        )
        Notice.objects.bulk_create(
            Notice(invoice=one, message=message) for one, message in zip(invoices, messages, strict=True)
        )
        histories.add(
            [
                Event(invoice=one, kind=Event.Kind.NOTIFIED, at=at, message=message)
                for one, message in zip(invoices, messages, strict=True)
            ],
            are_first=True,
        )


def drawn(points: list[tuple[int, float]], vendor: str) -> str:
    """Cost against stored invoices, the latter on a scale of powers of ten: flat is what it should be."""
    width, height, left, top, right, bottom = 640, 320, 70, 30, 40, 60
    most = 2 * max(ms for _, ms in points)

    def x(stored: float) -> float:
        return left + (log10(stored) - 2) / 3 * (width - left - right)

    def y(ms: float) -> float:
        return height - bottom - ms / most * (height - top - bottom)

    path = " ".join(f"{x(stored):.1f},{y(ms):.1f}" for stored, ms in points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="13">',
        f"<title>Processor time of an invoice of a flow on {vendor}, by how many invoices are stored</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{left} {top}V{height - bottom}H{width - right}" stroke="#999" fill="none"/>',
    ]
    for stored, ms in points:
        parts.append(f'<text x="{x(stored):.0f}" y="{height - bottom + 20}" text-anchor="middle">{stored:,}</text>')
        parts.append(f'<text x="{x(stored):.0f}" y="{y(ms) - 10:.0f}" text-anchor="middle">{ms:.1f} ms</text>')
        parts.append(f'<circle cx="{x(stored):.1f}" cy="{y(ms):.1f}" r="3" fill="#5b2a4e"/>')
    parts.append(f'<polyline points="{path}" fill="none" stroke="#5b2a4e" stroke-width="2"/>')
    parts.append(
        f'<text x="{(left + width - right) / 2:.0f}" y="{height - 16}" text-anchor="middle">invoices stored</text>'
    )
    parts.append(f'<text x="{left - 8}" y="{y(0) + 4:.0f}" text-anchor="end">0</text>')
    return "\n".join([*parts, "</svg>", ""])
