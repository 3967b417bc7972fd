"""What is typed in the entry form: kept whatever it is, understood where it can be, told where it cannot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plainchant.portal.drafts.typed import FIELDS, LINE_FIELDS, MAX_LINES, cleaned, understand
from tests.making import typed_entry


def told(lines: list[dict[str, str]] | None = None, **fields: str) -> dict[str, str]:
    """Field → sentence, of a form that is right but for what is given."""
    typed = cleaned(typed_entry(lines=lines, **fields))
    return {finding.field or "": finding.message for finding in understand(typed).findings}


def line(**typed: str) -> dict[str, str]:
    return {"name": "Atelier", "quantity": "1", "price": "100", "rate": "20", **typed}


@pytest.mark.parametrize(
    "rubbish", [{}, {"fields": None, "lines": 3}, {"fields": ["x"], "lines": [1, None, "x"]}, {"lines": [{"x": {}}]}]
)
def test_rubbish_becomes_an_empty_form(rubbish: dict[str, Any]) -> None:
    typed = cleaned(rubbish)
    assert set(typed["fields"]) == set(FIELDS)
    assert all(set(line) == set(LINE_FIELDS) for line in typed["lines"])
    understand(typed)


def test_texts_are_bounded_and_storable() -> None:
    typed = cleaned({"fields": {"comment": "é\x00\ud800" * 3000, "other": "x"}, "lines": [{}] * 1000})
    assert len(typed["fields"]["comment"]) == FIELDS["comment"]
    assert "\x00" not in typed["fields"]["comment"]
    assert "other" not in typed["fields"]
    assert len(typed["lines"]) == MAX_LINES


def test_a_right_form_has_nothing_to_say() -> None:
    assert told() == {}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("issue_date", "hier"),
        ("issue_date", "31/02/2026"),
        ("delivery_date", "x"),
        ("discount", "beaucoup"),
        ("discount", "1,234"),
        ("discount", "-5"),
        ("currency", "EURO"),
        ("type_code", "999"),
        ("billing_framework", "A3"),
        ("vat_regime", ""),
        ("payment_mode", ""),
        ("payment_mode", "TROC"),
    ],
)
def test_each_wrong_field_is_told_beside_itself(field: str, text: str) -> None:
    assert list(told(**{field: text, "discount_reason": "x"})) == [field]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", "x" * 251),
        ("description", "x" * 1025),
        ("quantity", ""),
        ("quantity", "deux"),
        ("quantity", "1,23456"),
        ("price", ""),
        ("price", "12 €/h"),
        ("price", "1,1234567"),
        ("price", "-3"),
        ("price", "9" * 13),
        ("discount", "101"),
        ("discount", "1,005"),
        ("unit", "DOUZE"),
        ("rate", ""),
        ("rate", "vingt"),
        ("rate", "120"),
        ("rate", "0"),
    ],
)
def test_each_wrong_value_of_a_line_is_told_beside_itself(field: str, text: str) -> None:
    assert list(told([line(), line(**{field: text})], vat_regime="TVA_SUR_DEBIT")) == [f"lines-1-{field}"]


def test_a_period_has_a_beginning_before_its_end() -> None:
    assert list(told(delivery_date="", delivery_end="03/11/2026")) == ["delivery_date"]
    assert list(told(delivery_date="04/11/2026", delivery_end="03/11/2026")) == ["delivery_end"]


def test_a_discount_says_why() -> None:
    assert list(told(discount="5")) == ["discount_reason"]


def test_an_exempt_invoice_names_its_article() -> None:
    assert "exemption" in told(vat_regime="EXONERATION")
    assert told(vat_regime="EXONERATION", exemption="VATEX-FR-CGI261-7") == {}


def test_an_invoice_without_lines_is_told() -> None:
    assert list(told([])) == ["lines"]


def test_french_ways_of_writing_are_understood() -> None:
    typed = typed_entry(
        lines=[line(quantity="1,5", price="1 234,56 €", rate="5,5 %"), line(price="1.234,56", rate="20,0")],
        issue_date="1er mars 2026",
        vat_regime="TVA_SUR_ENCAISSEMENT",
        delivery_date="",
    )
    found = understand(cleaned(typed))
    assert found.findings == []
    assert found.values["issue_date"] == date(2026, 3, 1)
    first, second = found.whole_lines
    assert (first.quantity, first.price, first.vat.rate) == (Decimal("1.5"), Decimal("1234.56"), Decimal("5.5"))
    assert (second.price, str(second.vat.rate)) == (Decimal("1234.56"), "20")


def test_under_the_franchise_the_rate_of_a_line_is_not_asked() -> None:
    found = understand(cleaned(typed_entry(lines=[line(rate="")])))
    (only,) = found.whole_lines
    assert (only.vat.code, only.vat.exemption_reason_code) == ("E", "VATEX-FR-FRANCHISE")


def test_a_credit_note_has_no_means_of_payment() -> None:
    typed = cleaned(typed_entry(type_code="381", payment_mode="VIREMENT"))
    assert understand(typed).values["payment_mode"] == ""
    assert told(type_code="381", payment_mode="") == {}


TAXED = {"vat_regime": "TVA_SUR_DEBIT"}


@pytest.mark.parametrize("rate", ["20", "10", "5,5", "2,1", "8,5", "1,75", "1,05", "13", "0,9", "20 %", "5,50"])
def test_a_rate_in_force_has_nothing_to_say(rate: str) -> None:
    assert told([line(rate=rate)], **TAXED) == {}


@pytest.mark.parametrize("rate", ["12", "19,6", "0,5", "9,2", "99"])
def test_what_is_no_rate_of_the_law_is_kept_and_told(rate: str) -> None:
    understood = understand(cleaned(typed_entry(lines=[line(rate=rate)], **TAXED)))
    (finding,) = understood.findings
    assert (finding.field, finding.severity) == ("lines-0-rate", "warning")
    assert f"{rate}\u00a0% n’est pas un taux de TVA en vigueur" in finding.message
    assert understood.lines[0] is not None
    assert understood.lines[0].vat.rate == Decimal(rate.replace(",", "."))


def test_a_credit_note_may_bear_the_rate_of_the_invoice_it_corrects() -> None:
    old = {
        "type_code": "381",
        "preceding_number": "F2013-1",
        "preceding_date": "02/12/2013",
        "payment_mode": "",
    } | TAXED
    assert told([line(rate="19,6")], **old) == {}
    assert "lines-0-rate" in told([line(rate="19,6")], **old | {"preceding_date": "02/12/2014"})


def test_without_a_day_the_rates_of_now_are_those_that_will_do() -> None:
    assert "lines-0-rate" not in told([line(rate="1,05")], **TAXED, issue_date="")
    assert "lines-0-rate" in told([line(rate="19,6")], **TAXED, issue_date="")
