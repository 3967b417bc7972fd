"""Prints docs/asvs.md, and says what its table names that is not there.

    python tools/asvs.py             writes the page
    python tools/asvs.py --check     fails if the page is out of date, or a row is not in order

`asvs.tsv` has a row for each requirement of levels 1 and 2 of OWASP ASVS 5.0: number, level, state, what it asks in
a few words of ours, evidence (tests as file::function, files, headings of documents), remark.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE, PAGE = ROOT / "tools" / "asvs.tsv", ROOT / "docs" / "asvs.md"
VERSION = "5.0.0"


class State(StrEnum):
    """What can be said of a requirement."""

    TEST = "test"
    DOCUMENT = "document"
    NOT_APPLICABLE = "not applicable"
    OPEN = "open"


MEANING = {
    State.TEST: "met, and a test fails if it no longer is",
    State.DOCUMENT: "met by a document, or by code that no test of its own looks at",
    State.NOT_APPLICABLE: "about something that is not here",
    State.OPEN: "not met, or not wholly: the remark says what is missing",
}
# Chapters: their subject, and how many requirements levels 1 and 2 have.
CHAPTERS = {
    1: ("Encoding and what is executed", 8, 19),
    2: ("Validation and the rules of the trade", 4, 7),
    3: ("Browsers", 8, 11),
    4: ("HTTP", 2, 8),
    5: ("Files", 4, 5),
    6: ("Logging in", 13, 22),
    7: ("Sessions", 6, 12),
    8: ("Rights", 4, 3),
    9: ("Tokens that carry their own contents", 4, 3),
    10: ("OAuth and OpenID Connect", 5, 24),
    11: ("Cryptography", 3, 11),
    12: ("Connections", 3, 6),
    13: ("Settings", 1, 12),
    14: ("Data", 2, 7),
    15: ("Code and its parts", 3, 10),
    16: ("Logs and errors", 0, 16),
    17: ("WebRTC", 0, 7),
}


@dataclass(frozen=True)
class Row:
    number: str
    level: int
    asks: str
    state: State
    evidence: tuple[str, ...]
    remark: str

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(map(int, self.number.split(".")))


def rows() -> list[Row]:
    """The table. ValueError for a line that is none of it."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        number, level, state, asks, evidence, remark = (line.split("\t") + [""] * 6)[:6]
        found.append(Row(number, int(level), asks, State(state), tuple(evidence.split()), remark))
    return found


def faults(table: list[Row]) -> Iterator[str]:
    """What is wrong with the table: rows missing or twice, evidence that is not there or not given."""
    if [row.number for row in table] != [row.number for row in sorted(table, key=lambda row: row.order)]:
        yield "the rows are not in order"
    for number, times in Counter(row.number for row in table).items():
        if times > 1:
            yield f"{number} has {times} rows"
    for chapter, (_, first, second) in CHAPTERS.items():
        levels = Counter(row.level for row in table if row.order[0] == chapter)
        if levels != Counter({level: most for level, most in ((1, first), (2, second)) if most}):
            yield f"V{chapter} has {levels[1]} and {levels[2]} rows of levels 1 and 2, not {first} and {second}"
    for row in table:
        yield from (f"{row.number}: {fault}" for fault in _faults_of(row))


def _faults_of(row: Row) -> Iterator[str]:
    tests = [evidence for evidence in row.evidence if "::" in evidence]
    if not row.asks:
        yield "it does not say what is asked"
    if row.state is State.TEST and not tests:
        yield "no test is named"
    if row.state is State.DOCUMENT and (not row.evidence or tests):
        yield "a document or a file proves it, and no test"
    if row.state is State.NOT_APPLICABLE and (row.evidence or not row.remark):
        yield "a reason is wanted, and no evidence"
    if row.state is State.OPEN and not row.remark:
        yield "it does not say what is missing"
    for evidence in row.evidence:
        if not is_there(evidence):
            yield f"{evidence} is not there"


def is_there(evidence: str) -> bool:
    """Whether the test, file or heading is where this says: file::test, file or file#heading."""
    name, _, test = evidence.partition("::")
    name, _, heading = name.partition("#")
    path = ROOT / name
    if not path.is_file():
        return False
    if test:
        return test in _tests(path)
    return not heading or heading in _headings(path)


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def _headings(path: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def page(table: list[Row]) -> str:
    """The table in Markdown, chapter by chapter, the counts on top."""
    count = Counter((row.level, row.state) for row in table)
    lines = [
        f"# OWASP ASVS {VERSION}, levels 1 and 2",
        "",
        "Printed from `tools/asvs.tsv` by `make docs`; do not edit here. What is defended and against whom: "
        "[security.md](security.md).",
        "",
        "Numbers are those of the standard, where their wording is: "
        "<https://owasp.org/www-project-application-security-verification-standard/>. "
        "The words here are ours, and short. "
        "`tests/house/test_asvs.py` looks for every test and document that is named.",
        "",
        "| state | level 1 | level 2 | means |",
        "|---|---|---|---|",
    ]
    lines += [f"| {state} | {count[1, state]} | {count[2, state]} | {MEANING[state]} |" for state in State]
    totals = [sum(row.level == level for row in table) for level in (1, 2)]
    lines += [f"| all | {totals[0]} | {totals[1]} | |", ""]
    lines += ["Open: " + ", ".join(row.number for row in table if row.state is State.OPEN) + "."]
    for chapter, (subject, *_) in CHAPTERS.items():
        lines += ["", f"## V{chapter} {subject}", "", "| number | level | asks | state | by | remark |"]
        lines += ["|---|---|---|---|---|---|"]
        for row in table:
            if row.order[0] == chapter:
                by = "<br>".join(map(shown, row.evidence))
                lines.append(f"| {row.number} | {row.level} | {row.asks} | {row.state} | {by} | {row.remark} |")
    return "\n".join(lines) + "\n"


def shown(evidence: str) -> str:
    """A link to it from a page of docs/."""
    name, _, test = evidence.partition("::")
    if test:
        return f"`{test}` in [{name.removeprefix('tests/')}](../{name})"
    link = name.removeprefix("docs/") if name.startswith("docs/") else f"../{name}"
    return f"[{name.removeprefix('docs/')}]({link})"


def main(arguments: list[str]) -> int:
    table = rows()
    found = list(faults(table))
    text = page(table)
    if "--check" in arguments:
        if PAGE.read_text(encoding="utf-8") != text:
            found.append("docs/asvs.md is out of date. Run `make docs`.")
    else:
        PAGE.write_text(text, encoding="utf-8")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
