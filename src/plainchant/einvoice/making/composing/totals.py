"""The one arithmetic of an entered invoice: the screen, the drawn page and both syntaxes show these amounts.

EN 16931: a line's net is rounded to the cent, VAT is computed once a rate on the sum of its lines (BR-CO-17).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.einvoice.amounts import ZERO, to_cents, total
from plainchant.einvoice.codes.cadres import is_paid
from plainchant.einvoice.model import VatCategory

from .sheet import DeductedDeposit, Sheet, SheetLine


@dataclass(frozen=True, slots=True)
class RateTotals:
    """One row of the VAT summary. ``lines`` is before, ``base`` after the share of the invoice's discount."""

    vat: VatCategory
    lines: Decimal
    discount: Decimal
    tax: Decimal

    @property
    def base(self) -> Decimal:
        return self.lines - self.discount


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """Every computed amount, to the cent."""

    rates: tuple[RateTotals, ...]
    line_total: Decimal  # BT-106
    discount: Decimal  # BT-107
    tax_exclusive: Decimal  # BT-109, HT
    tax: Decimal  # BT-110
    tax_inclusive: Decimal  # BT-112, TTC
    prepaid: Decimal  # BT-113: all of it where the invoice is already paid (A2)
    payable: Decimal  # BT-115
    deposits: Decimal = ZERO  # without VAT, taken off ``line_total`` already

    @property
    def whole(self) -> Decimal:
        """All that was agreed, without VAT: what is left and what deposits asked for."""
        return self.tax_exclusive + self.deposits


def line_net(line: SheetLine) -> Decimal:
    """Quantity times price to the cent, less the discount."""
    return to_cents(line.quantity * line.price) - line.discount


def totals_of(sheet: Sheet) -> SheetTotals:
    """Every amount of ``sheet``."""
    return totals(
        [(line.vat, line_net(line)) for line in sheet.lines],
        discount=sheet.discount,
        is_paid=is_paid(sheet.billing_framework),
        deposits=sheet.deposits,
        prepaid=sheet.prepaid,
    )


def totals(
    lines: Iterable[tuple[VatCategory, Decimal]],
    *,
    discount: Decimal = ZERO,
    is_paid: bool = False,
    deposits: Iterable[DeductedDeposit] = (),
    prepaid: Decimal = ZERO,
) -> SheetTotals:
    """From each line's VAT and net amount. ``discount`` is spread over the rates in proportion to their lines.

    ``deposits`` are taken off their rates, so that their VAT is not invoiced twice; ``prepaid`` off what is due.
    """
    # One row a category and rate, whatever the reasons given (BR-E-01 and its like).
    found: dict[tuple[str | None, Decimal | None], VatCategory] = {}
    sums: dict[tuple[str | None, Decimal | None], Decimal] = {}
    for vat, net in lines:
        key = (vat.code, vat.rate)
        found[key] = _both(found[key], vat) if key in found else vat
        sums[key] = sums.get(key, ZERO) + net
    of_lines = dict(sums)
    invoiced = ZERO
    for rate in (rate for deposit in deposits for rate in deposit.rates):
        key = (rate.vat.code, rate.vat.rate)
        found.setdefault(key, rate.vat)
        of_lines.setdefault(key, ZERO)
        sums[key] = sums.get(key, ZERO) - rate.net
        invoiced += rate.net
    line_total = total(sums.values())
    shares = _spread(discount, list(of_lines.values()), total(of_lines.values()))
    rates = tuple(
        RateTotals(found[key], lines_of_rate, share, to_cents((lines_of_rate - share) * (key[1] or ZERO) / 100))
        for (key, lines_of_rate), share in zip(sums.items(), shares, strict=True)
    )
    net = line_total - discount
    tax = total(rate.tax for rate in rates)
    gross = net + tax
    prepaid = gross if is_paid else prepaid
    return SheetTotals(
        rates=tuple(sorted(rates, key=lambda rate: (-(rate.vat.rate or ZERO), rate.vat.code or ""))),
        line_total=line_total,
        discount=discount,
        tax_exclusive=net,
        tax=tax,
        tax_inclusive=gross,
        prepaid=prepaid,
        payable=gross - prepaid,
        deposits=invoiced,
    )


def _both(category: VatCategory, other: VatCategory) -> VatCategory:
    """Two lines without VAT for different reasons: both texts, and a code only where it is the same."""
    if category == other or other.exemption_reason in (None, category.exemption_reason):
        return category
    texts = [text for text in (category.exemption_reason, other.exemption_reason) if text]
    code = category.exemption_reason_code if category.exemption_reason_code == other.exemption_reason_code else None
    return replace(category, exemption_reason=" ; ".join(texts), exemption_reason_code=code)


def _spread(amount: Decimal, weights: list[Decimal], whole: Decimal) -> list[Decimal]:
    """``amount`` in shares of whole cents, in proportion to ``weights``; the largest takes what rounding leaves."""
    if not amount or not weights:
        return [ZERO] * len(weights)
    largest = max(range(len(weights)), key=lambda place: abs(weights[place]))
    shares = [to_cents(amount * weight / whole) if whole else ZERO for weight in weights]
    shares[largest] += amount - total(shares)
    return shares
