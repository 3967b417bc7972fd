"""`plainchant worker`: background tasks in a process of their own."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click

from . import django


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Tasks at once (procrastinate only).")
def worker(concurrency: int) -> None:
    """Run background tasks until told to stop (SIGTERM, Ctrl-C): the current ones are finished first."""
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
