"""What the reader proposes: fields with their place and certainty, in a shape that goes through JSON and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from plainchant.capture.place import Place

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
class InvoiceLine:
    """One line of the invoice (BG-25), amounts without VAT; what its table does not have is None.

    `certain` when quantity times price makes the amount.
    """

    label: str
    quantity: Decimal | None
    price: Decimal | None
    rate: Decimal | None
    amount: Decimal
    place: Place
    certainty: Certainty

    def to_json(self) -> dict[str, Any]:
        """A JSON-safe dict with the seven names above, numbers as text."""
        return {
            "label": self.label,
            "quantity": _as_text(self.quantity),
            "price": _as_text(self.price),
            "rate": _as_text(self.rate),
            "amount": _as_text(self.amount),
            "place": self.place.to_json(),
            "certainty": self.certainty,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> InvoiceLine:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on any other shape."""
        if data["certainty"] not in CERTAINTIES:
            raise ValueError(f"unknown certainty: {data['certainty']!r}")
        amount = _as_number(data["amount"])
        if amount is None:
            raise ValueError("a line has no amount")
        return cls(
            label=str(data["label"]),
            quantity=_as_number(data["quantity"]),
            price=_as_number(data["price"]),
            rate=_as_number(data["rate"]),
            amount=amount,
            place=Place.from_json(data["place"]),
            certainty=cast(Certainty, data["certainty"]),
        )


def _as_text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _as_number(text: Any) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(str(text))
    except InvalidOperation as error:
        raise ValueError(f"no number: {text!r}") from error
    if not number.is_finite():
        raise ValueError(f"no number: {text!r}")
    return number


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
    lines: tuple[InvoiceLine, ...] = ()  # empty when no table could be read
    sirets: tuple[ReadField, ...] = ()  # every SIRET of the page, for `confirmation`
    engine: str = ""  # the name of what recognised the characters of a picture; empty for a document with text

    def to_json(self) -> dict[str, Any]:
        """A JSON-safe dict: `fields`, `numbers_found`, `warnings`, `vat_breakdown`, `lines`, `sirets`, `engine`."""
        return {
            "fields": {name: read.to_json() for name, read in self.fields.items()},
            "numbers_found": [{"number": n.number, "pages": list(n.pages)} for n in self.numbers_found],
            "warnings": list(self.warnings),
            "vat_breakdown": [line.to_json() for line in self.vat_breakdown],
            "lines": [line.to_json() for line in self.lines],
            "sirets": [read.to_json() for read in self.sirets],
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
            # Readings stored before these were read have none.
            vat_breakdown=tuple(VatLine.from_json(line) for line in data.get("vat_breakdown", [])),
            lines=tuple(InvoiceLine.from_json(line) for line in data.get("lines", [])),
            sirets=tuple(ReadField.from_json(read) for read in data.get("sirets", [])),
            engine=str(data.get("engine", ""))[:40],
        )


def _known(name: str) -> str:
    if name not in FIELD_NAMES:
        raise ValueError(f"unknown field: {name!r}")
    return name
