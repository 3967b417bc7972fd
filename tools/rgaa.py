"""Prints docs/rgaa.md and what the page of accessibility says of it, and finds what its table names that is not there.

    python -m tools.rgaa             writes both
    python -m tools.rgaa --check     fails if one is out of date, or a row is not in order

`rgaa.tsv` has a row for each criterion of RGAA 4.1: number, state, what it asks in a few French words of ours,
evidence (as in `asvs.tsv`), remark. The remark of what is open is read by the portal's visitors.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tools.asvs import is_there, shown

ROOT = Path(__file__).parents[1]
TABLE, PAGE = ROOT / "tools" / "rgaa.tsv", ROOT / "docs" / "rgaa.md"
FIGURES = ROOT / "src" / "plainchant" / "web" / "templates" / "home" / "_rgaa.html"


class Conformity(StrEnum):
    """What can be said of a criterion."""

    TEST = "test"
    LOOKED_AT = "looked at"
    NOT_APPLICABLE = "not applicable"
    OPEN = "open"


MEANING = {
    Conformity.TEST: "met, and a test fails where it can see that it no longer is",
    Conformity.LOOKED_AT: "met as far as somebody who reads the code and the pages can see",
    Conformity.NOT_APPLICABLE: "about something that is not here",
    Conformity.OPEN: "not met, or not known to be: the remark says what is missing",
}
# Themes: their subject, and how many criteria each has.
THEMES = {
    1: ("Images", 9),
    2: ("Cadres", 2),
    3: ("Couleurs", 3),
    4: ("Multimédia", 13),
    5: ("Tableaux", 8),
    6: ("Liens", 2),
    7: ("Scripts", 5),
    8: ("Éléments obligatoires", 10),
    9: ("Structuration de l’information", 4),
    10: ("Présentation de l’information", 14),
    11: ("Formulaires", 13),
    12: ("Navigation", 11),
    13: ("Consultation", 12),
}


@dataclass(frozen=True)
class CriterionRow:
    number: str
    state: Conformity
    asks: str
    evidence: tuple[str, ...]
    remark: str


def rows() -> list[CriterionRow]:
    """The table. ValueError for a line that is none of it."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        number, state, asks, evidence, remark = (line.split("\t") + [""] * 5)[:5]
        found.append(CriterionRow(number, Conformity(state), asks, tuple(evidence.split()), remark))
    return found


def faults(table: list[CriterionRow]) -> Iterator[str]:
    """What is wrong with the table: criteria missing or not in order, evidence that is not there or not given."""
    wanted = [f"{theme}.{number}" for theme, (_, count) in THEMES.items() for number in range(1, count + 1)]
    if [row.number for row in table] != wanted:
        yield "the rows are not those of the 106 criteria, in order"
    for row in table:
        has_test = any("::" in evidence for evidence in row.evidence)
        if row.state is Conformity.TEST and not has_test:
            yield f"{row.number}: no test is named"
        if row.state is Conformity.LOOKED_AT and not row.evidence:
            yield f"{row.number}: it does not say what was looked at"
        if row.state in (Conformity.NOT_APPLICABLE, Conformity.OPEN) and (row.evidence or not row.remark):
            yield f"{row.number}: a reason is wanted, and no evidence"
        yield from (f"{row.number}: {evidence} is not there" for evidence in row.evidence if not is_there(evidence))


def figures(table: list[CriterionRow]) -> tuple[int, int, int]:
    """How many criteria a test guards, how many are met as far as somebody has looked, how many are open."""
    count = Counter(row.state for row in table)
    return count[Conformity.TEST], count[Conformity.LOOKED_AT], count[Conformity.OPEN]


def page(table: list[CriterionRow]) -> str:
    """The table in Markdown, theme by theme, the counts on top."""
    count = Counter(row.state for row in table)
    tested, looked_at, left = figures(table)
    lines = [
        "# RGAA 4.1, criterion by criterion",
        "",
        "Printed from `tools/rgaa.tsv` by `make docs`; do not edit here. No auditor has looked: this is what we find "
        "ourselves, and the page `/accessibilite/` of a portal says so.",
        "",
        "Numbers are those of the standard, where their wording is: "
        "<https://accessibilite.numerique.gouv.fr/methode/criteres-et-tests/>. The words here are ours, in French, "
        "since visitors read some of them. `tests/house/test_rgaa.py` looks for every test and file that is named.",
        "",
        f"Of the {tested + looked_at + left} criteria that apply, {tested} are guarded by a test, {looked_at} are met "
        f"as far as we see, {left} are open.",
        "",
        "| state | criteria | means |",
        "|---|---|---|",
    ]
    lines += [f"| {state} | {count[state]} | {MEANING[state]} |" for state in Conformity]
    for theme, (subject, _) in THEMES.items():
        lines += ["", f"## {theme} {subject}", "", "| number | asks | state | by | remark |", "|---|---|---|---|---|"]
        for row in table:
            if row.number.partition(".")[0] == str(theme):
                by = "<br>".join(map(shown, row.evidence))
                lines.append(f"| {row.number} | {row.asks} | {row.state} | {by} | {row.remark} |")
    return "\n".join(lines) + "\n"


def figures_page(table: list[CriterionRow]) -> str:
    """The part of the portal's page of accessibility that the table decides."""
    tested, looked_at, left = figures(table)
    lines = [
        "{% comment %}Printed from tools/rgaa.tsv by `make docs`; do not edit here.{% endcomment %}",
        "<p>Nous avons fait notre propre relevé des 106 critères du référentiel. "
        f"{tested + looked_at + left} concernent ce portail. {tested} sont gardés par un test. {looked_at} nous "
        f"semblent respectés à la lecture, sans que personne d’autre l’ait vérifié. {left} ne le sont pas encore.</p>",
        "<h2>Ce qui n’est pas accessible</h2>",
        "<ul>",
        *(f"  <li>{row.remark} (critère {row.number})</li>" for row in table if row.state is Conformity.OPEN),
        "</ul>",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    table = rows()
    found = list(faults(table))
    for path, text in ((PAGE, page(table)), (FIGURES, figures_page(table))):
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(ROOT)} is out of date. Run `make docs`.")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
