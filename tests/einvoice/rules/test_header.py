"""The controls on a header, each broken alone; every id keeps the meaning its row gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.model import Header
from plainchant.einvoice.rules import header, header_table

TODAY = date(2026, 11, 3)
RIGHT = Header(
    number="F-1",
    issue_date=TODAY,
    type_code="380",
    currency="EUR",
    vat_regime="TVA_SUR_DEBIT",
    tax_exclusive_amount=Decimal(100),
    tax_amount=Decimal(20),
    tax_inclusive_amount=Decimal(120),
    payable_amount=Decimal(120),
)
CREDIT = {"type_code": "381", "preceding_invoice": "F-0"}
WARNINGS = {
    "CPRO-AVOIR-SANS-ORIGINE",
    "CPRO-DATE-FUTURE",
    "CPRO-DATE-ANCIENNE",
    "CPRO-TVA-NULLE",
    "CPRO-A-PAYER",
    "CPRO-AVOIR-NEGATIF",
    "CPRO-A-PAYER-TROP",
    "CPRO-ORIGINE",
}


def amounts(net: str, tax: str, gross: str, payable: str) -> dict[str, Decimal]:
    names = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
    return dict(zip(names, map(Decimal, (net, tax, gross, payable)), strict=True))


TOO_LONG = [("0.0000001", "20", "20", "20"), ("100", "20.0000001", "120", "120")]
BROKEN = [
    ("CPRO-NUMERO-ABSENT", {"number": ""}),
    ("CPRO-G1.05-LONGUEUR", {"number": "F" * 21}),
    ("CPRO-G1.05", {"number": "F*1"}),
    ("CPRO-G1.05", {"number": "F-1 "}),
    ("CPRO-ORIGINE-LONGUE", CREDIT | {"preceding_invoice": "F" * 21}),
    ("CPRO-ORIGINE-SIGNES", CREDIT | {"preceding_invoice": "F*1"}),
    ("CPRO-ORIGINE", {"preceding_invoice": "F-0"}),
    ("CPRO-AVOIR-SANS-ORIGINE", {"type_code": "381"}),
    ("CPRO-MARCHE-LONG", {"contract_reference": "M" * 51}),
    ("CPRO-ENGAGEMENT-LONG", {"purchase_order_reference": "E" * 51}),
    ("CPRO-COMMENTAIRE-LONG", {"note": "x" * 2001}),
    ("CPRO-DATE", {"issue_date": None}),
    ("CPRO-DATE-ANNEE", {"issue_date": date(1999, 12, 31)}),
    ("CPRO-DATE-ANNEE", {"issue_date": date(2100, 1, 1)}),
    ("CPRO-DATE-FUTURE", {"issue_date": date(2026, 11, 4)}),
    ("CPRO-DATE-ANCIENNE", {"issue_date": date(2025, 11, 2)}),
    ("CPRO-TYPE-ABSENT", {"type_code": ""}),
    ("CPRO-TYPE", {"type_code": "999"}),
    ("CPRO-TYPE-REFUSE", {"type_code": "261"}),
    ("CPRO-TYPE-REFUSE", {"type_code": "751"}),
    ("CPRO-DEVISE", {"currency": "XXZ"}),
    ("CPRO-TVA-REGIME", {"vat_regime": "RIEN"}),
    ("CPRO-TVA-NON-NULLE", {"vat_regime": "SANS_TVA"}),
    ("CPRO-TVA-NULLE", amounts("100", "0", "100", "100")),
    ("CPRO-HT", {"tax_exclusive_amount": None}),
    ("CPRO-TVA-ABSENTE", {"tax_amount": None}),
    ("CPRO-TTC", {"tax_inclusive_amount": None}),
    ("CPRO-NET", {"payable_amount": None}),
    *(("CPRO-MONTANT-LONG", amounts(*values)) for values in TOO_LONG),
    ("CPRO-TOTAUX", {"tax_inclusive_amount": Decimal("120.02"), "payable_amount": Decimal("120.02")}),
    ("CPRO-A-PAYER", {"payable_amount": Decimal(60)}),
    ("CPRO-A-PAYER", {"prepaid_amount": Decimal(30), "payable_amount": Decimal(100)}),
    ("CPRO-A-PAYER", {"payable_amount": Decimal("-120")}),
    ("CPRO-A-PAYER-TROP", {"payable_amount": Decimal("120.01")}),
    ("CPRO-A-PAYER-TROP", {"payable_amount": Decimal(500)}),
    ("CPRO-FACTURE-NEGATIVE", amounts("-100", "-20", "-120", "-120")),
    ("CPRO-FACTURE-NEGATIVE", amounts("0", "0", "0", "0")),
    ("CPRO-AVOIR-NEGATIF", CREDIT | amounts("-100", "-20", "-120", "-120")),
]
BARELY_RIGHT = [
    {"number": "F" * 20},
    {"issue_date": date(2025, 11, 3)},
    {"tax_inclusive_amount": Decimal("120.01"), "payable_amount": Decimal("120.01")},
    {"contract_reference": "M" * 50, "note": "x" * 2000},
    CREDIT,
    CREDIT | amounts("0", "0", "0", "0"),
    CREDIT | amounts("0.40", "0.10", "0.50", "0.50"),
    amounts("0.01", "0", "0.01", "0.01") | {"vat_regime": "SANS_TVA"},
    {"prepaid_amount": Decimal(20), "rounding_amount": Decimal("0.05"), "payable_amount": Decimal("100.05")},
    {"prepaid_amount": Decimal(140), "payable_amount": Decimal(-20)},  # an official sample: more was paid than asked
    amounts("999999999999.999999", "0", "999999999999.999999", "999999999999.999999") | {"vat_regime": "SANS_TVA"},
    *({"type_code": code} for code in ("384", "386", "389")),
    {"vat_regime": "SANS_TVA"} | amounts("100", "0", "100", "100"),
]


@pytest.mark.parametrize(("rule", "values"), BROKEN)
def test_a_header_that_breaks_one_rule_breaks_no_other(rule, values):
    findings = header.check(replace(RIGHT, **values), today=TODAY)
    assert [finding.rule for finding in findings] == [rule]
    assert "{" not in findings[0].message
    assert findings[0].severity == ("warning" if rule in WARNINGS else "fatal")


@pytest.mark.parametrize("values", BARELY_RIGHT)
def test_what_is_barely_right_is_right(values):
    assert header.check(replace(RIGHT, **values), today=TODAY) == []


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2099, 12, 31)])
def test_the_first_and_the_last_day_of_the_portals_years_are_accepted(day):
    assert header.check(replace(RIGHT, issue_date=day), today=day) == []


@pytest.mark.parametrize(
    ("number", "what"), [("é*F-1", "* é"), (" F-1", "l’espace au début ou à la fin"), ("F\t1", "\t")]
)
def test_what_to_take_out_of_a_number_is_named(number, what):
    (finding,) = header.check(replace(RIGHT, number=number), today=TODAY)
    assert finding.message.endswith(f" Retirez {what}.")


def test_every_row_is_broken_by_an_invoice_above():
    assert {rule for rule, _ in BROKEN} == {*header_table.RULES, *header_table.TYPED}


def test_an_amount_that_is_too_long_is_named():
    found = header.check(replace(RIGHT, **amounts("0", "0", "1000000000000", "1000000000000")), today=TODAY)
    messages = [finding.message for finding in found if finding.rule == "CPRO-MONTANT-LONG"]
    assert [message.split(" (")[0] for message in messages] == ["Le total TTC", "Le montant à payer"]


def test_what_is_due_is_said_to_be_more_than_the_total():
    (finding,) = header.check(replace(RIGHT, payable_amount=Decimal(500)), today=TODAY)
    assert "(500,00) dépasse le TTC (120,00)" in finding.message


def test_a_missing_date_and_a_year_out_of_range_are_two_ids():
    missing, out_of_range = (
        header.check(replace(RIGHT, issue_date=day), today=TODAY)[0] for day in (None, date(1999, 1, 1))
    )
    assert (missing.rule, out_of_range.rule) == ("CPRO-DATE", "CPRO-DATE-ANNEE")
    assert "1999" in out_of_range.message
