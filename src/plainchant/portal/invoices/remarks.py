"""Remarks: what was worth a look in an invoice when it was taken, and did not stop it. Frozen with it, for both sides.

They are the warnings of the layers that decide, whichever way the invoice came in. What only its supplier can settle
before it sends (a document read otherwise than it was typed) is said to the supplier then, and is no remark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from plainchant.einvoice.books import SHELVES
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.verdict import DECIDING

MAX_EACH = 10  # sentences of one rule, so that no rule is hidden behind a thousand of another
# How a file follows its profile is for whoever made the software: it stands in the report of the flow.
_RULES = {rule for shelf in SHELVES if shelf.layer in DECIDING for rule in shelf.rules} - {"XSD-PROFIL"}


def remarks_of(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The findings that an invoice keeps, as its column holds them. The last of too many of a rule counts the rest."""
    kept = [finding for finding in findings if finding.severity == "warning" and finding.rule in _RULES]
    left, remarks = Counter(finding.rule for finding in kept), []
    met: Counter[str] = Counter()
    for finding in kept:
        met[finding.rule] += 1
        left[finding.rule] -= 1
        if met[finding.rule] <= MAX_EACH:
            more = left[finding.rule] if met[finding.rule] == MAX_EACH else 0
            message = finding.message + (f" Et {more} de plus du même genre." if more else "")
            remarks.append({"rule": finding.rule, "message": message, "field": finding.field or ""})
    return remarks
