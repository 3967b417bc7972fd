"""`plainchant run` started, stopped by Ctrl-C, started again: what was there is there, and nothing is loaded twice."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from journeys.conftest import FirstStart, Restart


@pytest.mark.both_databases
def test_it_survives_ctrl_c_and_a_restart(first_start: FirstStart, restart: Restart) -> None:
    messages = [re.findall(r'href="/mailbox/\d+/"', start.mailbox) for start in (first_start, restart)]
    assert messages[0]
    assert messages[0] == messages[1]
    assert "Traceback" not in restart.printed
    assert restart.printed.count("Plainchant est prêt") == 2
    assert "ombeline@atelier.example" in restart.printed


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
