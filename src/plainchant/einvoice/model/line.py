"""A line of an invoice (BG-25): what was sold, how much of it, at what price, with which VAT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .allowance import AllowanceCharge
from .group import Group
from .party import Identifier
from .vat import VatCategory


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
    parent: str | None = None  # Factur-X EXTENDED, BT-X-304: the line this one details
    status_code: str | None = None  # Factur-X EXTENDED, BT-X-7; Chorus Pro: type of line
    status_reason_code: str | None = None  # Factur-X EXTENDED, BT-X-8: DETAIL, GROUP, INFORMATION
