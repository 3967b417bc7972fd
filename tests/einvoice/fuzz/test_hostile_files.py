"""What is made to hurt gets an answer in little memory: each file through the command line, in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from plainchant.einvoice.verdict import LAYERS
from tests.einvoice.fuzz.hostile_files import FILES, MEBIBYTE

MAX_MEMORY = 256 * MEBIBYTE
HANGS = 60  # seconds: a guard for the suite, no measure
# The peak of the process's own memory: what the parent held when it forked is not counted, as it is in ru_maxrss.
RUN = """
import atexit, sys
from plainchant.cli import main

def peak():
    try:
        rows = open("/proc/self/status").read().splitlines()
    except OSError:
        return
    print([row.split()[1] for row in rows if row.startswith("VmHWM")][0], file=sys.stderr)

atexit.register(peak)
sys.argv = ["plainchant", "check", "--json", "--date", "2026-11-03", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_finding_in_bounded_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path)], capture_output=True, text=True, timeout=HANGS, check=False
    )
    assert done.returncode == 1, done.stderr
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert told["verdict"] == "refused"
    assert [layer["name"] for layer in told["layers"]] == list(LAYERS)
    findings = [finding for layer in told["layers"] for finding in layer["findings"]]
    assert findings
    assert all(len(finding["message"]) < 2000 and len(finding["value"]) <= 200 for finding in findings)
    peak = done.stderr.split()
    if peak:
        assert int(peak[-1]) * 1024 < MAX_MEMORY


def test_every_fault_beyond_the_first_thousands_is_counted(tmp_path: Path) -> None:
    from datetime import date

    from plainchant.einvoice.finding import MAX_EACH
    from plainchant.einvoice.verdict import check
    from tests.einvoice.fuzz.hostile_files import ubl

    found = check(ubl(b"<cac:InvoiceLine/>" * (MAX_EACH + 10)), at=date(2026, 11, 3)).layer("en16931").findings
    missing = [one for one in found if one.rule == "BR-21"]
    assert len(missing) == MAX_EACH
    assert missing[-1].message.endswith("(10 autres endroits ont le même défaut.)")
    assert "autres endroits" not in missing[-2].message
