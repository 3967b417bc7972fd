"""Whoever is started behind a closed gate goes on when it opens, and at once when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from plainchant.cli.gate import Gate, pass_gate


def test_nobody_passes_before_it_opens() -> None:
    order = []

    def comes() -> None:
        pass_gate()
        order.append("passed")

    gate = Gate()
    visitor = threading.Thread(target=comes)
    visitor.start()
    caller, _ = gate._keeper.accept()  # it has come
    order.append("opened")
    gate.open()
    caller.close()
    visitor.join()
    assert order == ["opened", "passed"]


def test_a_gate_that_is_open_or_was_never_there_keeps_nobody() -> None:
    pass_gate()
    Gate().open()
    pass_gate()


def test_a_gate_whose_keeper_is_gone_keeps_nobody() -> None:
    code = "import os; from plainchant.cli.gate import Gate; Gate(); print(os.environ['GATE_OF_PLAINCHANT'])"
    name = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    os.environ["GATE_OF_PLAINCHANT"] = name
    try:
        pass_gate()
    finally:
        del os.environ["GATE_OF_PLAINCHANT"]
