"""The one list of VAT rates: by day, by territory, and the list of the norm."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.law.vat_rates import RATES, Territory, every_rate, rates, rates_to_offer, written

TODAY = date(2026, 11, 28)


def listed(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


@pytest.mark.parametrize(
    ("territory", "wanted"),
    [
        (None, ("20", "10", "5.5", "2.1", "8.5", "1.75", "1.05", "13", "0.9")),
        (Territory.MAINLAND, ("20", "10", "5.5", "2.1")),
        (Territory.CORSICA, ("20", "10", "5.5", "2.1", "13", "0.9")),
        (Territory.MARTINIQUE, ("8.5", "2.1", "1.75", "1.05")),
        (Territory.GUYANE, ()),
    ],
)
def test_each_territory_has_its_rates(territory: Territory | None, wanted: tuple[str, ...]) -> None:
    assert rates(at=TODAY, territory=territory) == listed(*wanted)
    assert rates(territory=territory) == listed(*wanted)  # no text has ended them


@pytest.mark.parametrize(
    ("day", "standard"),
    [((2000, 3, 31), "20.6"), ((2000, 4, 1), "19.6"), ((2013, 12, 31), "19.6"), ((2014, 1, 1), "20")],
)
def test_the_standard_rate_changed_from_one_day_to_the_next(day: tuple[int, int, int], standard: str) -> None:
    found = rates(at=date(*day), territory=Territory.MAINLAND)
    assert set(found) & set(listed("20.6", "19.6", "20")) == {Decimal(standard)}


def test_seven_per_cent_held_two_years() -> None:
    assert [Decimal(7) in rates(at=date(year, 6, 1)) for year in (2011, 2012, 2013, 2014)] == [False, True, True, False]


def test_the_list_of_the_norm_is_what_the_schematron_of_br_fr_16_prints() -> None:
    assert every_rate() == listed(
        "0", "0.9", "1.05", "1.75", "2.1", "5.5", "7", "8.5", "9.2", "9.6", "10", "13", "19.6", "20", "20.6"
    )  # fmt: skip


def test_a_seller_is_offered_the_rates_of_its_territory_first_and_zero_last() -> None:
    assert rates_to_offer(at=TODAY, territory=Territory.REUNION)[:4] == listed("8.5", "2.1", "1.75", "1.05")
    assert rates_to_offer(at=TODAY, territory=Territory.MAINLAND)[:4] == listed("20", "10", "5.5", "2.1")
    for territory in (*Territory, None):
        assert set(rates_to_offer(at=TODAY, territory=territory)) == {*rates(at=TODAY), Decimal(0)}
        assert rates_to_offer(at=TODAY, territory=territory)[-1] == 0


def test_a_rate_is_written_as_in_french() -> None:
    assert [written(rate) for rate in listed("20", "20.00", "5.50", "1.05", "0")] == ["20", "20", "5,5", "1,05", "0"]


def test_every_row_has_its_source() -> None:
    assert all(row.source.text for row in RATES)
