"""What is made to hurt gets an answer in little memory: each file through the command line, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plainchant.einvoice.verdict import LAYERS
from tests.einvoice.fuzz.hostile_files import FILES, MEBIBYTE, ubl

MAX_MEMORY = 256 * MEBIBYTE
HANGS = 60  # seconds: a guard for the suite, no measure
# A process that has loaded the command, and is forked for each file: what the command takes to start is taken once, and
# counts for each, as the peak of a child's memory begins with what its parent holds. That of its own: ru_maxrss would
# begin with the peak of the tests.
SERVER = """
import os, signal, sys
from plainchant.cli import main

def checked(path):
    sys.argv = ["plainchant", "check", "--json", "--date", "2026-11-03", path]
    try:
        main()
    except SystemExit as ended:
        return ended.code

def peak():
    try:
        rows = open("/proc/self/status").read().splitlines()
    except OSError:
        return "0"
    return [row.split()[1] for row in rows if row.startswith("VmHWM")][0]

answers = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
honest, seconds = sys.argv[1:]
checked(honest)
for line in sys.stdin:
    path = line.rstrip("\\n")
    pid = os.fork()
    if pid == 0:
        signal.alarm(int(seconds))
        os.dup2(os.open(path + ".answer", os.O_WRONLY | os.O_CREAT), 1)
        code = checked(path)
        sys.stdout.flush()
        os.write(answers, f"{code} {peak()}\\n".encode())
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        os.write(answers, b"died 0\\n")
"""


@pytest.fixture(scope="module")
def check_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], tuple[str, str, int]]]:
    """What the command prints of a file, its exit code (« died » where it had none), and its memory's peak in bytes."""
    honest = tmp_path_factory.mktemp("honest") / "facture.xml"
    honest.write_bytes(ubl(b""))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(honest), str(HANGS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    asking, answers = server.stdin, server.stdout

    def check(path: Path) -> tuple[str, str, int]:
        asking.write(f"{path}\n")
        asking.flush()
        code, peak = answers.readline().split()
        return path.with_name(f"{path.name}.answer").read_text(encoding="utf-8"), code, int(peak) * 1024

    with server:
        yield check
        asking.close()


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_finding_in_bounded_memory(
    name: str, tmp_path: Path, check_file: Callable[[Path], tuple[str, str, int]]
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    printed, code, peak = check_file(path)
    assert code == "1"
    (line,) = printed.splitlines()
    answer = json.loads(line)
    assert answer["verdict"] == "refused"
    assert [layer["name"] for layer in answer["layers"]] == list(LAYERS)
    findings = [finding for layer in answer["layers"] for finding in layer["findings"]]
    assert findings
    assert all(len(finding["message"]) < 2000 and len(finding["value"]) <= 200 for finding in findings)
    assert peak < MAX_MEMORY


def test_every_fault_beyond_the_first_thousands_is_counted(tmp_path: Path) -> None:
    from datetime import date

    from plainchant.einvoice.finding import MAX_EACH
    from plainchant.einvoice.verdict import check

    found = check(ubl(b"<cac:InvoiceLine/>" * (MAX_EACH + 10)), at=date(2026, 11, 3)).layer("en16931").findings
    missing = [one for one in found if one.rule == "BR-21"]
    assert len(missing) == MAX_EACH
    assert missing[-1].message.endswith("(10 autres endroits ont le même défaut.)")
    assert "autres endroits" not in missing[-2].message
