"""The head of an invoice: the few data Chorus Pro holds of every invoice, whatever its form (PDF, entry, flow).

The deposit's form fills it, the portal stores it; the whole invoice, with its lines, is `invoice.Invoice`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.invoice_types import INVOICE


@dataclass(frozen=True)
class HeaderParty:
    """One side of an invoice. ``identifier_scheme`` is the portal's identifier type (`SIRET`, `RIDET`…)."""

    name: str = ""  # BT-27, BT-44
    identifier: str = ""  # BT-30, BT-47
    identifier_scheme: str = "SIRET"
    vat_identifier: str = ""  # BT-31, BT-48
    address_line: str = ""  # BT-35, BT-50
    postcode: str = ""  # BT-38, BT-53
    city: str = ""  # BT-37, BT-52
    country: str = "FR"  # BT-40, BT-55
    service_code: str = ""  # the buyer's routing code, BT-10


@dataclass(frozen=True)
class Header:
    """Number, dates, references, parties and totals: no lines, no VAT breakdown."""

    number: str = ""  # BT-1
    issue_date: date | None = None  # BT-2
    delivery_date: date | None = None  # BT-72, the one day of it; of a period nothing is said
    type_code: str = INVOICE  # BT-3, UNTDID 1001
    currency: str = "EUR"  # BT-5, ISO 4217
    billing_framework: str = ORDINARY  # BT-23, cadre de facturation
    vat_regime: str = ""  # the portal's typeTva
    purchase_order_reference: str = ""  # BT-13, numéro d'engagement
    contract_reference: str = ""  # BT-12, numéro de marché
    preceding_invoice: str = ""  # BT-25
    note: str = ""  # BT-22
    seller: HeaderParty = field(default_factory=HeaderParty)
    buyer: HeaderParty = field(default_factory=HeaderParty)
    validator: HeaderParty | None = None  # who has his say before the buyer, as the invoice came
    moe: HeaderParty | None = None  # of works: who directs them, and for whom they are done
    moa: HeaderParty | None = None
    tax_exclusive_amount: Decimal | None = None  # BT-109
    tax_amount: Decimal | None = None  # BT-110
    tax_inclusive_amount: Decimal | None = None  # BT-112
    prepaid_amount: Decimal | None = None  # BT-113
    rounding_amount: Decimal | None = None  # BT-114
    payable_amount: Decimal | None = None  # BT-115
    payment_account: str = ""  # BT-84, IBAN
    payment_bic: str = ""  # BT-86

    def __post_init__(self) -> None:
        """ValueError for an amount that is none: « NaN » is written like a number."""
        amounts = (
            self.tax_exclusive_amount,
            self.tax_amount,
            self.tax_inclusive_amount,
            self.prepaid_amount,
            self.rounding_amount,
            self.payable_amount,
        )
        if any(amount is not None and not amount.is_finite() for amount in amounts):
            raise ValueError("an amount is not finite")
