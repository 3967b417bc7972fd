"""The one arithmetic of an entered invoice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from plainchant.einvoice.making.composing import SheetLine, totals_of
from plainchant.einvoice.making.composing.totals import line_net
from plainchant.einvoice.model import VatCategory
from tests.einvoice.making.composing.sheets import MIXED, NO_VAT, PAID, VISIT, D, taxed


def line(quantity: str, price: str, vat: VatCategory, discount: str = "0") -> SheetLine:
    return SheetLine(name="x", quantity=D(quantity), price=D(price), vat=vat, discount=D(discount))


def test_without_vat_all_totals_are_the_price() -> None:
    sums = totals_of(VISIT)
    assert (sums.tax_exclusive, sums.tax, sums.tax_inclusive, sums.payable) == (D(250), D(0), D(250), D(250))


def test_tax_is_computed_once_a_rate_and_not_once_a_line() -> None:
    # Three times 0.33 at 20 %: 0.066 each, 0.07 rounded, 0.21 in all; on their sum 0.198, 0.20.
    sums = totals_of(replace(VISIT, lines=(line("1", "0.33", taxed("20")),) * 3))
    assert sums.tax == D("0.20")


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [("1.5", "33.333333", "50.00"), ("3", "0.125", "0.38"), ("1", "-2.5", "-2.50"), ("0.3333", "3", "1.00")],
)
def test_a_line_is_rounded_to_the_cent_half_upwards(quantity: str, price: str, net: str) -> None:
    assert line_net(line(quantity, price, NO_VAT)) == Decimal(net)


def test_a_discount_on_a_line_comes_off_after_rounding() -> None:
    assert line_net(line("1", "10.005", NO_VAT, "0.01")) == D("10.00")


def test_the_discount_of_the_invoice_is_shared_to_the_last_cent_between_the_rates() -> None:
    sums = totals_of(MIXED)
    assert sum(rate.discount for rate in sums.rates) == D("10.01")
    assert all(rate.discount > 0 for rate in sums.rates)
    assert sum(rate.base for rate in sums.rates) == sums.tax_exclusive == sums.line_total - D("10.01")
    assert sums.tax_inclusive == sums.tax_exclusive + sum(rate.tax for rate in sums.rates)


def test_rates_come_highest_first() -> None:
    assert [rate.vat.rate for rate in totals_of(MIXED).rates] == [D(20), D(10), D("5.5")]


def test_nothing_remains_to_be_paid_of_an_invoice_that_is_settled() -> None:
    sums = totals_of(PAID)
    assert (sums.prepaid, sums.payable) == (D(250), D(0))


def test_two_reasons_for_no_vat_make_one_row_that_says_both() -> None:
    other = VatCategory(code="E", rate=D(0), exemption_reason="Autre", exemption_reason_code="VATEX-EU-132")
    (row,) = totals_of(replace(VISIT, lines=(line("1", "1", NO_VAT), line("1", "2", other)))).rates
    assert row.base == D(3)
    assert row.vat.exemption_reason == f"{NO_VAT.exemption_reason} ; Autre"
    assert row.vat.exemption_reason_code is None
