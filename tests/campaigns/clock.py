"""Put the clocks of the portal's machines forward and back while people deposit; then the judge speaks.

Run: DATABASE_URL=postgres://… python -m tests.campaigns.clock [--rounds 100] [--seed 1]     (or … --database, --sqlite)

The web machine's clock (`plainchant run`), the second worker's, or both at once, jump by 26 hours or an hour, forward
or back, for a few seconds or a few rounds; the monotonic clock and the database's do not (`clock.c`). Besides what
`judge` looks at, no invoice may be available before it was deposited, or its recipient be told before it was
available.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.cluster import cluster
from tests.campaigns.crash import database_of_its_own, folder_of_its_own
from tests.campaigns.judge import Tables
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import Scene, command

HOURS = (26, 1, -1, -26)
_SECONDS = struct.Struct("l")


def missing() -> str:
    """Why clocks cannot be put forward here, as a sentence; nothing if they can."""
    return "" if shutil.which("cc") else "no C compiler for the clock (apt install gcc libc6-dev)"


class Clock:
    """Of one machine: what its processes, as long as they live, take the time to be."""

    def __init__(self, folder: Path, name: str) -> None:
        self._place = folder / name
        self._place.write_bytes(_SECONDS.pack(0))
        self._library = folder / "clock.so"
        if not self._library.exists():
            source = Path(__file__).with_suffix(".c")
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(self._library), str(source)], check=True)

    def set(self, hours: int) -> None:
        with self._place.open("r+b") as place:  # in place: processes have it in their memory
            place.write(_SECONDS.pack(3600 * hours))

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "WRONG_CLOCK": str(self._place)}


@contextmanager
def jumping_clocks(*, url: str) -> Iterator[Scene]:
    """``url``: of a PostgreSQL server, or "" for SQLite."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(folder_of_its_own())
        database = stack.enter_context(database_of_its_own(url)) if url else ""
        web, worker = Clock(folder, "clock-of-web"), Clock(folder, "clock-of-worker")
        inside_second = ("env", *(f"{name}={value}" for name, value in worker.environment.items()))
        portal = Portal(folder, database, settings=web.environment, inside_second=inside_second)
        machines = {"web": [web]} | ({"second worker": [worker], "every machine": [web, worker]} if url else {})
        faults: dict[str, Callable[[random.Random], None]] = {}
        for name, clocks in machines.items():
            faults |= {f"clock of {name} {hours:+d} h": _jumps(clocks, hours) for hours in HOURS}
        yield Scene(portal, faults, other_judges=[told_too_early])


def _jumps(clocks: list[Clock], hours: int) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        for clock in clocks:
            clock.set(hours)
        time.sleep(rng.uniform(0.5, 6))
        for clock in clocks:
            clock.set(0)

    return strike


def told_too_early(tables: Tables) -> list[str]:
    rows = tables.rows(
        "SELECT number, deposited_at, made_available_at, notified_at FROM invoices_invoice"
        " WHERE made_available_at < deposited_at OR notified_at < made_available_at"
    )
    return [f"invoice {row[0]}: deposited {row[1]}, available {row[2]}, told {row[3]}" for row in rows]


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    if reason := missing():
        sys.exit(f"skipped: {reason}")
    with cluster() if asked.database else contextlib.nullcontext() as server:
        url = server.url if server is not None else "" if asked.sqlite else os.environ["DATABASE_URL"]
        with jumping_clocks(url=url) as scene:
            yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen, "database", "sqlite"))
