"""The head of an invoice: the few data Chorus Pro holds of every invoice, whatever its form (PDF, entry, flow).

The deposit's form fills it, the portal stores it; the whole invoice, with its lines, is `invoice.Invoice`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

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
    type_code: str = INVOICE  # BT-3: 380 invoice, 381 credit note
    currency: str = "EUR"  # BT-5, ISO 4217
    billing_framework: str = ORDINARY  # BT-23, cadre de facturation
    vat_regime: str = ""  # the portal's typeTva
    purchase_order_reference: str = ""  # BT-13, numéro d'engagement
    contract_reference: str = ""  # BT-12, numéro de marché
    preceding_invoice: str = ""  # BT-25
    note: str = ""  # BT-22
    seller: HeaderParty = field(default_factory=HeaderParty)
    buyer: HeaderParty = field(default_factory=HeaderParty)
    tax_exclusive_amount: Decimal | None = None  # BT-109
    tax_amount: Decimal | None = None  # BT-110
    tax_inclusive_amount: Decimal | None = None  # BT-112
    payable_amount: Decimal | None = None  # BT-115
    payment_account: str = ""  # BT-84, IBAN
    payment_bic: str = ""  # BT-86

    def to_json(self) -> dict[str, Any]:
        """A JSON object: dates in ISO form, amounts as strings (never floats)."""
        flat = asdict(self)
        for name, value in flat.items():
            if isinstance(value, Decimal | date):
                flat[name] = str(value)
        return flat

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Header:
        """The inverse of ``to_json``. ValueError or TypeError on anything it did not write."""
        values: dict[str, Any] = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        for name in _AMOUNTS:
            if values.get(name) is not None:
                values[name] = Decimal(values[name])
        if values.get("issue_date"):
            values["issue_date"] = date.fromisoformat(values["issue_date"])
        for side in ("seller", "buyer"):
            if side in values:
                values[side] = HeaderParty(**values[side])
        return cls(**values)


_AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
