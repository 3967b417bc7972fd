"""Which element or attribute of CII takes its value from which code list: the rules BR-CL."""

from __future__ import annotations

from plainchant.einvoice.codes import en16931 as lists
from plainchant.einvoice.syntaxes.binding import Element, string
from plainchant.einvoice.syntaxes.reading import CodeRestriction, Reading, Scope


def _reason(element: Element, reading: Reading) -> None:
    """BR-CL-19, BR-CL-20: one list for allowances, another for charges."""
    indicators = {
        string(value)
        for indicator in element.iterchildren("{*}ChargeIndicator")
        for value in indicator.iterchildren("{*}Indicator")
    }
    for rule, allowed, values in (
        ("BR-CL-19", lists.ALLOWANCE_REASONS, {"false", "0"}),
        ("BR-CL-20", lists.CHARGE_REASONS, {"true", "1"}),
    ):
        if indicators & values:
            for code in element.iterchildren("{*}ReasonCode"):
                if string(code) not in allowed:
                    reading.fail(rule, code)
            return


def _scope(
    context: str,
    rule: str,
    allowed: frozenset[str],
    attribute: str | None = None,
    *,
    any_case: bool = False,
    not_below: tuple[str, ...] = (),
) -> Scope:
    return Scope(
        "codes", context, codes=(CodeRestriction(rule, allowed, attribute, any_case=any_case),), not_below=not_below
    )


SCOPES: tuple[Scope, ...] = (
    _scope("rsm:ExchangedDocument/ram:TypeCode", "BR-CL-01", lists.DOCUMENT_TYPES_CII),
    _scope("ram:TaxTotalAmount", "BR-CL-03", lists.AMOUNT_CURRENCIES, "currencyID"),
    _scope("ram:InvoiceCurrencyCode", "BR-CL-04", lists.INVOICE_CURRENCIES),
    _scope("ram:TaxCurrencyCode", "BR-CL-05", lists.ACCOUNTING_CURRENCIES),
    _scope("ram:DueDateTypeCode", "BR-CL-06", lists.TAX_POINT_CODES_CII),
    _scope("ram:ReferenceTypeCode", "BR-CL-07", lists.OBJECT_SCHEMES),
    _scope("ram:SubjectCode", "BR-CL-08", lists.NOTE_SUBJECTS_CII),
    _scope(
        "ram:GlobalID",
        "BR-CL-10",
        lists.PARTY_SCHEMES_CII,
        "schemeID",
        not_below=("ram:SpecifiedTradeProduct", "ram:ShipToTradeParty"),
    ),
    _scope("ram:ID", "BR-CL-11", lists.REGISTRATION_SCHEMES, "schemeID", not_below=("ram:SpecifiedTaxRegistration",)),
    _scope("ram:ClassCode", "BR-CL-13", lists.CLASSIFICATION_SCHEMES, "listID"),
    _scope("ram:CountryID", "BR-CL-14", lists.COUNTRIES_CII),
    Scope(
        "codes-origin",
        "ram:OriginTradeCountry/ram:ID",
        codes=(CodeRestriction("BR-CL-15", lists.ORIGIN_COUNTRIES_CII),),
    ),
    _scope("ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode", "BR-CL-16", lists.PAYMENT_MEANS),
    _scope("ram:CategoryTradeTax/ram:CategoryCode", "BR-CL-17", lists.VAT_CATEGORIES),
    _scope("ram:ApplicableTradeTax/ram:CategoryCode", "BR-CL-18", lists.LINE_VAT_CATEGORIES),
    Scope("codes-reason", "ram:SpecifiedTradeAllowanceCharge", look=_reason),
    _scope("ram:SpecifiedTradeProduct/ram:GlobalID", "BR-CL-21", lists.ITEM_SCHEMES, "schemeID"),
    _scope("ram:ExemptionReasonCode", "BR-CL-22", lists.EXEMPTION_REASONS, any_case=True),
    _scope("ram:BasisQuantity", "BR-CL-23", lists.UNITS, "unitCode"),
    _scope("ram:BilledQuantity", "BR-CL-23", lists.UNITS, "unitCode"),
    _scope("ram:AttachmentBinaryObject", "BR-CL-24", lists.MIME_TYPES, "mimeCode"),
    _scope("ram:URIUniversalCommunication/ram:URIID", "BR-CL-25", lists.ADDRESS_SCHEMES, "schemeID"),
    _scope(
        "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID",
        "BR-CL-26",
        lists.LOCATION_SCHEMES,
        "schemeID",
    ),
)
