"""The UBL minimal form into the model: the table of UBL, less lines of nothing, plus what Chorus Pro puts elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plainchant.einvoice.model import (
    Address,
    Contact,
    Identifier,
    Invoice,
    Line,
    Party,
    SupportingDocument,
    TaxTotal,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.syntaxes.binding import (
    SUPPORTING,
    Element,
    Leaf,
    TermGroup,
    Values,
    amount,
    group,
    identifier,
    string,
    text,
)
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.reading import Reading, made
from plainchant.einvoice.syntaxes.reduced import READABLE, THE_INVOICE
from plainchant.einvoice.syntaxes.ubl.binding import ADDRESS, DOCUMENT, PARTY
from plainchant.einvoice.syntaxes.ubl.read import NAMESPACES

VAT = "TVA"  # what the form writes for VAT; the official template's TVA12 is one too


def _party_identifier(element: Element, reading: Reading) -> Identifier:
    """``schemeName`` is Chorus Pro's type of identifier: 1 SIRET … 7 individual."""
    return Identifier(string(element), element.get("schemeID") or element.get("schemeName"))


def _cadre(element: Element, reading: Reading) -> str:
    code = string(element)
    reading.facts.chorus.setdefault("cadre", code)
    return code


def _tax_type(element: Element, reading: Reading) -> str:
    code = string(element)
    return "VAT" if code.upper().startswith(VAT) else code


def _row(element: Element, values: Values, above: Values, reading: Reading) -> None:
    category: Values = {name: values.pop(name) for name in ("rate", "tax_type") if name in values}
    category.setdefault("tax_type", None)
    values["category"] = made(VatCategory, category, element)
    above.setdefault("_breakdown", []).append(made(VatBreakdown, values, element))


def _total(element: Element, values: Values, above: Values, reading: Reading) -> None:
    breakdown = values.pop("_breakdown", [])
    above.setdefault("vat_breakdown", []).extend(breakdown)
    above.setdefault("tax_totals", []).append(made(TaxTotal, {**values, "rows": len(breakdown)}, element))


def _document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if values.pop("_kind", None) == THE_INVOICE:
        values["description"] = READABLE
    values["type_code"] = SUPPORTING
    above.setdefault("supporting_documents", []).append(made(SupportingDocument, values, element))


def _invoice(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """The schema wants one line at least: the form's has no quantity and no amount, and is none."""
    reading.facts.payment_optional = True
    due = values.pop("_payment_due_date", None)
    if due is not None:
        values.setdefault("due_date", due)
    if "lines" in values:
        lines: list[Line] = values["lines"]
        values["lines"] = [line for line in lines if line.net_amount or line.quantity]
    service: str | None = values.pop("_service_name", None)
    if service is not None:
        buyer: Party = values.get("buyer") or Party()
        values["buyer"] = replace(buyer, contact=replace(buyer.contact or Contact(), department=service))


MINIMAL_PARTY: dict[str, Any] = {
    **PARTY,
    "cac:PartyIdentification": {"cbc:ID": Leaf("identifiers", _party_identifier, many=True)},
    "cac:PartyLegalEntity": {
        "cbc:RegistrationName": text("name"),
        "cbc:CompanyID": identifier("legal_registration"),
        "cac:RegistrationAddress": group("address", Address, ADDRESS),
    },
}
TAX_TOTAL = {
    "cbc:TaxAmount": amount("amount", currencyID="currency"),
    "cac:TaxSubtotal": TermGroup(
        "",
        None,
        {
            "cbc:TaxableAmount": amount("taxable_amount"),
            "cbc:TaxAmount": amount("tax_amount"),
            "cbc:Percent": amount("rate"),
            "cac:TaxCategory": {
                "cbc:Percent": amount("rate"),
                "cac:TaxScheme": {"cbc:TaxTypeCode": Leaf("tax_type", _tax_type)},
            },
        },
        finish=_row,
    ),
}
MINIMAL: dict[str, Any] = {
    **DOCUMENT,
    "ext:UBLExtensions": {
        "ext:UBLExtension": {
            "ext:ExtensionContent": {
                "ubl:CategoryCode": Leaf("business_process", _cadre),
                "cbc:CategoryCode": Leaf("business_process", _cadre),
            }
        }
    },
    "cac:AdditionalDocumentReference": TermGroup(
        "",
        None,
        {
            "cbc:ID": text("reference"),
            "cbc:DocumentTypeCode": text("mime_code"),
            "cbc:DocumentType": text("_kind"),
            "cac:Attachment": {"cbc:EmbeddedDocumentBinaryObject": text("content")},
        },
        finish=_document,
    ),
    "cac:AccountingSupplierParty": {"cac:Party": group("seller", Party, MINIMAL_PARTY)},
    "cac:AccountingCustomerParty": {
        "cac:Party": group("buyer", Party, MINIMAL_PARTY),
        "cac:AccountingContact": {"cbc:ID": text("buyer_reference"), "cbc:Name": text("_service_name")},
    },
    "cac:TaxTotal": TermGroup("", None, TAX_TOTAL, finish=_total),
}
GRAMMAR = Grammar(
    namespaces=NAMESPACES,
    root="ubl:Invoice",
    binding=TermGroup("", Invoice, MINIMAL, finish=_invoice),
    implied=("cbc:UBLVersionID", "cac:TaxScheme/cbc:TaxTypeCode"),
)


def read(root: Element) -> Reading:
    """The invoice of this root. ValueError for another root."""
    if root.tag != GRAMMAR.root_tag:
        raise ValueError(f"{root.tag!r} is not a UBL invoice")
    return GRAMMAR.read(root)


def is_minimal(root: Element) -> bool:
    """Whether it is this form: it names no specification, and the invoice itself is a document in it (type 01)."""
    if root.tag != GRAMMAR.root_tag or root.find(_SPECIFICATION) is not None:
        return False
    for cited in root.iterchildren(_DOCUMENT):
        kind = cited.find(_KIND)
        if kind is not None and string(kind) == THE_INVOICE and cited.find(_CONTENT) is not None:
            return True
    return False


_SPECIFICATION = GRAMMAR.clark("cbc:CustomizationID")
_DOCUMENT = GRAMMAR.clark("cac:AdditionalDocumentReference")
_KIND = GRAMMAR.clark("cbc:DocumentType")
_CONTENT = f"{GRAMMAR.clark('cac:Attachment')}/{GRAMMAR.clark('cbc:EmbeddedDocumentBinaryObject')}"
