"""Backup, destruction, restore elsewhere by command, on PostgreSQL; on SQLite: tests/portal/backups."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="pg_dump wants PostgreSQL"
    ),
]

# Each place is one process: commands as an operator would type them, and what they print.
PRELUDE = """
import sys
import django; django.setup()
from click.testing import CliRunner
from django.core.files.base import ContentFile
from plainchant.cli import main
from plainchant.portal.lib.time import now
from plainchant.portal.store.operations import keep, register
def plainchant(*words):
    result = CliRunner().invoke(main, words)
    print(result.exit_code, result.output)
backups, key = sys.argv[1:]
"""
FIRST = """
plainchant("setup")
contents = (b"a", b"b")
register(kept=[keep(file=ContentFile(content), name="f", media_type="text/plain", at=now()) for content in contents])
plainchant("backup", "make", backups)
plainchant("backup", "verify", backups, "--key-file", key)
plainchant("restore", backups, "--key-file", key)
"""
SECOND = """
plainchant("restore", backups, "--key-file", key)
plainchant("documents", "verify")
"""


def inside(environment: dict[str, str], code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def a_place(folder: Path, number: int) -> Iterator[dict[str, str]]:
    """The environment of a portal in an empty folder, on an empty database."""
    import psycopg

    server = os.environ["DATABASE_URL"]
    name = f"plainchant_backup_{os.getpid()}_{number}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield {
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "plainchant.config.settings",
                "PLAINCHANT_DATA": str(folder / str(number)),
                "DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(),
            }
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def test_a_portal_is_taken_verified_and_put_back_elsewhere(tmp_path: Path) -> None:
    from plainchant.portal.backups.sealing import new_key

    public, secret = new_key()
    key = tmp_path / "key"
    key.write_text(secret)
    where = (str(tmp_path / "backups"), str(key))
    with a_place(tmp_path, 1) as first, a_place(tmp_path, 2) as second:
        printed = inside({**first, "PLAINCHANT_BACKUP_KEY": public}, FIRST, *where)
        assert "2 documents, dont 2 nouveaux" in printed
        assert "se restaure : 2 documents" in printed
        assert "1 Error: La base de données n’est pas vide" in printed
        printed = inside(second, SECOND, *where)
        assert "0 Sauvegarde restaurée : 2 documents" in printed
        assert "0 2 documents : tous" in printed
