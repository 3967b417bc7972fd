"""The payer's own money: contribution, précompte, dispense. Never a part of the invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.law.charges import CEILINGS, READINGS, contribution, contribution_rate, withholding
from plainchant.einvoice.law.dated import Certainty
from plainchant.einvoice.making.authors import dispense_on
from plainchant.einvoice.making.authors.dispense import DispenseState
from tests.einvoice.making.authors.invoices import ANSWERS, AT, invoice

D = Decimal
IN_2024 = date(2024, 5, 1)


def test_a_year_whose_ceiling_is_unknown_gives_no_figure():
    assert withholding(gross=D(1000), at=date(2021, 12, 31)) is None
    assert withholding(gross=D(1000), at=date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("gross", "owed"), [("1000", "11.00"), ("0", "0.00"), ("286.76", "3.15"), ("475.33", "5.23"), ("0.45", "0.00")]
)
def test_the_diffusers_contribution_is_one_point_one_per_cent_on_top(gross, owed):
    assert contribution_rate(at=AT) == D("1.10")
    assert contribution(gross=D(gross), at=AT) == D(owed)


def test_the_worked_precompte_on_a_thousand_euros():
    for day in (IN_2024, AT):
        worked = withholding(gross=D(1000), at=day)
        assert worked is not None
        amounts = {part.label: part.amount for part in worked.parts}
        assert amounts["Vieillesse plafonnée"] == D("61.50")
        assert amounts["CSG"] + amounts["CRDS"] == D("95.30")
        assert amounts["Formation professionnelle"] == D("3.50")
        assert "Vieillesse déplafonnée" not in amounts  # the State pays all of it
        assert (worked.total, worked.paid) == (D("160.30"), D("839.70"))


def test_old_age_stops_at_the_ceiling_of_the_year():
    def old_age(gross: str, before: str = "0") -> Decimal:
        worked = withholding(gross=D(gross), at=IN_2024, paid_before=D(before))
        assert worked is not None
        return worked.parts[0].amount

    assert old_age("46368") == old_age("60000") == D("2851.63")
    assert old_age("1000", before="46368") == 0
    assert old_age("1000", before="45868") == D("30.75")


def test_csg_is_counted_on_all_of_the_pay_beyond_four_ceilings():
    worked = withholding(gross=D(1000), at=IN_2024, paid_before=D(4 * 46_368))
    assert worked is not None
    assert {part.label: part.amount for part in worked.parts}["CSG"] == D("92.00")


@pytest.mark.parametrize(
    ("year", "amount"), [(2022, 41_136), (2023, 43_992), (2024, 46_368), (2025, 47_100), (2026, 48_060)]
)
def test_the_ceilings(year, amount):
    (row,) = [row for row in CEILINGS if row.holds(date(year, 7, 1))]
    assert row.amount == amount


def test_both_readings_of_diffuser_are_told_and_marked_as_disputed():
    assert len(READINGS) == 2
    assert {reading.source.certainty for reading in READINGS} == {Certainty.DISPUTED}


@pytest.mark.parametrize("code", ANSWERS)
def test_no_charge_of_the_payer_is_ever_in_an_invoice(code):
    made = invoice(code)
    assert made.totals is not None
    assert made.charges == made.allowances == ()
    assert made.totals.prepaid_amount is None
    assert made.totals.payable_amount == made.totals.tax_inclusive_amount


@pytest.mark.parametrize(
    ("year", "at", "state", "said"),
    [
        (None, date(2026, 11, 24), DispenseState.MISSING, "Il manque votre dispense de précompte 2026"),
        (2025, date(2025, 12, 31), DispenseState.VALID, "jusqu’au 31 décembre 2025"),
        (2025, date(2026, 1, 1), DispenseState.OTHER_YEAR, "a pris fin le 31 décembre 2025. Joignez celle de 2026"),
        (2026, date(2026, 1, 1), DispenseState.VALID, "jusqu’au 31 décembre 2026"),
        (2027, date(2026, 12, 31), DispenseState.OTHER_YEAR, "qu’à partir du 1er janvier 2027. Joignez celle de 2026"),
    ],
)
def test_a_dispense_is_worth_one_civil_year(year, at, state, said):
    one = dispense_on(year=year, at=at)
    assert one.state is state
    assert one.is_valid is (state is DispenseState.VALID)
    assert said in one.sentence
