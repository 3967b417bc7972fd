"""How many invoices a second go all the way: PDFs one by one, flows of CII and of Factur-X; and what each costs.

Run: python bench/deposit.py [--pdfs 200] [--flows 4] [--growth] [--plot]. SQLite in a scratch folder, or the PostgreSQL
of DATABASE_URL (a database of its own, dropped afterwards). The workers are real `plainchant worker` processes.

A rate by the clock says little on a machine that others use. So the processor's time is counted too, for the portal,
its readers and PostgreSQL's backends, and « on two cores » is what that time allows two idle cores. Beside it, in the
same run: the least a portal must do (parse, write, fsync), and the schema check of the factur-x library alone. On
PostgreSQL, what the database takes where it plans each statement anew stands beside what it takes with plans kept.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import deposit_growth
import scratch

NAME = "plainchant_bench_deposit"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pdfs", type=int, default=200, help="PDFs deposited one by one")
    asked.add_argument("--flows", type=int, default=4, help="flows of each kind and number of workers")
    asked.add_argument("--growth", action="store_true", help="cost of an invoice with 100 … 100,000 stored")
    asked.add_argument("--plot", action="store_true", help="the same, drawn in docs/pictures")
    chosen = asked.parse_args()
    with scratch.portal(NAME) as folder:
        from django.db import connection

        print(f"database {connection.vendor}, {os.cpu_count()} cores, load {scratch.load()}")
        if chosen.pdfs:
            database = _pdfs(chosen.pdfs, folder)
            if scratch.ON_POSTGRESQL:
                _planned_anew(max(chosen.pdfs // 2, 1), folder, database)
        if chosen.flows:
            _flows(chosen.flows, folder)
        if chosen.growth or chosen.plot:
            deposit_growth.measure(NAME, plot=chosen.plot)
        print(f"load at the end {scratch.load()}")


# -- PDFs, one by one --------------------------------------------------------------------------------------------


def _planned_anew(count: int, folder: Path, kept: float) -> None:
    """The same, and PostgreSQL plans every statement, as it does where none is prepared (decision 0097)."""
    from django.db import connections

    os.environ["PGOPTIONS"] = "-c plan_cache_mode=force_custom_plan"
    connections.close_all()
    anew = _pdfs(count, folder, series="C", title="planned anew for each statement")
    del os.environ["PGOPTIONS"]
    connections.close_all()
    print(f"  plans kept     {anew / kept:7.1f} times less of the database's processor")


def _pdfs(count: int, folder: Path, *, series: str = "B", title: str = "one by one") -> float:
    """Milliseconds of the database's processor for each."""
    from django.core.files.base import ContentFile

    from plainchant.demo.paper import PrintedInvoice, print_invoice
    from plainchant.portal.drafts.documents import deposit_document
    from plainchant.portal.drafts.operations import change, submit
    from plainchant.portal.drafts.uploads import Upload
    from plainchant.portal.invoices.lifecycle import Status
    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor
    from plainchant.reader import sandbox

    seller, town, artist = scratch.parties()
    papers = [
        print_invoice(
            PrintedInvoice(
                number=f"{series}-{n:06d}",
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
        )
        for n in range(count)
    ]
    each, read_right = [], 0
    with scratch.workers(1) as pids:
        sandbox.read_pdf(papers[0])  # the reader is awake, and soon the worker too
        scratch.wait_until(_no_mail_waits)
        time.sleep(1)
        before, database_before = scratch.seconds_of(os.getpid(), *pids), _postgresql()
        begun = time.perf_counter()
        for content in papers:
            started = time.perf_counter()
            at = now()
            upload = Upload(file=ContentFile(content, name="facture.pdf"), name="facture.pdf", size=len(content))
            draft = deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at)
            read = draft.invoice
            read_right += read.buyer_id == town.pk and bool(read.number) and read.payable_amount is not None
            if read.vat_regime == "":
                change(draft=draft, fields={"vat_regime": "SANS_TVA", "tax_amount": "0"}, actor=Actor(artist), at=at)
            submit(draft=draft, actor=Actor(artist), at=at)
            each.append(time.perf_counter() - started)
        deposited = time.perf_counter() - begun
        mine = Invoice.objects.filter(number__startswith=f"{series}-")
        scratch.wait_until(lambda: mine.filter(status=Status.AVAILABLE).count() == count)
        scratch.wait_until(_no_mail_waits)
        total = time.perf_counter() - begun
        database = _postgresql() - database_before
        cost = scratch.seconds_of(os.getpid(), *pids) - before + database

    def read_and_write() -> None:
        for content in papers:
            _floor_pdf(folder, content)

    floor = _timed(read_and_write)
    quantiles = statistics.quantiles(each, n=100)
    print(f"\nPDFs with text, {title} ({count}, {read_right} read without a correction)")
    times = f"p50 {quantiles[49] * 1000:.0f} ms, p99 {quantiles[98] * 1000:.0f} ms"
    print(f"  deposited      {count / deposited:7.1f} /s   {times}")
    print(f"  all the way    {count / total:7.1f} /s   with one worker beside it")
    _print_cost(count, cost, floor, "read the text, write, fsync")
    each_of_database = database / count * 1000
    if scratch.ON_POSTGRESQL:
        print(f"  database       {each_of_database:7.1f} ms of these")
    return each_of_database


def _floor_pdf(folder: Path, content: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    document[0].get_textpage().get_text_range()
    document.close()
    _write(folder, content)


# -- Flows -------------------------------------------------------------------------------------------------------


def _flows(count: int, folder: Path) -> None:
    from facturx import get_xml_from_pdf, xml_check_xsd
    from lxml import etree

    def library_cii(xml: bytes) -> None:
        xml_check_xsd(etree.fromstring(xml), flavor="factur-x", level="en16931")

    def library_facturx(pdf: bytes) -> None:
        get_xml_from_pdf(io.BytesIO(pdf), check_xsd=True, check_schematron=False)

    def floor_cii(xml: bytes) -> None:
        etree.fromstring(xml)
        _write(folder, xml)

    def floor_facturx(pdf: bytes) -> None:
        etree.fromstring(get_xml_from_pdf(io.BytesIO(pdf), check_xsd=False)[1])
        _write(folder, pdf)

    seller, town, _ = scratch.parties()
    for kind, size, floor, library in (
        ("CII", 500, floor_cii, library_cii),
        ("Factur-X", 100, floor_facturx, library_facturx),
    ):
        for running in (1, 2):
            numbers = [f"{kind[0]}{running}-{n:06d}" for n in range(size * count)]
            documents = [scratch.cii_between(seller.identifier, town.identifier, number) for number in numbers]
            if kind == "Factur-X":
                documents = scratch.facturx_of(documents)
            some = documents[:100]
            cheapest = _timed(lambda: [floor(one) for one in some]) / len(some)  # noqa: B023
            peer = _timed(lambda: [library(one) for one in some]) / len(some)  # noqa: B023
            lots = [_archive(documents[n : n + size]) for n in range(0, len(documents), size)]
            _carried(kind, size, lots, running, cheapest, peer)


def _carried(kind: str, size: int, lots: list[bytes], running: int, floor: float, peer: float) -> None:
    from django.core.files.base import ContentFile

    from plainchant.portal.flows.models import ENDED, Flow
    from plainchant.portal.flows.operations import receive
    from plainchant.portal.invoices.lifecycle import Status
    from plainchant.portal.invoices.models import DepositMode, Invoice
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor

    seller, town, user = scratch.parties()

    def hand_in(content: bytes, name: str) -> Flow:
        file = ContentFile(content, name=name)
        return receive(
            structure=seller,
            file=file,
            name=name,
            size=len(content),
            actor=Actor(user),
            at=now(),
            deposit_mode=DepositMode.FLOW,
        )

    def everything_is_done() -> bool:
        return not (
            Flow.objects.exclude(state__in=ENDED).exists()
            or Invoice.objects.filter(status__in=[Status.DEPOSITED, Status.FORWARDING]).exists()
            or not _no_mail_waits()
        )

    count = size * len(lots)
    with scratch.workers(running) as pids:
        for n in range(2 * running):  # every worker is awake, and so is its reader
            number = f"W{running}{kind[0]}-{n}"
            hand_in(scratch.cii_between(seller.identifier, town.identifier, number), f"{number}.xml")
        scratch.wait_until(everything_is_done)
        time.sleep(1)
        before = scratch.seconds_of(*pids) + _postgresql()
        begun, used = time.perf_counter(), _used()
        for n, lot in enumerate(lots):
            hand_in(lot, f"{kind}-{running}-{n}.tar.gz")
        received, receiving = time.perf_counter() - begun, _used() - used
        scratch.wait_until(everything_is_done)
        total = time.perf_counter() - begun
        cost = scratch.seconds_of(*pids) + _postgresql() - before + receiving
    taken = Flow.objects.filter(name__startswith=f"{kind}-{running}-").values_list("accepted", flat=True)
    workers = f"{running} worker{'s' if running > 1 else ''}"
    print(f"\n{len(lots)} flows of {size} {kind}, {workers} ({sum(taken)} of {count} accepted and made available)")
    print(f"  acknowledged   {received / len(lots) * 1000:7.0f} ms a flow")
    print(f"  all the way    {count / total:7.1f} /s")
    _print_cost(count, cost, floor * count, "parse, write, fsync")
    print(f"                 {cost / count / peer:7.1f} times the factur-x library's schema check alone")


def _archive(documents: list[bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as made:
        for number, content in enumerate(documents):
            member = tarfile.TarInfo(f"{number:03d}.{'pdf' if content.startswith(b'%PDF') else 'xml'}")
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return out.getvalue()


# -- Counting ----------------------------------------------------------------------------------------------------


def _used() -> float:
    """Processor seconds of this process and its readers so far."""
    return scratch.seconds_of(os.getpid())


def _postgresql() -> float:
    return scratch.seconds_of_postgresql(NAME) if scratch.ON_POSTGRESQL else 0.0


def _no_mail_waits() -> bool:
    from plainchant.portal.mail.models import Message

    return not Message.objects.filter(sent_at__isnull=True).exists()


def _timed(work: Callable[[], Any]) -> float:
    """Processor seconds, of the better of two runs."""
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def _write(folder: Path, content: bytes) -> None:
    with (folder / "floor").open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _print_cost(count: int, seconds: float, floor: float, what: str) -> None:
    print(f"  processor      {seconds / count * 1000:7.1f} ms each   {2 * count / seconds:.0f} /s on two cores")
    print(f"                 {seconds / floor:7.1f} times the floor ({what}: {floor / count * 1000:.2f} ms)")


if __name__ == "__main__":
    main()
