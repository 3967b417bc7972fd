"""What a web process keeps in memory after many previews of a long invoice, eight asked for at once.

Run: python bench/previews.py [--previews 1000] [--lines 160]. SQLite in a scratch folder; this process answers the
requests as a server's threads would. Prints its memory every hundred previews, and the most that one drawing took.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import scratch

AT_ONCE = 8
GOAL_MB = 30  # more than after the first hundred
STEP = 100


def memory_mb(pid: int | str, row: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(row):
            return int(line.split()[1]) / 1024
    return 0.0


class Children(threading.Thread):
    """Watches what the children of this process's reader hold."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most_mb = 0.0

    def run(self) -> None:
        from plainchant.reader import sandbox

        while True:
            zygote = sandbox._state.zygote
            if zygote is not None:
                pid = zygote.process.pid
                for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    try:
                        self.most_mb = max(self.most_mb, memory_mb(child, "VmHWM"))
                    except OSError:
                        continue  # it has ended
            time.sleep(0.02)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--previews", type=int, default=1000)
    asked.add_argument("--lines", type=int, default=160)
    chosen = asked.parse_args()
    with scratch.portal("plainchant_bench_previews"):
        from django.db import connection
        from django.test import Client

        from plainchant.portal.drafts import operations
        from plainchant.portal.lib.time import now
        from plainchant.portal.rights.actor import Actor
        from tests.making import an_entry

        seller, town, author = scratch.parties()
        draft = an_entry(seller=seller, user=author, at=now(), buyer=town, vat_regime="TVA_SUR_DEBIT")
        lines = [
            {"name": f"Poste {n}, avec un intitulé long comme il y en a. " * 6, "quantity": f"{n},5", "price": "12,25",
             "unit": "C62", "rate": ("20", "10", "5,5")[n % 3]}
            for n in range(chosen.lines)
        ]  # fmt: skip
        typed: dict[str, Any] = {"fields": draft.typed["fields"], "lines": lines}
        draft = operations.save(draft=draft, typed=typed, revision=draft.revision, actor=Actor(author), at=now())
        address = f"/saisir/{draft.invoice.uid}/apercu/1.png"

        def preview(_: int) -> int:
            visitor = Client()
            visitor.force_login(author)
            status = visitor.get(address).status_code
            connection.close()
            return status

        children = Children()
        children.start()
        print(f"{chosen.lines} lines, {AT_ONCE} at once; MB of this process (resident), of the largest child so far")
        begun, first, failed = time.perf_counter(), 0.0, 0
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for done in range(0, chosen.previews, STEP):
                failed += sum(status != 200 for status in threads.map(preview, range(STEP)))
                resident = memory_mb("self", "VmRSS")
                first = first or resident
                print(f"{done + STEP:6}  {resident:7.1f}  {children.most_mb:7.1f}", flush=True)
        seconds = time.perf_counter() - begun
        grown = resident - first
        print(f"{failed} failed; {seconds / chosen.previews * 1000:.0f} ms each; load {scratch.load()}")
        word = "reached" if grown <= GOAL_MB else "MISSED"
        print(f"grown {grown:.1f} MB since the first hundred   goal {GOAL_MB}: {word}")


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))  # noqa: PTH118, PTH120 - before pathlib is needed
    main()
