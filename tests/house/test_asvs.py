"""The table of ASVS names what is there: every requirement once, every test and document where it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools import asvs


def test_each_requirement_has_one_row_and_each_row_what_its_state_wants() -> None:
    assert list(asvs.faults(asvs.rows())) == []


def test_the_page_is_printed_from_the_table() -> None:
    assert asvs.PAGE.read_text(encoding="utf-8") == asvs.page(asvs.rows()), "Run `make docs`."


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"evidence": ("tests/house/test_asvs.py::test_nobody_wrote",)}, "is not there"),
        ({"evidence": ("tests/house/test_nothing.py::test_each",)}, "is not there"),
        ({"evidence": ("docs/security.md#nothing",)}, "no test is named"),
        ({"state": asvs.State.DOCUMENT}, "and no test"),
        ({"state": asvs.State.NOT_APPLICABLE}, "a reason is wanted"),
        ({"state": asvs.State.OPEN, "remark": ""}, "what is missing"),
        ({"number": "1.1.2"}, "1.1.2 has 2 rows"),
        ({"level": 1}, "V1 has 9 and 18 rows"),
    ],
)
def test_a_row_that_claims_too_much_is_found(changed: dict[str, object], fault: str) -> None:
    first, *others = asvs.rows()
    assert any(fault in found for found in asvs.faults([replace(first, **changed), *others]))  # type: ignore[arg-type]
