"""The unit tests that EN 16931's rules are published with, judged by our engine alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.einvoice.conformance.corpora import Assertion, assertions, unit_test_files
from tests.einvoice.conformance.engine import ids, verdict

# Published with version 1.3.16: 277 files for UBL, 2 for CII.
FILES = {"Invoice-unit-UBL": 206, "CreditNote-unit-UBL": 71, "cii": 2}
ASSERTIONS = {"error": 572, "success": 568, "warning": 2}


def wrong(assertion: Assertion) -> str | None:
    """What our engine says in place of what the test wants; None where they agree."""
    found = verdict(assertion.document.data)
    fatal, warnings = (ids(found, "en16931", severity=severity) for severity in ("fatal", "warning"))
    said = "error" if assertion.rule in fatal else "warning" if assertion.rule in warnings else "success"
    if said == assertion.outcome:
        return None
    return f"{assertion.document.name}: {assertion.rule} should be {assertion.outcome}, is {said}"


@pytest.mark.parametrize("folder", sorted(FILES))
def test_every_official_assertion_holds(shared: Path, folder: str) -> None:
    files = [file for file in unit_test_files(shared) if file.parent.name == folder]
    differences = [told for file in files for one in assertions(file) if (told := wrong(one))]
    assert len(files) == FILES[folder]
    assert differences == []


def test_no_official_assertion_was_overlooked(shared: Path) -> None:
    """1,140 errors and successes, and the two warnings."""
    outcomes = Counter(one.outcome for file in unit_test_files(shared) for one in assertions(file))
    assert outcomes == ASSERTIONS
    assert outcomes["error"] + outcomes["success"] == 1140
