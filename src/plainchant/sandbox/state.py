"""One sandbox: its clock, its recipients' scripts, its seed; begun again in a second.

All of it is files of the data folder. The seed is a copy of the database as it was once seeded: to begin again is to
copy it back, page by page, under the processes that have it open.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import connection

from plainchant.portal.queue.models import Job
from plainchant.tasks.embedded import run_until_idle
from plainchant.tasks.sweep import sweep

from .clock import SandboxClock
from .people import seed
from .prepared import CREDENTIALS, SEEDED
from .recipients import Recipients

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
        return self.folder / CREDENTIALS

    @property
    def _seeded(self) -> Path:
        return self.folder / SEEDED

    @property
    def is_prepared(self) -> bool:
        return self._seeded.exists()

    def prepare(self) -> None:
        """Seed an empty database, and keep what to begin again from. Again changes nothing."""
        if self.is_prepared:
            return
        seed(credentials=self.credentials, at=self.clock())
        run_until_idle()
        with closing(sqlite3.connect(self._seeded.with_suffix(".new"))) as kept:
            _sqlite().backup(kept)
        self._seeded.with_suffix(".new").replace(self._seeded)

    def reset(self, *, at: datetime | None = None) -> None:
        """As it was first prepared, at ``at`` or at the present instant: no invoice of a program is left."""
        with closing(sqlite3.connect(self._seeded)) as kept:
            kept.backup(_sqlite())
        self.recipients.file.unlink(missing_ok=True)
        self.clock.begin(at)

    def advance(self, to: datetime) -> int:
        """Put the clock forward, and let happen on the way what falls due, at its hour; how many moves were scripted.

        Raises Backwards.
        """
        speed, made = self.clock.speed, 0
        self.clock.run(speed=0)  # the hours that this takes are not the recipients'
        try:
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
            self.clock.run(speed=speed)


def _work(*, at: datetime) -> None:
    """All that is due is done, by this thread or by another that has begun it."""
    until = time.monotonic() + _LONGEST_TASK_SECONDS
    while time.monotonic() < until:
        run_until_idle()
        if not Job.objects.filter(failed_at__isnull=True, run_at__lte=at).exists():
            return
        time.sleep(0.02)


def _sqlite() -> sqlite3.Connection:
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    return raw


def sandbox() -> Sandbox:
    """This portal's."""
    return Sandbox(settings.DATA_DIR)
