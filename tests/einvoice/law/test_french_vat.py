"""VAT by what is sold, regime, place and day; every coding on an invoice that the engine accepts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.codes.en16931 import EXEMPTION_REASONS
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.french_vat import (
    OUTSIDE,
    SUPPLIES,
    VAT_REGIME_OF,
    WITHOUT_VAT,
    Regime,
    type_tva,
    vat_category,
)
from plainchant.einvoice.law.vat_rates import Territory, territory_of
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.einvoice.making.composing import Coding, Nature, compose
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.making.authors.invoices import ANSWERS, AT, sheet

D = Decimal
OVERSEAS = (Territory.GUADELOUPE, Territory.MARTINIQUE, Territory.REUNION)
RATED = {  # supply → mainland, overseas
    "WORK": ("5.5", "2.1"),
    "MULTIPLE": ("20", "8.5"),
    "RIGHTS": ("10", "2.1"),
    "READING": ("10", "2.1"),
    "PRESENTATION": ("10", "2.1"),
    "MEETING": ("20", "8.5"),
    "WORKSHOP": ("20", "8.5"),
    "TECHNICAL": ("20", "8.5"),
    "GOODS": ("20", "8.5"),
    "SERVICE": ("20", "8.5"),
}


def test_before_the_tables_begin_the_rate_is_not_guessed():
    with pytest.raises(NotKnown, match="31/12/2019"):
        vat_category(supply="WORK", regime=Regime.LIABLE, territory=Territory.MAINLAND, at=date(2019, 12, 31))


@pytest.mark.parametrize("postcode", ["97500", "97133", "97150", "98600", "98713", "98800"])
def test_a_place_with_taxes_of_its_own_has_no_rate_here(postcode):
    with pytest.raises(NotKnown, match=postcode):
        territory_of(postcode=postcode)


@pytest.mark.parametrize(
    ("postcode", "territory"),
    [
        ("75001", Territory.MAINLAND),
        ("20200", Territory.CORSICA),
        ("97110", Territory.GUADELOUPE),
        ("97200", Territory.MARTINIQUE),
        ("97300", Territory.GUYANE),
        ("97400", Territory.REUNION),
        ("97600", Territory.MAYOTTE),
        ("", Territory.MAINLAND),
    ],
)
def test_a_postcode_names_its_territory(postcode, territory):
    assert territory_of(postcode=postcode) is territory


def test_every_supply_has_its_rates():
    assert set(RATED) == {supply.code for supply in SUPPLIES}
    assert all(supply.source.text for supply in SUPPLIES)


@pytest.mark.parametrize(("supply", "rates"), RATED.items())
def test_the_rate_of_each_supply_in_each_territory(supply, rates):
    mainland, overseas = rates
    for territory, rate in [
        (Territory.MAINLAND, mainland),
        (Territory.CORSICA, mainland),
        *((one, overseas) for one in OVERSEAS),
    ]:
        category = vat_category(supply=supply, regime=Regime.LIABLE, territory=territory, at=AT)
        assert (category.code, category.rate) == ("S", D(rate))
        assert category.exemption_reason is None


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2027, 9, 1)])
def test_the_author_rates_have_not_moved_since_2020(day):
    for supply, (mainland, _) in RATED.items():
        category = vat_category(supply=supply, regime=Regime.LIABLE, territory=Territory.MAINLAND, at=day)
        assert category.rate == D(mainland)


def test_the_franchise_is_coded_as_the_lists_want_it():
    category = vat_category(supply="RIGHTS", regime=Regime.FRANCHISE, territory=Territory.MAINLAND, at=AT)
    assert (category.code, category.rate) == ("E", 0)
    assert category.exemption_reason == "TVA non applicable, art. 293 B du CGI"
    assert category.exemption_reason_code == "VATEX-FR-FRANCHISE"


def test_an_association_names_its_article_and_guyane_and_mayotte_are_outside_vat_whatever_the_regime():
    category = vat_category(supply="SERVICE", regime=Regime.NON_PROFIT, territory=Territory.MAINLAND, at=AT)
    assert (category.code, category.exemption_reason_code) == ("E", "VATEX-FR-CGI261-7")
    for territory in (Territory.GUYANE, Territory.MAYOTTE):
        for regime in Regime:
            outside = vat_category(supply="WORK", regime=regime, territory=territory, at=AT)
            assert (outside.code, outside.rate, outside.exemption_reason_code) == ("O", None, "VATEX-EU-O")
    codes = {row.code for row, _ in (*WITHOUT_VAT.values(), OUTSIDE)}
    assert codes <= EXEMPTION_REASONS


@pytest.mark.parametrize("write", [write_cii, write_ubl])
@pytest.mark.parametrize("territory", list(Territory))
@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("code", ANSWERS)
def test_every_coding_passes_the_norm_and_the_french_rules(code, regime, territory, write):
    made = sheet(code, regime=regime, territory=territory)
    verdict = check(write(compose(made, coding=Coding.REFORM)), at=AT)
    assert [finding for name in ("schema", "en16931", "fr", "cpro") for finding in verdict.layer(name).findings] == []


@pytest.mark.parametrize(
    ("code", "regime", "territory", "wanted"),
    [
        ("RIGHTS", Regime.FRANCHISE, Territory.MAINLAND, "SANS_TVA"),
        ("RIGHTS", Regime.LIABLE, Territory.MAINLAND, "TVA_SUR_ENCAISSEMENT"),
        ("SALE", Regime.LIABLE, Territory.MAINLAND, "TVA_SUR_DEBIT"),
        ("COMMISSION", Regime.LIABLE, Territory.MAINLAND, "TVA_SUR_ENCAISSEMENT"),
        ("VISIT", Regime.NON_PROFIT, Territory.MAINLAND, "EXONERATION"),
        ("SALE", Regime.LIABLE, Territory.MAYOTTE, "EXONERATION"),
    ],
)
def test_the_portals_own_word_for_it(code, regime, territory, wanted):
    assert sheet(code, regime=regime, territory=territory).vat_regime == wanted
    assert wanted in {row.code for row in VAT_REGIMES}
    assert set(VAT_REGIME_OF) == set(Regime)


def test_nothing_sold_bears_no_vat():
    assert type_tva([]) == "EXONERATION"
    category = vat_category(supply="GOODS", regime=Regime.LIABLE, territory=Territory.MAINLAND, at=AT)
    assert type_tva([(category, Nature.GOODS)]) == "TVA_SUR_DEBIT"
