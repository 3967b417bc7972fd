"""What `plainchant sandbox` says to arguments that it cannot follow: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plainchant.cli.sandbox import sandbox
from plainchant.sandbox import prepared

NOBODY = ("--url", "http://127.0.0.1:1")


def said(*arguments: str) -> str:
    done = CliRunner().invoke(sandbox, arguments)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code in (1, 2)
    return done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "not in the range"),
        (["--port", "0"], "not in the range"),
        (["--at", "tomorrow"], "write it like 2026-12-01T09:00"),
        (["--at", "0001-01-01"], "write it like 2026-12-01T09:00"),
        (["--seed", "enormous"], "'usual'"),
        (["--data", "/proc/plainchant"], "cannot be written"),
        (["invoice", "F-1", "--to", "x", "--amount", "NaN", *NOBODY], "write it like 1250.50"),
        (["invoice", "F-1", "--to", "x", "--amount", "1e40", *NOBODY], "write it like 1250.50"),
        (["invoice", "F-1", "--to", "x", "--amount=-5", *NOBODY], "write it like 1250.50"),
        (["invoice", " ", "--to", "x", *NOBODY], "needs a number"),
        (["faults", "slow=x", *NOBODY], "write it like slow=2"),
        (["follow", "é x", "pays", *NOBODY], "No sandbox answers"),
        (["advance", "3 days", "--url", "ftp://x"], "no address of a sandbox"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], words: str) -> None:
    assert words in said("--port", "65535", *arguments) if arguments[0].startswith("--") else words in said(*arguments)


def test_a_portal_that_is_no_sandbox_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / prepared.DATABASE
    database.write_bytes(b"of a real portal")
    assert "no sandbox" in said("--port", "65535", "--data", str(tmp_path))
    assert database.read_bytes() == b"of a real portal"
    prepared.take(tmp_path)  # one that was stopped while it was prepared
    assert not prepared.is_of_another(tmp_path)


def test_one_that_is_kept_goes_on_with_its_seed_and_its_clock(tmp_path: Path) -> None:
    (tmp_path / prepared.NAME).write_text("usual")
    for arguments in (("--seed", "midway"), ("--at", "2026-12-01T09:00")):
        assert "Start it without" in said("--port", "65535", "--data", str(tmp_path), *arguments)


@pytest.mark.parametrize(("is_sandbox", "waits"), [("on", "NORMAL"), ("", "FULL")])
def test_only_a_portal_waits_for_the_disk_at_each_commit(tmp_path: Path, is_sandbox: str, waits: str) -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['init_command'])"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "plainchant.config.settings", "PLAINCHANT_DATA": str(tmp_path)}
    environment |= {"PLAINCHANT_SANDBOX": is_sandbox}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(f"synchronous={waits};")
