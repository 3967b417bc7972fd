"""Commands that speak to a server. The five lines of README come first, as they stand there, in a shell.

Everything else speaks to the sandbox that they have started.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import keyring
import pytest
from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend
from keyring.backends import fail

from plainchant.cli import main
from plainchant.cli.remote import logins, mcp_server
from plainchant.cli.run import is_free
from plainchant.cli.sandbox import DEFAULT_PORT
from tests.cli.assistants import with_assistant

T = TypeVar("T")
pytestmark = [pytest.mark.one_database, pytest.mark.long]
FAILING = "keyring.backends.fail.Keyring"  # no keyring of whoever runs the tests
README = Path(__file__).parents[2] / "README.md"
URL = f"http://127.0.0.1:{DEFAULT_PORT}"
REJECTS, PAYS_LATE, WANTS_A_SERVICE = "12345678200036", "12345678200044", "12345678200028"
WAITS = "11000201100044"


def lines_of_readme() -> str:
    [lines] = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(lines)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """What the lines of README have printed; their sandbox runs until the module has ended."""
    if not is_free("127.0.0.1", DEFAULT_PORT):
        pytest.skip(f"port {DEFAULT_PORT} is taken: the lines of README name no other")
    folder = tmp_path_factory.mktemp("scenario")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHON_KEYRING_BACKEND": FAILING,
    }
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL"):
        environment.pop(name, None)
    script = f"set -e\n{lines_of_readme()}"
    printed, errors = folder / "printed.txt", folder / "errors.txt"
    with printed.open("w") as out, errors.open("w") as log:
        shell = subprocess.Popen(
            ["sh", "-c", script], cwd=folder, env=environment, stdout=out, stderr=log, start_new_session=True
        )
    try:
        assert shell.wait(timeout=600) == 0, errors.read_text()[-2_000:]
        yield SimpleNamespace(folder=folder, printed=printed.read_text())
    finally:
        os.killpg(shell.pid, signal.SIGTERM)  # the sandbox that the first line has started
        shell.wait(timeout=60)


@pytest.fixture
def run(scenario: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A command, with the login of the lines."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(scenario.folder / "config"))
    monkeypatch.chdir(scenario.folder)
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())
    return lambda *words, stdin=None: CliRunner().invoke(main, [*words], input=stdin)


def test_an_invoice_is_rejected_on_day_3_and_another_paid_on_day_41(scenario: SimpleNamespace) -> None:
    for comment in re.findall(r"# (F-\d : .*)", lines_of_readme()):
        assert comment in scenario.printed
    assert "(jour 3)" in scenario.printed
    assert "(jour 41)" in scenario.printed
    assert "F-1.xml  F-1  prise" in scenario.printed


def test_secrets_are_kept_in_a_file_of_ones_own_and_never_printed(
    scenario: SimpleNamespace, run: Callable[..., Result]
) -> None:
    kept = scenario.folder / "config" / "plainchant" / "logins.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    row = json.loads(kept.read_text())["logins"][f"127.0.0.1:{DEFAULT_PORT}"]
    made = run("login", "--sandbox")
    assert made.exit_code == 0
    assert not any(row[secret] in made.output for secret in ("client_secret", "password"))
    kept.chmod(0o640)
    result = run("status", "F-1")
    kept.chmod(0o600)
    assert result.exit_code == 1
    assert "chmod 600" in result.output


def test_secrets_are_tried_before_they_are_kept(run: Callable[..., Result]) -> None:
    wrong = json.dumps({"client_id": "x", "client_secret": "y", "login": "z", "password": "w"})
    result = run("login", URL, "--from", "-", "--name", "other", stdin=wrong)
    assert (result.exit_code, "client_secret" in result.output) == (1, True)
    assert "gardées : 127.0.0.1" in run("status", "F-1", "--with", "other").output
    assert run("login", URL, "--from", "-", stdin="{}").exit_code == 1
    assert "https://" in run("login", "http://portal.example", "--from", "-", stdin=wrong).output
    assert "n’a pas de compte technique" in run("login", "--sandbox", "--for", "1").output


class InMemory(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_secrets_go_to_the_keyring_where_there_is_one(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = InMemory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)
    assert run("login", "--sandbox", "--name", "ring").exit_code == 0
    row = json.loads(logins.file().read_text())["logins"]["ring"]
    assert not {"client_secret", "password"} & set(row)
    assert list(ring.kept) == [("plainchant", "ring")]
    assert run("status", "F-1").exit_code == 0
    kept, ring.kept = ring.kept, {}
    assert "Refaites plainchant login" in run("status", "F-1").output
    ring.kept = kept
    assert run("logout").exit_code == 0
    assert ring.kept == {}
    assert run("status", "F-1").exit_code == 0  # by the login that is left


def test_what_is_refused_is_said_invoice_by_invoice(run: Callable[..., Result]) -> None:
    assert run("sandbox", "invoice", "F-3", "--to", WANTS_A_SERVICE, "--amount", "12.50").exit_code == 0
    result = run("deposit", "F-3.xml", "--json")
    assert result.exit_code == 1
    [row] = [json.loads(line) for line in result.output.splitlines()]
    assert (row["number"], row["result"], row["file"]) == ("F-3", "refused", "F-3.xml")
    assert row["findings"]
    assert row["findings"][0]["mend"]
    assert "F-3  refusée" in run("status", row["flow"]).output
    assert "Aucune facture" in run("status", "F-3").output


def test_a_folder_is_one_flow_and_what_was_taken_is_not_doubled(
    scenario: SimpleNamespace, run: Callable[..., Result]
) -> None:
    folder = scenario.folder / "lot"
    folder.mkdir()
    run("sandbox", "invoice", "F-4", "--to", PAYS_LATE, "-o", "lot/F-4.xml")
    (folder / "F-2.xml").write_bytes((scenario.folder / "F-2.xml").read_bytes())
    rows = [json.loads(line) for line in run("deposit", "lot", "--json").output.splitlines()]
    assert {row["flow"] for row in rows} == {rows[0]["flow"]}
    assert {row["number"]: row["result"] for row in rows} == {"F-2": "accepted", "F-4": "accepted"}
    assert "Déjà reçue" in next(row["message"] for row in rows if row["number"] == "F-2")


def test_documents_are_written_once(run: Callable[..., Result], scenario: SimpleNamespace) -> None:
    assert run("download", "F-1", "F-2", "-o", "out").exit_code == 0
    assert {path.name for path in (scenario.folder / "out").iterdir()} == {"F-1.pdf", "F-2.pdf"}
    assert "--force" in run("download", "F-1", "-o", "out").output
    assert run("download", "F-1", "-o", "out", "--form", "pivot").exit_code == 0
    assert b"F-1" in (scenario.folder / "out" / "F-1.xml").read_bytes()


def test_what_has_ended_is_watched_no_longer(run: Callable[..., Result]) -> None:
    result = run("watch", "F-1", "F-2", "--json")
    assert result.exit_code == 1  # one was rejected
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert {(row["number"], row["day"]) for row in rows} >= {("F-1", 3), ("F-2", 41)}
    assert run("watch", "F-2", "--until", "Service fait").exit_code == 0
    assert run("watch", "F-2", "--until", "n’importe quoi").exit_code == 2


def test_the_directory_is_searched_and_one_body_says_what_it_wants(run: Callable[..., Result]) -> None:
    result = run("directory", "search", WANTS_A_SERVICE)
    assert "Demande sur chaque facture : le code du service." in result.output
    assert "SERVICE_DEST_SERV_OBL" in result.output
    assert len(json.loads(run("directory", "search", "Destinataire de test", "--most", "2", "--json").stdout)) == 2
    assert "Aucun organisme" in run("directory", "search", "12345678200099").output


def test_nothing_has_arrived_for_a_supplier(run: Callable[..., Result]) -> None:
    assert "Aucune facture reçue" in run("received", "--status", "Suspendue").output
    assert "Aucune facture ne porte" in run("process", "F-2", "SUSPENDUE").output
    assert "n’est pas un statut" in run("process", "F-2", "PERDUE").output


def test_a_recipient_lists_and_processes_what_it_received(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The sandbox gives its secrets too: a program plays both sides."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert run("login", "--sandbox", "--name", "supplier").exit_code == 0
    assert run("login", "--sandbox", "--for", WAITS, "--name", "state").exit_code == 0
    for number in ("R-1", "R-2", "R-3"):
        run("sandbox", "invoice", number, "--to", WAITS, "--service", "SFACETAT")
        assert "prise" in run("deposit", f"{number}.xml", "--with", "supplier").output
    rows = json.loads(run("received", "--json").stdout)
    assert {row["number"]: row["status"] for row in rows} == dict.fromkeys(("R-1", "R-2", "R-3"), "MISE_A_DISPOSITION")
    assert {row["siret"] for row in rows} == {"00090001900019"}
    assert not run("received", "--with", "supplier").output.startswith("R-")  # each sees its own side
    refused = run("process", "R-1", "REJETEE")
    assert refused.exit_code == 1
    assert refused.output.count("le fournisseur doit savoir") == 1
    for number, *words in (
        ("R-1", "REJETEE", "--reason", "Commande annulée"),
        ("R-2", "SUSPENDUE", "--reason", "JUSTIF_ABS"),
        ("R-3", "SERVICE_FAIT"),
        ("R-3", "MANDATEE", "--payment-order", "M-1"),
        ("R-3", "MISE_EN_PAIEMENT"),
    ):
        done = run("process", number, *words)
        assert done.exit_code == 0, done.output
    assert "Rejetée : Autre raison : Commande annulée" in run("status", "R-1", "--with", "supplier").output
    assert "Suspendue : Il manque un justificatif" in run("status", "R-2", "--with", "supplier").output
    assert run("status", "R-3", "--with", "supplier").output.startswith("R-3 : Mise en paiement")
    assert "R-3" in run("received", "--status", "MISE_EN_PAIEMENT").output


def test_what_does_not_go_together_is_said(run: Callable[..., Result]) -> None:
    assert run("deposit", "F-1.xml", "--for", REJECTS).exit_code == 2
    assert run("deposit", "F-1.xml", "--as", "a@b.example", "--with", "x").exit_code == 2
    assert run("login", "--sandbox", "--from", "F-1.xml").exit_code == 2
    assert run("login", URL, "--for", REJECTS, "--from", "F-1.xml").exit_code == 2


def test_commands_complete_without_loading_any_of_them() -> None:
    environment = os.environ | {
        "_PLAINCHANT_COMPLETE": "bash_complete",
        "COMP_WORDS": "plainchant wa",
        "COMP_CWORD": "1",
    }
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted({'django', 'httpx2', 'lxml'} & set(sys.modules))))\n"
        "sys.argv = ['plainchant']\n"
        "from plainchant.cli import main; main(prog_name='plainchant')"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    ).stdout
    assert found.splitlines() == ["plain,watch", "[]"]
    assert "_PLAINCHANT_COMPLETE=bash_complete" in CliRunner().invoke(main, ["completion", "bash"]).output


@pytest.mark.parametrize("command", ["deposit", "status", "watch", "download", "received", "process", "login"])
def test_no_command_of_a_server_loads_django(command: str) -> None:
    code = (
        "import sys; sys.modules['django'] = None; from plainchant.cli import main;"
        f"main.main([{command!r}, '--help'], standalone_mode=False)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_sandbox_of_the_lines_is_the_one_that_answers(scenario: SimpleNamespace) -> None:
    with urllib.request.urlopen(f"{URL}/sandbox/clock", timeout=30) as answer:
        assert json.load(answer)["at"].startswith("2027-01-11")


def assistant(scenario: SimpleNamespace, calls: Callable[[Any], Awaitable[T]], *, answer: Any = None) -> Any:
    server = mcp_server.made(logins.login_named(None), folder=scenario.folder)
    return asyncio.run(with_assistant(server, calls, answer=answer))


def test_an_assistant_checks_converts_explains_and_follows(
    scenario: SimpleNamespace, run: Callable[..., Result]
) -> None:
    run("sandbox", "invoice", "F-5", "--to", WANTS_A_SERVICE)

    async def calls(client: Any) -> dict[str, Any]:
        asked = {
            "check": {"file": "F-5.xml"},
            "convert": {"file": "F-5.xml", "to": "cii"},
            "explain": {"code": "BR-S-08"},
            "search_directory": {"text": WANTS_A_SERVICE},
            "status": {"number": "F-1"},
            "list_invoices": {"statuses": ["REJETEE"]},
        }
        assert {tool.name for tool in (await client.list_tools()).tools} == {*asked, "deposit"}
        return {name: (await client.call_tool(name, given)).structured_content for name, given in asked.items()}

    answers, questions = assistant(scenario, calls)
    assert not questions
    assert not answers["check"]["accepted"]
    assert answers["convert"]["file"] == "F-5-cii.xml"
    assert b"CrossIndustryInvoice" in (scenario.folder / "F-5-cii.xml").read_bytes()
    assert answers["explain"]["result"][0]["meaning"]
    assert answers["search_directory"]["result"][0]["demands"]["service"]
    assert answers["status"]["result"][0]["status"] == "REJETEE"
    refused = {row["number"] for row in answers["list_invoices"]["result"]}
    assert "F-1" in refused
    assert "F-2" not in refused  # paid


def test_what_was_confirmed_is_handed_in(scenario: SimpleNamespace, run: Callable[..., Result]) -> None:
    run("sandbox", "invoice", "F-7", "--to", PAYS_LATE)

    async def calls(client: Any) -> Any:
        return (await client.call_tool("deposit", {"file": "F-7.xml"})).structured_content

    report, [question] = assistant(scenario, calls, answer={"send": True})
    assert "Envoyer F-7.xml" in question
    assert report["taken"] == ["F-7"]


def test_a_file_that_is_there_is_not_written_over(scenario: SimpleNamespace, run: Callable[..., Result]) -> None:
    (scenario.folder / "F-1-ubl.xml").write_text("mine")

    async def calls(client: Any) -> Any:
        return await client.call_tool("convert", {"file": "F-1.xml", "to": "ubl"})

    result, _ = assistant(scenario, calls)
    assert result.is_error
    assert (scenario.folder / "F-1-ubl.xml").read_text() == "mine"
