"""`plainchant worker`: background tasks in a process of their own."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click

from . import django
from .check_settings import offline as offline_option
from .check_settings import refuse_faulty


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Tasks at once (procrastinate only).")
@offline_option
def worker(concurrency: int, offline: bool) -> None:
    """Run background tasks until told to stop (SIGTERM, Ctrl-C): the current ones are finished first."""
    refuse_faulty(offline=offline)
    django()
    from django.conf import settings

    if settings.QUEUE == "procrastinate":
        from django.core.management import call_command

        call_command("procrastinate", "worker", "--concurrency", str(concurrency), "--delete-jobs", "successful")
        return

    from plainchant.tasks.embedded import run_forever

    stop = threading.Event()

    def finish(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    run_forever(stop)
