"""`plainchant sandbox` as a vendor meets it: started, called, put forward, asked to fail, begun again."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.flows.making_flows import invoice

pytestmark = [pytest.mark.one_database, pytest.mark.long]
PAYS = "12345678200051"  # QUALIFICATION_NOTHING of the directory
SERVER_STARTS_IN = 120  # seconds, on a machine that does ten other things


class Running:
    """A sandbox in a process of its own, and one program of its first supplier."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.supplier = self.call("GET", "/sandbox/")[1]["credentials"][0]
        form = f"grant_type=client_credentials&client_id={self.supplier['client_id']}"
        status, token = self.call(
            "POST",
            "/api/oauth/token",
            data=f"{form}&client_secret={self.supplier['client_secret']}".encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert status == 200
        account = f"{self.supplier['login']}:{self.supplier['password']}".encode()
        self.program = {
            "Authorization": f"Bearer {token['access_token']}",
            "cpro-account": base64.b64encode(account).decode(),
        }

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else data
        request = urllib.request.Request(
            self.base + path, data=data, method=method, headers={"Content-Type": "application/json"} | (headers or {})
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")

    def deposit(self, number: str, *, buyer: str = PAYS, **headers: str) -> tuple[int, Any]:
        document = base64.b64encode(invoice(number, seller=self.supplier["siret"], buyer=buyer)).decode()
        body = {"fichierFlux": document, "nomFichier": f"{number}.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}
        return self.call("POST", "/cpro/factures/v1/deposer/flux", body, headers=self.program | headers)

    def statuses(self, folder: Path) -> list[tuple[str, str, str]]:
        import sqlite3

        with sqlite3.connect(f"file:{folder / 'plainchant.sqlite3'}?mode=ro", uri=True) as database:
            return database.execute(
                "SELECT number, to_status, at FROM invoices_statuschange JOIN invoices_invoice ON"
                " invoices_invoice.id = invoice_id WHERE number LIKE 'SB-%' ORDER BY number, sequence"
            ).fetchall()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "plainchant.cli", "sandbox", "--port", str(port)]
    command += ["--data", str(folder), "--at", "2026-12-01T09:00"]
    # As on a vendor's machine: nothing of this one's settings may reach it.
    settings = {"PLAINCHANT_SECRET_KEY": "of another portal", "DATABASE_URL": "sqlite:///elsewhere.sqlite3"}
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True)
    try:
        yield Running(_when_it_answers(f"http://127.0.0.1:{port}", process))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _when_it_answers(base: str, process: subprocess.Popen[str]) -> str:
    until = time.monotonic() + SERVER_STARTS_IN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/sandbox/clock", timeout=5):
                return base
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer; exit code {process.poll()}")


def test_one_invoice_is_rejected_on_day_3_and_the_next_is_paid_a_day_later(running: Running, folder: Path) -> None:
    status, moved = running.call("PUT", f"/sandbox/recipients/{PAYS}", {"behaviour": "rejects"})
    assert (status, moved["steps"][0]["action"]) == (200, "reject")
    assert running.deposit("SB-1")[1]["codeRetour"] == 0
    assert running.call("POST", "/sandbox/clock", {"advance": "3 days 01:00:00"})[1]["moves"] == 1
    steps = [{"days": 0.25, "action": "confirm_service"}, {"days": 1, "action": "pay_out"}]
    running.call("PUT", f"/sandbox/recipients/{PAYS}", {"steps": steps})
    assert running.deposit("SB-2")[1]["codeRetour"] == 0  # the token of before still opens
    assert running.call("POST", "/sandbox/clock", {"advance": "1 day 02:00:00"})[1]["moves"] == 2
    moves = {(number, status): at for number, status, at in running.statuses(folder)}
    assert moves["SB-1", "REJETEE"].startswith("2026-12-04 08:0")  # in UTC: nine o'clock in Paris
    assert moves["SB-2", "SERVICE_FAIT"].startswith("2026-12-04 15:0")
    assert moves["SB-2", "MISE_EN_PAIEMENT"].startswith("2026-12-05 09:0")
    assert running.call("GET", "/sandbox/clock")[1]["at"].startswith("2026-12-05T12:0")


def test_faults_are_shown_when_asked_for_and_every_exchange_is_kept(running: Running) -> None:
    health = "/cpro/transverses/v1/health-check"
    assert running.deposit("SB-3", **{"X-Sandbox-Fault": "500"})[0] == 500
    assert running.deposit("SB-3", **{"X-Sandbox-Fault": "burning"})[0] == 400
    running.call("PUT", "/sandbox/faults", {"faults": [{"kind": "429", "path": health}]})
    assert running.call("GET", health, headers=running.program)[0] == 429
    running.call("PUT", "/sandbox/faults", {"faults": []})
    assert running.call("GET", health, headers=running.program)[0] == 200
    exchanges = running.call("GET", "/sandbox/exchanges")[1]["exchanges"]
    assert [(exchange["path"], exchange["status"], exchange["fault"]) for exchange in exchanges[:3]] == [
        (health, 200, ""),
        (health, 429, "429"),
        ("/cpro/factures/v1/deposer/flux", 500, "500"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "clock", {"at": "2020-01-01T00:00"}, 409),
        ("POST", "clock", {"at": "tomorrow"}, 400),
        ("POST", "clock", {"advance": "-1 days"}, 400),
        ("POST", "clock", {"advance": "500 days"}, 400),
        ("POST", "clock", {"speed": "fast"}, 400),
        ("POST", "clock", ["3 days"], 400),
        ("PUT", "recipients/00000000000000", {"behaviour": "pays"}, 400),
        ("PUT", f"recipients/{PAYS}", {"behaviour": "dances"}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"days": 1, "action": "dance"}]}, 400),
        ("PUT", "faults", {"faults": [{"kind": "fire"}]}, 400),
        ("DELETE", "clock", None, 405),
        ("GET", "nowhere", None, 404),
    ],
)
def test_what_it_does_not_understand_is_said(running: Running, method: str, path: str, body: Any, status: int) -> None:
    found, answer = running.call(method, f"/sandbox/{path}", body)
    assert found == status
    assert answer["message"]


def test_it_begins_again(running: Running, folder: Path) -> None:
    assert running.call("POST", "/sandbox/reset", {"at": "2026-12-01T09:00"})[1]["at"].startswith("2026-12-01T09:00")
    assert running.statuses(folder) == []
    assert running.call("GET", "/sandbox/exchanges")[1]["exchanges"] == []
    assert running.deposit("SB-1")[1]["codeRetour"] == 0  # the same secrets, the same number
