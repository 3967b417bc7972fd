"""EN 16931 1.3.16: what every European invoice must satisfy, one code for both syntaxes.

The rows (what each rule means) are in `en16931_table.py`, the VAT categories in `vat.py`, the code lists (BR-CL) in the
readers' tables, because the two syntaxes differ in which element takes which list.

A branch on ``ubl`` with the word « official » beside it is a place where the two official texts differ.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.amounts import HUNDREDTHS, ZERO, decimals, to_cents, to_units
from plainchant.einvoice.codes import en16931 as lists
from plainchant.einvoice.model import AllowanceCharge, Group, Invoice, Party, PaymentMeans, Totals, VatBreakdown
from plainchant.einvoice.rule import Context, Report, RuleBook

from . import vat
from .en16931_table import RULES

CREDIT_TRANSFERS = ("30", "58")
MAX_CARD_DIGITS = 10
# Rules that ask whether something is written, not whether it can be read: `check` drops those whose value is
# unreadable.
PRESENCE = frozenset(
    """
    BR-12 BR-13 BR-14 BR-15 BR-22 BR-24 BR-26 BR-31 BR-36 BR-41 BR-43 BR-45 BR-46
    """.split()
)
_UBL_PREFIXES = f" {' '.join(sorted(lists.VAT_PREFIXES_UBL))} "


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Every rule on the whole invoice."""
    ubl = context.syntax == "ubl"
    gathered = vat.Gathered()
    _header(invoice, context, report)
    _parties(invoice, context, report)
    net = _lines(invoice, gathered, context, report)
    _references(invoice, report, ubl=ubl)
    _payment(invoice, report, ubl=ubl)
    _allowances(invoice.allowances, _ALLOWANCE, report)
    _allowances(invoice.charges, _CHARGE, report)
    if invoice.totals is not None:
        _totals(invoice, invoice.totals, net, report, ubl=ubl)
    _taxes(invoice, context, report)
    vat.run(invoice, context, report, gathered)


BOOK = RuleBook(name="EN 16931", version="1.3.16", published=date(2026, 4, 10), rules=RULES, run=run)


def _header(invoice: Invoice, context: Context, report: Report) -> None:
    ubl = context.syntax == "ubl"
    if not invoice.specification:
        report.fail("BR-01", invoice, "specification")
    if not invoice.number:
        report.fail("BR-02", invoice, "number")
    written = invoice.issue_date is not None or context.facts.issue_date_written
    if not written or context.facts.issue_date_without_format_102:
        report.fail("BR-03", invoice, "issue_date")
    if not invoice.type_code:
        report.fail("BR-04", invoice, "type_code")
    if not invoice.currency:
        report.fail("BR-05", invoice, "currency")
    if not invoice.lines:
        report.fail("BR-16", invoice, "lines")
    asked = ubl or not all(
        _is_shadowed(row, context) for row in invoice.vat_breakdown
    )  # official: CII asks once for each row
    if asked and invoice.tax_point_date is not None and invoice.tax_point_date_code is not None:
        report.fail("BR-CO-03", invoice, "tax_point_date_code")
    if not invoice.vat_breakdown and (ubl or invoice.lines or _has_no_lines(context)):  # official: CII asks each line
        report.fail("BR-CO-18", invoice, "vat_breakdown")
    period = invoice.period
    if period is not None:
        _period(period, "BR-29", context, report)
        empty = period.start is None and period.end is None and not _is_unreadable(period, context)
        # official: in UBL the code of BT-8 stands in the period too, and is enough
        if empty and not (ubl and invoice.tax_point_date_code is not None):
            report.fail("BR-CO-19", period)
    delivery = invoice.delivery
    if delivery is not None and delivery.address is not None:
        country = delivery.address.country
        if country is None or (not ubl and not country):
            report.fail("BR-57", delivery.address, "country")


def _period(period: Any, rule: str, context: Context, report: Report) -> None:
    backwards = period.start is not None and period.end is not None and period.end < period.start
    if backwards or (period.source is not None and period.source in context.facts.unordered_periods):
        report.fail(rule, period, "end", start=period.start, end=period.end)


def _is_unreadable(period: Any, context: Context) -> bool:
    return period.source is not None and period.source in context.facts.unreadable_periods


def _parties(invoice: Invoice, context: Context, report: Report) -> None:
    ubl = context.syntax == "ubl"
    seller, buyer, payee, agent = invoice.seller, invoice.buyer, invoice.payee, invoice.tax_representative
    for party, name, field, named, addressed, country, endpoint in (
        (seller, seller.name if seller else None, "seller", "BR-06", "BR-08", "BR-09", "BR-62"),
        (buyer, buyer.name if buyer else None, "buyer", "BR-07", "BR-10", "BR-11", "BR-63"),
    ):
        group: Group = party or invoice
        if not name:
            report.fail(named, group, "name" if party else field)
        address = party.address if party else None
        if address is None:
            report.fail(addressed, group, "address" if party else field)
        if not (address.country if address else ubl):  # official: CII also asks where there is no address
            report.fail(country, address or group, "country" if address else field)
        if party is not None and party.electronic_address is not None:
            scheme = party.electronic_address.scheme
            if scheme is None or (not ubl and not scheme):
                report.fail(endpoint, party, "electronic_address", value=party.electronic_address.value)
    if seller is not None and not (
        seller.vat_identifier is not None or seller.identifiers or seller.legal_registration
    ):
        report.fail("BR-CO-26", seller, "legal_registration")
    if payee is not None and (payee.name is None or _is_seller(payee, seller, ubl=ubl)):
        report.fail("BR-17", payee, "name")
    if agent is not None:
        if not agent.name:
            report.fail("BR-18", agent, "name")
        if agent.address is None:
            report.fail("BR-19", agent, "address")
        if not (agent.address.country if agent.address else ubl):
            report.fail("BR-20", agent.address or agent, "country" if agent.address else "address")
        if agent.vat_identifier is None or (not ubl and not agent.vat_identifier):
            report.fail("BR-56", agent, "vat_identifier")
    for party in (seller, buyer, payee, agent, invoice.validator):
        if party is not None and party.vat_identifier is not None and not _has_country(party.vat_identifier, ubl=ubl):
            report.fail("BR-CO-09", party, "vat_identifier", value=party.vat_identifier)
    for element, number in context.facts.other_vat_identifiers:
        if not _has_country(number, ubl=ubl):
            report.fail("BR-CO-09", element, value=number)


def _has_country(number: str, *, ubl: bool) -> bool:
    """BR-CO-09. Official: UBL looks for the first two signs anywhere in its list, and so takes an empty number."""
    return number[:2] in _UBL_PREFIXES if ubl else number[:2] in lists.VAT_PREFIXES_CII


def _is_seller(payee: Party, seller: Party | None, *, ubl: bool) -> bool:
    """Whether the payee is named like the seller, or has one of its numbers (BR-17)."""
    if seller is None:
        return False
    if ubl:
        same_name = payee.name is not None and payee.name == seller.trading_name
        return same_name or any(
            identifier.value == other.value for identifier in payee.identifiers for other in seller.identifiers
        )
    same_name = payee.name is not None and payee.name == seller.name
    own, others = (
        {identifier.value for identifier in party.identifiers if identifier.scheme is None} for party in (payee, seller)
    )  # official: only what has no scheme, and the registrations
    registered = payee.legal_registration is not None and seller.legal_registration is not None
    return (
        same_name
        or bool(own & others)
        or (
            registered and payee.legal_registration.value == seller.legal_registration.value  # type: ignore[union-attr]
        )
    )


def _lines(invoice: Invoice, gathered: vat.Gathered, context: Context, report: Report) -> Decimal:
    """Every rule on lines, in one loop. The sum of their net amounts."""
    ubl = context.syntax == "ubl"
    fail = report.fail
    lines, vat_lines, net = gathered.lines, gathered.vat_lines, gathered.net
    total = ZERO
    for line in invoice.lines:
        if not line.identifier:
            fail("BR-21", line, "identifier")
        if line.quantity is None:
            fail("BR-22", line, "quantity")
        if line.unit is None:
            fail("BR-23", line, "unit")
        amount = line.net_amount
        if amount is None:
            fail("BR-24", line, "net_amount")
        else:
            total += amount
            if decimals(amount) > HUNDREDTHS:
                fail("BR-DEC-23", line, "net_amount", value=amount)
        item = line.item
        if item is None or not item.name:
            fail("BR-25", item or line, "name" if item else "item")
        if item is not None:
            _item(item, report, ubl=ubl)
        price = line.price
        if price is None or price.net is None:
            fail("BR-26", price or line, "net" if price else "price")
            fail("BR-27", price or line, "net" if price else "price")
        elif price.net < 0:
            fail("BR-27", price, "net", value=price.net)
        if price is not None and price.gross is not None and price.gross < 0:
            fail("BR-28", price, "gross", value=price.gross)
        category = line.vat
        if category is None or category.code is None:
            fail("BR-CO-04", category or line, "code" if category else "vat")
            if category is not None and category.is_vat:
                vat_lines[""] += 1
        else:
            code = category.code
            lines[code] += 1
            if category.tax_type == "VAT" or category.is_vat:
                vat_lines[code] += 1
                vat.check_line(category, report, ubl=ubl)
            else:
                fail("BR-CO-04", category, "tax_type")
            if amount is not None:
                key = (code, category.rate)
                net[key] = net.get(key, ZERO) + amount
        if line.period is not None:
            _period(line.period, "BR-30", context, report)
            if line.period.start is None and line.period.end is None and not _is_unreadable(line.period, context):
                fail("BR-CO-20", line.period)
        if line.allowances:
            _allowances(line.allowances, _LINE_ALLOWANCE, report)
            gathered.line_allowances += [charge for charge in line.allowances if charge.vat is not None]
        if line.charges:
            _allowances(line.charges, _LINE_CHARGE, report)
            gathered.line_charges += [charge for charge in line.charges if charge.vat is not None]
    return total


def _item(item: Any, report: Report, *, ubl: bool) -> None:
    standard = item.standard_identifier
    if standard is not None and (standard.scheme is None or (not ubl and not standard.scheme)):
        report.fail("BR-64", item, "standard_identifier", value=standard.value)
    for classification in item.classifications:
        if classification.list_id is None or (not ubl and not classification.list_id):
            report.fail("BR-65", item, "classifications", value=classification.code)
    for attribute in item.attributes:
        if attribute.name is None or attribute.value is None:
            report.fail("BR-54", attribute, "name" if attribute.name is None else "value")


def _references(invoice: Invoice, report: Report, *, ubl: bool) -> None:
    for document in invoice.supporting_documents:
        if not document.reference:
            report.fail("BR-52", document, "reference")
    for preceding in invoice.preceding_invoices:
        if preceding.number is None or (not ubl and not preceding.number):
            report.fail("BR-55", preceding, "number")


def _payment(invoice: Invoice, report: Report, *, ubl: bool) -> None:
    for means in invoice.payment_means:
        if means.code is None and (ubl or means.source is not None):
            report.fail("BR-49", means, "code")
        transfer = means.credit_transfer
        is_transfer = means.code in CREDIT_TRANSFERS
        if transfer is not None and is_transfer and not _only_bank(transfer, means):
            if not transfer.account:
                report.fail("BR-50", transfer, "account")
            if not ubl and transfer.account is None:
                report.fail("BR-61", transfer, "account")
        if ubl and is_transfer and (transfer is None or transfer.account is None):
            report.fail("BR-61", transfer or means, "account" if transfer else "credit_transfer")
        card = means.card
        if card is not None and card.number is not None and len(card.number) > MAX_CARD_DIGITS:
            report.fail("BR-51", card, "number")


def _only_bank(transfer: Any, means: PaymentMeans) -> bool:
    """CII writes the bank beside the account: a transfer read from the bank alone has the means' own element."""
    return transfer.source is not None and transfer.source is means.source


_ALLOWANCE = ("BR-31", "BR-32", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02")
_CHARGE = ("BR-36", "BR-37", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06")
_LINE_ALLOWANCE = ("BR-41", "", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25")
_LINE_CHARGE = ("BR-43", "", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28")


def _allowances(group: tuple[AllowanceCharge, ...], rules: tuple[str, ...], report: Report) -> None:
    amount, category, reason, either, decimals_of_amount, decimals_of_base = rules
    for charge in group:
        if charge.amount is None:
            report.fail(amount, charge, "amount")
        elif decimals(charge.amount) > HUNDREDTHS:
            report.fail(decimals_of_amount, charge, "amount", value=charge.amount)
        if category and (charge.vat is None or charge.vat.code is None or not charge.vat.is_vat):
            report.fail(category, charge, "vat")
        if charge.reason is None and charge.reason_code is None:
            report.fail(reason, charge, "reason")
            report.fail(either, charge, "reason")
        if charge.base_amount is not None and decimals(charge.base_amount) > HUNDREDTHS:
            report.fail(decimals_of_base, charge, "base_amount", value=charge.base_amount)


_WANTED_TOTALS = (
    ("BR-12", "line_extension_amount"),
    ("BR-13", "tax_exclusive_amount"),
    ("BR-14", "tax_inclusive_amount"),
    ("BR-15", "payable_amount"),
)
_TOTAL_DECIMALS = (
    ("BR-DEC-09", "line_extension_amount"),
    ("BR-DEC-10", "allowance_total_amount"),
    ("BR-DEC-11", "charge_total_amount"),
    ("BR-DEC-12", "tax_exclusive_amount"),
    ("BR-DEC-14", "tax_inclusive_amount"),
    ("BR-DEC-16", "prepaid_amount"),
    ("BR-DEC-17", "rounding_amount"),
    ("BR-DEC-18", "payable_amount"),
)


def _totals(invoice: Invoice, totals: Totals, net: Decimal, report: Report, *, ubl: bool) -> None:
    for rule, name in _WANTED_TOTALS:
        if getattr(totals, name) is None:
            report.fail(rule, totals, name)
    for rule, name in _TOTAL_DECIMALS:
        value = getattr(totals, name)
        if value is not None and decimals(value) > HUNDREDTHS:
            report.fail(rule, totals, name, value=value)
    computed = to_cents(net)
    if totals.line_extension_amount != computed:
        report.fail(
            "BR-CO-10", totals, "line_extension_amount", computed=computed, written=totals.line_extension_amount
        )
    for rule, group, name in (
        ("BR-CO-11", invoice.allowances, "allowance_total_amount"),
        ("BR-CO-12", invoice.charges, "charge_total_amount"),
    ):
        written = getattr(totals, name)
        computed = to_cents(sum((charge.amount for charge in group if charge.amount is not None), ZERO))
        if not (written == computed or (written is None and not group)):
            report.fail(rule, totals, name, computed=computed, written=written)
    _tax_exclusive(totals, report, ubl=ubl)
    _payable(totals, report, ubl=ubl)


def _tax_exclusive(totals: Totals, report: Report, *, ubl: bool) -> None:
    """BR-CO-13."""
    net, written = totals.line_extension_amount, totals.tax_exclusive_amount
    computed = None
    if net is not None:
        computed = net - (totals.allowance_total_amount or ZERO) + (totals.charge_total_amount or ZERO)
        plain = totals.allowance_total_amount is None and totals.charge_total_amount is None
        if not (ubl and plain):  # official: UBL does not round what it need not add up
            computed = to_cents(computed)
    if computed is None or written != computed:
        report.fail("BR-CO-13", totals, "tax_exclusive_amount", computed=computed, written=written)


def _payable(totals: Totals, report: Report, *, ubl: bool) -> None:
    """BR-CO-16. Official: UBL rounds the two sides of the subtraction, CII rounds nothing."""
    gross, paid, rounding, due = (
        totals.tax_inclusive_amount,
        totals.prepaid_amount,
        totals.rounding_amount,
        totals.payable_amount,
    )
    holds = False
    if gross is not None and due is not None:
        if not ubl:
            holds = due == gross - (paid or ZERO) + (rounding or ZERO)
        else:
            left = due if rounding is None else to_cents(due - rounding)
            right = gross if paid is None else to_cents(gross - paid)
            holds = left == right
    if not holds:
        expected = None if gross is None else gross - (paid or ZERO) + (rounding or ZERO)
        report.fail("BR-CO-16", totals, "payable_amount", computed=expected, written=due)


def _taxes(invoice: Invoice, context: Context, report: Report) -> None:
    """The totals of VAT and the rows of the breakdown."""
    ubl = context.syntax == "ubl"
    currency, accounting, totals = invoice.currency, invoice.accounting_currency, invoice.totals
    in_currency = [
        tax_total for tax_total in invoice.tax_totals if tax_total.currency == currency and currency is not None
    ]
    # official: UBL holds each total to the rows inside it, CII the total in the invoice's currency to all rows
    at = 0
    for tax_total in invoice.tax_totals if ubl else in_currency:
        rows = invoice.vat_breakdown[at : at + tax_total.rows] if ubl and _is_read(invoice) else invoice.vat_breakdown
        at += tax_total.rows
        computed = to_cents(sum((row.tax_amount for row in rows if row.tax_amount is not None), ZERO))
        if tax_total.amount != computed and (rows or not ubl) and (tax_total in in_currency or _is_read(invoice)):
            report.fail("BR-CO-14", tax_total, "amount", computed=computed, written=tax_total.amount)
    if currency is not None:
        _tax_inclusive(invoice, [tax_total.amount for tax_total in in_currency], report, ubl=ubl)
    if accounting is not None and (ubl or totals is not None):
        given = any(tax_total.currency == accounting for tax_total in invoice.tax_totals)
        if not given or (not ubl and accounting == currency):
            report.fail("BR-53", invoice, "accounting_currency", value=accounting)
    if not ubl and totals is not None and invoice.tax_totals:
        fine = [
            tax_total.amount is not None and decimals(tax_total.amount.normalize()) <= HUNDREDTHS
            for tax_total in invoice.tax_totals
        ]
        if not any(
            good or tax_total.currency != currency for good, tax_total in zip(fine, invoice.tax_totals, strict=True)
        ):
            report.fail("BR-DEC-13", invoice.tax_totals[0], "amount", value=invoice.tax_totals[0].amount)
        if accounting is not None and not any(
            good and tax_total.currency == accounting for good, tax_total in zip(fine, invoice.tax_totals, strict=True)
        ):
            written = next(
                (
                    tax_total
                    for tax_total in invoice.tax_totals
                    if tax_total.currency == accounting and tax_total.amount
                ),
                None,
            )
            if written is None:
                report.fail("BR-DEC-15", invoice, "accounting_currency", problem="manque")
            else:
                report.fail("BR-DEC-15", written, "amount", problem="a plus de deux chiffres après la virgule")
    for breakdown in invoice.vat_breakdown:
        if not _is_shadowed(breakdown, context):
            _breakdown(breakdown, report, ubl=ubl)


def _is_read(invoice: Invoice) -> bool:
    """Whether the invoice was read from a file, and so knows which total its rows stood in."""
    return any(total.rows for total in invoice.tax_totals)


def _has_no_lines(context: Context) -> bool:
    return context.profile is not None and "lines" in context.profile.has_no


def _is_shadowed(breakdown: VatBreakdown, context: Context) -> bool:
    """Official: in CII the rules of these three categories take the row, and the general ones never see it, but in a
    profile without lines.
    """
    if context.syntax == "ubl" or _has_no_lines(context):
        return False
    category = breakdown.category
    return category is not None and category.is_vat and category.code in ("O", "L", "M")


def _tax_inclusive(invoice: Invoice, taxes: list[Decimal | None], report: Report, *, ubl: bool) -> None:
    """BR-CO-15."""
    totals = invoice.totals
    net = totals.tax_exclusive_amount if totals else None
    gross = totals.tax_inclusive_amount if totals else None
    tax = taxes[0] if len(taxes) == 1 else None
    computed = to_cents(net + tax) if net is not None and tax is not None else None
    holds = computed is not None and gross == computed
    if not ubl and gross is not None and gross == net:  # official: CII lets a total without VAT pass
        holds = True
    if not holds:
        report.fail(
            "BR-CO-15",
            totals or invoice,
            "tax_inclusive_amount" if totals else "totals",
            computed=computed,
            written=gross,
        )


def _breakdown(breakdown: VatBreakdown, report: Report, *, ubl: bool) -> None:
    base, tax, category = breakdown.taxable_amount, breakdown.tax_amount, breakdown.category
    if base is None:
        report.fail("BR-45", breakdown, "taxable_amount")
    elif decimals(base) > HUNDREDTHS:
        report.fail("BR-DEC-19", breakdown, "taxable_amount", value=base)
    if tax is None:
        report.fail("BR-46", breakdown, "tax_amount")
    elif decimals(tax) > HUNDREDTHS:
        report.fail("BR-DEC-20", breakdown, "tax_amount", value=tax)
    is_vat = category is not None and category.is_vat
    code = category.code if category and is_vat else None
    rate = category.rate if category and is_vat else None
    if code is None:
        report.fail("BR-47", category or breakdown, "code" if category else "category")
    if rate is None and code != "O":
        report.fail("BR-48", category or breakdown, "rate" if category else "category")
    if not _tax_agrees(base, tax, rate, ubl=ubl):
        expected = to_cents(abs(base) * rate / 100) if base is not None and rate is not None else ZERO
        report.fail("BR-CO-17", breakdown, "tax_amount", computed=expected, written=tax)


def _tax_agrees(base: Decimal | None, tax: Decimal | None, rate: Decimal | None, *, ubl: bool) -> bool:
    """BR-CO-17: base times rate, within one unit of the currency. Official: CII takes exactly one unit too."""
    if tax is None:
        return False
    if rate is None or to_units(rate) == 0:
        return to_units(tax) == 0
    if base is None:
        return False
    difference = abs(abs(tax) - to_cents(abs(base) * rate / 100))
    return difference < 1 if ubl else difference <= 1
