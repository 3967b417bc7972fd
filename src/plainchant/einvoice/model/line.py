"""A line of an invoice (BG-25): what was sold, how much of it, at what price, with which VAT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .allowance import AllowanceCharge
from .delivery import Delivery
from .group import Group
from .party import Identifier, Party
from .reference import PrecedingInvoice
from .vat import TaxTotal, VatCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Group):
    """BG-14 (invoicing period), BG-26 (line period)."""

    start: date | None = None  # BT-73, BT-134
    end: date | None = None  # BT-74, BT-135


@dataclass(frozen=True, slots=True)
class Classification:
    """BT-158: a code, the list it is from (UNTDID 7143) and that list's version."""

    code: str | None
    list_id: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAttribute(Group):
    """BG-32."""

    name: str | None = None  # BT-160
    value: str | None = None  # BT-161
    type_code: str | None = None  # Factur-X EXTENDED, BT-X-11; EXT-FR-FE-159
    measure: Decimal | None = None  # Factur-X EXTENDED, BT-X-12; EXT-FR-FE-160: a value with a unit
    measure_unit: str | None = None  # EXT-FR-FE-161


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Group):
    """BG-31."""

    name: str | None = None  # BT-153
    description: str | None = None  # BT-154
    seller_identifier: str | None = None  # BT-155
    buyer_identifier: str | None = None  # BT-156
    standard_identifier: Identifier | None = None  # BT-157
    classifications: tuple[Classification, ...] = ()  # BT-158
    origin_country: str | None = None  # BT-159
    attributes: tuple[ItemAttribute, ...] = ()  # BG-32


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Group):
    """BG-29."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_quantity_unit: str | None = None  # BT-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Group):
    """BG-25."""

    identifier: str | None = None  # BT-126
    note: str | None = None  # BT-127
    object_identifier: Identifier | None = None  # BT-128
    other_object_identifiers: tuple[Identifier, ...] = ()  # BT-128 again: EXTENDED-CTC-FR (AFL, AVV)
    quantity: Decimal | None = None  # BT-129
    unit: str | None = None  # BT-130, UN/ECE Recommendation 20
    net_amount: Decimal | None = None  # BT-131
    order_line_reference: str | None = None  # BT-132
    buyer_accounting_reference: str | None = None  # BT-133
    period: Period | None = None  # BG-26
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-27
    charges: tuple[AllowanceCharge, ...] = ()  # BG-28
    price: Price | None = None  # BG-29
    vat: VatCategory | None = None  # BG-30
    item: Item | None = None  # BG-31
    parent: str | None = None  # Factur-X EXTENDED, BT-X-304; EXT-FR-FE-162: the line this one details
    status_code: str | None = None  # Factur-X EXTENDED, BT-X-7; Chorus Pro: type of line
    status_reason_code: str | None = None  # BT-X-8; EXT-FR-FE-163: DETAIL, GROUP, INFORMATION
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()  # EXT-FR-FE-136 to 138; UBL's reference to itself is no such
    delivery: Delivery | None = None  # Factur-X EXTENDED, BG-X-7; EXT-FR-FE-146, EXT-FR-FE-158
    seller: Party | None = None  # several sellers on one invoice: EXT-FR-FE-164 to 177 (CII ItemSellerTradeParty)
    tax_totals: tuple[TaxTotal, ...] = ()  # VAT of a line that groups others: EXT-FR-FE-181, EXT-FR-FE-182
    tax_inclusive_amount: Decimal | None = None  # EXT-FR-FE-184
