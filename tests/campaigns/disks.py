"""Fill disks to the last byte, and slow them down, while people deposit; then the judge speaks.

Run: python -m tests.campaigns.disks [--rounds 100] [--seed 1] [--sqlite]                              (root alone)

The documents, with the folder for temporary files, are on a disk of their own, PostgreSQL on another; with
``--sqlite`` the database is beside the documents. A full disk has room again after up to eight seconds, and a
PostgreSQL that has ended because of it is started again, as an operator would. A slow disk does ten writes a second.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.crash import database_of_its_own
from tests.campaigns.image import Disk, disk, missing
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import Scene, command

WRITES_A_SECOND = 10


@contextmanager
def bad_disks(*, on_sqlite: bool = False) -> Iterator[Scene]:
    with contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainchant-logs-")))
        drives = {"documents' disk": stack.enter_context(disk(megabytes=600))}
        drive, server, database = drives["documents' disk"], None, ""
        if not on_sqlite:
            drives["database's disk"] = stack.enter_context(disk(megabytes=600))
            server = stack.enter_context(
                cluster(drives["database's disk"].folder, options="-c max_wal_size=64MB -c min_wal_size=32MB")
            )
            database = stack.enter_context(database_of_its_own(server.url))
        folder, temporary = drive.folder / "portal", drive.folder / "tmp"
        folder.mkdir()
        temporary.mkdir()
        portal = Portal(folder, database, settings={"TMPDIR": str(temporary)}, logs=logs)
        faults: dict[str, Callable[[random.Random], None]] = {}
        for name, one_drive in drives.items():
            faults |= {f"{name} full": _filled(one_drive, server), f"{name} slow": _slowed(one_drive)}
        yield Scene(portal, faults)


def _filled(drive: Disk, server: Cluster | None) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        drive.fill()
        time.sleep(rng.uniform(2, 8))
        drive.empty()
        if server is not None and not server.is_up():
            server.start()

    return strike


def _slowed(drive: Disk) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        drive.slow_down(WRITES_A_SECOND)
        time.sleep(rng.uniform(2, 8))
        drive.quicken()

    return strike


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    if reason := missing(slow=True):
        sys.exit(f"skipped: {reason}")
    with bad_disks(on_sqlite=asked.sqlite) as scene:
        yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen, "sqlite"))
