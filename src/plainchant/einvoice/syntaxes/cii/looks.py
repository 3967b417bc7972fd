"""The rules of CII's syntax that a path and two numbers cannot say: conditions, comparisons, distinct values.

Their ids are EN 16931's; the plain ones are in `restrictions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainchant.einvoice.syntaxes.binding import Element, string
from plainchant.einvoice.syntaxes.reading import Reading, Restriction, Scope, local_name, parent_of

FATAL = frozenset(
    """
    CII-SR-046 CII-SR-090 CII-SR-455 CII-SR-462 CII-SR-467 CII-SR-468 CII-SR-469 CII-SR-470 CII-DT-015 CII-DT-018
    CII-DT-021 CII-DT-022 CII-DT-024 CII-DT-027 CII-DT-031 CII-DT-032 CII-DT-033 CII-DT-037 CII-DT-097
    """.split()
)  # the others of this file are warnings; tests compare with the official flags
_DAY = re.compile(r"\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])\Z")
_CREDIT_TRANSFERS = ("30", "58")


def _at(element: Element, *names: str) -> Iterator[Element]:
    """The elements a path of local names leads to."""
    if not names:
        yield element
        return
    for child in element.iterchildren(f"{{*}}{names[0]}"):
        yield from _at(child, *names[1:])


def _texts(element: Element, *names: str) -> list[str]:
    return [string(found) for found in _at(element, *names)]


def _has(element: Element, *names: str) -> bool:
    return next(_at(element, *names), None) is not None


# Lines are many: what is said of a line is asked where the element that can break it stands, and of the first of its
# name only, so that a line without it costs nothing.


def _is_first(element: Element) -> bool:
    return next(element.itersiblings(str(element.tag), preceding=True), None) is None


def _global_id(element: Element, reading: Reading) -> None:
    product = parent_of(element)
    if _is_first(element) and all(found.get("schemeID") is None for found in _at(product, "GlobalID")):
        reading.fail("CII-SR-046", product)


def _origin(element: Element, reading: Reading) -> None:
    product = parent_of(element)
    if _is_first(element) and len(_texts(product, "OriginTradeCountry", "ID")) != 1:
        reading.fail("CII-SR-090", product)


def _gross_price(price: Element, reading: Reading) -> None:
    """A gross price's discount is an allowance, and has an amount."""
    if not _is_first(price):
        return
    element = parent_of(price)
    indicators = _texts(
        element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ChargeIndicator", "Indicator"
    )
    is_discount = any(value in ("false", "0") for value in indicators)
    has_indicator = _has(element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ChargeIndicator")
    has_amount = _has(element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ActualAmount")
    if not ((is_discount and has_amount) or (not has_indicator and not has_amount)):
        reading.fail("CII-SR-119", element)


def _documents(element: Element, kind: str) -> list[Element]:
    found = element.findall("{*}AdditionalReferencedDocument")
    return [document for document in found if kind in _texts(document, "TypeCode")] if found else found


def _line_document(element: Element, reading: Reading) -> None:
    settlement = parent_of(element)
    if _is_first(element) and len(_documents(settlement, "130")) > 1:
        reading.fail("CII-SR-474", settlement)


def _one_identifier(element: Element, party: str) -> bool:
    """Whether a party has an ID or a GlobalID, or neither, but not both."""
    return not (_has(element, party, "ID") and _has(element, party, "GlobalID"))


def _agreement(element: Element, reading: Reading) -> None:
    supporting = _documents(element, "916")
    for rule, broken in (
        ("CII-SR-450", not _one_identifier(element, "BuyerTradeParty")),
        ("CII-SR-457", len(_documents(element, "50")) > 1),
        ("CII-SR-458", len(_documents(element, "130")) > 1),
        ("CII-SR-465", _named_twice(element, "SellerTradeParty")),
        ("CII-SR-466", _named_twice(element, "BuyerTradeParty")),
        ("CII-SR-475", sum(len(_texts(found, "Name")) for found in supporting) > 1),
        ("CII-SR-476", sum(len(_texts(found, "AttachmentBinaryObject")) for found in supporting) > 1),
    ):
        if broken:
            reading.fail(rule, element)


def _named_twice(element: Element, party: str) -> bool:
    return _has(element, party, "DefinedTradeContact", "PersonName") and _has(
        element, party, "DefinedTradeContact", "DepartmentName"
    )


def _delivery(element: Element, reading: Reading) -> None:
    if not _one_identifier(element, "ShipToTradeParty"):
        reading.fail("CII-SR-449", element)


def _settlement(element: Element, reading: Reading) -> None:
    unpaid = [
        means
        for means in _at(element, "SpecifiedTradeSettlementPaymentMeans")
        if any(code in _CREDIT_TRANSFERS for code in _texts(means, "TypeCode"))
        and not _has(means, "PayeePartyCreditorFinancialAccount", "IBANID")
        and not _has(means, "PayeePartyCreditorFinancialAccount", "ProprietaryID")
    ]
    for rule, broken in (
        ("CII-SR-451", not _one_identifier(element, "PayeeTradeParty")),
        ("CII-SR-470", bool(unpaid)),
    ):
        if broken:
            reading.fail(rule, element)


def _kept(element: Element, reading: Reading) -> None:
    """Kept for when the document closes: looking for them through all lines would cost as much as reading these."""
    reading.kept.setdefault(f"{local_name(element)}", []).append(element)


def _whole(element: Element, reading: Reading) -> None:
    """What concerns the document as a whole."""
    means, codes, references, settlements = (
        reading.kept.pop(name, [])
        for name in (
            "SpecifiedTradeSettlementPaymentMeans",
            "DueDateTypeCode",
            "PaymentReference",
            "ApplicableHeaderTradeSettlement",
        )
    )
    if len({string(code) for code in codes}) > 1:
        for settlement in settlements:
            reading.fail("CII-SR-462", settlement)
    for rule, broken in (
        ("CII-SR-467", len({value for payment in means for value in _texts(payment, "TypeCode")}) > 1),
        ("CII-SR-468", len({value for payment in means for value in _texts(payment, "Information")}) > 1),
        ("CII-SR-469", len(references) > 1),
    ):
        if broken:
            reading.fail(rule, element)


def _reference(element: Element, reading: Reading) -> None:
    """What another document's reference may hold depends on its type."""
    own = local_name(element)
    types = _texts(element, "TypeCode")
    additional = own == "AdditionalReferencedDocument"
    supporting = additional and "916" in types
    for rule, name, allowed in (
        ("CII-DT-015", "URIID", supporting),
        ("CII-DT-018", "TypeCode", additional and any(kind in ("50", "130", "916") for kind in types)),
        ("CII-DT-021", "Name", supporting),
        ("CII-DT-022", "AttachmentBinaryObject", supporting),
        ("CII-DT-024", "ReferenceTypeCode", additional and "130" in types),
        ("CII-DT-027", "FormattedIssueDateTime", own == "InvoiceReferencedDocument"),
    ):
        if not allowed and _has(element, name):
            reading.fail(rule, element)


def _amount(element: Element, reading: Reading) -> None:
    if not element.keys():
        return
    for rule, name in (("CII-DT-031", "currencyID"), ("CII-DT-032", "currencyCodeListVersionID")):
        if element.get(name) is not None:
            reading.fail(rule, element)


def _quantity(element: Element, reading: Reading) -> None:
    """A unit may stand on any quantity once one billed quantity of the document has one."""
    if element.get("unitCode") is not None and not _some_billed_unit(element, reading):
        reading.fail("CII-DT-033", element)


def _some_billed_unit(element: Element, reading: Reading) -> bool:
    known = reading.kept.get("billed_unit")
    if known is None:
        root = element.getroottree().getroot()
        path = ("SupplyChainTradeTransaction", "IncludedSupplyChainTradeLineItem", "SpecifiedLineTradeDelivery")
        known = any(found.get("unitCode") is not None for found in _at(root, *path, "BilledQuantity"))
        reading.kept["billed_unit"] = known
    return bool(known)


def _tax_type(element: Element, reading: Reading) -> None:
    if element.text == "VAT":
        return
    tax = parent_of(element)
    if _is_first(element) and "VAT" not in _texts(tax, "TypeCode"):
        reading.fail("CII-DT-037", tax)


def _date(element: Element, reading: Reading) -> None:
    if element.get("format") == "102" and not _DAY.match(string(element)):
        reading.fail("CII-DT-097", element)


_TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_LINE = f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
SCOPES: tuple[Scope, ...] = (
    Scope("global id", f"{_LINE}/ram:SpecifiedTradeProduct/ram:GlobalID", look=_global_id),
    Scope("origin", f"{_LINE}/ram:SpecifiedTradeProduct/ram:OriginTradeCountry", look=_origin),
    Scope("gross", f"{_LINE}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice", look=_gross_price),
    Scope("line", f"{_LINE}/ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument", look=_line_document),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement", look=_agreement),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeDelivery", look=_delivery),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement", look=_settlement),
    Scope("looks", "/rsm:CrossIndustryInvoice", look=_whole),
    Scope("kept", f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement", look=_kept),
    Scope("kept", "ram:ApplicableHeaderTradeSettlement/ram:PaymentReference", look=_kept),
    Scope("kept", "ram:SpecifiedTradeSettlementPaymentMeans", look=_kept),
    Scope("kept", "ram:ApplicableTradeTax/ram:DueDateTypeCode", look=_kept),
    Scope("looks", "ram:*ReferencedDocument", look=_reference),
    Scope("looks", "ram:TaxTotalAmount"),
    Scope("looks", "ram:*Amount", look=_amount),
    Scope("looks", "ram:*Quantity", look=_quantity),
    Scope("tax type", "ram:*TradeTax/ram:TypeCode", look=_tax_type),
    Scope(
        "tax in head",
        "ram:*TradeTax",
        restrictions=(
            Restriction("CII-DT-041", "ram:BasisAmount"),
            Restriction("CII-DT-054", "ram:TaxPointDate"),
            Restriction("CII-DT-058", "ram:DueDateTypeCode"),
        ),
        not_below=("ram:ApplicableHeaderTradeSettlement",),
    ),
    Scope("exemption", "ram:ApplicableTradeTax"),
    Scope(
        "exemption",
        "ram:*TradeTax",
        restrictions=(
            Restriction("CII-DT-052", "ram:ExemptionReasonCode"),
            Restriction("CII-DT-098", "ram:ExemptionReason"),
        ),
    ),
    Scope("looks", "udt:DateTimeString", look=_date),
)
