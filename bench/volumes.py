"""What one invoice leaves and what one page costs, and what a department, France and Italy would need by these figures.

Run: DATABASE_URL=postgres://… python bench/volumes.py [--flows 4] [--pdfs 60] [--stored 20000] [--pages 60]. A database
of its own, dropped afterwards. Processor time is counted (this process, its readers, PostgreSQL's sessions), not the
clock: other work may share the machine. `docs/volumes.md` has the figures of one run, and what follows from them.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import deposit_growth
import scratch

NAME = "plainchant_bench_volumes"
FLOW = 500


@dataclass(frozen=True)
class Cost:
    """Of one invoice."""

    processor: float  # seconds
    database: float  # bytes of tables and indexes
    log: float  # bytes of PostgreSQL's log, which a replica and an archive of it take in
    documents: float  # bytes


@dataclass(frozen=True)
class Volume:
    """What comes in. Rates are a second, in the busiest hour; ``pages`` are all that people and programs look at."""

    name: str
    a_year: float
    rate: float
    by_hand: float  # share deposited one by one, as PDFs
    pages: float


# France: 36 % by the portal (2021), 18 million calls a day (2018) in ten hours. Italy: 63/s mean, twice that when busy.
VOLUMES = (
    Volume("a department", 0.1e6, 0.1, 0.36, 3),
    Volume("France", 78e6, 15, 0.36, 500),
    Volume("Italy", 2e9, 126, 0.05, 4000),
)
BUSY = 0.5  # of its processors a machine uses in its busiest hour: the other half is for the one that is away
CORES = 8  # of a machine
WEB_SHARE = 0.75  # of a page's and a PDF's processor time that is not the database's


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--flows", type=int, default=4, help=f"flows of {FLOW} CII")
    asked.add_argument("--pdfs", type=int, default=60)
    asked.add_argument("--stored", type=int, default=20_000, help="invoices made in bulk before pages are asked for")
    asked.add_argument("--pages", type=int, default=60, help="times that each page is asked for")
    chosen = asked.parse_args()
    if not scratch.ON_POSTGRESQL:
        print("PostgreSQL only: set DATABASE_URL")
        return
    with scratch.portal(NAME):
        print(f"{os.cpu_count()} cores, load {scratch.load()}\n\nAn invoice, from its bytes to its notice")
        flow = _measured(lambda: _flows(chosen.flows), chosen.flows * FLOW)
        _say("of a flow of CII", flow)
        pdf = _measured(lambda: _pdfs(chosen.pdfs), chosen.pdfs)
        _say("a PDF with text", pdf)
        page = _pages(chosen.stored, chosen.pages)
        print(f"\nWhat follows, machines of {CORES} cores half used")
        for volume in VOLUMES:
            _needs(volume, flow, pdf, page)
        print(f"\nload at the end {scratch.load()}")


def _used() -> float:
    time.sleep(0.05)  # the reader's child has been buried, and counts
    return scratch.seconds_of(os.getpid()) + scratch.seconds_of_postgresql(NAME)


def _measured(act: Callable[[], None], count: int) -> Cost:
    from django.db.models import Sum

    from plainchant.portal.store.models import StoredFile

    def counted() -> tuple[float, float, float, float]:
        kept = StoredFile.objects.aggregate(size=Sum("size"))["size"] or 0
        sizes = _asked("SELECT pg_database_size(current_database()), pg_current_wal_lsn() - '0/0'::pg_lsn")
        return _used(), float(sizes[0]), float(sizes[1]), float(kept)

    before = counted()
    act()
    return Cost(*((after - earlier) / count for after, earlier in zip(counted(), before, strict=True)))


def _asked(query: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def _say(name: str, cost: Cost) -> None:
    print(
        f"  {name:18s} {1000 * cost.processor:6.1f} ms of processor, {cost.database / 1000:5.1f} kB of database, "
        f"{cost.log / 1000:5.1f} kB of its log, {cost.documents / 1000:5.1f} kB of documents"
    )


def _flows(count: int) -> None:
    from django.core.files.base import ContentFile

    from plainchant.portal.flows.operations import process, receive
    from plainchant.portal.invoices.models import DepositMode
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor
    from plainchant.tasks.table import TASKS

    seller, town, user = scratch.parties()
    for lot in range(count):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as made:
            for n in range(FLOW):
                content = scratch.cii_between(seller.identifier, town.identifier, f"V{lot}-{n:03d}")
                member = tarfile.TarInfo(f"{n}.xml")
                member.size = len(content)
                made.addfile(member, io.BytesIO(content))
        content = out.getvalue()
        flow = receive(
            structure=seller,
            file=ContentFile(content, name="l.tar.gz"),
            name="l.tar.gz",
            size=len(content),
            actor=Actor(user),
            at=now(),
            deposit_mode=DepositMode.FLOW,
        )
        while not process(flow=flow, at=now()):
            flow.refresh_from_db()
        deposit_growth.carry_on(TASKS)


def _pdfs(count: int) -> None:
    from django.core.files.base import ContentFile

    from plainchant.demo.paper import PrintedInvoice, print_invoice
    from plainchant.portal.drafts.documents import deposit_document
    from plainchant.portal.drafts.operations import change, submit
    from plainchant.portal.drafts.uploads import Upload
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor
    from plainchant.tasks.table import TASKS

    seller, town, user = scratch.parties()
    for n in range(count):
        paper = PrintedInvoice(
            number=f"V-{n:06d}",
            day="03/11/2026",
            seller=seller.name,
            seller_address="3 venelle des Potiers",
            seller_siret=seller.identifier,
            buyer=town.name,
            buyer_siret=town.identifier,
            commitment="",
            object=f"Dessin numéro {n}",
            amount=f"{100 + n % 900},00",
            iban="",
        )
        content = print_invoice(paper)
        upload = Upload(file=ContentFile(content, name="facture.pdf"), name="facture.pdf", size=len(content))
        draft = deposit_document(seller=seller, upload=upload, actor=Actor(user), at=now())
        if draft.invoice.vat_regime == "":
            change(draft=draft, fields={"vat_regime": "SANS_TVA", "tax_amount": "0"}, actor=Actor(user), at=now())
        submit(draft=draft, actor=Actor(user), at=now())
    deposit_growth.carry_on(TASKS)


def _pages(stored: int, count: int) -> float:
    """Seconds of processor of a page, the mean of those below."""
    from django.test import Client

    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.structures.models import Membership, StructureNature

    deposit_growth.make(stored, 0)
    seller, _, user = scratch.parties()
    agent = Membership.objects.filter(structure__nature=StructureNature.PUBLIC).first()
    assert agent is not None
    uid = Invoice.objects.filter(seller=seller, number="OLD-000100").values_list("uid", flat=True).get()
    supplier, recipient = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    supplier.force_login(user)
    recipient.force_login(agent.user)
    print(f"\nA page, {stored:,} invoices of this supplier stored")
    costs = []
    for name, visitor, address in (
        ("its invoices", supplier, "/factures/"),
        ("one invoice", supplier, f"/factures/{uid}/"),
        ("its flows", supplier, "/flux/"),
        ("the directory", supplier, "/annuaire/?q=mairie"),
        ("what a town has to do", recipient, "/recues/"),
    ):
        assert visitor.get(address).status_code == 200, address
        before = _used()
        for _ in range(count):
            visitor.get(address)
        costs.append((_used() - before) / count)
        print(f"  {name:24s} {1000 * costs[-1]:6.1f} ms of processor")
    return sum(costs) / len(costs)


def _needs(volume: Volume, flow: Cost, pdf: Cost, page: float) -> None:
    by_hand, by_flow = volume.rate * volume.by_hand, volume.rate * (1 - volume.by_hand)
    web = WEB_SHARE * (by_hand * pdf.processor + volume.pages * page)
    work = WEB_SHARE * by_flow * flow.processor
    server = (1 - WEB_SHARE) * (by_hand * pdf.processor + volume.pages * page + by_flow * flow.processor)

    def mean(of_pdf: float, of_flow: float) -> float:
        return volume.by_hand * of_pdf + (1 - volume.by_hand) * of_flow

    def machines(cores: float) -> int:
        return max(1, math.ceil(cores / CORES / BUSY))

    print(
        f"  {volume.name}: {volume.a_year / 1e6:.1f} M a year, {volume.rate:.1f} /s, {volume.pages:.0f} pages/s: "
        f"cores busy: web {web:.1f}, workers {work:.2f}, PostgreSQL {server:.1f}; "
        f"machines: web {1 + machines(web)}, workers {1 + machines(work)}; "
        f"database {volume.a_year * mean(pdf.database, flow.database) / 1e9:,.1f} GB a year, "
        f"its log {volume.rate * mean(pdf.log, flow.log) / 1e6:.2f} MB/s, "
        f"documents {volume.a_year * mean(pdf.documents, flow.documents) / 1e12:,.2f} TB a year"
    )


if __name__ == "__main__":
    main()
