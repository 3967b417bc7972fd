"""Cut the power again and again while people deposit, then ask a judge what became of every deposit.

Run: python -m tests.campaigns.power [--rounds 100] [--seed 1] [--sqlite] [--without-flushes]          (root alone)

The documents and the database (a PostgreSQL of its own, or SQLite) are on one disk, see `image`. At a seeded moment
every process is killed and the disk goes on with what the device holds: nothing that the kernel had only in memory.
The file system replays its journal, the database its log, the portal starts, and people go on. What was acknowledged
before each cut must be there in the end. ``--without-flushes`` shows that the judge would notice: PostgreSQL's fsync
is off and those of the portal do nothing (libeatmydata); it is expected to fail.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.cluster import cluster
from tests.campaigns.crash import database_of_its_own
from tests.campaigns.image import disk, missing
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import Scene, command

_NO_FLUSHES = "libeatmydata.so"


@contextmanager
def power_cuts(*, on_sqlite: bool = False, without_flushes: bool = False) -> Iterator[Scene]:
    settings = {"LD_PRELOAD": _NO_FLUSHES} if without_flushes else {}
    options = "-c max_wal_size=128MB" + (" -c fsync=off" if without_flushes else "")
    with disk(megabytes=1000) as drive, contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainchant-logs-")))
        server = None if on_sqlite else stack.enter_context(cluster(drive.folder, options=options))
        database = stack.enter_context(database_of_its_own(server.url)) if server is not None else ""
        folder = drive.folder / "portal"
        folder.mkdir()
        portal = Portal(folder, database, settings=settings, logs=logs)

        def cut(rng: random.Random) -> None:
            portal.kill("everything")
            if server is not None:
                server.kill()
            drive.cut()
            if server is not None:
                server.start()

        yield Scene(portal, {"power cut": cut})


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    if reason := missing():
        sys.exit(f"skipped: {reason}")
    with power_cuts(on_sqlite=asked.sqlite, without_flushes=asked.without_flushes) as scene:
        yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen, "sqlite", "without-flushes"))
