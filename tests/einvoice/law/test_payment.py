"""What a public body owes, and by when: limits, lump sum, interest."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.mentions import TO_PUBLIC_BUYERS, payment_terms
from plainchant.einvoice.law.payment import (
    CENTRAL_BANK_RATES,
    LEGAL_INTEREST_RATES,
    LIMITS,
    PAYER_CATEGORIES,
    days_after_suspension,
    interest_rate,
    legal_interest_rate,
    lump_sum,
    payment_limit,
)


@pytest.mark.parametrize(
    ("category", "days"), [("ETAT", 30), ("LOCAL", 30), ("SANTE", 50), ("ENTREPRISE", 60), ("", 30), ("AUTRE", 30)]
)
@pytest.mark.parametrize("at", [None, date(2012, 1, 1), date(2026, 11, 28)])
def test_each_kind_of_payer_has_its_days_and_an_unknown_one_the_most_common(category: str, days: int, at: date) -> None:
    assert payment_limit(category=category, at=at).days == days


def test_every_category_has_a_limit() -> None:
    assert {row.category for row in LIMITS} == {"", *(row.code for row in PAYER_CATEGORIES)}


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        ((2022, 12, 31), "8"),
        ((2023, 2, 1), "10.50"),  # some pages print 11: the rate is that of 1 January
        ((2024, 6, 30), "12.50"),
        ((2024, 7, 1), "12.25"),
        ((2026, 1, 1), "10.15"),
        ((2026, 12, 31), "10.40"),
    ],
)
def test_interest_is_the_central_banks_rate_of_the_half_year_and_eight_points(
    day: tuple[int, int, int], percent: str
) -> None:
    assert interest_rate(at=date(*day)) == Decimal(percent)


def test_a_half_year_that_is_not_in_the_table_is_not_guessed() -> None:
    with pytest.raises(NotKnown, match="01/01/2027"):
        interest_rate(at=date(2027, 1, 1))


def test_the_half_years_follow_one_another_without_a_gap() -> None:
    pairs = itertools.pairwise(CENTRAL_BANK_RATES)
    assert all(before.until and (after.since - before.until).days == 1 for before, after in pairs)


def test_the_mentions_on_an_invoice_say_what_the_tables_say() -> None:
    assert lump_sum() == 40
    assert days_after_suspension() == 30
    assert "majoré de 8 points" in TO_PUBLIC_BUYERS["PMD"]
    assert "40 €" in TO_PUBLIC_BUYERS["PMT"]
    assert "R2192-11" in payment_terms(60)
    assert "R2192-10" in payment_terms(30)


def test_the_legal_rates_follow_one_another_without_a_gap_and_are_not_guessed() -> None:
    pairs = itertools.pairwise(LEGAL_INTEREST_RATES)
    assert all(before.until and (after.since - before.until).days == 1 for before, after in pairs)
    assert legal_interest_rate(at=date(2026, 6, 30)).percent == Decimal("2.62")
    with pytest.raises(NotKnown, match="01/07/2026"):
        legal_interest_rate(at=date(2026, 7, 1))
