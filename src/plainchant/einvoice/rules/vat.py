"""The rules of each VAT category (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG, BR-B), from one table.

The two official texts differ here more than anywhere: every difference is a column of the table or a branch on the
syntax with the word « official » beside it. Where CII's text compares doubles, so do we, or a total at exactly one
euro from the limit would be judged otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from plainchant.einvoice.amounts import ZERO, to_cents, to_units
from plainchant.einvoice.model import AllowanceCharge, Invoice, VatBreakdown, VatCategory
from plainchant.einvoice.rule import Context, Report

ONE = Decimal(1)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Category:
    """One VAT category, as its rules treat it.

    ``rate``: what a line's rate must be. ``several``: the breakdown may hold it once for each rate. ``seller``: which
    number the seller (or the tax representative) must have: any tax number, a VAT number, or no VAT number at all.
    ``buyer``: what the buyer must have. ``reason``: whether the breakdown must say why no VAT is due, or must not.
    """

    prefix: str  # of the rules' ids
    code: str  # UNTDID 5305
    rate: Literal["positive", "zero", "absent", "not negative"]
    several: bool
    seller: Literal["any", "vat", "none"]
    buyer: Literal["", "vat or registration", "vat", "none"]
    reason: bool


CATEGORIES = (
    Category("S", "S", "positive", True, "any", "", False),
    Category("Z", "Z", "zero", False, "any", "", False),
    Category("E", "E", "zero", False, "any", "", True),
    Category("AE", "AE", "zero", False, "any", "vat or registration", True),
    Category("IC", "K", "zero", False, "vat", "vat", True),
    Category("G", "G", "zero", False, "vat", "", True),
    Category("O", "O", "absent", False, "none", "none", True),
    Category("AF", "L", "not negative", True, "any", "", False),
    Category("AG", "M", "not negative", True, "any", "", False),
)
CATEGORY_OF = {category.code: category for category in CATEGORIES}
_WITHOUT_TYPE = ("S", "Z")  # official: CII's rules 08 to 10 of these two do not ask whether the tax is VAT


@dataclass(slots=True)
class Gathered:
    """What one pass over the lines brought together. ``Counter`` keys are category codes."""

    lines: Counter[str] = field(default_factory=Counter)  # lines of a category, whatever the tax is called
    vat_lines: Counter[str] = field(default_factory=Counter)  # those whose tax is VAT
    net: dict[tuple[str | None, Decimal | None], Decimal] = field(default_factory=dict)  # by code and rate
    line_allowances: list[AllowanceCharge] = field(default_factory=list)  # of lines, with a category (outside the norm)
    line_charges: list[AllowanceCharge] = field(default_factory=list)


def run(invoice: Invoice, context: Context, report: Report, gathered: Gathered) -> None:
    """Every rule of every category that the invoice knows, and the two of split payment (B)."""
    ubl = context.syntax == "ubl"
    allowances = [*invoice.allowances, *gathered.line_allowances]
    charges = [*invoice.charges, *gathered.line_charges]
    header = Counter(b.category.code for b in invoice.vat_breakdown if b.category and b.category.code is not None)
    vat_header = Counter(b.category.code for b in invoice.vat_breakdown if b.category and _is(b.category))
    elsewhere = Counter(a.vat.code for a in (*allowances, *charges) if a.vat and a.vat.code is not None)
    vat_elsewhere = Counter(a.vat.code for a in (*allowances, *charges) if a.vat and _is(a.vat))
    used = set(header) | set(gathered.lines) | set(elsewhere)
    numbers = _Numbers(invoice, context)
    for category in CATEGORIES:
        code = category.code
        if code not in used:
            continue
        _presence(
            category,
            ubl=ubl,
            lines=gathered.lines[code],
            vat_lines=gathered.vat_lines[code],
            header=header[code],
            vat_header=vat_header[code],
            elsewhere=elsewhere[code],
            vat_elsewhere=vat_elsewhere[code],
            invoice=invoice,
            report=report,
        )
        wrong = not numbers.suit(category)
        # official: UBL's BR-S-02 also fails when the only standard rated lines are of another tax than VAT
        stray = ubl and code == "S" and gathered.lines[code] > 0 and gathered.vat_lines[code] == 0
        if (gathered.vat_lines[code] and wrong) or stray:
            report.fail(f"BR-{category.prefix}-02", invoice, "seller")
        for number, group in (("03", allowances), ("04", charges)):
            if category.code == "O" and ubl:  # official: UBL's BR-O-03 and 04 look at the document's own only
                group = [*invoice.allowances] if number == "03" else [*invoice.charges]
            if wrong and any(charge.vat and charge.vat.code == code and _is(charge.vat) for charge in group):
                report.fail(f"BR-{category.prefix}-{number}", invoice, "seller")
        for number, group in (("06", allowances), ("07", charges)):
            for charge in group:
                if (
                    charge.vat
                    and charge.vat.code == code
                    and _is(charge.vat)
                    and not _rate_suits(category, charge.vat, ubl=ubl)
                ):
                    report.fail(f"BR-{category.prefix}-{number}", charge.vat, "rate", value=charge.vat.rate)
    for breakdown in invoice.vat_breakdown:
        if breakdown.category is not None and breakdown.category.code in CATEGORY_OF:
            category = CATEGORY_OF[breakdown.category.code]
            if _is(breakdown.category) or (not ubl and category.code in _WITHOUT_TYPE):
                _breakdown(breakdown, breakdown.category, category, gathered, invoice, report, ubl=ubl)
    _intra_community(invoice, vat_header["K"], report, ubl=ubl)
    _not_subject(invoice, gathered, vat_header["O"], allowances, charges, report, ubl=ubl)
    _split_payment(invoice, gathered, header, elsewhere, report, ubl=ubl)


def check_line(vat: VatCategory, report: Report, *, ubl: bool) -> None:
    """BR-*-05: the rate of a line whose tax is VAT."""
    category = CATEGORY_OF.get(vat.code or "")
    if category is not None and not _rate_suits(category, vat, ubl=ubl):
        report.fail(f"BR-{category.prefix}-05", vat, "rate", value=vat.rate)


def _is(category: VatCategory) -> bool:
    return category.is_vat and category.code is not None


def _rate_suits(category: Category, vat: VatCategory, *, ubl: bool) -> bool:
    rate = vat.rate
    if category.rate == "absent":
        return rate is None
    if rate is None:
        return False
    if category.rate == "zero":
        return rate == 0
    if category.rate == "positive" or (category.prefix == "AF" and not ubl):  # official: CII wants IGIC above zero
        return rate > 0
    return rate >= 0


class _Numbers:
    """Who has which tax number."""

    def __init__(self, invoice: Invoice, context: Context) -> None:
        seller, buyer, agent = invoice.seller, invoice.buyer, invoice.tax_representative
        self.seller_vat = seller is not None and seller.vat_identifier is not None
        self.seller_any = self.seller_vat or (
            seller is not None
            and seller.tax_registration is not None
            and not context.facts.tax_registration_without_scheme
        )
        self.agent_vat = agent is not None and agent.vat_identifier is not None
        self.buyer_vat = buyer is not None and buyer.vat_identifier is not None
        self.buyer_registration = buyer is not None and buyer.legal_registration is not None

    def suit(self, category: Category) -> bool:
        if category.seller == "none":
            return not (self.seller_vat or self.agent_vat or self.buyer_vat)
        if not (self.agent_vat or (self.seller_any if category.seller == "any" else self.seller_vat)):
            return False
        if category.buyer == "vat":
            return self.buyer_vat
        return not category.buyer or self.buyer_vat or self.buyer_registration


def _presence(
    category: Category,
    *,
    ubl: bool,
    lines: int,
    vat_lines: int,
    header: int,
    vat_header: int,
    elsewhere: int,
    vat_elsewhere: int,
    invoice: Invoice,
    report: Report,
) -> None:
    """BR-*-01: a category that is used has its breakdown, and the other way round. All official, all different."""
    if ubl and category.several:
        if category.code != "S":
            lines, elsewhere, header = vat_lines, vat_elsewhere, vat_header
        holds = (lines + elsewhere > 0) == (header > 0)
    elif ubl:
        holds = vat_header == 1 or not (vat_lines or vat_elsewhere or vat_header)
    elif category.several:
        holds = (not lines or lines + header >= 2) and (not elsewhere or elsewhere + header >= 2)
    elif category.code == "O":
        holds = not header or (header == 1 and bool(lines or elsewhere))
    else:
        holds = not (header or lines or elsewhere) or (header == 1 and bool(lines or elsewhere))
    if not holds:
        report.fail(f"BR-{category.prefix}-01", invoice, "vat_breakdown", count=header)


def _breakdown(
    breakdown: VatBreakdown,
    vat: VatCategory,
    category: Category,
    gathered: Gathered,
    invoice: Invoice,
    report: Report,
    *,
    ubl: bool,
) -> None:
    """BR-*-08 (the base), BR-*-09 (the tax) and BR-*-10 (the reason) of one row of the breakdown."""
    prefix = category.prefix
    computed = _base(vat, category, gathered, invoice, ubl=ubl)
    if computed is not None and not _base_holds(
        breakdown.taxable_amount, computed, category, gathered, vat, invoice, ubl=ubl
    ):
        report.fail(f"BR-{prefix}-08", breakdown, "taxable_amount", computed=computed, written=breakdown.taxable_amount)
    tax = breakdown.tax_amount
    if not category.several:
        if tax is None or tax != 0:
            report.fail(f"BR-{prefix}-09", breakdown, "tax_amount", written=tax)
    elif (ubl or prefix == "S") and not _tax_holds(breakdown, vat, ubl=ubl):  # official: CII's AF-09, AG-09 are true()
        report.fail(f"BR-{prefix}-09", breakdown, "tax_amount", written=tax, computed=_expected_tax(breakdown, vat))
    has_reason = vat.exemption_reason is not None or vat.exemption_reason_code is not None
    if has_reason != category.reason:
        report.fail(f"BR-{prefix}-10", vat, "exemption_reason")


def _base(vat: VatCategory, category: Category, gathered: Gathered, invoice: Invoice, *, ubl: bool) -> Decimal | None:
    """What the lines, charges and allowances of the category (and rate) come to. None when the rule says nothing."""
    rate = vat.rate
    if category.several:
        if rate is None or (not ubl and category.prefix != "S"):  # official: CII's AF-08, AG-08 look nowhere
            return None
        net = gathered.net.get((category.code, rate), ZERO)
        same = _same(category.code, rate)
    else:
        net = sum((amount for (code, _), amount in gathered.net.items() if code == category.code), ZERO)
        same = _same(category.code, None)
    plus = sum((a.amount for a in same(invoice.charges) if a.amount is not None), ZERO)
    minus = sum((a.amount for a in same(invoice.allowances) if a.amount is not None), ZERO)
    return net + plus - minus if ubl else to_cents(net) + to_cents(plus) - to_cents(minus)


def _same(code: str, rate: Decimal | None) -> Callable[[tuple[AllowanceCharge, ...]], Iterator[AllowanceCharge]]:
    def chosen(group: tuple[AllowanceCharge, ...]) -> Iterator[AllowanceCharge]:
        for charge in group:
            if charge.vat and charge.vat.code == code and (rate is None or charge.vat.rate == rate):
                yield charge

    return chosen


def _base_holds(
    written: Decimal | None,
    computed: Decimal,
    category: Category,
    gathered: Gathered,
    vat: VatCategory,
    invoice: Invoice,
    *,
    ubl: bool,
) -> bool:
    if written is None:
        return False
    if not ubl:
        if category.code in ("S", "O"):
            return written == computed
        return float(written) - 1 < float(computed) < float(written) + 1
    if not category.several:
        return bool(invoice.lines) and written == computed
    if category.code == "S":
        used = (category.code, vat.rate) in gathered.net or any(
            True
            for _ in _same("S", vat.rate)(
                (*invoice.allowances, *invoice.charges, *gathered.line_allowances, *gathered.line_charges)
            )
        )
        if not used:
            return False
    elif not invoice.lines:
        return False
    # official: the subtraction is made on doubles, the comparison on decimals
    return Decimal(float(written) - 1) < computed < Decimal(float(written) + 1)


def _expected_tax(breakdown: VatBreakdown, vat: VatCategory) -> Decimal | None:
    if breakdown.taxable_amount is None or vat.rate is None:
        return None
    return to_cents(breakdown.taxable_amount * vat.rate / HUNDRED)


def _tax_holds(breakdown: VatBreakdown, vat: VatCategory, *, ubl: bool) -> bool:
    """Within one unit of base times rate, signs aside."""
    tax, base, rate = breakdown.tax_amount, breakdown.taxable_amount, vat.rate
    if tax is None or base is None or rate is None:
        return False
    if ubl:
        return abs(abs(tax) - to_cents(abs(base) * rate / HUNDRED)) < ONE
    expected = float(to_units(Decimal(float(abs(base)) * float(rate)))) / 100
    return float(abs(tax) - ONE) < expected < float(abs(tax) + ONE)


def _intra_community(invoice: Invoice, count: int, report: Report, *, ubl: bool) -> None:
    """BR-IC-11 and BR-IC-12: when and where the goods went."""
    if not count:
        return
    delivery, period = invoice.delivery, invoice.period
    delivered = delivery is not None and delivery.actual_date is not None
    if ubl:
        dated = period is not None and (
            period.start is not None or period.end is not None or invoice.tax_point_date_code is not None
        )
    else:
        dated = period is not None and (period.start is not None or period.end is not None)
    if not delivered and not dated:
        report.fail("BR-IC-11", delivery or invoice, "actual_date" if delivery else "delivery")
    country = delivery.address.country if delivery and delivery.address else None
    if country is None or (ubl and len(country) < 2):
        report.fail("BR-IC-12", delivery or invoice, "address" if delivery else "delivery")


def _not_subject(
    invoice: Invoice,
    gathered: Gathered,
    count: int,
    allowances: list[AllowanceCharge],
    charges: list[AllowanceCharge],
    report: Report,
    *,
    ubl: bool,
) -> None:
    """BR-O-11 to BR-O-14: what is not subject to VAT is alone on its invoice."""
    if not count:
        return
    lines = gathered.vat_lines if ubl else gathered.lines
    other_lines = any(code != "O" for code in lines)
    own = ("O",) if ubl else ("O", None)  # official: in UBL a category without its code is another one
    other_rows = any(
        b.category is not None and b.category.code not in own and (b.category.is_vat or not ubl)
        for b in invoice.vat_breakdown
    )
    taxed = [[a for a in group if a.vat and a.vat.code not in own] for group in (allowances, charges)]
    if ubl:
        taxed = [[a for a in group if a.vat and a.vat.is_vat] for group in taxed]
        broken = (other_rows, other_lines, bool(taxed[0]), bool(taxed[1]))
    else:  # official: CII does not tell rows from lines, nor allowances from charges
        broken = (other_rows or other_lines,) * 2 + (bool(taxed[0] or taxed[1]),) * 2
    for number, failed in zip(("11", "12", "13", "14"), broken, strict=True):
        if failed:
            report.fail(f"BR-O-{number}", invoice, "vat_breakdown")


def _split_payment(
    invoice: Invoice,
    gathered: Gathered,
    header: Counter[str],
    elsewhere: Counter[str],
    report: Report,
    *,
    ubl: bool,
) -> None:
    """BR-B-01 and BR-B-02: Italian split payment, on domestic invoices and never beside standard rated VAT."""
    if not (header["B"] or elsewhere["B"] or gathered.lines["B"]):
        return
    if any(country != "IT" for country in _countries(invoice, origins=ubl)):
        report.fail("BR-B-01", invoice, "vat_breakdown")
    if header["S"] or elsewhere["S"] or gathered.lines["S"]:
        report.fail("BR-B-02", invoice, "vat_breakdown")


def _countries(invoice: Invoice, *, origins: bool) -> Iterator[str]:
    """Every country written. UBL's rule also meets the countries items come from."""
    parties = (invoice.seller, invoice.buyer, invoice.payee, invoice.tax_representative)
    addresses = [party.address for party in parties if party] + [invoice.delivery.address if invoice.delivery else None]
    for address in addresses:
        if address and address.country is not None:
            yield address.country
    if origins:
        for line in invoice.lines:
            if line.item and line.item.origin_country is not None:
                yield line.item.origin_country
