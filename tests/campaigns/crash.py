"""Kill the portal again and again while people deposit, then ask a judge what became of every deposit.

Run: DATABASE_URL=postgres://… python -m tests.campaigns.crash [--rounds 100] [--seed 1] [--clients 3]
or with a PostgreSQL of its own, which is then restarted, stopped for five seconds and killed too, while a web process
hangs (SIGSTOP) now and then, which costs most of a minute: … --database

The real `plainchant run` (web and worker) and a second `plainchant worker`, on PostgreSQL. Visitors log in and deposit
PDFs and flows through the pages; what gets no answer they send again. Each round ends with SIGKILL, at a seeded moment,
for web processes, readers, a worker, the supervisor, or everything at once. `plainchant run` starts its own processes
again; what else was killed is started again here. At the end `judge` proves what is there. Kills keep the page cache:
that a power cut loses nothing either is shown by `power`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.portal import HANGS, KILLED, Portal
from tests.campaigns.rounds import WRONG, Scene, command


@contextmanager
def crashes(*, url: str, server: Cluster | None = None) -> Iterator[Scene]:
    """Processes are killed; with a ``server`` of its own the database too, and a web process hangs."""
    with folder_of_its_own() as folder, database_of_its_own(url) as database:
        portal = Portal(folder, database)
        hangs = {HANGS: lambda rng: portal.kill(HANGS)}
        yield Scene(portal, kills(portal) | (of_the_database(server) | hangs if server is not None else {}))


def kills(portal: Portal) -> dict[str, Callable[[random.Random], None]]:
    return {name: lambda rng, name=name: portal.kill(name) for name in KILLED}  # type: ignore[misc]


def of_the_database(server: Cluster) -> dict[str, Callable[[random.Random], None]]:
    def restarted(rng: random.Random) -> None:
        server.stop()
        server.start()

    def stopped(rng: random.Random) -> None:
        server.stop()
        time.sleep(5)
        server.start()

    def killed(rng: random.Random) -> None:
        server.kill()
        server.start()

    return {"database restarted": restarted, "database stopped 5 s": stopped, "database killed": killed}


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """Kept if something is wrong, for whoever looks why."""
    folder = Path(tempfile.mkdtemp(prefix="plainchant-campaign-"))
    yield folder
    if not (folder / WRONG).exists():
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database_of_its_own(url: str) -> Iterator[str]:
    """The URL of a new database on the server of ``url``."""
    name = f"plainchant_campaign_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    with (
        cluster() if asked.database else contextlib.nullcontext() as server,
        crashes(url=server.url if server is not None else os.environ["DATABASE_URL"], server=server) as scene,
    ):
        yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen, "database"))
