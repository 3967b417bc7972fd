"""`plainchant mcp` without a server that answers: nothing is handed in unasked, no file elsewhere is read."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import MCPError, StdioServerParameters

from plainchant.cli.remote import mcp_server
from plainchant.cli.remote.logins import KeptLogin
from plainchant.client import Credentials, Server
from tests.cli.assistants import with_assistant

T = TypeVar("T")
NOBODY = KeptLogin("nobody", Server.at("http://127.0.0.1:9"), Credentials("a", "b", "c", "d"), "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "invoices"
    inside.mkdir()
    (inside / "F-1.xml").write_text("<a/>")
    (tmp_path / "outside.xml").write_text("<a/>")
    return inside


def assistant(folder: Path, calls: Callable[[Any], Awaitable[T]], **options: Any) -> tuple[T, list[str]]:
    return asyncio.run(with_assistant(mcp_server.made(NOBODY, folder=folder), calls, **options))


async def deposit(client: Any) -> str:
    """Why nothing was handed in."""
    try:
        result = await client.call_tool("deposit", {"file": "F-1.xml"})
    except MCPError as error:  # of an assistant that cannot ask
        return str(error)
    assert result.is_error
    return str(result.content[0].text)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("answer", [None, "decline", "cancel", {"send": False}])
def test_nothing_is_handed_in_that_nobody_has_confirmed(folder: Path, answer: Any, mode: str) -> None:
    why, questions = assistant(folder, deposit, answer=answer, mode=mode)
    assert len(questions) == (answer is not None)
    assert "répond" not in why  # no server was called
    if answer is not None:
        assert "n’a pas été confirmé" in why


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_what_was_confirmed_leaves_and_the_question_says_what_it_is(folder: Path, mode: str) -> None:
    why, [question] = assistant(folder, deposit, answer={"send": True}, mode=mode)
    assert "http://127.0.0.1:9/api/oauth/token ne répond pas" in why
    assert question.startswith("Envoyer F-1.xml (4 octets, empreinte ")


@pytest.mark.parametrize("file", ["../outside.xml", "/etc/hostname", "absent.xml", "."])
def test_no_file_elsewhere_is_read(folder: Path, file: str) -> None:
    async def calls(client: Any) -> list[Any]:
        return [await client.call_tool(name, {"file": file, "to": "cii"}) for name in ("check", "convert", "deposit")]

    results, questions = assistant(folder, calls, answer={"send": True})
    assert not questions
    for result in results:
        assert result.is_error
        assert file in result.content[0].text


def test_a_large_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_server, "MOST_FILE", 3)
    why, questions = assistant(folder, deposit, answer={"send": True})
    assert ("dépasse" in why, questions) == (True, [])


def test_it_is_served_on_stdin(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "plainchant" / "logins.json"
    kept.parent.mkdir()
    row = {"token_url": NOBODY.server.token_url, "api_url": NOBODY.server.api_url, "is_plainchant": True,
           "client_id": "a", "client_secret": "b", "login": "c", "password": "d"}  # fmt: skip
    kept.write_text(json.dumps({"last": "nobody", "logins": {"nobody": row}}))
    kept.chmod(0o600)
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "plainchant.cli", "mcp", "--folder", str(folder)],
        env={"XDG_CONFIG_HOME": str(tmp_path), "PATH": os.environ["PATH"],
             "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    )  # fmt: skip

    async def calls(client: Any) -> Any:
        return (await client.call_tool("explain", {"code": "BR-S-08"})).structured_content

    explained, _ = asyncio.run(with_assistant(server, calls))
    assert explained["result"][0]["code"] == "BR-S-08"
