"""What the reader proposes: fields with their place and certainty, in a shape that goes through JSON (`shapes`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from plainchant.capture.place import Place

Certainty = Literal["certain", "likely", "doubtful"]
WarningCode = Literal[
    "two_invoices",
    "image_only",
    "picture_pages",  # there is text, but what matters is on pages that are pictures
    "recognised_pages",  # the text of some pages is what a scanner recognised
    "facturx_embedded",
    "damaged",
    "pages_unread",
    "formulas_unstored",  # a workbook saved by a program that does not compute
    "hidden_sheets",
    "table_of_invoices",  # a workbook whose rows are invoices
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
    "prepaid_amount",
    "withheld_amount",
    "payable_amount",
    "due_date",
    "iban",
    "seller_vat_number",
    "buyer_vat_number",
)


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

    def __post_init__(self) -> None:
        _finite(self.rate, self.base, self.tax)


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

    def __post_init__(self) -> None:
        _finite(self.quantity, self.price, self.rate, self.amount)


def _finite(*numbers: Decimal | None) -> None:
    """ValueError for what is written like a number and is none, as « NaN »."""
    if any(number is not None and not number.is_finite() for number in numbers):
        raise ValueError("a number is not finite")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """One of the invoices of a document: its number ("" if it was not read) and its pages (from 1).

    `own` are those that are the invoice itself; the others of `pages` go with it, before or after.
    """

    number: str
    pages: tuple[int, ...]
    own: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReading:
    """All that was read: `fields` by name (of FIELD_NAMES; absent when not found), and what the user should know."""

    fields: dict[str, ReadField] = field(default_factory=dict)
    numbers_found: tuple[FoundNumber, ...] = ()  # the invoices of the document, in their order
    warnings: tuple[WarningCode, ...] = ()
    vat_breakdown: tuple[VatLine, ...] = ()  # empty when not found
    lines: tuple[InvoiceLine, ...] = ()  # empty when no table could be read
    sirets: tuple[ReadField, ...] = ()  # every SIRET of the page, for `confirmation`
    # The name of what recognised the characters of a picture; empty for a document with text.
    engine: Annotated[str, Meta(max_length=40)] = ""
    proposed: int = 0  # the rank in `numbers_found` of the invoice that `fields` are of
    page_count: int = 0  # of the document, and how many of its pages were looked at
    pages_read: int = 0

    def amount_due(self) -> Decimal | None:
        """BT-115: what the invoice makes due. A page that withholds asks for less, and the payer owes the rest besides.

        EN 16931 has no term for what is withheld (précompte, retention, VAT of art. 285 bis). None when not read.
        """
        asked, withheld = self.fields.get("payable_amount"), self.fields.get("withheld_amount")
        if asked is None:
            return None
        value = Decimal(asked.value)
        if withheld is None or withheld.certainty == "doubtful":
            return value
        return value + (Decimal(withheld.value) if value >= 0 else -Decimal(withheld.value))

    def __post_init__(self) -> None:
        """ValueError for a field that nobody knows."""
        unknown = self.fields.keys() - set(FIELD_NAMES)
        if unknown:
            raise ValueError(f"unknown fields: {sorted(unknown)}")

    def placed(self, move: Callable[[Place], Place]) -> FieldReading:
        """The same with every place moved."""

        def moved(place: Place | None) -> Place | None:
            return None if place is None else move(place)

        return replace(
            self,
            fields={name: replace(read, place=moved(read.place)) for name, read in self.fields.items()},
            vat_breakdown=tuple(replace(line, place=moved(line.place)) for line in self.vat_breakdown),
            lines=tuple(replace(line, place=move(line.place)) for line in self.lines),
            sirets=tuple(replace(read, place=moved(read.place)) for read in self.sirets),
        )
