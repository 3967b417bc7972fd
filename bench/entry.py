"""Entering an invoice: how long the check of the form takes, its totals, a saving, and drawing what it becomes.

Usage: python bench/entry.py [rounds, 60]. On a database of its own (SQLite, or the PostgreSQL of DATABASE_URL), through
all of the web server's code: middleware, session, permission, form, engine, template. The floor of the same run is a
page without a form.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("PLAINCHANT_DATA", tempfile.mkdtemp(prefix="plainchant-bench-"))
os.environ.setdefault("PLAINCHANT_RUN_TASKS_IN_PROCESS", "false")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainchant.config.settings")
LINES = 40
GOALS = {"check": 50.0, "pdf": 60.0}  # ms, 95th percentile and median


def main() -> int:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


def measure(rounds: int) -> None:
    from django.test import Client

    from plainchant.einvoice.drawing import draw
    from plainchant.einvoice.making.composing import compose
    from plainchant.einvoice.syntaxes.cii.write import write
    from plainchant.portal.drafts import operations
    from plainchant.portal.drafts.checking import check
    from plainchant.portal.rights.actor import Actor
    from tests.making import a_mandate, a_member, a_structure, a_town, an_entry

    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    place = {"address_line": "1 rue des Essais", "postcode": "31000"}
    seller = a_structure(at=at, identifier="90210001500012", vat_number="FR57902100015", **place)
    author = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=author, at=at)
    town = a_town(at=at, identifier="21990001600011", **place)
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, vat_regime="TVA_SUR_DEBIT")
    lines = [
        {
            "name": f"Poste {n}",
            "quantity": f"{n},5",
            "price": f"{n},25",
            "unit": "C62",
            "rate": ("20", "10", "5,5")[n % 3],
        }
        for n in range(LINES)
    ]
    typed: dict[str, Any] = {"fields": entry.typed["fields"], "lines": lines}
    entry = operations.save(draft=entry, typed=typed, revision=entry.revision, actor=Actor(author), at=at)
    client = Client()
    client.force_login(author)
    page = f"/saisir/{entry.invoice.uid}/"
    form: dict[str, Any] = dict(entry.typed["fields"])
    for position, typed_line in enumerate(entry.typed["lines"]):
        form |= {f"lines-{position}-{name}": value for name, value in typed_line.items()}

    def saved(number: int) -> None:
        entry.refresh_from_db()
        data = form | {"comment": str(number), "revision": str(entry.revision), "go": "check"}
        assert client.post(page, data, headers={"HX-Request": "true"}).status_code == 200

    sheet = check(draft=entry, at=at).sheet
    assert sheet is not None
    invoice = compose(sheet)
    xml = write(invoice)
    rows: list[tuple[str, Callable[[int], object]]] = [
        ("totals, at each pause in typing", lambda n: client.post(page + "totaux/", form)),
        ("a saving (autosave)", saved),
        ("the check, and the page that says so", lambda n: client.get(page + "verifier/")),
        ("the check alone, without the page", lambda n: check(draft=entry, at=at)),
        ("the whole sheet shown", lambda n: client.get(page)),
        ("floor: a page without a form", lambda n: client.get("/conditions/")),
        ("the PDF, drawn and built", lambda n: draw(invoice, at=at, xml=xml)),
    ]
    print(f"{LINES} lines, {rounds} rounds; ms of wall clock, and of the processor of this process")
    print(f"{'':44} {'median':>8} {'p95':>8} {'cpu':>8}")
    medians = {}
    for label, once in rows:
        for number in range(3):
            once(number)
        walls, started = [], time.process_time()
        for number in range(rounds):
            begun = time.perf_counter()
            once(number + 10)
            walls.append(1000 * (time.perf_counter() - begun))
        cpu = 1000 * (time.process_time() - started) / rounds
        medians[label] = statistics.median(walls)
        print(f"{label:44} {medians[label]:8.1f} {sorted(walls)[int(0.95 * len(walls))]:8.1f} {cpu:8.1f}")
    print(f"goals: check p95 <= {GOALS['check']:.0f} ms, PDF <= {GOALS['pdf']:.0f} ms")
    floor = medians["floor: a page without a form"]
    print(f"the check is {medians['the check, and the page that says so'] / floor:.1f} times the floor")


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))  # noqa: PTH118, PTH120 - before pathlib is needed
    raise SystemExit(main())
