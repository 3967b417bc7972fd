"""The table of RGAA names what is there, and the page of accessibility says what the table says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools import rgaa


def test_each_criterion_has_one_row_and_each_row_what_its_state_wants() -> None:
    assert list(rgaa.faults(rgaa.rows())) == []


def test_both_pages_are_printed_from_the_table() -> None:
    table = rgaa.rows()
    assert rgaa.PAGE.read_text(encoding="utf-8") == rgaa.page(table), "Run `make docs`."
    assert rgaa.FIGURES.read_text(encoding="utf-8") == rgaa.figures_page(table), "Run `make docs`."


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"evidence": ("tests/house/test_rgaa.py::test_nobody_wrote",)}, "is not there"),
        ({"evidence": ("docs/rgaa.md",)}, "no test is named"),
        ({"state": rgaa.Conformity.LOOKED_AT, "evidence": ()}, "what was looked at"),
        ({"state": rgaa.Conformity.OPEN, "remark": ""}, "a reason is wanted"),
        ({"number": "1.2"}, "in order"),
    ],
)
def test_a_row_that_claims_too_much_is_found(changed: dict[str, object], fault: str) -> None:
    first, *others = rgaa.rows()
    assert any(fault in found for found in rgaa.faults([replace(first, **changed), *others]))  # type: ignore[arg-type]
