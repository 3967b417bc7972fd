"""What a person says of an invoice, understood: parties, lines, references. Everything that follows is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.einvoice.amounts import ZERO
from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.invoice_types import INVOICE
from plainchant.einvoice.law.french_vat import Nature
from plainchant.einvoice.model import VatCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParty:
    """Seller, buyer or validator. ``siret`` is any identifier of the portal, ``identifier_type`` says which."""

    name: str  # as printed; « EI » is added by ``is_sole_trader``
    siret: str
    identifier_type: str = "SIRET"
    is_sole_trader: bool = False
    vat_number: str = ""
    address_line: str = ""
    address_extra_1: str = ""
    address_extra_2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    contact_name: str = ""
    telephone: str = ""
    email: str = ""
    legal_information: str = ""  # capital, registration, APE… (BT-33)
    service_code: str = ""
    service_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """``price``: without VAT, before the discount, at most 6 decimals; ``discount``: an amount, on the whole line."""

    name: str
    quantity: Decimal  # at most 4 decimals
    price: Decimal
    vat: VatCategory
    description: str = ""
    reference: str = ""
    unit: str = "C62"
    discount: Decimal = ZERO
    nature: Nature = Nature.SERVICES


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRate:
    """What a deposit invoice asked for under one category and rate of VAT."""

    vat: VatCategory
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductedDeposit:
    """A deposit invoice (386) that the final one takes off, with its VAT: each rate becomes a line below zero."""

    number: str
    issue_date: date
    rates: tuple[DepositRate, ...]

    @property
    def net(self) -> Decimal:
        return sum((rate.net for rate in self.rates), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One invoice or credit note as it is said. Amounts in ``currency``, without VAT unless told."""

    number: str
    issue_date: date
    seller: SheetParty
    buyer: SheetParty
    lines: tuple[SheetLine, ...]
    type_code: str = INVOICE  # 380 invoice, 381 credit note, 386 deposit
    currency: str = "EUR"
    billing_framework: str = ORDINARY  # A1, A2 (already paid), A9 (sub-contractor), A12 (co-contractor)
    validator: SheetParty | None = None  # A9, A12: who approves first
    vat_regime: str = ""  # typeTva of the wire
    commitment: str = ""
    contract: str = ""
    preceding_number: str = ""
    preceding_date: date | None = None
    delivery_date: date | None = None  # day of the service or the delivery; with ``delivery_end``, its first day
    delivery_end: date | None = None
    discount: Decimal = ZERO  # on the whole invoice, spread over the rates
    discount_reason: str = ""
    payment_mode: str = "VIREMENT"
    iban: str = ""
    bic: str = ""
    payment_days: int = 30  # the buyer's legal limit: 30, 50 or 60
    comment: str = ""
    deposits: tuple[DeductedDeposit, ...] = ()  # invoiced before: taken off with their VAT
    prepaid: Decimal = ZERO  # BT-113, received before without an invoice: taken off what is to be paid
    prepaid_date: date | None = None
