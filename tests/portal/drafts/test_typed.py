"""What is typed in the entry form: kept whatever it is, understood where it can be, told where it cannot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plainchant.portal.drafts.fields import (
    FIELD_OF,
    KEPT_LINES,
    LINE_FIELDS,
    MAX_LINES,
    DraftSource,
    cleaned,
    differences,
    fields_of,
)
from plainchant.portal.drafts.typed import Understood, amounts_of, understand
from tests.making import typed_entry


def a_sheet(typed: dict[str, Any]) -> Understood:
    return understand(cleaned(typed, source=DraftSource.SHEET), source=DraftSource.SHEET)


def told(lines: list[dict[str, str]] | None = None, **fields: str) -> dict[str, str]:
    """Field → sentence, of a form that is right but for what is given."""
    return {finding.field or "": finding.message for finding in a_sheet(typed_entry(lines=lines, **fields)).findings}


def line(**typed: str) -> dict[str, str]:
    return {"name": "Atelier", "quantity": "1", "price": "100", "rate": "20", **typed}


@pytest.mark.parametrize(
    "rubbish", [{}, {"fields": None, "lines": 3}, {"fields": ["x"], "lines": [1, None, "x"]}, {"lines": [{"x": {}}]}]
)
@pytest.mark.parametrize("source", DraftSource)
def test_rubbish_becomes_an_empty_form(rubbish: dict[str, Any], source: DraftSource) -> None:
    typed = cleaned(rubbish, source=source)
    assert set(typed["fields"]) == {field.name for field in fields_of(source)}
    assert all(set(line) == set(LINE_FIELDS) for line in typed["lines"])
    assert set(understand(typed, source=source).values) == set(FIELD_OF)


def test_texts_are_bounded_and_storable() -> None:
    given = {"fields": {"comment": "é\x00\ud800" * 3000, "other": "x"}, "lines": [{}] * 1000}
    typed = cleaned(given, source=DraftSource.SHEET)
    assert len(typed["fields"]["comment"]) == FIELD_OF["comment"].kept
    assert "\x00" not in typed["fields"]["comment"]
    assert "other" not in typed["fields"]
    assert len(typed["lines"]) == KEPT_LINES


@pytest.mark.parametrize(("lines", "is_refused"), [(MAX_LINES, False), (MAX_LINES + 1, True)])
def test_more_lines_than_an_invoice_has_are_kept_and_refused_in_words(lines: int, is_refused: bool) -> None:
    line = {"name": "Atelier", "quantity": "1", "unit": "C62", "price": "10", "rate": "20"}
    typed = cleaned({"lines": [line] * lines}, source=DraftSource.SHEET)
    assert len(typed["lines"]) == lines
    sentences = [
        finding.message
        for finding in understand(typed, source=DraftSource.SHEET).findings
        if finding.rule == "SAISIE-LIGNES-TROP"
    ]
    assert bool(sentences) == is_refused
    assert not is_refused or "500 lignes au plus ; celle-ci en a 501" in sentences[0].replace("\u00a0", " ").replace(
        "\u202f", " "
    )


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


@pytest.mark.parametrize(
    "lines",
    [
        [line(quantity="999999999999", price="2")],
        [line(quantity="-999999999999", price="2")],
        [line(price="600000000000")] * 2,
        [line(price="900000000000")],  # with its VAT
        [line(quantity="999999999999", price="2"), line(quantity="-999999999999", price="2")],
    ],
)
def test_an_amount_that_no_column_holds_is_told(lines: list[dict[str, str]]) -> None:
    understood = a_sheet(typed_entry(lines=lines, vat_regime="TVA_SUR_DEBIT"))
    assert [(finding.rule, finding.field) for finding in understood.findings] == [("SAISIE-TOTAL-TROP", "lines")]
    assert all(amount is None or abs(amount) < 10**12 for amount in amounts_of(understood).values())


def test_the_largest_amount_is_taken() -> None:
    understood = a_sheet(typed_entry(lines=[line(price="999999999999")]))
    assert understood.findings == []
    assert amounts_of(understood)["payable_amount"] == 999_999_999_999


def test_french_ways_of_writing_are_understood() -> None:
    typed = typed_entry(
        lines=[line(quantity="1,5", price="1 234,56 €", rate="5,5 %"), line(price="1.234,56", rate="20,0")],
        issue_date="1er mars 2026",
        vat_regime="TVA_SUR_ENCAISSEMENT",
        delivery_date="",
    )
    found = a_sheet(typed)
    assert found.findings == []
    assert found.values["issue_date"] == date(2026, 3, 1)
    first, second = found.whole_lines
    assert (first.quantity, first.price, first.vat.rate) == (Decimal("1.5"), Decimal("1234.56"), Decimal("5.5"))
    assert (second.price, str(second.vat.rate)) == (Decimal("1234.56"), "20")


def test_under_the_franchise_the_rate_of_a_line_is_not_asked() -> None:
    found = a_sheet(typed_entry(lines=[line(rate="")]))
    (only,) = found.whole_lines
    assert (only.vat.code, only.vat.exemption_reason_code) == ("E", "VATEX-FR-FRANCHISE")


def test_a_credit_note_has_no_means_of_payment() -> None:
    assert a_sheet(typed_entry(type_code="381", payment_mode="VIREMENT")).values["payment_mode"] == ""
    assert told(type_code="381", payment_mode="") == {}


TAXED = {"vat_regime": "TVA_SUR_DEBIT"}


@pytest.mark.parametrize("rate", ["20", "10", "5,5", "2,1", "8,5", "1,75", "1,05", "13", "0,9", "20 %", "5,50"])
def test_a_rate_in_force_has_nothing_to_say(rate: str) -> None:
    assert told([line(rate=rate)], **TAXED) == {}


@pytest.mark.parametrize("rate", ["12", "19,6", "0,5", "9,2", "99"])
def test_what_is_no_rate_of_the_law_is_kept_and_told(rate: str) -> None:
    understood = a_sheet(typed_entry(lines=[line(rate=rate)], **TAXED))
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


DOCUMENT = {
    "number": "F-1",
    "issue_date": "2 nov. 2026",
    "vat_regime": "sans_tva",
    "tax_exclusive_amount": "1 200,00",
    "tax_inclusive_amount": "1.200,00 €",
}


def of_a_document(**fields: str) -> Understood:
    typed = cleaned({"fields": {**DOCUMENT, **fields}}, source=DraftSource.DOCUMENT)
    return understand(typed, source=DraftSource.DOCUMENT)


def test_a_form_beside_a_document_is_understood_by_the_same_functions() -> None:
    read = of_a_document()
    assert read.findings == []
    assert read.values["issue_date"] == date(2026, 11, 2)
    assert read.values["vat_regime"] == "SANS_TVA"
    assert read.values["tax_exclusive_amount"] == read.values["tax_inclusive_amount"] == Decimal(1200)
    assert (read.values["tax_amount"], read.values["type_code"], read.values["currency"]) == (None, "380", "EUR")
    assert read.lines == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("issue_date", "hier"),
        ("tax_amount", "douze"),
        ("tax_amount", "1,1234567"),
        ("payable_amount", "9" * 13),
        ("type_code", "389"),
        ("currency", "EURO"),
        ("billing_framework", "A15"),
        ("vat_regime", "PEUT_ETRE"),
        ("comment", "x" * 2001),
        ("number", "F\x001"),
    ],
)
def test_each_wrong_field_beside_a_document_is_told_beside_itself(field: str, text: str) -> None:
    assert [finding.field for finding in of_a_document(**{field: text}).findings] == [field]


def test_what_differs_between_two_versions_is_named_field_by_field_and_line_by_line() -> None:
    mine = cleaned(typed_entry(lines=[line(), line(price="5")], comment="ici"), source=DraftSource.SHEET)
    theirs = cleaned(typed_entry(lines=[line(name="Autre")], comment="là-bas"), source=DraftSource.SHEET)
    assert differences(mine, mine) == []
    shown = {name: (here, there) for name, here, there in differences(mine, theirs)}
    assert shown["comment"] == ("ici", "là-bas")
    assert shown["lines-0-name"] == ("Atelier", "Autre")
    assert shown["lines-1-price"] == ("5", "")
    assert "number" not in shown
