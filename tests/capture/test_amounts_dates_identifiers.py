"""Amounts, dates and identifiers as people write them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainchant.capture.amounts import amounts_in, canonical, parse_digits
from plainchant.capture.dates import dates_in, labelled_dates_in
from plainchant.capture.identifiers import french_vat_sirens_in, ibans_in, sirets_in
from plainchant.capture.lines import plain


@pytest.mark.parametrize(
    "text",
    [
        "20 %", "20,00%", "12/03/2026", "2026-07", "n°12", "FA-2026-12", "1.2.3", "SIRET 123ABC", "3e", "12h30",
        "01 02 03 04 05 €x",
    ],
)  # fmt: skip
def test_what_is_not_an_amount_with_cents_is_not_taken_for_one(text: str) -> None:
    assert [amount for amount in amounts_in(text) if amount.sureness > 0.5] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56 €", "1234.56"), ("1.234,56", "1234.56"), ("1,234.56 EUR", "1234.56"), ("€ 1234.5", "1234.5"),
        ("12 345 678,90", "12345678.90"), ("-120,00", "-120.00"), ("1250 €", "1250"), ("1 250 euros", "1250"),
        ("0,00", "0.00"), ("130,272", "130.272"), ("1'234.56", "1234.56"), ("120€50", "120.50"),
        ("− 27,50 €", "-27.50"), ("(1 000,00) €", "-1000.00"), ("Total HT  (1 000,00 €)", "-1000.00"),
        ("Total : (27,50)", "-27.50"), ("Total TTC (1 200,00 €)", "1200.00"), ("soit (27,50 par mois)", "27.50"),
        ("(27,50", "27.50"), ("27,50)", "27.50"), ("(1250)", "1250"), ("(1 250 €)", "-1250"),
        ("160,30-", "-160.30"), ("160,30 – €", "-160.30"), ("160,30 € -", "-160.30"), ("1250 -", "1250"),
        ("1 200,-", "1200"), ("1.200,— €", "1200"), ("1 200 EUR", "1200"),
        ("€1,200.00", "1200.00"), ("1'200.00", "1200.00"), ("1′250,00", "1250.00"), ("1‘250,00", "1250.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_in_every_usual_notation(text: str, value: str) -> None:
    assert [amount.value for amount in amounts_in(text)] == [Decimal(value)]


def test_thousands_do_not_swallow_the_next_column() -> None:
    assert [amount.value for amount in amounts_in("2  500,00  1 000,00")] == [2, 500, 1000]


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_printed_the_french_way_is_read_back(value: Decimal) -> None:
    printed = f"{value:,.2f}".replace(",", " ").replace(".", ",")
    assert parse_digits(printed) == value
    assert canonical(parse_digits(printed)) == f"{value:.2f}"


@pytest.mark.parametrize("text", ["31/02/2026", "12/13/2026", "1/2/3/4", "2026", "10.11.12.13.14", "32 mars 2026"])
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert dates_in(plain(text)) == []


@pytest.mark.parametrize(
    "text",
    ["12/03/2026", "12.03.2026", "12-03-26", "12 mars 2026", "12 MARS 2026", "2026-03-12", "12 / 03 / 2026"],
)
def test_dates_are_read_in_every_usual_notation(text: str) -> None:
    assert [date.value for date in dates_in(plain(text))] == [datetime.date(2026, 3, 12)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("le premier mars deux mille vingt-six", "2026-03-01"), ("DEUX MARS DEUX MILLE VINGT SIX", "2026-03-02"),
        ("trente et un décembre deux mil trente", "2030-12-31"), ("vingt-et-un avril 2026", "2026-04-21"),
        ("dix-sept juin deux mille vingt-neuf", "2029-06-17"), ("3 mai deux mille vingt et un", "2021-05-03"),
        ("quatre mars deux mille quatre-vingt-dix-neuf", "2099-03-04"), ("le lundi 3 mars 2026", "2026-03-03"),
        ("2026.03.12", "2026-03-12"),
    ],
)  # fmt: skip
def test_dates_in_words_are_read(text: str, date: str) -> None:
    assert [found.value.isoformat() for found in dates_in(plain(text))] == [date]


def test_the_american_order_is_only_a_question() -> None:
    def read(text: str, *, is_english: bool) -> list[tuple[str, bool]]:
        return [(date.value.isoformat(), date.is_doubtful) for date in labelled_dates_in(text, is_english=is_english)]

    assert read("03/25/2026", is_english=False) == [("2026-03-25", True)]
    assert read("03/04/2026", is_english=True) == [("2026-04-03", True)]
    assert read("03/04/2026", is_english=False) == [("2026-04-03", False)]
    assert read("25/03/2026", is_english=True) == [("2026-03-25", False)]
    assert read("04/04/2026", is_english=True) == [("2026-04-04", False)]
    assert read("20260312 and 20261399", is_english=False) == [("2026-03-12", False)]


@pytest.mark.parametrize(
    ("text", "month"), [("1er août 2026", 8), ("1 févr. 2026", 2), ("1er décembre 2026", 12), ("01 déc. 2026", 12)]
)
def test_the_first_of_the_month_and_short_names_of_months_are_read(text: str, month: int) -> None:
    assert [date.value for date in dates_in(plain(text))] == [datetime.date(2026, month, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "90210001500012",
        "902 100 015 00012",
        "902 100 015 000 12",
        "902.100.015.00012",
        "902 100 015 – NIC 00012",
        "９０２１０００１５０００１２",
    ],
)
def test_a_siret_is_read_whatever_its_spaces(text: str) -> None:
    assert [(found.value, found.is_checked) for found in sirets_in(f"SIRET : {text} - APE")] == [
        ("90210001500012", True)
    ]


def test_a_siret_with_a_wrong_key_is_given_all_the_same() -> None:
    assert [(found.value, found.is_checked) for found in sirets_in("SIRET 12345678901234")] == [
        ("12345678901234", False)
    ]


def test_an_iban_is_not_taken_for_a_siret() -> None:
    assert list(sirets_in("IBAN FR76 3000 6000 0112 3456 7890 189")) == []


def test_an_iban_is_cut_where_its_country_says() -> None:
    found = list(ibans_in("IBAN : FR14 2004 1010 0505 0001 3M02 606 BIC PSSTFRPPLIL"))
    assert [(one.value, one.is_checked) for one in found] == [("FR1420041010050500013M02606", True)]


def test_a_french_vat_number_gives_its_siren_only_when_the_key_agrees() -> None:
    assert list(french_vat_sirens_in("TVA FR 57 902 100 015, FR58902100015")) == ["902100015"]
