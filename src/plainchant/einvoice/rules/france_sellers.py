"""BR-FR on an invoice of several sellers (cadres B8, S8, M8) or of two who sell to each other (B9, S9, M9).

Its lines are a forest: a line of role GROUP without a parent is one seller's part, with that seller, the number (AFL)
and the cadre (AVV) of that part, its VAT; the lines below it are DETAIL or INFORMATION.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from plainchant.einvoice.amounts import CENT, ZERO, total
from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Invoice, Line

from .france_names import Failing
from .source import dates

_GROUP, _DETAIL, _INFORMATION = "GROUP", "DETAIL", "INFORMATION"


def check(invoice: Invoice, fail: Failing) -> None:
    """Nothing to do for the other cadres."""
    if invoice.business_process not in codes.GROUPED_CADRES:
        return
    lines = invoice.lines
    parts = [line for line in lines if line.status_reason_code == _GROUP and line.parent is None]
    below: defaultdict[str, list[Line]] = defaultdict(list)
    by_identifier: dict[str, Line] = {}
    for line in lines:
        if line.identifier is not None:
            by_identifier.setdefault(line.identifier, line)
        if line.parent is not None:
            below[line.parent].append(line)
    for line in lines:
        _line(line, by_identifier.get(line.parent) if line.parent is not None else None, fail)
    for part in parts:
        _part(part, invoice, below[part.identifier or ""], fail)
    _numbers(invoice, parts, fail)
    if invoice.business_process in codes.BOTH_WAYS_CADRES:
        _both_ways(invoice, parts, fail)
    else:
        _several(invoice, parts, fail)


def _objects(line: Line, scheme: str) -> list[str]:
    those = (line.object_identifier, *line.other_object_identifiers)
    return [identifier.value for identifier in those if identifier is not None and identifier.scheme == scheme]


def _number(line: Line) -> str:
    """The number of the part a line belongs to."""
    return next(iter(_objects(line, codes.PART_NUMBER)), "")


def _siren(line: Line) -> str:
    """The registration of a line's seller, under any scheme."""
    seller = line.seller
    return seller.legal_registration.value if seller is not None and seller.legal_registration is not None else ""


def _line(line: Line, parent: Line | None, fail: Failing) -> None:
    role = line.status_reason_code
    if role == "" or (role is None and fail.in_ubl):  # CII's rule stands on the element: none, no finding
        fail("BR-FR-MV-01_EXT-FR-FE-163", line, "status_reason_code")
    has_parent = line.parent is not None
    siren, number = _siren(line), _number(line)
    if not siren or (has_parent and siren != (_siren(parent) if parent is not None else "")):
        fail("BR-FR-MV-06_EXT-FR-FE-167", line, "seller")
    if not number or (has_parent and number != (_number(parent) if parent is not None else "")):
        fail("BR-FR-MV-07_BT-128", line, "object_identifier")
    if role == _DETAIL:
        reason = line.vat.exemption_reason if line.vat is not None else None
        if not reason or not number or not reason.startswith(f"#{number}#"):
            fail("BR-FR-MV-08_BT-128", line.vat or line, "exemption_reason" if line.vat is not None else "")


def _part(part: Line, invoice: Invoice, below: list[Line], fail: Failing) -> None:
    seller = part.seller
    if seller is None or not seller.name:
        fail("BR-FR-MV-03_EXT-FR-FE-164", part, "seller")
    if not _siren(part):
        fail("BR-FR-MV-03_EXT-FR-FE-167", part, "seller")
    if seller is None or seller.address is None or not seller.address.country:
        fail("BR-FR-MV-03_EXT-FR-FE-177", part, "seller")
    tax = _tax(part, invoice.currency)
    if tax is None:
        fail("BR-FR-MV-03_EXT-FR-FE-181", part, "tax_totals")
    if invoice.accounting_currency is not None and (
        not invoice.accounting_currency or _tax(part, invoice.accounting_currency) is None
    ):
        fail("BR-FR-MV-03_EXT-FR-FE-182", part, "tax_totals")
    _references(part, fail)

    counted = [line for line in below if line.status_reason_code not in (None, _INFORMATION)]
    amounts = [line.net_amount for line in counted if line.net_amount is not None]
    if part.net_amount is None or abs(part.net_amount - total(amounts)) > CENT * len(amounts):
        fail("BR-FR-MV-05_EXT-FR-FE-BG-12", part, "net_amount", value=part.net_amount or "", total=total(amounts))
    own_tax = _breakdown(invoice, _number(part))
    if tax is None or abs(tax - own_tax) > CENT:
        fail("BR-FR-MV-09_EXT-FR-FE-181", part, "tax_totals", value=tax if tax is not None else "", total=own_tax)
    details = sum(line.status_reason_code in (_DETAIL, _GROUP) for line in below)
    gross = part.tax_inclusive_amount
    if gross is not None and (
        part.net_amount is None or tax is None or abs(gross - part.net_amount - tax) > CENT * details
    ):
        fail("BR-FR-MV-10_EXT-FR-FE-184", part, "tax_inclusive_amount", value=gross)


def _references(part: Line, fail: Failing) -> None:
    numbers, cadres = _objects(part, codes.PART_NUMBER), _objects(part, codes.PART_CADRE)
    # UBL's rules want both; those of CII only look at what is there.
    if (fail.in_ubl and not any(numbers)) or not all(numbers):
        fail("BR-FR-MV-03_BT-128_AFL", part, "object_identifier")
    if (fail.in_ubl and not any(cadres)) or any(not cadre or cadre in codes.SEVERAL_SELLERS_CADRES for cadre in cadres):
        fail("BR-FR-MV-03_BT-128_AVV", part, "object_identifier")
    if not fail.in_ubl and part.source is not None:
        for document in part.source.iterfind("{*}SpecifiedLineTradeSettlement/{*}AdditionalReferencedDocument"):
            scheme = document.findtext("{*}ReferenceTypeCode")  # the model keeps those of type 130 that have a number
            is_object = document.findtext("{*}TypeCode") == "130" and document.findtext("{*}IssuerAssignedID")
            if scheme in (codes.PART_NUMBER, codes.PART_CADRE) and not is_object:
                fail(f"BR-FR-MV-03_BT-128_{scheme}", part, "object_identifier")


def _tax(line: Line, currency: str | None) -> Decimal | None:
    return next((tax.amount for tax in line.tax_totals if tax.currency == currency and currency is not None), None)


def _breakdown(invoice: Invoice, number: str) -> Decimal:
    """The VAT of the part with this number: its breakdowns say the number in their exemption reason."""
    found = ZERO
    for row in invoice.vat_breakdown:
        category = row.category
        if category is None or category.tax_type != "VAT" or row.tax_amount is None:
            continue
        if (category.exemption_reason or "").startswith(f"#{number}#"):
            found += row.tax_amount
    return found


def _numbers(invoice: Invoice, parts: list[Line], fail: Failing) -> None:
    own = invoice.seller.legal_registration if invoice.seller is not None else None
    if own is not None and own.value:
        of_seller = [part for part in parts if _siren(part) == own.value]
        with_own_number = sum(invoice.number in _objects(part, codes.PART_NUMBER) for part in of_seller)
        for part in of_seller:
            if with_own_number == 0 or (with_own_number > 1 and _number(part) == invoice.number):
                fail("BR-FR-MV-11_BT-128", part, "object_identifier")

    heads = {id(part) for part in parts}
    seen: set[str] = set()
    is_repeated = ""
    for line in invoice.lines:
        if not fail.in_ubl:  # CII's rule compares with every number cited before, of whatever kind
            seen.update(reference.number or "" for reference in line.preceding_invoices)
        for number in _objects(line, codes.PART_NUMBER):
            if id(line) in heads and number in seen:
                is_repeated = number
            seen.add(number)
        if not fail.in_ubl:
            seen.update(_objects(line, codes.PART_CADRE))
    if is_repeated:
        fail("BR-FR-MV-12_BT-128", invoice, "lines", value=is_repeated)


def _several(invoice: Invoice, parts: list[Line], fail: Failing) -> None:
    if not parts:
        fail("BR-FR-MV-02_EXT-FR-FE-163", invoice, "lines")
    if invoice.type_code is not None and (not invoice.type_code or invoice.type_code in codes.SELF_BILLED_TYPES):
        fail("BR-FR-MV-13_BT-3", invoice, "type_code", value=invoice.type_code)
    if invoice.type_code in ("384", "472", "381", "396", "503"):
        _correct_something(parts, "BR-FR-MV-14", fail)


def _both_ways(invoice: Invoice, parts: list[Line], fail: Failing) -> None:
    if len(parts) != 2:
        fail("BR-FR-BD-02_EXT-FR-FE-163", invoice, "lines", count=len(parts))
    for side, rule in ((invoice.seller, "BR-FR-BD-02_BT-31"), (invoice.buyer, "BR-FR-BD-02_BT-47")):
        own = side.legal_registration.value if side is not None and side.legal_registration is not None else None
        if sum(own is not None and part.seller is not None and _siren(part) == own for part in parts) != 1:
            fail(rule, invoice, "lines")
    if invoice.type_code is not None and invoice.type_code not in codes.SELF_BILLED_TYPES:
        fail("BR-FR-BD-13_BT-3", invoice, "type_code", value=invoice.type_code)
    if invoice.type_code in ("261", "471", "473", "502"):
        _correct_something(parts, "BR-FR-BD-14", fail)


def _correct_something(parts: list[Line], rule: str, fail: Failing) -> None:
    for part in parts:
        # UBL tells what a line corrects from its own invoice by the number, so one without a number does not count.
        cited = [
            cited_invoice
            for cited_invoice in part.preceding_invoices
            if cited_invoice.number is not None or not fail.in_ubl
        ]
        if all(cited_invoice.number is None for cited_invoice in cited):
            fail(f"{rule}-EXT-FR-FE-136", part, "preceding_invoices")
        if not any(dates(cited_invoice) for cited_invoice in cited):
            fail(f"{rule}-EXT-FR-FE-138", part, "preceding_invoices")
