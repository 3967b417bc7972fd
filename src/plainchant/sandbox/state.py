"""One sandbox: its clock, its recipients' scripts, its seed; begun again in a second.

All of it is files of the data folder (`prepared`). To begin again is to copy the database of a seed back, page by page,
under the processes that have it open.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import connection

from plainchant.demo import cast, load
from plainchant.portal.queue.models import Job
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from plainchant.tasks.sweep import sweep

from . import people, prepared
from .clock import SandboxClock
from .forgetting import forget
from .recipients import Recipients
from .seeds import SEEDS

_LONGEST_TASK_SECONDS = 60.0
LONGEST = timedelta(days=400)  # that the clock is put forward at once


@dataclass(frozen=True)
class Sandbox:
    folder: Path

    @cached_property
    def clock(self) -> SandboxClock:
        return SandboxClock(self.folder / "clock.json")

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients(self.folder / "recipients.json")

    @property
    def credentials(self) -> Path:
        return self.folder / prepared.CREDENTIALS

    @property
    def seed(self) -> str:
        """The name of the seed that it began with; empty where it has not."""
        return prepared.seed_in(self.folder)

    def prepare(self, seed: str) -> None:
        """Seed an empty database, and keep what to begin again from. Of one that has begun nothing is changed."""
        if not self.seed:
            if not prepared.empty(self.folder).exists():
                _keep(prepared.empty(self.folder))
            self._begin(seed)

    def reset(self, *, at: datetime | None = None, seed: str | None = None) -> None:
        """As it was first prepared, at ``at`` or at the present instant: no invoice of a program is left.

        ``seed``: with this one, which is another then. Raises KeyError for one that does not exist.
        """
        seed = seed or self.seed or prepared.DEFAULT
        base = prepared.seeded(self.folder, seed)
        _restore(base if base.exists() else prepared.empty(self.folder))
        self.recipients.file.unlink(missing_ok=True)
        self.clock.begin(at)
        _empty_documents()
        self._begin(seed)

    def reset_supplier(self, structure: Structure) -> int:
        """Forget all that one structure has sent or prepared; how many invoices. Those of others stay."""
        at = self.clock()
        _work(at=at)
        forgotten = forget(structure)
        if SEEDS[self.seed].has_invoices and structure.identifier == cast.SCULPTOR_WORKSHOP.siret:
            load.play(at=at)
        return forgotten

    def _begin(self, seed: str) -> None:
        """Seed the database, unless the people of this seed are in it already, and play what it has of invoices."""
        base, at = prepared.seeded(self.folder, seed), self.clock()
        if not base.exists():
            people.seed(SEEDS[prepared.PEOPLE_OF[seed]], credentials=prepared.credentials(self.folder, seed), at=at)
            run_until_idle()
            _keep(base)
        if SEEDS[seed].has_invoices:
            load.play(at=at)
            run_until_idle()
        prepared.write_seed(self.folder, seed)

    def advance(self, to: datetime) -> int:
        """Put the clock forward, and let happen on the way what falls due, at its hour.

        Returns how many moves were scripted.
        """
        made = 0
        self.clock.hold()  # the hours that this takes are not the recipients'
        try:
            to = max(to, self.clock())  # it has gone on since somebody read it
            _work(at=self.clock())
            while True:
                due = [instant for instant in self.recipients.next_instants(until=to) if instant > self.clock()]
                day = self.clock() + timedelta(days=1)  # reminders and lists are of each day
                at = min([*due, day, to])
                self.clock.put(at)
                made += self.recipients.play(at=at)
                sweep(at=at)
                _work(at=at)
                if at >= to:
                    return made
        finally:
            self.clock.resume()


def _work(*, at: datetime) -> None:
    """All that is due is done, by this thread or by another that has begun it."""
    until = time.monotonic() + _LONGEST_TASK_SECONDS
    while time.monotonic() < until:
        run_until_idle()
        if not Job.objects.filter(failed_at__isnull=True, run_at__lte=at).exists():
            return
        time.sleep(0.02)


def _keep(place: Path) -> None:
    """A copy of the database as it is."""
    place.parent.mkdir(exist_ok=True, mode=0o700)
    new = place.with_suffix(".new")
    with closing(sqlite3.connect(new)) as kept:
        _sqlite().backup(kept)
    new.replace(place)


def _restore(place: Path) -> None:
    """The database is as the copy, under the processes that have it open."""
    with closing(sqlite3.connect(place)) as kept:
        kept.backup(_sqlite())


def _empty_documents() -> None:
    """What programs have handed in; the folder itself stays, for the processes that write into it."""
    for path in Path(settings.MEDIA_ROOT).glob("*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sqlite() -> sqlite3.Connection:
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    return raw


def sandbox() -> Sandbox:
    """This portal's."""
    return Sandbox(settings.DATA_DIR)
