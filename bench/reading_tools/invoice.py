"""What an invoice has, whatever prints it: parties, lines, sums, what is withheld or already paid."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from . import identifiers

ZERO = Decimal(0)
Named = tuple[tuple[str, Decimal], ...]  # words of a row and its amount
Rates = tuple[tuple[Decimal, Decimal, Decimal], ...]  # rate in per cent, base, tax


@dataclass(frozen=True)
class Party:
    """A seller or a buyer; `department` only of a buyer, and often empty."""

    name: str
    street: str
    postcode: str
    town: str
    siret: str
    department: str = ""

    @property
    def address(self) -> list[str]:
        """Name, department, street, postcode and town: four lines, of which the second may be empty."""
        return [self.name, self.department, self.street, f"{self.postcode} {self.town}"]

    @property
    def siren(self) -> str:
        """The nine digits of the company."""
        return self.siret[:9]

    @property
    def vat_number(self) -> str:
        """The VAT number that belongs to the SIREN."""
        return identifiers.vat_number(self.siren)


@dataclass(frozen=True)
class Line:
    """One line; `amount` is without VAT and less the discount `off`, in per cent."""

    ref: str
    label: str
    detail: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal
    amount: Decimal
    off: Decimal = ZERO


@dataclass(frozen=True)
class Invoice:
    """All that a layout may print. Amounts are signed: those of a credit note may be negative."""

    seed: int
    kind: str
    seller: Party
    buyer: Party
    profession: str
    number: str
    other: str  # the number of another invoice
    issued: datetime.date
    due: datetime.date
    terms: int  # days
    delivered: datetime.date
    title: str
    code: str  # UNTDID 1001: 380, 381 or 386
    order: str
    contract: str
    service: str
    client: str
    quote: str
    iban: str
    bic: str
    regime: str  # "vat", or a key of MENTIONS
    mention: str
    lines: tuple[Line, ...]
    rates: Rates
    deductions: Named
    discount: Decimal
    discount_words: str
    prepaid: Named
    net: Decimal
    tax: Decimal
    gross: Decimal
    payable: Decimal

    @property
    def has_vat(self) -> bool:
        """Whether VAT is asked for."""
        return self.regime == "vat"

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.code == "381"


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, halves away from zero."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def total(rows: Named) -> Decimal:
    """The sum of the rows' amounts."""
    return sum((amount for _, amount in rows), ZERO)
