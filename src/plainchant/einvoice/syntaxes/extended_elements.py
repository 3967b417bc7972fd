"""What Factur-X EXTENDED and EXTENDED-CTC-FR say of elements and codes, beyond the tables of a syntax.

Each fault is told by what it is about: `rules.extended_table` has its number in each of the three official files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from plainchant.einvoice.codes import en16931
from plainchant.einvoice.codes import extended as lists

from .binding import FALSE, TRUE, string
from .reading import Element, local_name

Fault: TypeAlias = tuple[str, Element, str]  # what it is about, where, the value
_Look: TypeAlias = Callable[[Element], Iterator[Fault]]
_MINUTE = re.compile(r"\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])([01][0-9]|2[0-3])[0-5][0-9]\Z")
_JSON = "application/json"  # which EXTENDED takes
_OBJECT, _TYPES_OF_ADDITIONAL = "130", ("50", "130", "916")
_DATED = (
    "InvoiceReferencedDocument ContractReferencedDocument BuyerOrderReferencedDocument DespatchAdviceReferencedDocument"
)


def faults(root: Element, vocabulary: str) -> Iterator[Fault]:
    """All of a document, in its order; those that a profile's file does not have are told too."""
    looks = _IN_UBL if vocabulary == "ubl" else _IN_CII
    for element in root.iter("*"):
        name = local_name(element)
        if not len(element) and not string(element):
            yield "empty", element, name
        if (look := looks.get(name)) is not None:
            yield from look(element)
        elif name.endswith("ReferencedDocument"):
            yield from _reference(element)
    yield from _due_in_ubl(root) if vocabulary == "ubl" else _due_in_cii(root)


def _above(element: Element, level: int = 1) -> str:
    for _ in range(level):
        above = element.getparent()
        if above is None:
            return ""
        element = above
    return local_name(element)


def _has(element: Element, path: str) -> bool:
    return element.find(path) is not None


def _texts(element: Element, path: str) -> set[str]:
    return {string(found) for found in element.iterfind(path)}


def _due_in_cii(root: Element) -> Iterator[Fault]:
    due = root.find(".//{*}DuePayableAmount")
    terms = ".//{*}SpecifiedTradePaymentTerms/{*}"
    if (
        due is not None
        and _is_positive(due)
        and not (_has(root, f"{terms}DueDateDateTime") or _has(root, f"{terms}Description"))
    ):
        yield "due", due, ""


def _due_in_ubl(root: Element) -> Iterator[Fault]:
    due = root.find("{*}LegalMonetaryTotal/{*}PayableAmount") if local_name(root) == "Invoice" else None
    if (
        due is not None
        and _is_positive(due)
        and not (_has(root, ".//{*}DueDate") or _has(root, ".//{*}PaymentTerms/{*}Note"))
    ):
        yield "due", due, ""


def _is_positive(element: Element) -> bool:
    text = string(element)
    return not text.startswith("-") and bool(text.strip("+0."))


def _attribute(name: str, code: str, value: str, measure: str) -> _Look:
    """Of an item: it has a name or a code, and a text or a measure."""

    def look(element: Element) -> Iterator[Fault]:
        names, values = (element.findall(f"{{*}}{child}") for child in (name, value))
        if not names and not _has(element, f"{{*}}{code}"):
            yield "attribute-name", element, ""
        units = {found.get("unitCode") or "" for found in element.iterfind(f"{{*}}{measure}")}
        if bool(values) == bool(units) or (units and units == {""}):
            yield "attribute-value", element, ""
        if len(names) > 1:
            yield "attribute-names", element, ""
        if len(values) > 1:
            yield "attribute-values", element, ""
        for found in element.iterfind(f"{{*}}{code}"):
            if string(found) not in lists.ITEM_ATTRIBUTES:
                yield "attribute-code", found, string(found)

    return look


def _only(about: str, *children: str, place: tuple[str, ...] = ()) -> _Look:
    """An element that holds nothing but these children, and nothing of the first of ``place`` but the second."""

    def look(element: Element) -> Iterator[Fault]:
        is_more = any(local_name(child) not in children for child in element.iterchildren("*"))
        if place:
            spot, name = place
            below = (child for found in element.iterfind(f"{{*}}{spot}") for child in found.iterchildren("*"))
            is_more = is_more or any(local_name(child) != name for child in below)
        if is_more:
            yield about, element, ""

    return look


def _terms(code: str, document: _Look, line: _Look) -> _Look:
    def look(element: Element) -> Iterator[Fault]:
        is_of_line = any("Line" in local_name(above) for above in element.iterancestors("*"))
        yield from (line if is_of_line else document)(element)
        for found in element.iterfind(f"{{*}}{code}"):
            if string(found) and string(found) not in lists.DELIVERY_TERMS:  # official: an empty one is let pass
                yield "incoterm", found, string(found)

    return look


def _charge(indicator: str, reason: str) -> _Look:
    def look(element: Element) -> Iterator[Fault]:
        if not _texts(element, indicator) & set(TRUE):
            return
        for found in element.iterfind(f"{{*}}{reason}"):
            code, of_list = string(found), found.get("listID")
            if of_list is not None and of_list not in lists.REASON_LISTS:
                if of_list:
                    yield "reason-list", found, of_list
            elif of_list == "5153":
                if code not in lists.TAXES:
                    yield "tax-reason", found, code
            elif code not in en16931.CHARGE_REASONS:
                yield "charge-reason", found, code

    return look


def _discount(element: Element) -> Iterator[Fault]:
    """Of a gross price in CII."""
    if _above(element) == "GrossPriceProductTradePrice" and _texts(element, _INDICATOR) & set(FALSE):
        for found in element.iterfind("{*}ReasonCode"):
            if string(found) not in en16931.ALLOWANCE_REASONS:
                yield "price-allowance-reason", found, string(found)


def _attachment(element: Element) -> Iterator[Fault]:
    kind = element.get("mimeCode")
    if kind is not None and kind not in lists.MIME_TYPES:
        yield "mime-type" if kind != _JSON else "mime-type-json", element, kind


def _global_id(element: Element) -> Iterator[Fault]:
    scheme = element.get("schemeID")
    elsewhere = ("SpecifiedTradeProduct", "ShipToTradeParty")  # which have lists of their own
    if (
        scheme is not None
        and scheme.strip() not in lists.PARTY_SCHEMES
        and not any(local_name(above) in elsewhere for above in element.iterancestors("*"))
    ):
        yield "party-scheme", element, scheme


def _identification(element: Element) -> Iterator[Fault]:
    for found in element.iterfind("{*}ID"):
        scheme = found.get("schemeID")
        if scheme is not None and scheme.strip() not in lists.PARTY_SCHEMES:
            yield "party-scheme", found, scheme


def _reference(element: Element) -> Iterator[Fault]:
    """Of a document that CII cites: what only certain ones may say of it."""
    name = local_name(element)
    is_additional = name == "AdditionalReferencedDocument"
    kinds = _texts(element, "{*}TypeCode")
    if kinds and name != "InvoiceReferencedDocument" and not (is_additional and kinds & set(_TYPES_OF_ADDITIONAL)):
        yield "document-type", element, ", ".join(sorted(kinds))
    sorts = _texts(element, "{*}ReferenceTypeCode")
    if sorts and name != "ContractReferencedDocument" and not (is_additional and _OBJECT in kinds):
        yield "reference-type", element, ", ".join(sorted(sorts))
    if name not in _DATED.split() and _has(element, "{*}FormattedIssueDateTime"):
        yield "reference-date", element, ""


def _agreement(element: Element) -> Iterator[Fault]:
    if len(element.findall("{*}NetPriceProductTradePrice/{*}ChargeAmount")) > 1:
        yield "net-prices", element, ""


def _note(element: Element) -> Iterator[Fault]:
    about = {"ExchangedDocument": "note", "AssociatedDocumentLineDocument": "line-note"}.get(_above(element))
    if (
        about
        and _has(element, "{*}SubjectCode")
        and not (_has(element, "{*}ContentCode") or _has(element, "{*}Content"))
    ):
        yield about, element, ""


def _registration(element: Element) -> Iterator[Fault]:
    if not any(local_name(above) == "SellerTradeParty" for above in element.iterancestors("*")):
        for found in element.iterfind("{*}ID"):
            if found.get("schemeID") != "VA":
                yield "tax-number", found, string(found)


def _moment(element: Element) -> Iterator[Fault]:
    if element.get("format") == "205" and not _MINUTE.match(string(element)):
        yield "date-and-time", element, string(element)


def _ubl_line(element: Element) -> Iterator[Fault]:
    """Official: a line that cites any document counts as one that is not added, unless it says DETAIL of its own."""
    root = element.getparent()
    number = _texts(root, "{*}ID") if root is not None else set()
    cited = element.findall("{*}BillingReference/{*}InvoiceDocumentReference")
    own = [found for found in cited if _texts(found, "{*}ID") & number]
    is_added = not any(_has(found, "{*}ID") for found in cited) or any(
        "DETAIL" in _texts(found, "{*}DocumentStatusCode") for found in own
    )
    count = len(element.findall("{*}Item/{*}ClassifiedTaxCategory"))
    if count > 1 or (is_added and not count):
        yield "one-category", element, ""


_INDICATOR = "{*}ChargeIndicator/{*}Indicator"
_CII_PLACE, _UBL_PLACE = ("RelevantTradeLocation", "Name"), ("DeliveryLocation", "Name")
_CII_TERMS = [
    _only(about, "DeliveryTypeCode", "RelevantTradeLocation", place=_CII_PLACE)
    for about in ("delivery-terms", "line-delivery-terms")
]
_UBL_TERMS = [
    _only(about, "ID", "DeliveryLocation", place=_UBL_PLACE) for about in ("delivery-terms", "line-delivery-terms")
]
_IN_CII: dict[str, _Look] = {
    "ApplicableProductCharacteristic": _attribute("Description", "TypeCode", "Value", "ValueMeasure"),
    "ApplicableTradeDeliveryTerms": _terms("DeliveryTypeCode", *_CII_TERMS),
    "AppliedTradeAllowanceCharge": _discount,
    "AttachmentBinaryObject": _attachment,
    "DateTimeString": _moment,
    "GlobalID": _global_id,
    "IncludedNote": _note,
    "SpecifiedLineTradeAgreement": _agreement,
    "SpecifiedTaxRegistration": _registration,
    "SpecifiedTradeAllowanceCharge": _charge(_INDICATOR, "ReasonCode"),
    "TaxApplicableTradeCurrencyExchange": _only(
        "exchange-rate", "SourceCurrencyCode", "TargetCurrencyCode", "ConversionRate", "ConversionRateDateTime"
    ),
}
_IN_UBL: dict[str, _Look] = {
    "AdditionalItemProperty": _attribute("Name", "NameCode", "Value", "ValueQuantity"),
    "AllowanceCharge": _charge("{*}ChargeIndicator", "AllowanceChargeReasonCode"),
    "CreditNoteLine": _ubl_line,
    "DeliveryTerms": _terms("ID", *_UBL_TERMS),
    "EmbeddedDocumentBinaryObject": _attachment,
    "InvoiceLine": _ubl_line,
    "PartyIdentification": _identification,
    "TaxExchangeRate": _only("exchange-rate", "SourceCurrencyCode", "TargetCurrencyCode", "CalculationRate", "Date"),
}
