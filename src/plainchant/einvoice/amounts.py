"""Decimal and the one rounding rule: XPath's ``round``, half towards plus infinity (2.5 → 3, -2.5 → -2)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
_HALF_CENT = Decimal("0.005")
_HALF = Decimal("0.5")
_ONE = Decimal(1)
HUNDREDTHS = 2  # decimals of an amount in euros
LARGEST = Decimal(10) ** 12  # an amount that the portal can hold is smaller, and has no more decimals than that
MOST_DECIMALS = 6


def to_cents(amount: Decimal) -> Decimal:
    """``amount`` rounded to two decimals as XPath would: half towards plus infinity."""
    return (amount + _HALF_CENT).quantize(CENT, ROUND_FLOOR)


def to_units(amount: Decimal) -> Decimal:
    """``amount`` rounded to a whole number as XPath would."""
    return (amount + _HALF).quantize(_ONE, ROUND_FLOOR)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of those that are there; 0 of none."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def decimals(amount: Decimal) -> int:
    """How many digits are written after the point: 2 for 1.50, 0 for 15."""
    if amount.same_quantum(CENT):  # as nearly all: taking a number apart is ten times as long
        return HUNDREDTHS
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
