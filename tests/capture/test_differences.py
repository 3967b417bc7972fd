"""A page and its data: a difference is told, a misread page accuses nobody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from plainchant.capture.differences import COMPARED, comparable, differences, stated_by
from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.place import Document
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.model import Header, HeaderParty
from tests.capture.hostile import picture
from tests.capture.samples import SAMPLES, Sample

SAMPLE = SAMPLES["small firm, two columns, footer"]
DOCUMENT = read_document(SAMPLE.pdf)
READING = read_fields(DOCUMENT)
STATED = {name: read.value for name, read in READING.fields.items()}


def found(**changed: str) -> list[tuple[str, str]]:
    return [(one.field, one.stated) for one in differences(DOCUMENT, READING, STATED | changed)]


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_data_that_say_what_the_page_says_differ_nowhere(sample: Sample) -> None:
    document = read_document(sample.pdf)
    stated = {name: value for name, value in sample.expected.items() if isinstance(value, str)}
    assert differences(document, read_fields(document), stated) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "FA-2026-9999"),
        ("issue_date", "2026-04-03"),
        ("seller_siret", "79933344800030"),
        ("buyer_siret", "26990077500108"),
        ("tax_inclusive_amount", "3841.00"),
        ("tax_exclusive_amount", "3199.99"),
        ("tax_amount", "641"),
        ("iban", "FR1420041010050500013M02606"),
        ("purchase_order_reference", "AUTRE-77"),
    ],
)
def test_a_value_that_is_not_the_pages_is_told(name: str, value: str) -> None:
    assert found(**{name: value}) == [(name, value)]


def test_the_same_amount_written_otherwise_is_the_same() -> None:
    assert found(tax_inclusive_amount=STATED["tax_inclusive_amount"] + "00") == []


def test_an_invoice_for_a_credit_note_is_told_and_a_kind_of_invoice_is_not() -> None:
    assert found(type_code="389") == []
    assert found(type_code="381") in ([("type_code", "381")], [])


def test_what_was_not_read_but_stands_on_the_page_is_no_difference() -> None:
    fields = {name: read for name, read in READING.fields.items() if name not in ("number", "buyer_siret")}
    assert differences(DOCUMENT, FieldReading(fields=fields), STATED) == []
    (one,) = differences(DOCUMENT, FieldReading(fields=fields), STATED | {"number": "NULLE-PART-1"})
    assert (one.field, one.on_page, one.place) == ("number", "", None)


CREDIT = read_document(SAMPLES["credit note"].pdf)
CREDIT_READING = read_fields(CREDIT)
CREDIT_STATED = {name: read.value for name, read in CREDIT_READING.fields.items()}


@pytest.mark.parametrize(
    ("name", "value", "is_same"),
    [
        ("number", "AV2026003", False),
        ("number", "av - 2026 - 003", True),
        ("seller_siret", "799 333 448-00030", True),
        ("seller_siret", "799 333 448 00031", False),
    ],
)
def test_a_hyphen_is_part_of_a_number_and_not_of_an_identifier(name: str, value: str, is_same: bool) -> None:
    assert (differences(CREDIT, CREDIT_READING, CREDIT_STATED | {name: value}) == []) is is_same


def test_the_sign_of_a_credit_note_may_be_in_its_title_only() -> None:
    stated = {name: value.removeprefix("-") for name, value in CREDIT_STATED.items()}
    assert CREDIT_STATED["tax_inclusive_amount"] == "-527.50"
    assert differences(CREDIT, CREDIT_READING, stated) == []
    (difference,) = differences(CREDIT, CREDIT_READING, stated | {"type_code": "380"})
    assert difference.field == "type_code"


def test_without_text_only_what_was_read_with_certainty_counts() -> None:
    blind = Document((), 1, has_text=False)
    unsure = replace(READING.fields["number"], certainty="likely")
    reading = replace(READING, fields=READING.fields | {"number": unsure})
    differing = differences(blind, reading, STATED | {"number": "NULLE-PART-1", "tax_amount": "641"})
    assert [(one.field, one.on_page) for one in differing] == [("tax_amount", "640,00 €")]


def test_a_paid_invoice_and_a_supplier_without_siret_say_nothing_to_compare() -> None:
    header = Header(
        payable_amount=Decimal(0), seller=HeaderParty(identifier="BE0123456789", identifier_scheme="UE_HORS_FRANCE")
    )
    assert (comparable(header)["payable_amount"], comparable(header)["seller_siret"]) == ("0", "")
    assert comparable(replace(header, billing_framework="A2"))["payable_amount"] == ""
    assert stated_by(replace(header, billing_framework="A2"))["payable_amount"] == "0"


def test_a_scan_is_not_compared() -> None:
    document = read_document(picture())
    assert differences(document, read_fields(document), STATED) == []
    assert differences(Document((), 0, has_text=False), FieldReading(), STATED) == []
    assert set(STATED) & set(COMPARED)
