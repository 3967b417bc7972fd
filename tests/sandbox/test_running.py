"""`plainchant sandbox` as a vendor meets it: started, called, put forward, asked to fail, begun again."""

from __future__ import annotations

import base64
import json
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plainchant.sandbox.pytest_plugin import plainchant_sandbox  # noqa: F401 - the fixture that others use
from plainchant.sandbox.testing import RunningSandbox, SandboxRefused, running
from tests.portal.flows.making_flows import invoice

pytestmark = [pytest.mark.one_database, pytest.mark.long]
PAYS = "12345678200051"  # QUALIFICATION_NOTHING of the directory


class Program:
    """One of the first supplier's, that calls the interface."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox, self.supplier = sandbox, sandbox.credentials[0]
        form = f"grant_type=client_credentials&client_id={self.supplier['client_id']}"
        status, token = self.call(
            "POST",
            "/api/oauth/token",
            data=f"{form}&client_secret={self.supplier['client_secret']}".encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert status == 200
        account = f"{self.supplier['login']}:{self.supplier['password']}".encode()
        self.headers = {
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
            self.sandbox.url + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json"} | (headers or {}),
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
        return self.call("POST", "/cpro/factures/v1/deposer/flux", body, headers=self.headers | headers)


def start(*arguments: str) -> str:
    """What the command says that does not start one."""
    command = [sys.executable, "-m", "plainchant.cli", "sandbox", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    return done.stderr


def moves(sandbox: RunningSandbox) -> dict[tuple[str, str], str]:
    """When each invoice came to each status, in UTC."""
    with closing(sqlite3.connect(f"file:{sandbox.folder / 'plainchant.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT number, to_status, at FROM invoices_statuschange JOIN invoices_invoice ON"
            " invoices_invoice.id = invoice_id WHERE number LIKE 'SB-%'"
        )
        return {(number, status): at for number, status, at in rows}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with pytest.MonkeyPatch.context() as patch:  # as on a vendor's machine: nothing of its settings may reach it
        patch.setenv("PLAINCHANT_SECRET_KEY", "of another portal")
        patch.setenv("DATABASE_URL", "sqlite:///elsewhere.sqlite3")
        with running(at="2026-12-01T09:00") as found:
            yield found


@pytest.fixture(scope="module")
def _running_sandbox(sandbox: RunningSandbox) -> RunningSandbox:
    """In the place of the plugin's own: one is enough."""
    return sandbox


@pytest.fixture(scope="module")
def program(sandbox: RunningSandbox) -> Program:
    return Program(sandbox)


def test_one_invoice_is_rejected_on_day_3_and_the_next_is_paid_a_day_later(
    sandbox: RunningSandbox, program: Program
) -> None:
    sandbox.follow(PAYS, "rejects")
    assert program.deposit("SB-1")[1]["codeRetour"] == 0
    assert sandbox.advance("3 days 01:00:00") == 1
    sandbox.follow(PAYS, [{"days": 0.25, "action": "confirm_service"}, {"days": 1, "action": "pay_out"}])
    assert program.deposit("SB-2")[1]["codeRetour"] == 0  # the token of before still opens
    assert sandbox.advance("1 day 02:00:00") == 2
    at = moves(sandbox)
    assert at["SB-1", "REJETEE"].startswith("2026-12-04 08:0")  # nine o'clock in Paris
    assert at["SB-2", "SERVICE_FAIT"].startswith("2026-12-04 15:0")
    assert at["SB-2", "MISE_EN_PAIEMENT"].startswith("2026-12-05 09:0")
    assert sandbox.ask("GET", "clock")["at"].startswith("2026-12-05T12:0")


def test_faults_are_shown_when_asked_for_and_every_exchange_is_kept(sandbox: RunningSandbox, program: Program) -> None:
    health = "/cpro/transverses/v1/health-check"
    assert program.deposit("SB-3", **{"X-Sandbox-Fault": "500"})[0] == 500
    assert program.deposit("SB-3", **{"X-Sandbox-Fault": "burning"})[0] == 400
    sandbox.show_faults({"kind": "429", "path": health})
    assert program.call("GET", health, headers=program.headers)[0] == 429
    sandbox.show_faults()
    assert sandbox.breaches() == []
    assert program.call("GET", health, headers=program.headers)[0] == 200
    assert [(each["path"], each["status"], each["fault"]) for each in sandbox.exchanges()[:3]] == [
        (health, 200, ""),
        (health, 429, "429"),
        ("/cpro/factures/v1/deposer/flux", 500, "500"),
    ]


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("POST", "clock", {"at": "2020-01-01T00:00"}, 409),
        ("POST", "clock", {"at": "tomorrow"}, 400),
        ("POST", "clock", {"advance": "-1 days"}, 400),
        ("POST", "clock", {"advance": "500 days"}, 400),
        ("POST", "clock", {"speed": "fast"}, 400),
        ("POST", "clock", ["3 days"], 400),
        ("POST", "clock", {"speed": -1}, 400),
        ("POST", "clock", {"advance": "99999999999 days"}, 400),
        ("POST", "clock", {"at": "0001-01-01T00:00"}, 400),
        ("POST", "clock", {"at": "2026-12-09T09:00", "advance": "1 day"}, 400),
        ("POST", "clock", {"advances": "1 day"}, 400),
        ("POST", "reset", {"seed": "enormous"}, 400),
        ("POST", "reset", {"seed": []}, 400),
        ("POST", "reset", {"at": "0001-01-01T00:00+14:00"}, 400),
        ("POST", "reset", {"seeds": "usual"}, 400),
        ("POST", "reset", {"supplier": "00000000000000"}, 400),
        ("POST", "reset", {"supplier": PAYS, "seed": "usual"}, 400),
        ("PUT", "recipients/00000000000000", {"behaviour": "pays"}, 400),
        ("PUT", f"recipients/{PAYS}", {"behaviour": "dances"}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"days": 1, "action": "dance"}]}, 400),
        ("PUT", f"recipients/{PAYS}", {"behaviour": []}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"day": 1, "action": "suspend"}]}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"days": 1, "action": "suspend"}]}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"days": 1, "action": "suspend", "reason_code": "DOUBLON"}]}, 400),
        ("PUT", f"recipients/{PAYS}", {"steps": [{"days": 1, "action": "admit_part", "reason_code": "AUTRE"}]}, 400),
        ("PUT", "recipients/é x", {"behaviour": "pays"}, 400),
        ("PUT", "faults", {"faults": [{"kind": "fire"}]}, 400),
        ("PUT", "faults", {"faults": [{"kind": []}]}, 400),
        ("PUT", "faults", {"faults": [{"kind": "503", "chance": 0.5}]}, 400),
        ("PUT", "faults", {"faults": [], "seed": "x"}, 400),
        ("POST", "expire", {"what": "patience", "siret": PAYS}, 400),
        ("POST", "expire", {"what": {}, "siret": PAYS}, 400),
        ("POST", "expire", {"what": "token", "siret": "0"}, 400),
        ("GET", "exchanges/999999", None, 400),
        ("DELETE", "clock", None, 405),
        ("GET", "nowhere", None, 404),
    ],
)
def test_what_it_does_not_understand_is_said(
    sandbox: RunningSandbox, method: str, name: str, body: Any, status: int
) -> None:
    with pytest.raises(SandboxRefused, match=f"^{status}: ."):
        sandbox.ask(method, name, body)


def test_nesting_without_end_is_no_json(sandbox: RunningSandbox, program: Program) -> None:
    assert program.call("POST", "/sandbox/clock", data=b"[" * 100_000)[0] == 400


def test_its_folder_is_its_own(sandbox: RunningSandbox) -> None:
    assert "serves from" in start("--data", str(sandbox.folder), "--port", "65535")


def test_the_clock_is_set_and_runs_faster(sandbox: RunningSandbox) -> None:
    assert sandbox.ask("POST", "clock", {"at": "2026-12-05T13:00", "speed": 0}) == {
        "at": "2026-12-05T13:00:00+01:00", "speed": 0.0, "moves": 0,
    }  # fmt: skip
    assert sandbox.ask("GET", "clock") == {"at": "2026-12-05T13:00:00+01:00", "speed": 0.0}
    with pytest.raises(SandboxRefused):
        sandbox.ask("POST", "clock", {"at": "2020-01-01", "speed": 60})
    assert sandbox.ask("POST", "clock", {"advance": "0 days"})["speed"] == 0.0
    sandbox.ask("POST", "clock", {"speed": 86_400})
    assert sandbox.ask("GET", "clock")["at"] > "2026-12-05T13:00:00+01:00"
    sandbox.ask("POST", "clock", {"speed": 1})


def test_one_supplier_is_begun_again(sandbox: RunningSandbox, program: Program) -> None:
    assert ("SB-1", "REJETEE") in moves(sandbox)
    assert sandbox.reset_supplier(program.supplier["siret"]) == 2
    assert moves(sandbox) == {}


def test_it_begins_again(sandbox: RunningSandbox, program: Program) -> None:
    sandbox.reset(at="2026-12-01T09:00")
    assert sandbox.ask("GET", "clock")["at"].startswith("2026-12-01T09:00")
    assert moves(sandbox) == {}
    assert sandbox.exchanges() == []
    assert [path for path in (sandbox.folder / "documents").rglob("*") if path.is_file()] == []
    assert program.deposit("SB-1")[1]["codeRetour"] == 0  # the same secrets, the same number


def test_each_test_of_others_begins_again_at_the_present_instant(
    plainchant_sandbox: RunningSandbox,  # noqa: F811
) -> None:
    assert moves(plainchant_sandbox) == {}
    shown = datetime.fromisoformat(plainchant_sandbox.ask("GET", "clock")["at"])
    assert abs(datetime.now(UTC) - shown) < timedelta(hours=1)
