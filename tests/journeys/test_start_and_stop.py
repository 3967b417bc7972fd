"""`plainchant run` started, stopped by Ctrl-C, started again: what was there is there, and nothing is loaded twice."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.conftest import _database_of_its_own, _free_port, portal


def _text(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.both_databases
def test_it_survives_ctrl_c_and_a_restart(tmp_path: Path) -> None:
    port = _free_port()
    log = tmp_path / "run.log"
    with _database_of_its_own(f"plainchant_restart_{port}") as database:
        with portal(tmp_path, port=port, database=database, log=log) as address:
            first = _text(f"{address}/mailbox/")
        with portal(tmp_path, port=port, database=database, log=log) as address:
            assert len(re.findall('href="/mailbox/\\d+/"', _text(f"{address}/mailbox/"))) == len(
                re.findall('href="/mailbox/\\d+/"', first)
            )
    said = log.read_text()
    assert "Traceback" not in said
    assert said.count("Plainchant est prêt") == 2
    assert "ombeline@atelier.example" in said


def test_a_port_already_taken_is_said_with_another_to_try(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        tried = subprocess.run(
            [sys.executable, "-m", "plainchant.cli", "run", "--port", port],
            env={"PATH": "", "PLAINCHANT_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert tried.returncode != 0
    assert "déjà pris" in tried.stderr
    assert "PLAINCHANT_PORT=" in tried.stderr
