"""The rules that Factur-X EXTENDED and EXTENDED-CTC-FR have in place of EN 16931's: totals, VAT categories, lines.

A cent of difference is allowed for each amount that is added up, groups of lines and lines for information are not
added, and a category of VAT has one row for each reason of exemption. The rows and their numbers are in
`extended_table.py`; what only the file can say (elements, code lists) is looked at in `syntaxes.extended_elements`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from plainchant.einvoice.amounts import CENT, ZERO, to_cents, total
from plainchant.einvoice.codes.extended import LINE_ROLES
from plainchant.einvoice.model import AllowanceCharge, Invoice, Line, VatBreakdown, VatCategory
from plainchant.einvoice.rule import Context, Report

from . import source
from .extended_table import NUMBERS, RULES, Numbered
from .vat import CATEGORIES, CATEGORY_OF

__all__ = ["PRESENCE", "RULES", "run"]

_DETAIL, _GROUP = "DETAIL", "GROUP"
HUNDRED = Decimal(100)
# Rules that ask whether something is written, as `en16931.PRESENCE`.
PRESENCE = frozenset(numbers[about] for numbers in NUMBERS.values() for about in ("BR-22", "BR-24", "BR-26"))


def run(invoice: Invoice, context: Context, report: Report, faults: Iterable[tuple[str, Any, str]]) -> None:
    """Of an invoice of one of the two profiles, whose `Profile.has_own_rules` is true.

    ``faults``: what its file says wrong of elements and codes: what each is about, the element, the value.
    """
    profile = context.profile
    assert profile is not None  # noqa: S101 - `has_own_rules` is asked before
    numbered = Numbered(NUMBERS[profile.name, context.syntax], report)
    ubl, factur_x = context.syntax == "ubl", profile.name == "EXTENDED"
    lines = [line for line in invoice.lines if _is_counted(line, invoice, ubl=ubl)]
    charges = (*invoice.charges, *source.logistics_charges(invoice))
    _totals(invoice, lines, charges, numbered, ubl=ubl)
    _categories(invoice, lines, charges, numbered, ubl=ubl, factur_x=factur_x)
    for row in invoice.vat_breakdown:
        _base(row, invoice, lines, charges, numbered, ubl=ubl)
    for line in lines:
        _line(line, numbered, factur_x=factur_x)
    _groups(invoice, numbered, ubl=ubl, factur_x=factur_x)
    _reasons(invoice, numbered)
    for about, element, value in faults:
        numbered.fail(about, element, value=value)


def _is_counted(line: Line, invoice: Invoice, *, ubl: bool) -> bool:
    """Whether a line is added: one that has no role, or DETAIL."""
    if line.status_reason_code is not None:
        return line.status_reason_code == _DETAIL
    return not (ubl and source.cites(line, invoice.number))  # there a line has a role by citing its own invoice


def _sum(group: Iterable[AllowanceCharge]) -> Decimal:
    return to_cents(total(charge.amount for charge in group))


def _net(lines: Iterable[Line]) -> Decimal:
    return to_cents(total(line.net_amount for line in lines))


def _is_near(written: Decimal | None, computed: Decimal | None, count: int) -> bool:
    return written is not None and computed is not None and abs(written - computed) <= CENT * count


def _totals(
    invoice: Invoice, lines: list[Line], charges: tuple[AllowanceCharge, ...], numbered: Numbered, *, ubl: bool
) -> None:
    totals = invoice.totals
    if totals is None:
        return
    net, minus, plus = _net(lines), _sum(invoice.allowances), _sum(charges)
    added = len(lines) + len(invoice.allowances) + len(charges)
    taxes = [row.amount for row in invoice.tax_totals if row.currency == invoice.currency and row.amount is not None]
    for about, name, computed, count, is_asked in (
        ("BR-CO-10", "line_extension_amount", net, len(invoice.lines), True),
        ("BR-CO-11", "allowance_total_amount", minus, len(invoice.allowances), bool(invoice.allowances)),
        # official: charges for transport alone do not ask for the total of charges
        ("BR-CO-12", "charge_total_amount", plus, len(charges), bool(invoice.charges)),
        ("BR-CO-13", "tax_exclusive_amount", net - minus + plus, added, True),
    ):
        written: Decimal | None = getattr(totals, name)
        if (is_asked or written is not None) and not _is_near(written, computed, count):
            numbered.fail(about, totals, name, computed=computed, written=written)
    exclusive, inclusive, due = totals.tax_exclusive_amount, totals.tax_inclusive_amount, totals.payable_amount
    to_pay = (inclusive or ZERO) - (totals.prepaid_amount or ZERO) + (totals.rounding_amount or ZERO)
    to_pay += source.collected_for_others(invoice)
    if due != to_pay:
        numbered.fail("BR-CO-16", totals, "payable_amount", computed=None if inclusive is None else to_pay, written=due)
    if not taxes and ubl:  # official: CII asks for a total of VAT in the invoice's currency, UBL does not
        return
    if len(taxes) > 1 and not ubl:  # official: then CII wants no VAT at all
        taxes, added = [ZERO], 0
    gross = exclusive + taxes[0] if exclusive is not None and taxes else None
    if not _is_near(inclusive, gross, added):
        numbered.fail("BR-CO-15", totals, "tax_inclusive_amount", computed=gross, written=inclusive)


def _categories(
    invoice: Invoice,
    lines: list[Line],
    charges: tuple[AllowanceCharge, ...],
    numbered: Numbered,
    *,
    ubl: bool,
    factur_x: bool,
) -> None:
    """A category stands in the breakdown, however often, where something has it, and nowhere else."""
    header = Counter(row.category.code for row in invoice.vat_breakdown if row.category)
    used = Counter(line.vat.code for line in lines if line.vat)
    # official: EXTENDED-CTC-FR does not look at charges for transport; CII looks at allowances of lines too
    document = (*invoice.allowances, *(charges if factur_x else invoice.charges))
    of_lines = () if ubl else [row for line in invoice.lines for row in (*line.allowances, *line.charges)]
    used.update(row.vat.code for row in (*document, *of_lines) if row.vat)
    for category in CATEGORIES:
        if bool(header[category.code]) != bool(used[category.code]):
            numbered.fail(f"BR-{category.prefix}-01", invoice, "vat_breakdown", count=header[category.code])


def _base(
    row: VatBreakdown,
    invoice: Invoice,
    lines: list[Line],
    charges: tuple[AllowanceCharge, ...],
    numbered: Numbered,
    *,
    ubl: bool,
) -> None:
    """The base with the reasons of exemption (2026) or without (2017): one of the two must hold, and the other only
    warns. And the tax of the standard rate.
    """
    vat = row.category
    if vat is None or vat.code not in CATEGORY_OF:
        return
    about = f"BR-{CATEGORY_OF[vat.code].prefix}-08"
    holds, counts = {}, {}
    for way, wants_reason in (("ini", False), ("rev", True)):
        is_same = _same_as(vat, wants_reason=wants_reason)
        same = [line for line in lines if is_same(line.vat)]
        minus, plus = ([charge for charge in group if is_same(charge.vat)] for group in (invoice.allowances, charges))
        computed = _net(same) - _sum(minus) + _sum(plus)
        counts[way] = len(same) + len(minus) + len(plus)
        holds[way] = _is_near(row.taxable_amount, computed, counts[way])
        if vat.is_vat and not holds[way]:
            numbered.fail(about + way, row, "taxable_amount", computed=computed, written=row.taxable_amount)
    if vat.is_vat and not any(holds.values()):
        numbered.fail(about, row, "taxable_amount", computed=computed, written=row.taxable_amount)
    if vat.code == "S":
        base, rate = row.taxable_amount, vat.rate
        tax = None if rate is None or base is None else to_cents(base * rate / HUNDRED)
        # official: UBL counts only what says the same reason, and there is none at the standard rate
        if not _is_near(row.tax_amount, tax, counts["rev" if ubl else "ini"]):
            numbered.fail("BR-S-09", row, "tax_amount", computed=tax, written=row.tax_amount)


def _same_as(vat: VatCategory, *, wants_reason: bool) -> Callable[[VatCategory | None], bool]:
    def is_same(other: VatCategory | None) -> bool:
        if other is None or other.code != vat.code:
            return False
        if vat.code != "O" and (vat.rate is None or other.rate != vat.rate):
            return False
        return not wants_reason or (
            (other.exemption_reason or "") == (vat.exemption_reason or "")
            and (other.exemption_reason_code or "") == (vat.exemption_reason_code or "")
        )

    return is_same


def _line(line: Line, numbered: Numbered, *, factur_x: bool) -> None:
    """What the norm asks of every line, these profiles ask of those that are added."""
    price, vat = line.price, line.vat
    if line.quantity is None:
        numbered.fail("BR-22", line, "quantity")
    if line.unit is None:
        numbered.fail("BR-23", line, "unit")
    if line.net_amount is None:
        numbered.fail("BR-24", line, "net_amount")
    if price is None or price.net is None:
        numbered.fail("BR-26", price or line, "net" if price else "price")
    # official: EXTENDED also wants VAT in capitals
    is_vat = vat is not None and vat.code is not None and (vat.tax_type == "VAT" if factur_x else vat.is_vat)
    if not is_vat:
        numbered.fail("BR-CO-04", vat or line, "code" if vat else "vat")


def _groups(invoice: Invoice, numbered: Numbered, *, ubl: bool, factur_x: bool) -> None:
    """Lines that group others, and lines that others group."""
    below: dict[str, list[Line]] = {}
    numbers = Counter(line.identifier for line in invoice.lines)
    for line in invoice.lines:
        if line.parent is not None:
            below.setdefault(line.parent, []).append(line)
    for line in invoice.lines:
        role, parent = line.status_reason_code, line.parent
        if role is not None and role not in LINE_ROLES:
            numbered.fail("role", line, "status_reason_code", value=role)
        # official: in CII an empty parent is none, and an empty role too
        if (parent is not None and role is None) if ubl else (parent and not role):
            numbered.fail("role-missing", line, "status_reason_code", parent=parent)
        if parent is not None if ubl else parent:
            # official: EXTENDED lets a line depend on itself
            is_other = line.identifier is not None and parent != line.identifier
            if not numbers[parent] or not (factur_x or is_other):
                numbered.fail("parent", line, "parent", value=parent)
        if role == _GROUP and line.net_amount is not None:
            _group(line, below.get(line.identifier or "", []), numbered, factur_x=factur_x)


def _group(line: Line, below: list[Line], numbered: Numbered, *, factur_x: bool) -> None:
    added = [other for other in below if other.status_reason_code in (_DETAIL, _GROUP)]
    # official: in EXTENDED a line below that has no amount makes a sum that is none
    is_whole = not factur_x or all(other.net_amount is not None for other in added)
    computed = _net(added) if is_whole else None
    if line.net_amount != computed:
        numbered.fail("group-sum", line, "net_amount", computed=computed, written=line.net_amount)
    if any(other.status_reason_code == _GROUP and other.net_amount is None for other in below):
        numbered.fail("group-below", line, "net_amount")


def _reasons(invoice: Invoice, numbered: Numbered) -> None:
    """Each charge says why: the norm's rule under another number."""
    for about, charges in (
        ("BR-38", invoice.charges),
        ("BR-44", [charge for line in invoice.lines for charge in line.charges]),
    ):
        for charge in charges:
            if charge.reason is None and charge.reason_code is None:
                numbered.fail(about, charge, "reason")
