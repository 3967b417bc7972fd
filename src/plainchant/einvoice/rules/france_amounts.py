"""BR-FR on amounts, quantities, prices and VAT: how they are written, and which rates and categories France knows."""

from __future__ import annotations

from decimal import Decimal

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.law.vat_rates import every_rate
from plainchant.einvoice.model import AllowanceCharge, Invoice, Price, Totals, VatCategory

from .france_names import Failing

_POSITIONS = 19  # digits and sign; the point does not count
_RATE_DIGITS = 4
_WITHOUT_CATEGORY = "ne porte pas de catégorie de TVA"
_TOTALS = (
    ("line_extension_amount", "BR-FR-DEC-01_BT-106"),
    ("allowance_total_amount", "BR-FR-DEC-01_BT-107"),
    ("charge_total_amount", "BR-FR-DEC-01_BT-108"),
    ("tax_exclusive_amount", "BR-FR-DEC-01_BT-109"),
    ("tax_inclusive_amount", "BR-FR-DEC-01_BT-112"),
    ("prepaid_amount", "BR-FR-DEC-01_BT-113"),
    ("rounding_amount", "BR-FR-DEC-01_BT-114"),
    ("payable_amount", "BR-FR-DEC-01_BT-115"),
)


def _writings(rate: Decimal) -> set[str]:
    """A rate with as many zeros as two decimals leave room for."""
    whole, _, decimals = f"{rate:f}".partition(".")
    padded = {decimals + "0" * zeros for zeros in range(3 - len(decimals))}
    return {f"{whole}.{digits}" if digits else whole for digits in padded}


RATES_AS_WRITTEN = frozenset(writing for rate in every_rate() for writing in _writings(rate))


def fits(amount: Decimal, decimals: int) -> bool:
    """Whether it is written with so many decimals at most, and 19 characters besides the point."""
    text = str(amount)
    point = text.find(".")
    if point < 0:
        return len(text) <= _POSITIONS and "E" not in text  # Decimal writes 0.0000001 as 1E-7
    return len(text) - point - 1 <= decimals and len(text) - 1 <= _POSITIONS and "E" not in text


def check(invoice: Invoice, fail: Failing) -> None:
    """The head's amounts; lines are looked at one by one."""
    if invoice.totals is not None:
        _totals(invoice.totals, fail)
    for tax in invoice.tax_totals:
        if tax.amount is not None and not fits(tax.amount, 2):
            fail("BR-FR-DEC-01_BT-110", tax, "amount", value=tax.amount)
    for allowance in (*invoice.allowances, *invoice.charges):
        _amounts_of(allowance, "BR-FR-DEC-01_BT-92_BT-99", "BR-FR-DEC-01_BT-93_BT-100", fail)
        if allowance.vat is not None:
            allowance_vat(allowance.vat, fail)
    for part in invoice.vat_breakdown:
        if part.taxable_amount is not None and not fits(part.taxable_amount, 2):
            fail("BR-FR-DEC-01_BT-116", part, "taxable_amount", value=part.taxable_amount)
        if part.tax_amount is not None and not fits(part.tax_amount, 2):
            fail("BR-FR-DEC-01_BT-117", part, "tax_amount", value=part.tax_amount)
        if part.category is not None:
            _category(part.category, "BR-FR-15_BT-95_BT-118", fail, is_wanted=not fail.in_ubl)
            _rate(part.category, "BR-FR-16_BT-119", "BR-FR-DEC-04_BT-119", fail)


def _totals(totals: Totals, fail: Failing) -> None:
    for field, rule in _TOTALS:
        amount: Decimal | None = getattr(totals, field)
        if amount is not None and not fits(amount, 2):
            fail(rule, totals, field, value=amount)


def line_allowance(allowance: AllowanceCharge, fail: Failing) -> None:
    """An allowance or charge of a line. Only UBL may give it a VAT of its own."""
    _amounts_of(allowance, "BR-FR-DEC-01_BT-136_BT-141", "BR-FR-DEC-01_BT-137_BT-142", fail)
    if allowance.vat is not None and fail.in_ubl:
        allowance_vat(allowance.vat, fail)


def _amounts_of(allowance: AllowanceCharge, amount_rule: str, base_rule: str, fail: Failing) -> None:
    if allowance.amount is not None and not fits(allowance.amount, 2):
        fail(amount_rule, allowance, "amount", value=allowance.amount)
    if allowance.base_amount is not None and not fits(allowance.base_amount, 2):
        fail(base_rule, allowance, "base_amount", value=allowance.base_amount)


def allowance_vat(vat: VatCategory, fail: Failing) -> None:
    """Of an allowance or a charge: one rule for both."""
    _category(vat, "BR-FR-15_BT-95_BT-102", fail, is_wanted=not fail.in_ubl)
    _rate(vat, "BR-FR-16_BT-96_BT-103", "BR-FR-DEC-04_BT-96_BT-103", fail)


def line_vat(vat: VatCategory, fail: Failing, *, is_wanted: bool, has_french_rate: bool) -> None:
    """Of a line. ``has_french_rate``: UBL's rule does not look at the lines of a credit note."""
    _category(vat, "BR-FR-15_BT-95_BT-151", fail, is_wanted=is_wanted)
    _rate(vat, "BR-FR-16_BT-152" if has_french_rate else "", "BR-FR-DEC-04_BT-152", fail)


def _category(vat: VatCategory, rule: str, fail: Failing, *, is_wanted: bool) -> None:
    """``is_wanted``: a missing code fails too."""
    code = vat.code
    if code in codes.VAT_CATEGORIES or (code is None and not is_wanted):
        return
    problem = (
        f"porte la catégorie de TVA « {code[:20]} », qui n’est pas admise en France" if code else _WITHOUT_CATEGORY
    )
    fail(rule, vat, "code", problem=problem)
    if code in codes.FOREIGN_VAT_CATEGORIES:
        fail(f"{rule}_LM", vat, "code", value=code)


def _rate(vat: VatCategory, rule: str, writing_rule: str, fail: Failing) -> None:
    if vat.rate is None:
        return
    text = str(vat.rate)
    if text in RATES_AS_WRITTEN:
        return  # which are all well written
    if rule:
        fail(rule, vat, "rate", value=vat.rate)
    if vat.rate.is_signed() or not fits(vat.rate, 2) or len(text.replace(".", "")) > _RATE_DIGITS:
        fail(writing_rule, vat, "rate", value=vat.rate)


def price(price: Price, fail: Failing, *, may_be_negative: bool) -> None:
    """``may_be_negative``: in the cadres where each side sells to the other."""
    for amount, field, rule in (
        (price.net, "net", "BR-FR-DEC-03_BT-146"),
        (price.discount, "discount", "BR-FR-DEC-03_BT-147"),
        (price.gross, "gross", "BR-FR-DEC-03_BT-148"),
    ):
        if amount is not None and (not fits(amount, 6) or (amount.is_signed() and not may_be_negative)):
            fail(rule, price, field, value=amount)
    if price.base_quantity is not None and not fits(price.base_quantity, 4):
        fail("BR-FR-DEC-02_BT-149", price, "base_quantity", value=price.base_quantity)
