"""BR-FR on what is written: values that are no date or number, and those written as no rule wants them (+5, .5, 05).

The model has no room for the former and no trace of the latter: the reader keeps them apart. It tells them with what
they should be, "date" or "number"; or "writing", for a number or a date (2026-03-12Z) that was read all the same.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from plainchant.einvoice.rule import Context

from .france_amounts import RATES_AS_WRITTEN
from .france_names import Failing

# Where a value stands, from the root down (a credit note's lines under the name of an invoice's), and whose it is.
_UBL = {
    "IssueDate": "BR-FR-03_BT-2",
    "TaxPointDate": "BR-FR-03_BT-7",
    "DueDate": "BR-FR-03_BT-9",
    "BillingReference/InvoiceDocumentReference/IssueDate": "BR-FR-03_BT-26",
    "Delivery/ActualDeliveryDate": "BR-FR-03_BT-72",
    "InvoicePeriod/StartDate": "BR-FR-03_BT-73",
    "InvoicePeriod/EndDate": "BR-FR-03_BT-74",
    "InvoiceLine/BillingReference/InvoiceDocumentReference/IssueDate": "BR-FR-03_EXT-FR-FE-138",
    "InvoiceLine/Delivery/ActualDeliveryDate": "BR-FR-03_EXT-FR-FE-158",
    "InvoiceLine/InvoicePeriod/StartDate": "BR-FR-03_EXT-FR-FE-134",
    "InvoiceLine/InvoicePeriod/EndDate": "BR-FR-03_EXT-FR-FE-135",
    "AllowanceCharge/Amount": "BR-FR-DEC-01_BT-92_BT-99",
    "AllowanceCharge/BaseAmount": "BR-FR-DEC-01_BT-93_BT-100",
    "LegalMonetaryTotal/LineExtensionAmount": "BR-FR-DEC-01_BT-106",
    "LegalMonetaryTotal/AllowanceTotalAmount": "BR-FR-DEC-01_BT-107",
    "LegalMonetaryTotal/ChargeTotalAmount": "BR-FR-DEC-01_BT-108",
    "LegalMonetaryTotal/TaxExclusiveAmount": "BR-FR-DEC-01_BT-109",
    "TaxTotal/TaxAmount": "BR-FR-DEC-01_BT-110",
    "InvoiceLine/TaxTotal/TaxAmount": "BR-FR-DEC-01_BT-110",
    "LegalMonetaryTotal/TaxInclusiveAmount": "BR-FR-DEC-01_BT-112",
    "LegalMonetaryTotal/PrepaidAmount": "BR-FR-DEC-01_BT-113",
    "LegalMonetaryTotal/PayableRoundingAmount": "BR-FR-DEC-01_BT-114",
    "LegalMonetaryTotal/PayableAmount": "BR-FR-DEC-01_BT-115",
    "TaxTotal/TaxSubtotal/TaxableAmount": "BR-FR-DEC-01_BT-116",
    "TaxTotal/TaxSubtotal/TaxAmount": "BR-FR-DEC-01_BT-117",
    "InvoiceLine/LineExtensionAmount": "BR-FR-DEC-01_BT-131",
    "InvoiceLine/AllowanceCharge/Amount": "BR-FR-DEC-01_BT-136_BT-141",
    "InvoiceLine/AllowanceCharge/BaseAmount": "BR-FR-DEC-01_BT-137_BT-142",
    "InvoiceLine/InvoicedQuantity": "BR-FR-DEC-02_BT-129",
    "InvoiceLine/CreditedQuantity": "BR-FR-DEC-02_BT-129",
    "InvoiceLine/Price/BaseQuantity": "BR-FR-DEC-02_BT-149",
    "InvoiceLine/Price/PriceAmount": "BR-FR-DEC-03_BT-146",
    "InvoiceLine/Price/AllowanceCharge/Amount": "BR-FR-DEC-03_BT-147",
    "InvoiceLine/Price/AllowanceCharge/BaseAmount": "BR-FR-DEC-03_BT-148",
    "AllowanceCharge/TaxCategory/Percent": "BR-FR-DEC-04_BT-96_BT-103",
    "InvoiceLine/AllowanceCharge/TaxCategory/Percent": "BR-FR-DEC-04_BT-96_BT-103",
    "TaxTotal/TaxSubtotal/TaxCategory/Percent": "BR-FR-DEC-04_BT-119",
    "InvoiceLine/Item/ClassifiedTaxCategory/Percent": "BR-FR-DEC-04_BT-152",
}
_HEAD = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
_SUMMATION = f"{_HEAD}/SpecifiedTradeSettlementHeaderMonetarySummation"
_LINE = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
_LINE_SETTLEMENT = f"{_LINE}/SpecifiedLineTradeSettlement"
_LINE_AGREEMENT = f"{_LINE}/SpecifiedLineTradeAgreement"
_OCCURRENCE = "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"
_CII = {
    "ExchangedDocument/IssueDateTime/DateTimeString": "BR-FR-03_BT-2",
    f"{_HEAD}/ApplicableTradeTax/TaxPointDate/DateString": "BR-FR-03_BT-7",
    f"{_HEAD}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString": "BR-FR-03_BT-9",
    f"{_HEAD}/InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString": "BR-FR-03_BT-26",
    f"SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/{_OCCURRENCE}": "BR-FR-03_BT-72",
    f"{_HEAD}/BillingSpecifiedPeriod/StartDateTime/DateTimeString": "BR-FR-03_BT-73",
    f"{_HEAD}/BillingSpecifiedPeriod/EndDateTime/DateTimeString": "BR-FR-03_BT-74",
    f"{_LINE_SETTLEMENT}/InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString": "BR-FR-03_EXT-FR-FE-138",
    f"{_LINE}/SpecifiedLineTradeDelivery/{_OCCURRENCE}": "BR-FR-03_EXT-FR-FE-158",
    f"{_LINE_SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime/DateTimeString": "BR-FR-03_EXT-FR-FE-134",
    f"{_LINE_SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime/DateTimeString": "BR-FR-03_EXT-FR-FE-135",
    f"{_HEAD}/SpecifiedTradeAllowanceCharge/ActualAmount": "BR-FR-DEC-01_BT-92_BT-99",
    f"{_HEAD}/SpecifiedTradeAllowanceCharge/BasisAmount": "BR-FR-DEC-01_BT-93_BT-100",
    f"{_SUMMATION}/LineTotalAmount": "BR-FR-DEC-01_BT-106",
    f"{_SUMMATION}/AllowanceTotalAmount": "BR-FR-DEC-01_BT-107",
    f"{_SUMMATION}/ChargeTotalAmount": "BR-FR-DEC-01_BT-108",
    f"{_SUMMATION}/TaxBasisTotalAmount": "BR-FR-DEC-01_BT-109",
    f"{_SUMMATION}/TaxTotalAmount": "BR-FR-DEC-01_BT-110",
    f"{_SUMMATION}/GrandTotalAmount": "BR-FR-DEC-01_BT-112",
    f"{_SUMMATION}/TotalPrepaidAmount": "BR-FR-DEC-01_BT-113",
    f"{_SUMMATION}/RoundingAmount": "BR-FR-DEC-01_BT-114",
    f"{_SUMMATION}/DuePayableAmount": "BR-FR-DEC-01_BT-115",
    f"{_HEAD}/ApplicableTradeTax/BasisAmount": "BR-FR-DEC-01_BT-116",
    f"{_HEAD}/ApplicableTradeTax/CalculatedAmount": "BR-FR-DEC-01_BT-117",
    f"{_LINE_SETTLEMENT}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount": "BR-FR-DEC-01_BT-131",
    f"{_LINE_SETTLEMENT}/SpecifiedTradeAllowanceCharge/ActualAmount": "BR-FR-DEC-01_BT-136_BT-141",
    f"{_LINE_SETTLEMENT}/SpecifiedTradeAllowanceCharge/BasisAmount": "BR-FR-DEC-01_BT-137_BT-142",
    f"{_LINE}/SpecifiedLineTradeDelivery/BilledQuantity": "BR-FR-DEC-02_BT-129",
    f"{_LINE_AGREEMENT}/NetPriceProductTradePrice/BasisQuantity": "BR-FR-DEC-02_BT-149",
    f"{_LINE_AGREEMENT}/NetPriceProductTradePrice/ChargeAmount": "BR-FR-DEC-03_BT-146",
    f"{_LINE_AGREEMENT}/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount": "BR-FR-DEC-03_BT-147",
    f"{_LINE_AGREEMENT}/GrossPriceProductTradePrice/ChargeAmount": "BR-FR-DEC-03_BT-148",
    f"{_HEAD}/SpecifiedTradeAllowanceCharge/CategoryTradeTax/RateApplicablePercent": "BR-FR-DEC-04_BT-96_BT-103",
    f"{_HEAD}/ApplicableTradeTax/RateApplicablePercent": "BR-FR-DEC-04_BT-119",
    f"{_LINE_SETTLEMENT}/ApplicableTradeTax/RateApplicablePercent": "BR-FR-DEC-04_BT-152",
}
# A rate that cannot be read is no French rate either.
_RATES = {
    "BR-FR-DEC-04_BT-96_BT-103": "BR-FR-16_BT-96_BT-103",
    "BR-FR-DEC-04_BT-119": "BR-FR-16_BT-119",
    "BR-FR-DEC-04_BT-152": "BR-FR-16_BT-152",
}
# What UBL's rules take for absent when it is empty.
_EMPTY_IN_UBL = {"BR-FR-DEC-02_BT-149", "BR-FR-DEC-03_BT-146", "BR-FR-DEC-03_BT-147", "BR-FR-DEC-03_BT-148"}


_WRITINGS = {  # digits, sign included, and decimals
    "BR-FR-DEC-01": (19, re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")),
    "BR-FR-DEC-02": (19, re.compile(r"-?[0-9]+(\.[0-9]{1,4})?")),
    "BR-FR-DEC-03": (19, re.compile(r"-?[0-9]+(\.[0-9]{1,6})?")),
    "BR-FR-DEC-04": (4, re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")),
}


def check(context: Context, fail: Failing) -> None:
    """Each of these values, under the rule of its place."""
    places = _UBL if fail.in_ubl else _CII
    for element, value, wanted in context.unreadables:
        names = _names(element)
        is_credit_note = names[0] == "CreditNote"
        rule = places.get("/".join(names[1:]).replace("CreditNoteLine", "InvoiceLine"))
        if rule is None or (is_credit_note and rule == "BR-FR-03_BT-9"):
            continue
        rate = _RATES.get(rule, "")
        if is_credit_note and rate == "BR-FR-16_BT-152":  # UBL's rule does not look at the lines of a credit note
            rate = ""
        if wanted == "writing":
            _writing(element, value, rule, rate, fail)
            continue
        if value or not fail.in_ubl or rule not in _EMPTY_IN_UBL:
            fail(rule, element, value=value)
        if rate and (value or fail.in_ubl):  # CII takes an empty rate for none
            fail(rate, element, value=value.rstrip("\xa0\u202f %"))  # the sentence has its own sign


def _writing(element: Any, text: str, rule: str, rate: str, fail: Failing) -> None:
    """What is wrong with the value itself was said when the model was looked at."""
    if rule.startswith("BR-FR-03"):
        fail(rule, element, value=text)
        return
    plain = str(Decimal(text))
    if not _is_well_written(text, rule) and _is_well_written(plain, rule):
        fail(rule, element, value=text)
    if rate and text not in RATES_AS_WRITTEN and plain in RATES_AS_WRITTEN:
        fail(rate, element, value=text)


def _is_well_written(text: str, rule: str) -> bool:
    positions, pattern = _WRITINGS[rule[:12]]
    return pattern.fullmatch(text) is not None and len(text.replace(".", "")) <= positions


def _names(element: Any) -> list[str]:
    names = [str(element.tag).rpartition("}")[2]]
    names.extend(str(above.tag).rpartition("}")[2] for above in element.iterancestors())
    return names[::-1]
