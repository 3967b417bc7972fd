"""The embedded engine's loop: one thread of the web process, or `plainchant worker` beside it."""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections

from plainchant.portal.lib.time import now
from plainchant.portal.queue.operations import LEASE, run_one, work_is_waiting

from .sweep import EVERY, ORPHANS_EVERY, sweep, take_out_orphans
from .table import BY_NAME
from .watch import DEADLINES, start_watching

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # how soon work enqueued by another process is seen; our own wakes us at once

_SECONDS = LEASE.total_seconds()  # what takes longer is taken over by others all the same

THREADS = 2  # a mail server that takes its time must not keep the invoices waiting


def start_threads() -> None:
    """Run the background tasks in daemon threads of this process. If one of them hangs the process ends."""
    start_watching()
    for number in range(THREADS):
        threading.Thread(target=run_forever, args=(threading.Event(),), name=f"tasks-{number}", daemon=True).start()


def run_forever(stop: threading.Event) -> None:
    """Do due work, sweep every minute, until ``stop`` is set. Nothing that goes wrong ends the loop.

    The minutes are those of the monotonic clock: the machine's own may be put back.
    """
    next_sweep = next_orphans = time.monotonic()
    while not stop.is_set():
        work_is_waiting.clear()
        try:
            close_old_connections()
            if time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + EVERY.total_seconds()
                with DEADLINES.within("the sweep", seconds=_SECONDS):
                    sweep(at=now())
            if time.monotonic() >= next_orphans:
                next_orphans = time.monotonic() + ORPHANS_EVERY.total_seconds()
                with DEADLINES.within("the removal of orphans", seconds=_SECONDS):
                    take_out_orphans(at=now())
            # A long queue must not keep the sweep waiting.
            while not stop.is_set() and time.monotonic() < next_sweep and _run_one():
                pass
        except Exception:
            log.exception("the background loop met an error and goes on")
            stop.wait(POLL_SECONDS)
        work_is_waiting.wait(POLL_SECONDS)


def _run_one() -> bool:
    with DEADLINES.within("a task", seconds=_SECONDS):
        return run_one(tasks=BY_NAME, at=now())


def run_until_idle() -> int:
    """Do all work that is due now, and what it causes; how many jobs were run. For tests, demo and benches."""
    done = 0
    while run_one(tasks=BY_NAME, at=now()):
        done += 1
    return done
