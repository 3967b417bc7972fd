"""The rules of CII's syntax that a path and two numbers cannot say: conditions, comparisons, distinct values.

Their ids are EN 16931's; the plain ones are in `restrictions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainchant.einvoice.formats.binding import Element, string
from plainchant.einvoice.formats.reading import Reading, Scope

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


def _product(element: Element, reading: Reading) -> None:
    identifiers = list(element.iterchildren("{*}GlobalID"))
    if identifiers and all(found.get("schemeID") is None for found in identifiers):
        reading.fail("CII-SR-046", element)
    if _has(element, "OriginTradeCountry") and len(_texts(element, "OriginTradeCountry", "ID")) != 1:
        reading.fail("CII-SR-090", element)


def _line_agreement(element: Element, reading: Reading) -> None:
    """A gross price's discount is an allowance, and has an amount."""
    if not _has(element, "GrossPriceProductTradePrice"):
        return
    indicators = _texts(
        element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ChargeIndicator", "Indicator"
    )
    is_discount = any(value in ("false", "0") for value in indicators)
    has_indicator = _has(element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ChargeIndicator")
    has_amount = _has(element, "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ActualAmount")
    if not ((is_discount and has_amount) or (not has_indicator and not has_amount)):
        reading.fail("CII-SR-119", element)


def _documents(element: Element, kind: str) -> list[Element]:
    return [found for found in element.iterchildren("{*}AdditionalReferencedDocument") if kind in _texts(found, "TypeCode")]


def _line_settlement(element: Element, reading: Reading) -> None:
    if len(_documents(element, "130")) > 1:
        reading.fail("CII-SR-474", element)


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
    codes = {
        string(code)
        for code in element.getroottree().getroot().iter("{*}DueDateTypeCode")
        if code.getparent().tag.endswith("}ApplicableTradeTax")
    }
    for rule, broken in (
        ("CII-SR-451", not _one_identifier(element, "PayeeTradeParty")),
        ("CII-SR-462", len(codes) > 1),
        ("CII-SR-470", bool(unpaid)),
    ):
        if broken:
            reading.fail(rule, element)


def _whole(element: Element, reading: Reading) -> None:
    """What concerns the document as a whole."""
    means = list(element.iter("{*}SpecifiedTradeSettlementPaymentMeans"))
    references = [
        found for part in element.iter("{*}ApplicableHeaderTradeSettlement") for found in _at(part, "PaymentReference")
    ]
    for rule, broken in (
        ("CII-SR-467", len({value for one in means for value in _texts(one, "TypeCode")}) > 1),
        ("CII-SR-468", len({value for one in means for value in _texts(one, "Information")}) > 1),
        ("CII-SR-469", len(references) > 1),
    ):
        if broken:
            reading.fail(rule, element)


def _reference(element: Element, reading: Reading) -> None:
    """What another document's reference may hold depends on its type."""
    own = element.tag.rpartition("}")[2]
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
    known = reading.facts.get("_billed_unit")
    if known is None:
        root = element.getroottree().getroot()
        path = ("SupplyChainTradeTransaction", "IncludedSupplyChainTradeLineItem", "SpecifiedLineTradeDelivery")
        known = any(found.get("unitCode") is not None for found in _at(root, *path, "BilledQuantity"))
        reading.facts["_billed_unit"] = known
    return bool(known)


def _tax(element: Element, reading: Reading) -> None:
    types = []
    bounded = set()
    for child in element.iterchildren("*"):  # once for all: there is a tax on every line
        name = child.tag.rpartition("}")[2]
        if name == "TypeCode":
            types.append(string(child))
        elif name in _TAX_PARTS:
            bounded.add(name)
    if types and "VAT" not in types:
        reading.fail("CII-DT-037", element)
    for name in bounded:
        rule, place = _TAX_PARTS[name]
        if place == "ApplicableTradeTax":
            is_allowed = element.tag.endswith("}ApplicableTradeTax")
        else:
            is_allowed = next(element.iterancestors(f"{{*}}{place}"), None) is not None
        if not is_allowed:
            reading.fail(rule, element)


# What a tax may hold only in a place: the rule, and the element it must be or stand below.
_TAX_PARTS = {
    "BasisAmount": ("CII-DT-041", "ApplicableHeaderTradeSettlement"),
    "ExemptionReasonCode": ("CII-DT-052", "ApplicableTradeTax"),
    "ExemptionReason": ("CII-DT-098", "ApplicableTradeTax"),
    "TaxPointDate": ("CII-DT-054", "ApplicableHeaderTradeSettlement"),
    "DueDateTypeCode": ("CII-DT-058", "ApplicableHeaderTradeSettlement"),
}


def _date(element: Element, reading: Reading) -> None:
    if element.get("format") == "102" and not _DAY.match(string(element)):
        reading.fail("CII-DT-097", element)


_TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_LINE = f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
SCOPES: tuple[Scope, ...] = (
    Scope("looks", f"{_LINE}/ram:SpecifiedTradeProduct", look=_product),
    Scope("looks", f"{_LINE}/ram:SpecifiedLineTradeAgreement", look=_line_agreement),
    Scope("looks", f"{_LINE}/ram:SpecifiedLineTradeSettlement", look=_line_settlement),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement", look=_agreement),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeDelivery", look=_delivery),
    Scope("looks", f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement", look=_settlement),
    Scope("looks", "/rsm:CrossIndustryInvoice", look=_whole),
    Scope("looks", "ram:*ReferencedDocument", look=_reference),
    Scope("looks", "ram:TaxTotalAmount"),
    Scope("looks", "ram:*Amount", look=_amount),
    Scope("looks", "ram:*Quantity", look=_quantity),
    Scope("looks", "ram:*TradeTax", look=_tax),
    Scope("looks", "udt:DateTimeString", look=_date),
)
