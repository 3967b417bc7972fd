"""`plainchant worker`: background tasks in a process of their own."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click

from . import django
from .check_settings import offline as offline_option
from .check_settings import refuse_faulty
from .setup import wait_for_setup


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Tasks at once (procrastinate only).")
@offline_option
def worker(concurrency: int, offline: bool) -> None:
    """Run background tasks until told to stop (SIGTERM, Ctrl-C): the current ones are finished first.

    While the database is away it waits. A worker that hangs ends itself, to be started again. The exit code is 0 if
    somebody asked to stop, and never otherwise.
    """
    refuse_faulty(offline=offline)
    django()
    from django.conf import settings

    from plainchant.reader.raised import log_raised_walls
    from plainchant.tasks.watch import start_watching

    start_watching()
    log_raised_walls()
    wait_for_setup()
    if settings.QUEUE == "procrastinate":
        from plainchant.tasks.procrastinate import run_forever as run_worker

        run_worker(concurrency=concurrency)
        return

    from plainchant.tasks.embedded import run_forever

    stop = threading.Event()

    def finish(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    run_forever(stop)
