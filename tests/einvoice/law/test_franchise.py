"""The thresholds of the franchise, year by year, and where a turnover stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.franchise import THRESHOLDS, Standing, stand, threshold
from plainchant.einvoice.law.french_vat import Activity

D = Decimal
AT = date(2026, 11, 24)
WORKS, OTHER, SALES, SERVICES = Activity


def test_before_2020_no_threshold_is_known_and_before_2025_nobody_is_judged():
    with pytest.raises(NotKnown, match="31/12/2019"):
        threshold(activity=WORKS, at=date(2019, 12, 31))
    with pytest.raises(NotKnown, match="Avant 2025"):
        stand(turnover={WORKS: D(1)}, at=date(2024, 12, 31))


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


@pytest.mark.parametrize(
    ("turnover", "last_year", "standing", "said"),
    [
        ("0", "0", Standing.UNDER, "Il vous reste 50 000,00 €"),
        ("32000", "0", Standing.UNDER, "Il vous reste 18 000,00 €"),
        ("50000", "50000", Standing.UNDER, "Il vous reste 0,00 €"),
        ("50000.01", "0", Standing.TOLERATED, "à partir du 1er janvier 2027"),
        ("55000", "0", Standing.TOLERATED, "jusqu’au 31 décembre 2026"),
        ("55000.01", "0", Standing.LIABLE, "depuis le jour où vous avez dépassé"),
        ("1", "50000.01", Standing.LIABLE, "depuis le 1er janvier 2026"),
    ],
)
def test_where_an_authors_works_stand(turnover, last_year, standing, said):
    (one,) = stand(turnover={WORKS: D(turnover)}, last_year={WORKS: D(last_year)}, at=AT)
    assert one.standing is standing
    assert said in one.sentence.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_authors_two_activities_each_have_their_threshold():
    works, other = stand(turnover={OTHER: D(36_000), WORKS: D(40_000)}, at=AT)
    assert (works.activity, works.standing) == (WORKS, Standing.UNDER)
    assert (other.activity, other.standing) == (OTHER, Standing.TOLERATED)


def test_another_business_is_judged_on_its_whole_turnover_and_on_its_services():
    whole, services = stand(turnover={SALES: D(60_000), SERVICES: D(30_000)}, at=AT)
    assert (whole.turnover, whole.standing) == (D(90_000), Standing.TOLERATED)
    assert (services.turnover, services.standing) == (D(30_000), Standing.UNDER)
    whole, services = stand(turnover={SERVICES: D(42_000)}, at=AT)
    assert (whole.standing, services.standing) == (Standing.UNDER, Standing.LIABLE)
