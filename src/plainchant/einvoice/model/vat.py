"""Value added tax: the category on a line or an allowance, and the breakdown (BG-23, BG-30)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .group import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCategory(Group):
    """How VAT applies: code (UNTDID 5305), rate in per cent, and why there is none."""

    code: str | None = None  # BT-95, BT-102, BT-118, BT-151
    rate: Decimal | None = None  # BT-96, BT-103, BT-119, BT-152; 20 means 20 %
    exemption_reason: str | None = None  # BT-120
    exemption_reason_code: str | None = None  # BT-121, VATEX
    tax_type: str | None = "VAT"  # as written (TypeCode, TaxScheme/ID); anything but VAT is outside EN 16931

    @property
    def is_vat(self) -> bool:
        """Whether the tax named is VAT, in whatever case it is written."""
        return self.tax_type is not None and self.tax_type.upper() == "VAT"


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown(Group):
    """BG-23: the total for one category and rate."""

    taxable_amount: Decimal | None = None  # BT-116
    tax_amount: Decimal | None = None  # BT-117
    category: VatCategory | None = None  # BT-118 to BT-121


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal(Group):
    """A total of VAT in one currency: BT-110 in the invoice's currency, BT-111 in the accounting currency."""

    amount: Decimal | None = None
    currency: str | None = None
    # UBL writes the breakdown inside the total: how many of its rows stand in this one. Of the file, not of the
    # invoice.
    rows: int = field(default=0, compare=False)
