"""How many PDFs a second go all the way: read, stored durably, checked, sent, certified, made available, mails written.

Run: python bench/deposit.py [how many, 1000]. Uses a scratch folder and SQLite, or the PostgreSQL of DATABASE_URL (a
database of its own, dropped afterwards). Beside it, in the same run, the least any portal must do: read the text of the
same PDFs in this process with pypdfium2 and write each with fsync.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SCRATCH = Path(tempfile.mkdtemp(prefix="plainchant-bench-"))
SERVER = os.environ.get("DATABASE_URL", "")
NAME = "plainchant_bench_deposit"


def main() -> None:
    if SERVER.startswith("postgres"):
        _postgresql("CREATE")
        os.environ["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{NAME}").geturl()
    os.environ.update(
        PLAINCHANT_DATA=str(SCRATCH),
        PLAINCHANT_QUEUE="embedded",
        PLAINCHANT_LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="plainchant.config.settings",
    )
    import django

    django.setup()
    from plainchant.cli.setup import prepare

    prepare()
    _measure()
    if SERVER.startswith("postgres"):
        from django.db import connections

        connections.close_all()
        _postgresql("DROP")


def _postgresql(verb: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        if verb == "CREATE":
            connection.execute(f"CREATE DATABASE {NAME}")


def _measure() -> None:
    from django.core.files.base import ContentFile
    from django.db import connection

    from plainchant.demo import cast, directory
    from plainchant.demo.load import load_if_empty
    from plainchant.demo.paper import Paper, print_invoice
    from plainchant.portal.deposits.operations import Upload, deposit_document, submit
    from plainchant.portal.invoices import operations as invoices
    from plainchant.portal.invoices.lifecycle import Status
    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures.models import Structure
    from plainchant.tasks.embedded import run_until_idle

    load_if_empty()
    seller = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    town = Structure.objects.get(identifier=directory.TOWN_WITHOUT_DEMANDS)
    artist = seller.memberships.get().user
    papers = [
        print_invoice(
            Paper(
                number=f"B-{n:06d}",
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
        for n in range(COUNT)
    ]
    deposit_seconds, read_right = [], 0
    started = time.perf_counter()
    for content in papers:
        begun = time.perf_counter()
        at = now()
        upload = Upload(file=ContentFile(content, name="facture.pdf"), name="facture.pdf", size=len(content))
        draft = deposit_document(seller=seller, upload=upload, user=artist, at=at)
        read_right += draft.buyer_id == town.pk and bool(draft.number) and draft.payable_amount is not None
        if draft.vat_regime == "":
            draft = invoices.save_draft(
                invoice=draft, typed={}, values={"vat_regime": "SANS_TVA", "tax_amount": Decimal(0)}, at=at
            )
        submit(invoice=draft, user=artist, at=at)
        deposit_seconds.append(time.perf_counter() - begun)
    deposited = time.perf_counter() - started
    begun = time.perf_counter()
    jobs = run_until_idle()
    background = time.perf_counter() - begun
    available = Invoice.objects.filter(number__startswith="B-", status=Status.AVAILABLE).count()
    floor = _floor(papers)
    total = deposited + background
    quantiles = statistics.quantiles(deposit_seconds, n=100)
    print(f"database            {connection.vendor}")
    print(f"invoices            {COUNT} deposited, {available} made available, {read_right} read without a correction")
    times = f"p50 {quantiles[49] * 1000:.1f} ms   p99 {quantiles[98] * 1000:.1f} ms"
    print(f"deposit             {COUNT / deposited:8.1f} /s   {times}")
    print(f"background          {jobs / background:8.1f} jobs/s  ({jobs} jobs)")
    print(f"end to end          {COUNT / total:8.1f} /s   ({timedelta(seconds=round(total))})")
    print(f"floor: read + fsync {COUNT / floor:8.1f} /s   end to end costs {total / floor:.1f} times the floor")


def _floor(papers: list[bytes]) -> float:
    import pypdfium2

    folder = SCRATCH / "floor"
    folder.mkdir()
    begun = time.perf_counter()
    for number, content in enumerate(papers):
        document = pypdfium2.PdfDocument(content)
        document[0].get_textpage().get_text_range()
        document.close()
        with (folder / str(number)).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
