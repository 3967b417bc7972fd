"""The same portal on PostgreSQL, every row compared. By hand: PLAINCHANT_TEST_SLOW=1, with DATABASE_URL (15 s)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.skipif(
        not (os.environ.get("PLAINCHANT_TEST_SLOW") and os.environ.get("DATABASE_URL", "").startswith("postgres")),
        reason="moves to PostgreSQL in 15 s: PLAINCHANT_TEST_SLOW=1 with DATABASE_URL",
    ),
]

LOOK = """
import django; django.setup()
from plainchant.portal.mail.models import Message
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.lib.time import now
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
print(Invoice.objects.count(), StatusChange.objects.count(), Message.objects.count())
last = Message.objects.latest("pk").pk
post(kind="test", event="moved", recipient="ada@example.org", mail=Mail("s", "b"), at=now())
print(Message.objects.latest("pk").pk == last + 1)
"""


def test_a_portal_is_the_same_on_the_other_database(tmp_path: Path) -> None:
    import psycopg

    server = os.environ["DATABASE_URL"]
    name = f"plainchant_move_{os.getpid()}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "plainchant.config.settings",
        "PLAINCHANT_DATA": str(tmp_path),
    }

    def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], env=environment | more, capture_output=True, text=True, check=False
        )

    made = run("-m", "plainchant.cli", "setup", "--demo")
    assert made.returncode == 0, made.stderr
    assert '"event"' not in made.stderr  # the people of the demonstration are none for the security log
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            moved = run("-m", "plainchant.cli", "move-to-postgresql", url)
            assert moved.returncode == 0, moved.stderr
            assert "toutes les mêmes" in moved.stdout
            before, after = run("-c", LOOK), run("-c", LOOK, DATABASE_URL=url)
            assert before.stdout.splitlines() == after.stdout.splitlines(), before.stderr + after.stderr
            assert after.stdout.endswith("True\n")
            again = run("-m", "plainchant.cli", "move-to-postgresql", url)
            assert "n’est pas vide" in again.stderr
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
