"""What one file says and another one of the same invoice does not, leaf by leaf: texts and attributes, no reader asked.

A leaf with a term of EN 16931 must stand again at a place of that term (`published_terms`), in the same line, as often.
What has no term must stand somewhere, in the same line, with the same value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from tests.einvoice.syntaxes.published_terms import ONCE, TERMS

AS_INVOICE = {
    "CreditNoteLine": "InvoiceLine",
    "CreditedQuantity": "InvoicedQuantity",
    "CreditNoteTypeCode": "InvoiceTypeCode",
}
LINES = ("IncludedSupplyChainTradeLineItem", "InvoiceLine")
TAX_POINTS = {"5": "3", "29": "35", "72": "432"}  # UNTDID 2475, which CII writes → 2005
# By citing its own invoice a UBL line says of what kind it is: no other invoice is meant.
OF_ITSELF = "InvoiceLine/BillingReference/InvoiceDocumentReference/ID"
NUMBERS = re.compile(r"(Amount|Quantity|Percent|Numeric|Measure)$")
DATES = re.compile(r"(Date|DateString|DateTimeString)$")
# What directs a reader and says nothing of the invoice: pattern of the path, of the value.
NEUTRAL = [
    (re.compile(path), re.compile(value))
    for path, value in (
        (r"(^|/)(ChargeIndicator|ChargeIndicator/Indicator)$", r".*"),  # the bracket of its group
        (r"TestIndicator/Indicator$", r"false|0"),
        (r"^UBLVersionID$", r".*"),
        (r"Tax/TypeCode$|TaxScheme/ID$", r"(?i)VAT|TAX"),
        (r"AdditionalReferencedDocument(\[\d+\])?/TypeCode$|DocumentReference(\[\d+\])?/DocumentTypeCode$", r"50|130"),
        (r"AdditionalReferencedDocument/TypeCode$", r"916"),
        (r"/@format$", r"102"),
        (r"SpecifiedProcuringProject/Name$", r"Project reference"),
        (r"CardAccount/NetworkID$", r"CARD|mapped-from-cii"),
        (r"PaymentMeans/PaymentChannelCode$", r"IBAN"),
        (r"/@(schemeAgencyID|schemeAgencyName|listAgencyID|listAgencyName|unitCodeListID)$", r".*"),
        (r"Country/IdentificationCode/@listID$", r".*"),  # the one list there is
    )
]


@dataclass(frozen=True, slots=True)
class LeafOfFile:
    """``line``: which line of the invoice it belongs to, 0 for none. ``term``: its BT number, "" for none."""

    path: str
    term: str
    line: int
    value: str


def lost(before: etree._Element, after: etree._Element) -> list[LeafOfFile]:
    """The leaves of ``before`` that ``after`` does not have. The other way round: what was added."""
    found = list(leaves(after))
    there = Counter((leaf.term, leaf.line, leaf.value) for leaf in found if leaf.term)
    missing = []
    for leaf in leaves(before):
        key = (leaf.term, leaf.line, leaf.value)
        if leaf.term and there[key] > 0:
            there[key] -= leaf.term not in ONCE
        elif not _is_neutral(leaf):
            missing.append(leaf)
    without = Counter((leaf.line, leaf.value) for leaf in found if not leaf.term)
    gone = []
    for leaf in missing:
        key_without = (leaf.line, leaf.value)
        if not leaf.term and without[key_without] > 0:
            without[key_without] -= 1
        else:
            gone.append(leaf)
    return gone


def _is_neutral(leaf: LeafOfFile) -> bool:
    return any(path.search(leaf.path) and value.fullmatch(leaf.value) for path, value in NEUTRAL)


def leaves(root: etree._Element) -> Iterator[LeafOfFile]:
    kind = etree.QName(root).localname
    terms = TERMS["cii" if kind == "CrossIndustryInvoice" else "ubl"]
    currency = next((_text(found) for found in root.iter("{*}InvoiceCurrencyCode", "{*}DocumentCurrencyCode")), "EUR")
    number = root.findtext("{*}ID")
    line = 0
    paths = {root: ""}
    lines = {root: 0}
    for element in root.iter(etree.Element):
        if element is root:
            continue
        above = element.getparent()
        name = etree.QName(element).localname
        name = AS_INVOICE.get(name, name)
        if name in LINES and lines[above] == 0:
            line += 1
            lines[element] = line
        else:
            lines[element] = lines[above]
        path = paths[element] = f"{paths[above]}/{name}".lstrip("/") + _bracket(element, name, kind)
        for end, value in _values(element, name, path, currency):
            if path.endswith(OF_ITSELF) and value == number:
                continue
            yield LeafOfFile(path + end, terms.get(path + end, ""), lines[element], value)


def _values(element: etree._Element, name: str, path: str, currency: str | None) -> Iterator[tuple[str, str]]:
    text = _text(element)
    if text:
        value = _written(name, text)
        scheme = element.get("schemeID")
        if scheme is None and path.endswith("ReferencedDocument[130]/IssuerAssignedID"):
            scheme = next((_text(found) for found in element.itersiblings("{*}ReferenceTypeCode")), None)
        if scheme and not path.endswith(("]", "Category/ID")):  # the code list of VAT categories is the one there is
            value = f"{value} ({scheme})"
        if name in ("TaxTotalAmount", "TaxAmount") and "TaxSubtotal" not in path:
            value = f"{value} {element.get('currencyID') or currency}"
        if path.endswith("/DueDateTypeCode"):
            value = TAX_POINTS.get(value, value)
        subject = re.match(r"#(\w{3})#(.*)", text, re.DOTALL) if path == "Note" else None
        if subject:
            yield "[subject]", subject.group(1)
            value = " ".join(subject.group(2).split())
        if value and not (path.endswith("ReferencedDocument[130]/ReferenceTypeCode")):
            yield "", value
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname
        if local == "schemeID" or "schemaLocation" in local or not value.strip():
            continue
        if local == "currencyID" and (value == currency or name in ("TaxTotalAmount", "TaxAmount")):
            continue
        yield f"/@{local}", " ".join(value.split())


def _text(element: etree._Element) -> str:
    return "".join(part for part in [element.text or "", *(child.tail or "" for child in element)]).strip()


def _written(name: str, text: str) -> str:
    if NUMBERS.search(name):
        try:
            return f"{Decimal(text).normalize() + 0:f}"
        except ArithmeticError:
            return text
    if DATES.search(name):
        return text.replace("-", "")[:8]
    return "".join(text.split()) if name.endswith("BinaryObject") else " ".join(text.split())


def _bracket(element: etree._Element, name: str, kind: str) -> str:
    if name in ("AllowanceCharge", "SpecifiedTradeAllowanceCharge", "AppliedTradeAllowanceCharge"):
        said = _said(element, "ChargeIndicator/{*}Indicator") or _said(element, "ChargeIndicator")
        known = {"true": "charge", "1": "charge", "false": "allowance", "0": "allowance"}.get(said, "neither")
        if name == "AppliedTradeAllowanceCharge":
            return "" if known != "charge" else "[charge]"
        if known == "neither" and etree.QName(element.getparent()).localname == "Price":
            known = "allowance"  # what a price has is a discount where nothing says the contrary
        return f"[{known}]"
    if name == "AdditionalReferencedDocument":
        type_code = _said(element, "TypeCode")
        return f"[{type_code}]" if type_code in ("50", "130") else ""
    if name in ("AdditionalDocumentReference", "DocumentReference"):
        type_code = _said(element, "DocumentTypeCode")
        if name == "DocumentReference" and not type_code:
            type_code = "130"
        return f"[{type_code}]" if type_code == "130" or (type_code == "50" and kind == "CreditNote") else ""
    above = etree.QName(element.getparent()).localname
    if (above, name) == ("SpecifiedTaxRegistration", "ID"):
        scheme = element.get("schemeID") or ""
        return f"[{ {'VA': 'VAT', 'FC': 'TAX'}.get(scheme, scheme) }]".replace(" ", "")
    if (above, name) == ("PartyTaxScheme", "CompanyID"):
        return "[VAT]" if _said(element.getparent(), "TaxScheme/{*}ID").upper() == "VAT" else "[TAX]"
    return "[SEPA]" if (element.get("schemeID") or "").upper() == "SEPA" else ""


def _said(element: etree._Element, path: str) -> str:
    found = element.find("{*}" + path)
    return _text(found) if found is not None else ""
