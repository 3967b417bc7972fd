"""The rules that EXTENDED-CTC-FR and Factur-X EXTENDED have in place of EN 16931's: the totals and the bases of VAT.

A cent of difference is allowed for each amount that is added up, groups of lines and lines for information are not
added, and a category of VAT has one row for each reason of exemption. Both profiles have the same, each under its own
numbers. What is not run of them, PLC-PROFIL says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from plainchant.einvoice.amounts import CENT, ZERO, to_cents
from plainchant.einvoice.finding import Severity
from plainchant.einvoice.model import AllowanceCharge, Invoice, Line, VatBreakdown, VatCategory
from plainchant.einvoice.rule import Context, Report, Rule

from . import en16931_table
from .vat import CATEGORIES, CATEGORY_OF

_TOTALS = ("CO-10", "CO-11", "CO-12", "CO-13", "CO-15")
# Profile, syntax → how the numbers begin of the totals, and of the bases; how those of the bases end.
_NUMBERS = {
    ("EXTENDED", "cii"): ("BR-FXEXT", "BR-FXEXT", "b"),
    ("EXTENDED-CTC-FR", "cii"): ("BR-FREXT", "BR-FXEXT", ""),
    ("EXTENDED-CTC-FR", "ubl"): ("BR-FREXT", "BR-FREXT", ""),
}
_REASONS = {
    "ini": " Sans effet si vous donnez un motif d’exonération : il n’est pas regardé ici, comme avant 2026.",
    "rev": " Seuls comptent les lignes, remises et frais qui disent le même motif d’exonération : écrivez-le sur eux.",
}


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Of an invoice of one of the two profiles. Charges for transport have no place in the model: nothing is added up
    then.
    """
    profile = context.profile
    assert profile is not None  # noqa: S101 - `has_own_rules` is asked before
    source = invoice.source
    if source is not None and source.find(".//{*}SpecifiedLogisticsServiceCharge") is not None:
        return
    totals, bases, ending = _NUMBERS[profile.name, context.syntax]
    lines = [line for line in invoice.lines if line.status_reason_code in (None, "DETAIL")]
    _totals(invoice, lines, totals, report, ubl=context.syntax == "ubl")
    for row in invoice.vat_breakdown:
        _base(row, invoice, lines, bases, ending, report)


def _sum(group: Iterable[AllowanceCharge]) -> Decimal:
    return to_cents(sum((charge.amount for charge in group if charge.amount is not None), ZERO))


def _net(lines: list[Line]) -> Decimal:
    return to_cents(sum((line.net_amount for line in lines if line.net_amount is not None), ZERO))


def _totals(invoice: Invoice, lines: list[Line], family: str, report: Report, *, ubl: bool) -> None:
    totals = invoice.totals
    if totals is None:
        return
    net, minus, plus = _net(lines), _sum(invoice.allowances), _sum(invoice.charges)
    added = len(lines) + len(invoice.allowances) + len(invoice.charges)
    taxes = [row.amount for row in invoice.tax_totals if row.currency == invoice.currency and row.amount is not None]
    for number, name, computed, count, is_asked in (
        ("CO-10", "line_extension_amount", net, len(invoice.lines), True),
        ("CO-11", "allowance_total_amount", minus, len(invoice.allowances), bool(invoice.allowances)),
        ("CO-12", "charge_total_amount", plus, len(invoice.charges), bool(invoice.charges)),
        ("CO-13", "tax_exclusive_amount", net - minus + plus, added, True),
    ):
        written: Decimal | None = getattr(totals, name)
        if (is_asked or written is not None) and not _is_near(written, computed, count):
            report.fail(f"{family}-{number}", totals, name, computed=computed, written=written)
    exclusive, inclusive = totals.tax_exclusive_amount, totals.tax_inclusive_amount
    if not taxes and ubl:  # official: CII asks for a total of VAT in the invoice's currency, UBL does not
        return
    if len(taxes) > 1 and not ubl:  # official: then CII wants no VAT at all
        taxes, added = [ZERO], 0
    gross = exclusive + taxes[0] if exclusive is not None and taxes else None
    if not _is_near(inclusive, gross, added):
        report.fail(f"{family}-CO-15", totals, "tax_inclusive_amount", computed=gross, written=inclusive)


def _is_near(written: Decimal | None, computed: Decimal | None, count: int) -> bool:
    return written is not None and computed is not None and abs(written - computed) <= CENT * count


def _base(row: VatBreakdown, invoice: Invoice, lines: list[Line], family: str, ending: str, report: Report) -> None:
    """With the reasons of exemption (2026), or without (2017): one of the two must hold, and the other only warns."""
    vat = row.category
    if vat is None or not vat.is_vat or vat.code not in CATEGORY_OF:
        return
    category = CATEGORY_OF[vat.code]
    number = f"{family}-{category.prefix}-08"
    holds = {}
    for way, wants_reason in (("ini", False), ("rev", True)):
        same = [line for line in lines if line.vat is not None and _is_same(line.vat, vat, wants_reason=wants_reason)]
        allowances, charges = (
            [
                charge
                for charge in group
                if charge.vat is not None and _is_same(charge.vat, vat, wants_reason=wants_reason)
            ]
            for group in (invoice.allowances, invoice.charges)
        )
        computed = _net(same) - _sum(allowances) + _sum(charges)
        count = len(same) + len(allowances) + len(charges)
        holds[way] = _is_near(row.taxable_amount, computed, count)
        if not holds[way]:
            report.fail(number + way, row, "taxable_amount", computed=computed, written=row.taxable_amount)
    if not any(holds.values()):
        report.fail(
            _plain(number, ending),
            row,
            "taxable_amount",
            computed=computed,
            written=row.taxable_amount,
        )


def _is_same(other: VatCategory, vat: VatCategory, *, wants_reason: bool) -> bool:
    if other.code != vat.code or (vat.code != "O" and (vat.rate is None or other.rate != vat.rate)):
        return False
    return not wants_reason or (
        (other.exemption_reason or "") == (vat.exemption_reason or "")
        and (other.exemption_reason_code or "") == (vat.exemption_reason_code or "")
    )


def _rules() -> dict[str, Rule]:
    """Each says what the rule says whose place it takes."""
    rules: dict[str, Rule] = {}
    for (_, syntax), (totals, bases, ending) in _NUMBERS.items():
        named: list[tuple[str, str, Severity, str]] = [
            (f"{totals}-{number}", f"BR-{number}", "fatal", "") for number in _TOTALS
        ]
        for category in CATEGORIES:
            number, of_the_norm = f"{bases}-{category.prefix}-08", f"BR-{category.prefix}-08"
            named.append((_plain(number, ending), of_the_norm, "fatal", ""))
            named += [(number + way, of_the_norm, "warning", more) for way, more in _REASONS.items()]
        for number, of_the_norm, severity, more in named:
            row = en16931_table.RULES[of_the_norm]
            before = rules[number].syntaxes if number in rules else ()
            rules[number] = replace(
                row,
                id=number,
                french=row.french + more,
                french_for={details: french + more for details, french in row.french_for.items()},
                severity=severity,
                severity_in={},
                syntaxes=tuple(dict.fromkeys((*before, syntax))),  # type: ignore[arg-type]
            )
    return rules


def _plain(number: str, ending: str) -> str:
    """The number of a base as the official file writes it."""
    return "BR-FXEXT-S08b" if ending and number == "BR-FXEXT-S-08" else number + ending


RULES = _rules()
