"""What a check has to say: one sentence about one thing, with where it is and how to mend it; what its id means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fatal", "warning"]


MAX_EACH = 2_000  # findings of one rule in one document; the others are counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a rule. ``message`` is French and complete: what, where, what to do.

    ``fatal`` breaks the rule-book it comes from (whether that stops the sending, the layer says); ``warning`` is
    worth a look and stops nothing.
    """

    rule: str
    message: str
    field: str | None = None  # name of the form field or model attribute it is about, None for the whole invoice
    severity: Severity = "fatal"
    terms: tuple[str, ...] = ()  # EN 16931's BT and BG
    path: str = ""  # where it stands in the file: an XPath with the usual prefixes
    line: int | None = None  # line of the file
    value: str = ""  # what was read there


def refusals(findings: list[Finding]) -> list[Finding]:
    """Those that stop the sending."""
    return [finding for finding in findings if finding.severity == "fatal"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, in French, for a person: ``mend`` is empty where the meaning says what to do.

    ``facts`` are lines to print below, such as the book and the days of a rule.
    """

    code: str
    meaning: str
    mend: str
    facts: tuple[str, ...]
