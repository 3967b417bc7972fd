"""Which element or attribute of UBL takes its value from which code list: the rules BR-CL."""

from __future__ import annotations

from plainchant.einvoice.codes import en16931 as lists
from plainchant.einvoice.syntaxes.binding import Element, string
from plainchant.einvoice.syntaxes.reading import CodeRestriction, Reading, Scope
from plainchant.einvoice.syntaxes.xml import WHITE_SPACE

_AMOUNTS = """
    Amount BaseAmount PriceAmount TaxAmount TaxableAmount LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount
    AllowanceTotalAmount ChargeTotalAmount PrepaidAmount PayableRoundingAmount PayableAmount
""".split()
_QUANTITIES = ("InvoicedQuantity", "BaseQuantity", "CreditedQuantity")
_WITH_SEPA = lists.PARTY_SCHEMES_UBL | {"SEPA"}


def _note_subject(element: Element, reading: Reading) -> None:
    """BR-CL-08: ``#AAI#text``; only what has three characters between its signs is taken for a code."""
    _, sign, rest = string(element).partition("#")
    code, second, _ = rest.partition("#")
    if sign and second and len(code) == 3 and code not in lists.NOTE_SUBJECTS_UBL:
        reading.fail("BR-CL-08", element)


def _object_scheme(element: Element, reading: Reading) -> None:
    """BR-CL-07: only of a reference of type 130."""
    if any(string(kind) == "130" for kind in element.iterchildren("{*}DocumentTypeCode")):
        for found in element.iterchildren("{*}ID"):
            scheme = found.get("schemeID")
            if scheme is not None and scheme.strip(WHITE_SPACE) not in lists.OBJECT_SCHEMES:
                reading.fail("BR-CL-07", found)


def _reason(element: Element, reading: Reading) -> None:
    """BR-CL-19, BR-CL-20: one list for allowances, another for charges."""
    indicators = {string(found) for found in element.iterchildren("{*}ChargeIndicator")}
    for rule, allowed, values in (
        ("BR-CL-19", lists.ALLOWANCE_REASONS, {"false", "0"}),
        ("BR-CL-20", lists.CHARGE_REASONS, {"true", "1"}),
    ):
        if indicators & values:
            for code in element.iterchildren("{*}AllowanceChargeReasonCode"):
                if string(code) not in allowed:
                    reading.fail(rule, code)
            return


def _scope(context: str, rule: str, allowed: frozenset[str], attribute: str | None = None, **more: bool) -> Scope:
    return Scope("codes", context, codes=(CodeRestriction(rule, allowed, attribute, **more),))


SCOPES: tuple[Scope, ...] = (
    Scope("notes", "/*/cbc:Note", look=_note_subject),
    _scope("cbc:InvoiceTypeCode", "BR-CL-01", lists.DOCUMENT_TYPES_UBL_INVOICE),
    _scope("cbc:CreditNoteTypeCode", "BR-CL-01", lists.DOCUMENT_TYPES_UBL_CREDIT_NOTE),
    *(_scope(f"cbc:{name}", "BR-CL-03", lists.AMOUNT_CURRENCIES, "currencyID", wanted=True) for name in _AMOUNTS),
    _scope("cbc:DocumentCurrencyCode", "BR-CL-04", lists.INVOICE_CURRENCIES),
    _scope("cbc:TaxCurrencyCode", "BR-CL-05", lists.ACCOUNTING_CURRENCIES),
    _scope("cac:InvoicePeriod/cbc:DescriptionCode", "BR-CL-06", lists.TAX_POINT_CODES_UBL),
    Scope("codes-object", "cac:AdditionalDocumentReference", look=_object_scheme),
    Scope("codes-object", "cac:DocumentReference", look=_object_scheme),
    _scope("cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID", "BR-CL-10", _WITH_SEPA, "schemeID"),
    _scope("cac:PayeeParty/cac:PartyIdentification/cbc:ID", "BR-CL-10", _WITH_SEPA, "schemeID"),
    _scope("cac:PartyIdentification/cbc:ID", "BR-CL-10", lists.PARTY_SCHEMES_UBL, "schemeID"),
    _scope("cac:PartyLegalEntity/cbc:CompanyID", "BR-CL-11", lists.REGISTRATION_SCHEMES, "schemeID"),
    _scope(
        "cac:CommodityClassification/cbc:ItemClassificationCode", "BR-CL-13", lists.CLASSIFICATION_SCHEMES, "listID"
    ),
    _scope("cac:Country/cbc:IdentificationCode", "BR-CL-14", lists.COUNTRIES_UBL),
    _scope("cac:OriginCountry/cbc:IdentificationCode", "BR-CL-15", lists.ORIGIN_COUNTRIES_UBL),
    _scope("cac:PaymentMeans/cbc:PaymentMeansCode", "BR-CL-16", lists.PAYMENT_MEANS),
    _scope("cac:TaxCategory/cbc:ID", "BR-CL-17", lists.VAT_CATEGORIES),
    _scope("cac:ClassifiedTaxCategory/cbc:ID", "BR-CL-18", lists.LINE_VAT_CATEGORIES),
    Scope("codes-reason", "cac:AllowanceCharge", look=_reason),
    _scope("cac:StandardItemIdentification/cbc:ID", "BR-CL-21", lists.ITEM_SCHEMES, "schemeID"),
    _scope("cbc:TaxExemptionReasonCode", "BR-CL-22", lists.EXEMPTION_REASONS, any_case=True),
    *(_scope(f"cbc:{name}", "BR-CL-23", lists.UNITS, "unitCode") for name in _QUANTITIES),
    _scope("cbc:EmbeddedDocumentBinaryObject", "BR-CL-24", lists.MIME_TYPES, "mimeCode"),
    _scope("cbc:EndpointID", "BR-CL-25", lists.ADDRESS_SCHEMES, "schemeID"),
    _scope("cac:DeliveryLocation/cbc:ID", "BR-CL-26", lists.LOCATION_SCHEMES, "schemeID"),
)
