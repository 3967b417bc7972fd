"""Dataclasses as JSON and back: what goes out comes back, and nothing else is taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plainchant.capture.billing_table import BillingRow
from plainchant.capture.place import Place
from plainchant.capture.proposal import FieldReading, FoundNumber, InvoiceLine, ReadField, VatLine
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.shapes import from_json, to_json

PLACE = Place(1, (0.1, 0.2, 0.3, 0.4), "Feuille1!C12")
READ = ReadField("F-1", "n° F-1", PLACE, "certain")
VALUES = (
    Header(
        number="F-1",
        issue_date=date(2026, 11, 2),
        seller=HeaderParty(name="Camille Rivet"),
        payable_amount=Decimal("120.00"),
    ),
    FieldReading(
        fields={"number": READ},
        numbers_found=(FoundNumber("F-1", (1, 2)),),
        warnings=("two_invoices",),
        vat_breakdown=(VatLine(Decimal(20), Decimal("100.00"), Decimal("20.00"), None, "likely"),),
        lines=(InvoiceLine("Lecture", None, Decimal(50), None, Decimal(100), PLACE, "doubtful"),),
        sirets=(READ,),
        engine="Tesseract",
    ),
    BillingRow("Feuille1", 2, {"number": "F-1"}, {"number": "C2"}, (Finding("R", "Corrigez.", "number", path="C2"),)),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_goes_out_comes_back(value: Any) -> None:
    assert from_json(type(value), to_json(value)) == value


def test_amounts_and_days_are_strings_and_tuples_lists() -> None:
    header = to_json(VALUES[0])
    assert (header["payable_amount"], header["issue_date"], header["tax_amount"]) == ("120.00", "2026-11-02", None)
    assert to_json(VALUES[1])["lines"][0]["place"]["box"] == [0.1, 0.2, 0.3, 0.4]


def test_a_place_is_written_to_a_hundred_thousandth_of_the_page() -> None:
    assert to_json(Place(1, (1 / 3, 0, 0, 1)))["box"] == [0.33333, 0, 0, 1]


READING = to_json(VALUES[1])


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Header, {"number": 3}),
        (Header, {"issue_date": "2026-02-30"}),
        (Header, {"payable_amount": "beaucoup"}),
        (Header, {"payable_amount": "NaN"}),
        (FieldReading, READING | {"fields": {"colour": to_json(READ)}}),
        (FieldReading, READING | {"fields": {"number": to_json(READ) | {"certainty": "sure"}}}),
        (FieldReading, READING | {"warnings": ["anything"]}),
        (FieldReading, READING | {"engine": "x" * 41}),
        (FieldReading, READING | {"vat_breakdown": [to_json(VALUES[1])["vat_breakdown"][0] | {"tax": "NaN"}]}),
        (FieldReading, READING | {"lines": [to_json(VALUES[1])["lines"][0] | {"amount": "Infinity"}]}),
        (FieldReading, READING | {"lines": [to_json(VALUES[1])["lines"][0] | {"place": {"page": 1, "box": [0, 0]}}]}),
        (BillingRow, {"sheet": "Feuille1", "row": "2", "values": {}, "cells": {}}),
        (BillingRow, []),
    ],
)
def test_another_shape_is_refused(kind: type, data: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(kind, data)


def test_what_older_rows_lack_takes_its_default_and_what_is_unknown_is_left_out() -> None:
    assert from_json(FieldReading, {"fields": {}, "pages": 3}) == FieldReading()
