"""A portal to measure on: a scratch folder, a database of its own, the fictitious cast, and who used the processor."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import invoices as made

SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = SERVER.startswith("postgres")


@contextmanager
def portal(name: str, *, engine: str | None = None, with_invoices: bool = True) -> Iterator[Path]:
    """Settings, an empty database called ``name``, the demonstration; all gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="plainchant-bench-"))
    if ON_POSTGRESQL:
        _postgresql("CREATE", name)
        os.environ["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    os.environ.update(
        PLAINCHANT_DATA=str(folder),
        PLAINCHANT_LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="plainchant.config.settings",
    )
    if engine:
        os.environ["PLAINCHANT_QUEUE"] = engine
    import django

    django.setup()
    from django.db import connections

    from plainchant.cli.setup import prepare
    from plainchant.demo.load import load_if_empty

    prepare()
    load_if_empty(with_invoices=with_invoices)
    try:
        yield folder
    finally:
        connections.close_all()
        if ON_POSTGRESQL:
            _postgresql("DROP", name)
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql(verb: str, name: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if verb == "CREATE":
            connection.execute(f"CREATE DATABASE {name}")


def parties() -> tuple[Any, Any, Any]:
    """A supplier, a town that demands nothing and can be told by mail, and the supplier's manager."""
    from plainchant.demo import cast, directory
    from plainchant.portal.structures.models import Structure

    seller = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    Structure.objects.filter(identifier=directory.TOWN_WITHOUT_DEMANDS).update(email="courrier@noirepine.example")
    town = Structure.objects.get(identifier=directory.TOWN_WITHOUT_DEMANDS)
    return seller, town, seller.memberships.get().user


def cii_between(seller: str, buyer: str, number: str, *, lines: int = 10) -> bytes:
    """The CII of `invoices` as Chorus Pro takes it, between two structures that exist."""
    text = made.cii(lines).decode()
    text = re.sub(r"<ram:BuyerReference>.*?</ram:BuyerReference>", "", text)
    for old, new in (
        ("<ram:ID>B1</ram:ID>", "<ram:ID>A1</ram:ID>"),
        (f"MESURE-{lines}", number),
        ("99910042300014", seller),
        ("99920017300014", buyer),
    ):
        text = text.replace(old, new)
    return text.encode()


def facturx_of(xmls: list[bytes]) -> list[bytes]:
    """The same invoices as Factur-X. One page serves for all: what is read is the XML."""
    from datetime import UTC, date, datetime

    from plainchant.einvoice.drawing.draw import draw
    from plainchant.einvoice.profiles import PROFILE_OF
    from plainchant.einvoice.syntaxes.facturx.embed import embed
    from plainchant.einvoice.verdict import check

    at = datetime(2026, 11, 2, tzinfo=UTC)
    reading = check(xmls[0], at=date(2026, 11, 3), layers=["wellformed"]).reading
    assert reading is not None
    page = draw(reading.invoice, at=at)
    return [embed(page, xml, profile=PROFILE_OF["EN 16931"], at=at) for xml in xmls]


# -- Who used the processor --------------------------------------------------------------------------------------

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(*roots: int) -> float:
    """Processor seconds of these processes and their descendants, living or buried."""
    return sum(_family(*roots).values())


def family_of(*roots: int) -> list[int]:
    """These processes and their descendants."""
    return list(_family(*roots))


def _family(*roots: int) -> dict[int, float]:
    """Each with its processor seconds."""
    processes = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            processes[int(place.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)
    family = set(roots)
    while more := {pid for pid, (parent, _) in processes.items() if parent in family} - family:
        family |= more
    return {pid: processes[pid][1] for pid in family if pid in processes}


def seconds_of_postgresql(name: str) -> float:
    """Processor seconds of the server processes that work for this database now, where they are on this machine."""
    found = 0.0
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            title = (place / "cmdline").read_bytes().replace(b"\0", b" ")
            if title.startswith(b"postgres:") and f" {name} ".encode() in title:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
                found += (int(fields[11]) + int(fields[12])) / _TICKS
        except OSError:
            continue
    return found


@contextmanager
def workers(count: int) -> Iterator[list[int]]:
    """Real `plainchant worker` processes, stopped afterwards; their process ids."""
    command = [sys.executable, "-m", "plainchant.cli", "worker"]
    running = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield [one.pid for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            try:
                one.wait(timeout=30)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def wait_until(done: Any, *, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the workers did not finish")
        time.sleep(0.05)


def load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())
