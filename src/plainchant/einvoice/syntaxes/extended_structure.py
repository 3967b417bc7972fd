"""What Factur-X EXTENDED says of elements, attributes and codes that its schema leaves open.

Its Schematron has one assertion for each place (FX-SCH-A-…); they are the same wherever an element of that name stands,
or wherever it stands in the header. What the norm's rules and those of `extended_elements` tell is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.codes import en16931
from plainchant.einvoice.codes import extended as lists

from .binding import Element, string
from .reading import local_name

_ONE = {
    "URIUniversalCommunication": ("URIID",),
    "EmailURIUniversalCommunication": ("URIID",),
    "TelephoneUniversalCommunication": ("CompleteNumber",),
    "FaxUniversalCommunication": ("CompleteNumber",),
    "AdditionalReferencedDocument": ("IssuerAssignedID",),
    "InvoiceSpecifiedReferencedDocument": ("IssuerAssignedID",),
    "AppliedTradeTax": ("TypeCode", "CategoryCode", "RateApplicablePercent"),
    "IncludedTradeTax": ("CalculatedAmount", "TypeCode", "CategoryCode"),
    "EffectiveSpecifiedPeriod": ("CompleteDateTime",),
    "IncludedReferencedProduct": ("Name",),
    "BuyerTaxRepresentativeTradeParty": ("SpecifiedTaxRegistration",),
}
_ONE_BELOW = {
    ("SpecifiedTradePaymentTerms", "PayeeTradeParty"): ("Name",),
    ("NetPriceProductTradePrice", "IncludedTradeTax"): ("RateApplicablePercent",),
    ("SpecifiedLineTradeAgreement", "AdditionalReferencedDocument"): ("TypeCode",),
    ("SpecifiedLineTradeSettlement", "AdditionalReferencedDocument"): ("TypeCode",),
}
# Documents that the header cites, but for those above and the invoices (BR-55).
_CITED = """
    BuyerOrderReferencedDocument ContractReferencedDocument DeliveryNoteReferencedDocument
    DespatchAdviceReferencedDocument QuotationReferencedDocument ReceivingAdviceReferencedDocument
    SellerOrderReferencedDocument UltimateCustomerOrderReferencedDocument
""".split()
# Parties that stand in the header, but for those of the delivery, have a name; the norm asks for that of four.
_NAMED = """
    BuyerAgentTradeParty BuyerTaxRepresentativeTradeParty InvoiceeTradeParty InvoicerTradeParty PayerTradeParty
    ProductEndUserTradeParty SalesAgentTradeParty
""".split()
_SEVERAL_NUMBERS = ("SellerTradeParty", "ItemSellerTradeParty", "ManufacturerTradeParty")
_WITH_UNIT = ("BasisPeriodMeasure", "ChargeFreeQuantity", "PackageQuantity", "PerPackageUnitQuantity", "UnitQuantity")
_SUMMATIONS = ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementLineMonetarySummation")
# Elements below one another, the last one perhaps what is looked at: the profile has no use for what stands there.
_LINE = "IncludedSupplyChainTradeLineItem"
_UNUSED = (
    {"GrossPriceProductTradePrice", "IncludedTradeTax"},
    {"BillingSpecifiedPeriod", "CompleteDateTime"},
    {"EffectiveSpecifiedPeriod", "StartDateTime"},
    {"EffectiveSpecifiedPeriod", "EndDateTime"},
    {_LINE, "CategoryTradeTax"},
    {_LINE, "ContractReferencedDocument", "ReferenceTypeCode"},
    {_LINE, "ReceivableSpecifiedTradeAccountingAccount"},
    {"SpecifiedLineTradeSettlement", "AdditionalReferencedDocument", "FormattedIssueDateTime"},
)
_WITH_MINUTES = ("FormattedIssueDateTime", "FormattedReceivedDateTime")
_ADDITIONAL_TYPES = frozenset({"50", "130", "916"})
_TAX_TYPES = lists.TAXES | {"VAT"}
_CODES: dict[tuple[str, str], frozenset[str]] = {
    ("ExchangedDocument", "LanguageID"): lists.LANGUAGES,
    ("AssociatedDocumentLineDocument", "LineStatusCode"): lists.LINE_STATUSES,
    ("SpecifiedLogisticsTransportMovement", "ModeCode"): lists.TRANSPORTS,
    ("ReceivableSpecifiedTradeAccountingAccount", "TypeCode"): lists.ACCOUNTS,
    ("InvoiceReferencedDocument", "TypeCode"): lists.CITED_INVOICES,
    ("InvoiceSpecifiedReferencedDocument", "TypeCode"): lists.CITED_INVOICES,
    ("AdditionalReferencedDocument", "ReferenceTypeCode"): en16931.OBJECT_SCHEMES,
    ("ContractReferencedDocument", "ReferenceTypeCode"): lists.CONTRACTS,
    ("TaxApplicableTradeCurrencyExchange", "SourceCurrencyCode"): en16931.ACCOUNTING_CURRENCIES,
    ("TaxApplicableTradeCurrencyExchange", "TargetCurrencyCode"): en16931.ACCOUNTING_CURRENCIES,
    ("AppliedTradeTax", "TypeCode"): _TAX_TYPES,
    ("ApplicableTradeTax", "TypeCode"): _TAX_TYPES,
    ("CategoryTradeTax", "TypeCode"): _TAX_TYPES,
    ("IncludedTradeTax", "TypeCode"): _TAX_TYPES,
    ("AppliedTradeTax", "CategoryCode"): en16931.LINE_VAT_CATEGORIES,
    ("IncludedTradeTax", "CategoryCode"): en16931.LINE_VAT_CATEGORIES,
}


def faults(root: Element) -> Iterator[tuple[str, Element, str]]:
    """What each is about, where, the value or the name of what is missing."""
    for element in root.iter("*"):
        above = element.getparent()
        if above is not None:
            for fault in _of(element, local_name(element), local_name(above)):
                if not _is_unused(element):
                    yield fault


def _of(element: Element, name: str, parent: str) -> Iterator[tuple[str, Element, str]]:
    yield from _code(element, name, parent)
    yield from _children(element, name, parent)
    yield from _attributes(element, name, parent)


def _is_unused(element: Element) -> bool:
    """Whether the profile has no use for the place an element stands in, and so asks nothing of it."""
    names = [local_name(element), *(local_name(above) for above in element.iterancestors("*"))]
    if any(chain <= set(names) for chain in _UNUSED):
        return True
    if names[:2] == ["ReferenceTypeCode", "AdditionalReferencedDocument"]:
        return _is_of_header(element) and element.getparent().findtext("{*}TypeCode") != "130"  # type: ignore[union-attr]
    return "TaxPointDate" in names and not {"ApplicableTradeTax", "ApplicableHeaderTradeSettlement"} <= set(names)


def _wanted(name: str, parent: str) -> Iterator[str]:
    yield from _ONE.get(name, ())
    yield from _ONE_BELOW.get((parent, name), ())
    if parent.startswith("ApplicableHeader"):
        if name in _NAMED:
            yield "Name"
        if name in _CITED:
            yield "IssuerAssignedID"


def _children(element: Element, name: str, parent: str) -> Iterator[tuple[str, Element, str]]:
    for child in _wanted(name, parent):
        if element.find(f"{{*}}{child}") is None:
            yield "fx-missing", element, child
    if name.endswith("TradeParty"):
        yield from _party(element, name)
    elif name in _SUMMATIONS:
        seen = [total.get("currencyID") for total in element.iterfind("{*}TaxTotalAmount")]
        if len(seen) > len(set(seen)):
            yield "fx-twice", element, "TaxTotalAmount"


def _party(element: Element, name: str) -> Iterator[tuple[str, Element, str]]:
    numbers = [
        string(found) and found.get("schemeID") for found in element.iterfind("{*}SpecifiedTaxRegistration/{*}ID")
    ]
    if name in _SEVERAL_NUMBERS:
        if name != "ManufacturerTradeParty" and len(numbers) > len(set(numbers)):
            yield "fx-twice", element, "SpecifiedTaxRegistration"
        return
    for child in ("ID", "SpecifiedTaxRegistration"):
        if len(element.findall(f"{{*}}{child}")) > 1:
            yield "fx-twice", element, child


def _code(element: Element, name: str, parent: str) -> Iterator[tuple[str, Element, str]]:
    allowed = _CODES.get((parent, name))
    if (parent, name) == ("AdditionalReferencedDocument", "TypeCode") and not _is_of_header(element):
        allowed = _ADDITIONAL_TYPES
    code = string(element) if allowed is not None else ""
    if allowed is not None and code and code not in allowed:
        yield "fx-code", element, code


def _is_of_header(element: Element) -> bool:
    return any(local_name(above).startswith("ApplicableHeader") for above in element.iterancestors("*"))


def _attributes(element: Element, name: str, parent: str) -> Iterator[tuple[str, Element, str]]:
    if name in ("DateTimeString", "DateString"):
        allowed = ("102", "205") if parent in _WITH_MINUTES else ("102",)
        yield from _attribute(element, "format", frozenset(allowed))
    elif name in _WITH_UNIT:
        yield from _attribute(element, "unitCode", en16931.UNITS if name != "BasisPeriodMeasure" else None)
    elif name == "URIID" and parent == "URIUniversalCommunication":
        party = element.getparent().getparent()  # type: ignore[union-attr]
        if party is None or local_name(party) not in ("SellerTradeParty", "BuyerTradeParty"):
            yield from _attribute(element, "schemeID", None)
    elif name == "GlobalID" and parent == "IncludedReferencedProduct":
        yield from _attribute(element, "schemeID", en16931.ITEM_SCHEMES)
    elif name == "GlobalID" and parent != "SpecifiedTradeProduct":
        # The scheme of the others is told as the norm has it (`extended_elements`).
        is_of_product = parent == "ManufacturerTradeParty" or _is_shipped_to_by_a_line(element)
        yield from _attribute(element, "schemeID", lists.PARTY_SCHEMES if is_of_product else None)
    elif name == "ID" and parent == "SpecifiedTaxRegistration":
        party = element.getparent().getparent()  # type: ignore[union-attr]
        if party is None or local_name(party) not in _SEVERAL_NUMBERS:  # whose number of no scheme is of no use
            yield from _attribute(element, "schemeID", None)
    elif name == "ID" and parent == "SpecifiedLegalOrganization" and _is_shipped_to_by_a_line(element):
        yield from _attribute(element, "schemeID", None)


def _is_shipped_to_by_a_line(element: Element) -> bool:
    """Whether it is of the party that a line is shipped to, though not in the end."""
    names = [local_name(above) for above in element.iterancestors("*")]
    return "ShipToTradeParty" in names and "SpecifiedLineTradeDelivery" in names


def _attribute(element: Element, name: str, allowed: frozenset[str] | None) -> Iterator[tuple[str, Element, str]]:
    """One that must be there, and of a list where there is one."""
    value = element.get(name)
    if value is None:
        yield "fx-missing", element, name
    elif value and allowed is not None and value not in allowed:
        yield "fx-code", element, value
