"""Allowances and charges, of the document (BG-20, BG-21) or of a line (BG-27, BG-28)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .group import Group
from .vat import VatCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge(Group):
    """Which of the two it is, the tuple that holds it says."""

    amount: Decimal | None = None  # BT-92, BT-99, BT-136, BT-141
    base_amount: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percentage: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    vat: VatCategory | None = None  # BT-95/96, BT-102/103; on a line: outside EN 16931
    reason: str | None = None  # BT-97, BT-104, BT-139, BT-144
    reason_code: str | None = None  # BT-98, BT-105, BT-140, BT-145
