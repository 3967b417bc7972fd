"""Rounding as XPath does it: half towards plus infinity, negatives too."""

from decimal import Decimal

import pytest

from plainchant.einvoice.amounts import decimals, to_cents, to_units, total


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("1.005", "1.01"), ("-1.005", "-1.00"), ("-1.006", "-1.01"), ("2.675", "2.68"), ("0", "0.00"), ("1E+2", "100.00")],
)
def test_a_half_cent_goes_up_whatever_the_sign(amount, cents):
    assert to_cents(Decimal(amount)) == Decimal(cents)


@pytest.mark.parametrize(("amount", "units"), [("2.5", "3"), ("-2.5", "-2"), ("-2.51", "-3"), ("0.49", "0")])
def test_a_half_unit_goes_up_whatever_the_sign(amount, units):
    assert to_units(Decimal(amount)) == Decimal(units)


def test_a_total_skips_what_is_missing():
    assert total([Decimal("1.10"), None, Decimal("2.20")]) == Decimal("3.30")
    assert total([]) == 0


@pytest.mark.parametrize(("amount", "written"), [("1.50", 2), ("1.500", 3), ("15", 0), ("1E+3", 0)])
def test_written_decimals_are_counted(amount, written):
    assert decimals(Decimal(amount)) == written
