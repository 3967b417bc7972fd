"""How much memory the export of a long list takes, in each format, and how long.

Run: [DATABASE_URL=postgres://…] [ROWS=100000] python bench/export.py. A database of its own, dropped afterwards. All
rows are one supplier's, to one body, each with a history of four lines. Each file is asked of the real page, in a
process of its own, whose most memory is printed with « reached » or « missed » against 256 MiB.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import scratch
import tracking

NAME = "plainchant_bench_export"
ROWS = int(os.environ.get("ROWS", "100000"))
GOAL_MIB = 256


def main() -> None:
    with scratch.portal(NAME):
        suppliers, bodies, user = tracking._parties()
        from plainchant.portal.invoices.models import Invoice

        tracking.make(
            ROWS - Invoice.objects.count(), 0, (suppliers[:1], bodies[:1], user), "MISE_A_DISPOSITION"
        )  # with the demonstration's
        _histories()
        print(f"{ROWS:,} invoices, {os.cpu_count()} cores, load {scratch.load()}", flush=True)
        for side in ("factures", "recues"):
            for extension in ("csv", "xlsx", "ods"):
                command = [sys.executable, __file__, str(user.pk), f"/{side}/export/{extension}/?dans=toutes"]
                subprocess.run(command, check=True)


def _histories() -> None:
    from django.db import transaction

    from plainchant.portal.invoices import histories
    from plainchant.portal.invoices.lifecycle import Action, Status
    from plainchant.portal.invoices.models import Invoice, StatusChange

    way = ("", Status.DRAFT, Status.DEPOSITED, Status.FORWARDING, Status.AVAILABLE)
    actions = (Action.CREATE, Action.SUBMIT, Action.FORWARD, Action.MAKE_AVAILABLE)
    last = 0
    while rows := list(Invoice.objects.filter(pk__gt=last, number__startswith="F-0").order_by("pk")[:1_000]):
        last = rows[-1].pk
        for action, source, target in zip(actions, way, way[1:], strict=False):
            with transaction.atomic():
                histories.add(
                    [
                        StatusChange(
                            invoice=row, action=action, from_status=source, to_status=target, at=tracking.NOW,
                            party="seller", actor_name="Basile Exemple", comment="Un mot pour le fournisseur. " * 3,
                        )
                        for row in rows
                    ],
                    are_first=not source,
                )  # fmt: skip


def ask(user: str, address: str) -> None:
    """In a process of its own: the answer of the page, read piece by piece as the network would."""
    import django

    django.setup()
    from django.test import Client

    from plainchant.portal.accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(pk=user))
    client.get("/factures/")  # what any process holds once it has answered
    before, begun, ticks = _most_mib(), time.perf_counter(), time.process_time()
    answer: Any = client.get(address)
    assert answer.status_code == 200, answer
    size = sum(len(piece) for piece in answer.streaming_content)
    most, used, seconds = _most_mib(), time.process_time() - ticks, time.perf_counter() - begun
    goal = "reached" if most <= GOAL_MIB else f"missed (≤ {GOAL_MIB} MiB)"
    print(
        f"  {address:38s} {size / 1e6:6.1f} MB in {seconds:5.1f} s ({used:.1f} of the processor), "
        f"most memory {most:4.0f} MiB ({before:.0f} before)  {goal}"
    )


def _most_mib() -> float:
    """VmHWM: what getrusage tells begins with the most of the process that started this one."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    ask(*sys.argv[1:]) if sys.argv[1:] else main()
