"""How long a page of a list takes among many invoices: filtered, sorted, the first page and the last.

Run: [DATABASE_URL=postgres://…] [ROWS=2000000] python bench/tracking.py. A database of its own, dropped afterwards.
Rows are made in bulk: one supplier and one body have a tenth of them all, the others share the rest. Each goal is
printed « reached » or « missed »; the least count, 10,000, is measured first, and the growth from there.
"""

from __future__ import annotations

import os
import random
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import scratch

NAME = "plainchant_bench_tracking"
FIRST = 10_000
ROWS = int(os.environ.get("ROWS", "2000000" if scratch.ON_POSTGRESQL else "200000"))
TIMES = int(os.environ.get("TIMES", "20"))
PAGE_GOAL, SUMMARY_GOAL, GROWTH_GOAL = 0.100, 0.050, 1.5
OTHERS = 40  # suppliers, and bodies, that share what the large ones do not have
TODAY = date(2026, 11, 2)
Parties = tuple[list[Any], list[Any], Any]  # suppliers, bodies, and the manager of the first of both
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def main() -> None:
    with scratch.portal(NAME):
        parties = _parties()
        print(f"{os.cpu_count()} cores, load {scratch.load()}")
        make(FIRST, 0, parties)
        small = _measure(FIRST, parties)
        make(ROWS - FIRST, FIRST, parties)
        large = _measure(ROWS, parties)
        print(f"\nFrom {FIRST:,} to {ROWS:,}")
        for name, seconds in large.items():
            growth = seconds / small[name]
            print(f"  {name:46s} × {growth:4.2f}  {_said(growth, GROWTH_GOAL)}")


def _said(value: float, goal: float) -> str:
    return "reached" if value <= goal else f"missed (≤ {goal:g})"


def _parties() -> Parties:
    from plainchant.portal.structures.models import Structure

    seller, town, user = scratch.parties()

    def more(nature: str, place: int) -> list[Any]:
        return Structure.objects.bulk_create(
            Structure(nature=nature, identifier=f"99{place}{n:011d}", name=f"Essai {place} {n}", created_at=NOW)
            for n in range(OTHERS)
        )

    from plainchant.portal.structures.models import Membership

    suppliers, bodies = [seller, *more("PRIVE", 7)], [town, *more("PUBLIC", 8)]
    Membership.objects.create(
        structure=town, user=user, state="VALIDEE", is_manager=True, requested_at=NOW, decided_at=NOW
    )
    return suppliers, bodies, user


def make(count: int, first: int, parties: Parties, only: str = "") -> None:
    """``only``: the status of all of them; the usual mixture otherwise."""
    from django.db import connection

    from plainchant.portal.invoices.lifecycle import Status
    from plainchant.portal.invoices.listed import words_of
    from plainchant.portal.invoices.models import DepositMode, Invoice

    suppliers, bodies, user = parties
    luck = random.Random(first)
    weights = [OTHERS / 9] + [1.0] * (len(suppliers) - 1)
    ways = list(Status)
    shares = {Status.PAID_OUT: 80, Status.AVAILABLE: 3, Status.DRAFT: 1, Status.REJECTED: 2, Status.SUSPENDED: 1}
    for start in range(first, first + count, 2_000):
        rows = []
        for n in range(start, min(start + 2_000, first + count)):
            seller, buyer = luck.choices(suppliers, weights)[0], luck.choices(bodies, weights)[0]
            status = (
                Status(only)
                if only
                else luck.choices(ways, [shares.get(way, 1) if way != Status.DELETED else 0 for way in ways])[0]
            )
            moved = NOW - timedelta(minutes=luck.randrange(60 * 24 * 700))
            amount = Decimal(luck.randrange(1_000, 10_000_000)) / 100
            waits = status in (Status.AVAILABLE, Status.COMPLETED, Status.SERVICE_DONE, Status.ORDERED)
            number, commitment = f"F-{n:07d}", f"EJ{luck.randrange(10**7):07d}"
            rows.append(
                Invoice(
                    uid=uuid.uuid4(), status=status, status_at=moved, deposit_mode=DepositMode.FLOW, seller=seller,
                    buyer=buyer, number=number, issue_date=moved.date(), commitment=commitment,
                    tax_inclusive_amount=amount, payable_amount=amount, to_pay=amount, seller_name=seller.name,
                    buyer_name=buyer.name, words=words_of(number, commitment, seller.name, buyer.name),
                    document={"note": "x" * 700}, created_at=moved, created_by=user, updated_at=moved,
                    deposited_at=moved, due_on=(moved + timedelta(days=30)).date() if waits else None,
                    made_available_at=None if status in (Status.DRAFT, Status.DEPOSITED) else moved,
                )
            )  # fmt: skip
        Invoice.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE invoices_invoice")


def _measure(count: int, parties: Parties) -> dict[str, float]:
    from plainchant.portal.drafts.queries import work_of
    from plainchant.portal.invoices.criteria import narrowed
    from plainchant.portal.invoices.lifecycle import BUYER_MUST_ACT, Side
    from plainchant.portal.invoices.lists import LAST, ORDERS, InvoiceList, InvoiceReach
    from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE
    from plainchant.portal.rights.actor import Actor
    from plainchant.portal.rights.rights import Right

    actor = Actor(parties[2])
    sought = {
        "everything": ({}, "", None),
        "one status": ({}, "", ("REJETEE",)),
        "waiting": ({}, "", tuple(sorted(BUYER_MUST_ACT))),
        "late": ({"retard": True}, "", None),
        "a month and an amount": (
            {"facture": (date(2026, 3, 1), date(2026, 3, 31)), "ttc": (Decimal(500), None)}, "", None,
        ),
        "a number": ({}, f"F-{count - 3:07d}", None),
        "a word that all have": ({}, "essai", None),
        "nothing": ({"engagement": "inconnu"}, "", None),
    }  # fmt: skip
    sides = (
        (Side.SELLER, SEE_ISSUED_INVOICE, Right.SEE_ISSUED),
        (Side.BUYER, SEE_RECEIVED_INVOICE, Right.SEE_RECEIVED),
    )
    print(f"\n{count:,} invoices, p99 of {TIMES} (all orders together), page and count")
    found: dict[str, float] = {}
    for side, permission, right in sides:
        for name, (values, text, statuses) in sought.items():

            def page(
                order: Any,
                falls: bool,
                place: str,
                side: Any = side,
                asked: Any = (permission, right, values, text, statuses),
            ) -> None:
                permission, right, values, text, statuses = asked
                listed = InvoiceList(
                    side=side,
                    scope=permission.reached_by(actor),
                    statuses=statuses,
                    reach=InvoiceReach.of(actor=actor, right=right, side=side),
                    narrow=lambda rows: narrowed(rows, values=values, text=text, side=side, today=TODAY),
                )
                listed.sheet(order=order, falling=falls, place=place, size=50)
                listed.count()

            for where, place in (("first page", ""), ("last page", LAST)):
                taken = []
                for turn in range(TIMES):
                    order = ORDERS[side][turn % len(ORDERS[side])]
                    taken.append((_seconds(partial(page, order, turn % 2 == 0, place)), order.name))
                slowest, by = max(taken)
                label = f"{side.value}, {name}, {where}"
                found[label] = sorted(seconds for seconds, _ in taken)[len(taken) // 2]
                print(
                    f"  {label:46s} median {1000 * found[label]:7.1f} ms, worst {1000 * slowest:7.1f} ms by {by:12s} "
                    f"{_said(slowest, PAGE_GOAL)}"
                )
    summary = max(_seconds(lambda: work_of(actor=actor)) for _ in range(TIMES))
    print(f"  {'what waits for one (synthèse)':46s} {1000 * summary:.1f} ms  {_said(summary, SUMMARY_GOAL)}")
    return found


def _seconds(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
