"""`plainchant check-settings` and a start with the same settings: what cannot be reached is said, and stops it."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal.environment.test_faults import RIGHT

SETTINGS = "plainchant.config.settings"


class _MailServer(socketserver.StreamRequestHandler):
    """As much SMTP as a client says before it sends anything."""

    refused_sender = ""

    def handle(self) -> None:
        self.wfile.write(b"220 essai\r\n")
        for line in self.rfile:
            refuses = line.upper().startswith(b"MAIL") and self.refused_sender.encode() in line
            self.wfile.write(b"550 not here\r\n" if self.refused_sender and refuses else b"250 ok\r\n")
            if line.upper().startswith(b"QUIT"):
                return


@contextmanager
def mail_server(refused_sender: str = "") -> Iterator[str]:
    handler = type("Handler", (_MailServer,), {"refused_sender": refused_sender})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def plainchant(*command: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**RIGHT, "PLAINCHANT_DATA": str(data), "PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [sys.executable, "-m", "plainchant.cli", *command], env=environment, capture_output=True, text=True, check=False
    )


def test_settings_that_are_right_and_answer(tmp_path):
    with mail_server() as smtp:
        checked = plainchant("check-settings", data=tmp_path, PLAINCHANT_SMTP_URL=smtp)
    assert (checked.returncode, checked.stdout) == (0, "Les réglages permettent de démarrer.\n"), checked.stderr
    assert not list((tmp_path / "documents").rglob("*.*"))


def test_what_does_not_answer_is_said_with_every_other_fault(tmp_path):
    wrong = {"PLAINCHANT_SECRET_KEY": "a", "PLAINCHANT_SMTP_URL": "smtp://127.0.0.1:9", "PLAINCHANT_CLAMD": "/nobody"}
    checked = plainchant("check-settings", "--json", data=tmp_path, **wrong)
    assert checked.returncode == 1
    faults = json.loads(checked.stdout)
    assert [(fault["variable"], fault["stops"], fault["is_away"]) for fault in faults] == [
        ("PLAINCHANT_SECRET_KEY", True, False),
        ("PLAINCHANT_SMTP_URL", True, True),
        ("PLAINCHANT_CLAMD", False, True),
    ]


def test_a_start_does_not_wait_for_what_is_away(tmp_path):
    """After a power cut everything starts at once: the portal comes up before its mail server and its store."""
    away = {
        "PLAINCHANT_SMTP_URL": "smtp://127.0.0.1:9",
        "PLAINCHANT_S3_BUCKET": "documents",
        "PLAINCHANT_S3_ENDPOINT": "http://127.0.0.1:9",
        "PLAINCHANT_S3_REGION": "eu-west-3",
        "PLAINCHANT_S3_ACCESS_KEY": "a",
        "PLAINCHANT_S3_SECRET_KEY": "b",
    }
    code = "from plainchant.cli.check_settings import refuse_faulty; refuse_faulty(offline=False); print('starts')"
    environment = {**RIGHT, "PLAINCHANT_DATA": str(tmp_path), **away, "DJANGO_SETTINGS_MODULE": SETTINGS}
    started = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert started.stdout == "starts\n", started.stderr
    assert started.stderr.count("Le portail démarre, et s’en servira dès qu’il répondra.") == 2


def test_nothing_starts_that_could_not_send_a_mail(tmp_path):
    with mail_server(refused_sender="factures@example.org") as smtp:
        started = plainchant("setup", data=tmp_path, PLAINCHANT_SMTP_URL=smtp)
    assert started.returncode == 1
    assert "ne laisse pas entrer le portail" in started.stderr
    assert not (tmp_path / "plainchant.sqlite3").exists()


@pytest.mark.parametrize("command", ["setup", "worker", "run"])
def test_nothing_starts_with_a_key_that_can_be_guessed(tmp_path, command):
    started = plainchant(command, "--offline", data=tmp_path, PLAINCHANT_SECRET_KEY="a" * 50)
    assert started.returncode == 1
    assert "PLAINCHANT_SECRET_KEY se répète" in started.stderr
    assert not list(tmp_path.iterdir())


def test_a_server_that_was_started_by_hand_lets_nobody_in(tmp_path):
    script = "import plainchant.config.wsgi"
    environment = {**RIGHT, "PLAINCHANT_DATA": str(tmp_path), "PLAINCHANT_URL": ""}
    imported = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert imported.returncode != 0
    assert "PLAINCHANT_URL manque" in imported.stderr
