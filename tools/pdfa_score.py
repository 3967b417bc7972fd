"""Scores the PDF/A-3 probe on labelled files and prints the tables of docs/pdfa-probe.md as markdown.

    python tools/pdfa_score.py FOLDER [FOLDER…]
    python tools/pdfa_score.py --rows

A file is labelled by its name, as in the corpus of veraPDF: "… 6-2-11-4-1-t01-fail-a.pdf" breaks clause 6.2.11.4.1,
"…-pass-a.pdf" nothing. Files of PDF/A-1 and without a label are left out. Files of part 2 count: but for embedded
files its clauses are those of part 3. A finding that says the probe could not look is no detection.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.pdfa.table import PROBES

_LABEL = re.compile(r"-(pass|fail)(?:-[a-z0-9]+)?\.pdf$", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:^|\s)(\d+(?:-\d+)+)-t\d+-(?:pass|fail)", re.IGNORECASE)
_PART_1 = re.compile(r"PDF_A-1|pdfa1", re.IGNORECASE)
_PART_3 = re.compile(r"PDF_A-3|pdfa3", re.IGNORECASE)
_OTHER = re.compile(r"PDF_A-4|PDF_UA|ISO 32000", re.IGNORECASE)
_NO_DETECTION = {"PDFA-INCOMPLET"}


def labelled(folder: Path) -> Iterator[tuple[Path, bool]]:
    """(file, whether it is labelled as good)."""
    for path in sorted(folder.rglob("*.pdf")):
        match = _LABEL.search(path.name)
        if match is not None and not _PART_1.search(str(path)) and not _OTHER.search(str(path)):
            yield path, match[1].lower() == "pass"


def part_of(path: Path) -> int:
    return 3 if _PART_3.search(str(path)) else 2


def clause_of(path: Path) -> str:
    match = _CLAUSE.search(path.name)
    return match[1].replace("-", ".") if match else "other"


def is_near(one: str, other: str) -> bool:
    """6.2.8 and 6.2.8.1 speak of the same."""
    return (one + ".").startswith(other + ".") or (other + ".").startswith(one + ".")


def score(folders: list[Path]) -> None:
    good: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    missed, false = [], []
    for folder in folders:
        for path, is_good in labelled(folder):
            rules = [row.rule for row in probe(path.read_bytes(), part=part_of(path)) if row.rule not in _NO_DETECTION]
            clause = clause_of(path)
            if is_good:
                good[clause] += 1
                if rules:
                    alarms[clause] += 1
                    false.append(f"{path.name}: {', '.join(rules)}")
                continue
            bad[clause] += 1
            if rules:
                found[clause] += 1
            else:
                missed.append(path.stem.rpartition(" ")[2])
            named[clause] += any(is_near(PROBES[rule].clause, clause) for rule in rules)
    hits, wrong, all_bad = found.total(), alarms.total(), bad.total()
    print(f"{good.total()} good files, {all_bad} broken ones.\n")
    print("| what | value |\n|---|---|")
    print(f"| false alarms | {wrong} of {good.total()} good files |")
    print(f"| precision | {_share(hits, hits + wrong)} |")
    print(f"| recall | {_share(hits, all_bad)} ({hits} of {all_bad}) |")
    print(f"| recall, naming the clause of the label | {_share(named.total(), all_bad)} ({named.total()}) |\n")
    print("| clause | good files | false alarms | broken files | found | clause named |\n|---|---|---|---|---|---|")
    for clause in sorted({*good, *bad}, key=_order):
        print(f"| {clause} | {good[clause]} | {alarms[clause]} | {bad[clause]} | {found[clause]} | {named[clause]} |")
    for title, rows in (("False alarms", false), ("Missed", missed)):
        if rows:
            print(f"\n{title}: {', '.join(rows)}.")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _order(clause: str) -> list[int]:
    return [int(part) for part in clause.split(".")] if clause[0].isdigit() else [99]


def rows() -> None:
    print("| id | clause | what is looked at |\n|---|---|---|")
    for row in PROBES.values():
        print(f"| {row.id} | {row.clause} | {row.looked_at} |")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments == ["--rows"]:
        rows()
    elif arguments:
        score([Path(one) for one in arguments])
    else:
        print(__doc__)
