"""What our engine says of a document, in the oracle's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from plainchant.einvoice.profiles import Profile, profile_of
from plainchant.einvoice.verdict import Verdict, check
from tests.einvoice.conformance.oracle import RuleSet

AT = date(2026, 11, 3)
# The official ids. Ours (PLC-…) are told beside them, and no oracle knows them.
OFFICIAL = re.compile(r"(BR-(?!FR-CPRO)|UBL-(SR|DT|CR)-|CII-(SR|DT)-)")


def verdict(data: bytes) -> Verdict:
    return check(data, at=AT)


def ids(found: Verdict, rules: RuleSet, *, severity: str | None = None) -> frozenset[str]:
    """The official ids our verdict tells in a layer. BR-FR's are compared without severity: it depends on the day."""
    layer = found.layer(rules)
    assert layer.status != "skipped", layer.why
    return frozenset(
        finding.rule
        for finding in layer.findings
        if (severity is None or finding.severity == severity) and OFFICIAL.match(finding.rule)
    )


def own_profile(found: Verdict) -> Profile | None:
    """The profile a document is judged by, where that is not the whole of EN 16931."""
    invoice = found.reading.invoice if found.reading is not None else None
    profile = profile_of(invoice.specification) if invoice is not None else None
    if profile is None or found.syntax is None or found.syntax.vocabulary not in profile.syntaxes:
        return None
    return profile if profile.only is not None or profile.without else None


def told(rules: Iterable[str]) -> str:
    return " ".join(sorted(rules)) or "nothing"
