"""How long « Tableau de bord » counts, among many invoices: of a supplier with a tenth of them, or of one with all.

Run: [DATABASE_URL=postgres://…] [ROWS=200000] [ALONE=1] python bench/dashboard.py. A database of its own, dropped
afterwards. The processor's time is printed too: on SQLite, what the machine does besides does not change it.
Rows are those of `tracking`, told of and paid besides, rejected for a reason.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import scratch
import tracking

NAME = "plainchant_bench_dashboard"
ROWS = int(os.environ.get("ROWS", "200000"))
TIMES = int(os.environ.get("TIMES", "5"))
IS_ALONE = bool(os.environ.get("ALONE"))
GOAL = 0.200
WAY = (
    ("create", "BROUILLON"), ("submit", "DEPOSEE"), ("forward", "EN_COURS_ACHEMINEMENT"),
    ("make_available", "MISE_A_DISPOSITION"), ("reject", "REJETEE"),
)  # fmt: skip
REASONS = ("DOUBLON", "AUTRE", "CALCUL_ERR")


def main() -> None:
    with scratch.portal(NAME):
        suppliers, bodies, user = tracking._parties()
        tracking.make(ROWS, 0, (suppliers[:1] * len(suppliers) if IS_ALONE else suppliers, bodies, user))
        _finish()
        whose = "all" if IS_ALONE else "a tenth"
        print(f"{ROWS:,} invoices, of a supplier with {whose}; {TIMES} times, load {scratch.load()}")
        _measure(user)


def _finish() -> None:
    from django.db import connection
    from django.db.models import F

    from plainchant.portal.invoices.models import Invoice, StatusChange

    sent = Invoice.objects.filter(made_available_at__isnull=False)
    sent.filter(status="MISE_EN_PAIEMENT").update(notified_at=F("status_at") - timedelta(days=21))
    rejected = list(sent.filter(status="REJETEE").values_list("pk", flat=True))
    former = ""
    for sequence, (action, status) in enumerate(WAY, 1):
        StatusChange.objects.bulk_create(
            (
                StatusChange(
                    invoice_id=key, sequence=sequence, action=action, from_status=former, to_status=status,
                    at=tracking.NOW, party="buyer", actor_name="", reason_code=REASONS[key % 3],
                )
                for key in rejected
            ),
            batch_size=2_000,
        )  # fmt: skip
        former = status
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _measure(user: Any) -> None:
    from plainchant.portal.invoices import dashboard
    from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE
    from plainchant.portal.rights.actor import Actor

    issued = SEE_ISSUED_INVOICE.reached_by(Actor(user))
    sent = dashboard.sent_since(issued=issued, first_day=tracking.TODAY - timedelta(days=365))
    figures = {
        "by status": lambda: dashboard.by_status(sent=sent),
        "delays by body": lambda: dashboard.delays_by_body(sent=sent),
        "by rejection": lambda: dashboard.by_rejection(sent=sent),
        "expected": lambda: dashboard.expected_by(issued=issued, step=dashboard.StretchStep.WEEK, today=tracking.TODAY),
    }
    whole = 0.0
    for name, count in figures.items():
        taken, used = [], []
        for _ in range(TIMES):
            begun, at_work = time.perf_counter(), time.process_time()
            count()
            taken.append(1000 * (time.perf_counter() - begun))
            used.append(1000 * (time.process_time() - at_work))
        median = sorted(taken)[TIMES // 2]
        whole += median
        print(f"  {name:20s} median {median:7.1f} ms, worst {max(taken):7.1f} ms, processor {min(used):7.1f} ms")
    print(f"  {'all':20s} median {whole:7.1f} ms  {tracking._said(whole, 1000 * GOAL)}")


if __name__ == "__main__":
    main()
