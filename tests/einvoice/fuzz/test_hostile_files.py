"""What is made to hurt gets an answer in little memory: each file through the command line, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainchant.einvoice.verdict import LAYERS
from tests.einvoice.fuzz.hostile_files import FILES, MEBIBYTE, ubl
from tests.forking import Forks, forks

MAX_MEMORY = 256 * MEBIBYTE
HANGS = 60  # seconds: a guard for the suite, no measure
# The peak of a fork's memory begins with what its parent holds, which the command would hold too. ru_maxrss would begin
# with the peak of the tests.
PRELUDE = """
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

os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
checked({honest!r})  # imports what is imported late
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    folder = tmp_path_factory.mktemp("forks")
    honest = folder / "facture.xml"
    honest.write_bytes(ubl(b""))
    with forks(PRELUDE.format(honest=str(honest)), folder=folder) as made:
        yield made


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_finding_in_bounded_memory(name: str, tmp_path: Path, loaded: Forks) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    done = loaded.run(f"code = checked({str(path)!r}); print(peak(), file=sys.stderr); sys.exit(code)", seconds=HANGS)
    assert done.status == 1, done.errors
    (line,) = done.printed.splitlines()
    answer = json.loads(line)
    assert answer["verdict"] == "refused"
    assert [layer["name"] for layer in answer["layers"]] == list(LAYERS)
    findings = [finding for layer in answer["layers"] for finding in layer["findings"]]
    assert findings
    assert all(len(finding["message"]) < 2000 and len(finding["value"]) <= 200 for finding in findings)
    assert int(done.errors.split()[-1]) * 1024 < MAX_MEMORY


def test_every_fault_beyond_the_first_thousands_is_counted(tmp_path: Path) -> None:
    from datetime import date

    from plainchant.einvoice.finding import MAX_EACH
    from plainchant.einvoice.verdict import check

    found = check(ubl(b"<cac:InvoiceLine/>" * (MAX_EACH + 10)), at=date(2026, 11, 3)).layer("en16931").findings
    missing = [one for one in found if one.rule == "BR-21"]
    assert len(missing) == MAX_EACH
    assert missing[-1].message.endswith("(10 autres endroits ont le même défaut.)")
    assert "autres endroits" not in missing[-2].message
