"""What a check has to say: one sentence about one thing, with where it is and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refused", "warning"]


@dataclass(frozen=True)
class Finding:
    """One result of a rule. ``message`` is French and complete: what, where, what to do.

    ``field`` is the name of the form field or model attribute it is about, None for the whole invoice.
    ``refused`` stops the sending; ``warning`` is worth a look and stops nothing.
    """

    rule: str
    message: str
    field: str | None = None
    severity: Severity = "refused"


def refusals(findings: list[Finding]) -> list[Finding]:
    """Those that stop the sending."""
    return [finding for finding in findings if finding.severity == "refused"]
