"""What the reader proposes: fields with their place and certainty, in a shape that goes through JSON and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from plainchant.einvoice.reading.place import Place

Certainty = Literal["certain", "likely", "doubtful"]
WarningCode = Literal[
    "two_invoices",
    "image_only",
    "picture_pages",  # there is text, but what matters is on pages that are pictures
    "facturx_embedded",
    "damaged",
    "pages_unread",
    "formulas_unstored",  # a workbook saved by a program that does not compute
    "hidden_sheets",
]
FIELD_NAMES = (
    "number",
    "issue_date",
    "seller_siret",
    "buyer_siret",
    "currency",
    "type_code",
    "purchase_order_reference",
    "contract_reference",
    "buyer_reference",
    "tax_exclusive_amount",
    "tax_amount",
    "tax_inclusive_amount",
    "payable_amount",
    "due_date",
    "iban",
    "seller_vat_number",
    "buyer_vat_number",
)
CERTAINTIES: tuple[Certainty, ...] = ("certain", "likely", "doubtful")


@dataclass(frozen=True, slots=True)
class ReadField:
    """One proposed value.

    `value` is canonical: ISO date, amount with a point and at least two decimals, 14 digits for a SIRET, an IBAN
    without spaces. `text` is what stands on the page. `place` is None for a value that was deduced, not read.
    `certain` is kept for a labelled value that a check digit or the arithmetic of the invoice confirms, or for a label
    that leaves no other reading.
    """

    value: str
    text: str
    place: Place | None
    certainty: Certainty

    def to_json(self) -> dict[str, Any]:
        """A JSON-safe dict with the four names above."""
        return {
            "value": self.value,
            "text": self.text,
            "place": self.place.to_json() if self.place else None,
            "certainty": self.certainty,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReadField:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on any other shape."""
        certainty = data["certainty"]
        if certainty not in CERTAINTIES:
            raise ValueError(f"unknown certainty: {certainty!r}")
        place = data["place"]
        return cls(
            value=str(data["value"]),
            text=str(data["text"]),
            place=Place.from_json(place) if place is not None else None,
            certainty=cast(Certainty, certainty),
        )


@dataclass(frozen=True, slots=True)
class VatLine:
    """One rate of the VAT breakdown (BG-23): `rate` in per cent (20 is 20 %), `base` without VAT, `tax`.

    `place` is where the tax or its rate stands, None when the line follows from the totals alone.
    """

    rate: Decimal
    base: Decimal
    tax: Decimal
    place: Place | None
    certainty: Certainty

    def to_json(self) -> dict[str, Any]:
        """A JSON-safe dict with the five names above, numbers as text."""
        return {
            "rate": f"{self.rate:f}",
            "base": f"{self.base:f}",
            "tax": f"{self.tax:f}",
            "place": self.place.to_json() if self.place else None,
            "certainty": self.certainty,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VatLine:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on any other shape."""
        if data["certainty"] not in CERTAINTIES:
            raise ValueError(f"unknown certainty: {data['certainty']!r}")
        try:
            rate, base, tax = (Decimal(str(data[name])) for name in ("rate", "base", "tax"))
        except InvalidOperation as error:
            raise ValueError("a rate, a base or a tax is no number") from error
        if not (rate.is_finite() and base.is_finite() and tax.is_finite()):
            raise ValueError("a rate, a base or a tax is no number")
        place = Place.from_json(data["place"]) if data["place"] is not None else None
        return cls(rate=rate, base=base, tax=tax, place=place, certainty=cast(Certainty, data["certainty"]))


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """An invoice number that stands under its own heading, and the pages (from 1) where it does."""

    number: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FieldReading:
    """All that was read: `fields` by name (of FIELD_NAMES; absent when not found), and what the user should know."""

    fields: dict[str, ReadField] = field(default_factory=dict)
    numbers_found: tuple[FoundNumber, ...] = ()
    warnings: tuple[WarningCode, ...] = ()
    vat_breakdown: tuple[VatLine, ...] = ()  # empty when not found
    engine: str = ""  # the name of what recognised the characters of a picture; empty for a document with text

    def to_json(self) -> dict[str, Any]:
        """A JSON-safe dict: `fields`, `numbers_found`, `warnings`, `vat_breakdown`, `engine`."""
        return {
            "fields": {name: read.to_json() for name, read in self.fields.items()},
            "numbers_found": [{"number": n.number, "pages": list(n.pages)} for n in self.numbers_found],
            "warnings": list(self.warnings),
            "vat_breakdown": [line.to_json() for line in self.vat_breakdown],
            "engine": self.engine,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FieldReading:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on any other shape."""
        return cls(
            fields={_known(name): ReadField.from_json(read) for name, read in data["fields"].items()},
            numbers_found=tuple(
                FoundNumber(number=str(n["number"]), pages=tuple(int(page) for page in n["pages"]))
                for n in data["numbers_found"]
            ),
            warnings=tuple(cast(WarningCode, code) for code in data["warnings"]),
            # Readings stored before there was a breakdown, or an engine, have none.
            vat_breakdown=tuple(VatLine.from_json(line) for line in data.get("vat_breakdown", [])),
            engine=str(data.get("engine", ""))[:40],
        )


def _known(name: str) -> str:
    if name not in FIELD_NAMES:
        raise ValueError(f"unknown field: {name!r}")
    return name
