"""What the templates say of money, dates and numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.paginator import Paginator

from plainchant.web.templatetags import plainchant as tags

NARROW, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize("amount", [12.5, "12.50", True])
def test_money_refuses_what_is_not_a_decimal(amount: object) -> None:
    with pytest.raises(TypeError, match="takes a Decimal"):
        tags.money(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234.56"), "1 234,56 €"),
        (Decimal("1234567"), "1 234 567,00 €"),
        (Decimal("0"), "0,00 €"),
        (Decimal("0.0125"), "0,0125 €"),
        (Decimal("12.3400"), "12,34 €"),
        (Decimal("1E+3"), "1 000,00 €"),
        (Decimal("-40.5"), "−40,50 €"),
        (7, "7,00 €"),
        (None, ""),
    ],
)
def test_money_is_written_the_french_way_and_never_rounded(amount: Decimal | None, shown: str) -> None:
    assert tags.money(amount) == shown.replace(" ", NARROW)


def test_another_currency_is_shown_by_its_code() -> None:
    assert tags.money(Decimal("1234.5"), "CHF") == "1 234,50 CHF".replace(" ", NARROW)


@pytest.mark.parametrize("value", ["12345", "1234567890001A", "<b>"])
def test_what_is_not_a_siret_comes_back_as_it_was(value: str) -> None:
    assert tags.siret(value) == value
    assert not hasattr(tags.siret(value), "__html__")


def test_a_siret_is_grouped_and_kept_on_one_line() -> None:
    assert tags.siret("12345678900012") == f'<span class="siret">123{NARROW}456{NARROW}789{NARROW}00012</span>'
    assert tags.siret("123456789") == f'<span class="siret">123{NARROW}456{NARROW}789</span>'
    assert tags.siret(None) == ""


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (900, "900 octets"),
        (1024, "1 Ko"),
        (1536, "1,5 Ko"),
        (1024 * 1024 - 1, "1 Mo"),
        (10 * 1024 * 1024, "10 Mo"),
        (1_284_000, "1,2 Mo"),
        (3 * 1024**4, "3072 Go"),
        (None, ""),
    ],
)
def test_a_file_size_is_said_in_octets_ko_and_mo(size: int | None, shown: str) -> None:
    assert tags.filesize(size) == shown.replace(" ", NARROW)


def test_an_instant_without_its_zone_is_refused() -> None:
    naive = dt.datetime(2026, 12, 3, 14, 32)  # noqa: DTZ001
    for show in (tags.instant, tags.hour, tags.day):
        with pytest.raises(ValueError, match="time zone"):
            show(naive)


def test_a_day_is_written_in_full() -> None:
    assert tags.day(dt.date(2026, 12, 3)) == f"jeudi 3{FIXED}décembre 2026"
    assert tags.day(dt.date(2026, 8, 1)) == f"samedi 1er{FIXED}août 2026"
    assert tags.day_short(dt.date(2026, 12, 3)) == f"3{FIXED}déc.{FIXED}2026"
    assert tags.day(None) == tags.day_short(None) == ""


def test_an_instant_is_said_in_paris() -> None:
    late = dt.datetime(2026, 6, 30, 22, 5, tzinfo=dt.UTC)
    assert tags.instant(late) == f"1er{FIXED}juillet 2026 à{FIXED}0{FIXED}h{FIXED}05"
    assert tags.day(late) == f"mercredi 1er{FIXED}juillet 2026"
    winter = dt.datetime(2026, 12, 3, 13, 32, tzinfo=dt.UTC)
    assert tags.hour(winter) == f"14{FIXED}h{FIXED}32"
    assert tags.instant(None) == tags.hour(None) == ""


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (dt.date(2026, 12, 3), "Il reste 12 jours, jusqu’au jeudi 3 décembre 2026"),
        (dt.date(2026, 11, 22), "C’est demain, dimanche 22 novembre 2026"),
        (dt.date(2026, 11, 21), "C’est aujourd’hui, samedi 21 novembre 2026"),
        (dt.date(2026, 11, 20), "Dépassé depuis hier, vendredi 20 novembre 2026"),
        (dt.date(2026, 11, 18), "Dépassé de 3 jours : c’était le mercredi 18 novembre 2026"),
        (None, ""),
    ],
)
def test_a_delay_is_said_in_days_with_its_date(until: dt.date | None, said: str) -> None:
    assert tags.days_left(until, dt.date(2026, 11, 21)).replace(FIXED, " ") == said


def test_a_row_shorter_than_its_head_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tags.pair(["Numéro", "Montant"], ["F-1"])


def test_only_the_pages_around_this_one_get_a_link() -> None:
    assert list(tags.page_numbers(Paginator(range(400), 10).page(8))) == [1, "…", 7, 8, 9, "…", 40]


def test_an_iban_goes_on_with_a_whole_group_where_a_column_ends() -> None:
    assert tags.iban("FR7600000000010000000017736") == "FR76 0000 0000 0100 0000 0017 736"  # ordinary spaces
