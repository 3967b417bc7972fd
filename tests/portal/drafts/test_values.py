"""What people type as a day."""

from __future__ import annotations

from datetime import date

import pytest

from plainchant.portal.drafts.values import day


@pytest.mark.parametrize(
    "typed", ["3/11/26", "03/11/2026", "3.11.26", "2026-11-03", "3 novembre 2026", "le 3 novembre 2026"]
)
def test_a_day_is_understood_as_people_write_it(typed: str) -> None:
    assert day(typed) == date(2026, 11, 3)
