"""The thresholds of the franchise, year by year."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.franchise import THRESHOLDS, threshold
from plainchant.einvoice.law.french_vat import Activity

AT = date(2026, 11, 24)
WORKS, OTHER, SALES, SERVICES = Activity


def test_before_2020_no_threshold_is_known():
    with pytest.raises(NotKnown, match="31/12/2019"):
        threshold(activity=WORKS, at=date(2019, 12, 31))


@pytest.mark.parametrize(
    ("activity", "day", "base", "tolerance"),
    [
        (WORKS, date(2020, 1, 1), 44_500, 54_700),
        (WORKS, date(2022, 12, 31), 44_500, 54_700),
        (WORKS, date(2023, 1, 1), 47_700, 58_600),
        (WORKS, date(2024, 12, 31), 47_700, 58_600),
        (WORKS, date(2025, 1, 1), 50_000, 55_000),
        (WORKS, AT, 50_000, 55_000),
        (OTHER, date(2024, 12, 31), 19_600, 23_700),
        (OTHER, date(2025, 1, 1), 35_000, 38_500),
        (OTHER, AT, 35_000, 38_500),
        (SALES, date(2024, 12, 31), 91_900, 101_000),
        (SALES, date(2025, 1, 1), 85_000, 93_500),
        (SALES, AT, 85_000, 93_500),
        (SERVICES, date(2024, 12, 31), 36_800, 39_100),
        (SERVICES, date(2025, 1, 1), 37_500, 41_250),
        (SERVICES, date(2025, 3, 1), 37_500, 41_250),  # the 25,000 € voted for that day were never applied
        (SERVICES, AT, 37_500, 41_250),
    ],
)
def test_the_threshold_of_a_day(activity, day, base, tolerance):
    row = threshold(activity=activity, at=day)
    assert (row.base, row.tolerance) == (base, tolerance)


def test_on_no_day_do_two_rows_hold():
    for activity in Activity:
        rows = [row for row in THRESHOLDS if row.activity is activity]
        for before, after in pairwise(rows):
            assert before.until is not None
            assert (after.since - before.until).days == 1
        assert rows[-1].until is None
