"""What a CII 16B minimal holds: the elements of the 36 official samples, less what the model has no term for.

The trading name is in the official comments; the type of a tax is what Chorus Pro asks of a structured CII.
"""

from __future__ import annotations

from typing import TypeAlias

Terms: TypeAlias = dict[str, "Terms | None"]  # a name and what stands below it; None: a value

_ADDRESS: Terms = {
    "PostcodeCode": None,
    "LineOne": None,
    "LineTwo": None,
    "LineThree": None,
    "CityName": None,
    "CountryID": None,
}
_CONTACT: Terms = {
    "PersonName": None,
    "DepartmentName": None,
    "TelephoneUniversalCommunication": {"CompleteNumber": None},
    "EmailURIUniversalCommunication": {"URIID": None},
}
_PARTY: Terms = {
    "Name": None,
    "Description": None,
    "SpecifiedLegalOrganization": {"ID": None, "TradingBusinessName": None},
    "DefinedTradeContact": _CONTACT,
    "PostalTradeAddress": _ADDRESS,
    "SpecifiedTaxRegistration": {"ID": None},
}
_DATE: Terms = {"DateTimeString": None}
_REFERENCE: Terms = {"IssuerAssignedID": None}
_SITE: Terms = {"ID": None, "GlobalID": None, "Name": None, "PostalTradeAddress": _ADDRESS}
_LINE: Terms = {
    "AssociatedDocumentLineDocument": {
        "LineID": None,
        "LineStatusCode": None,
        "LineStatusReasonCode": None,
        "IncludedNote": {"Content": None},
    },
    "SpecifiedTradeProduct": {"GlobalID": None, "Name": None, "Description": None},
    "SpecifiedLineTradeAgreement": {
        "GrossPriceProductTradePrice": {"ChargeAmount": None},
        "NetPriceProductTradePrice": {"ChargeAmount": None},
    },
    "SpecifiedLineTradeDelivery": {
        "BilledQuantity": None,
        "ShipToTradeParty": {"ID": None, "GlobalID": None},
        "ActualDeliverySupplyChainEvent": {"OccurrenceDateTime": _DATE},
    },
    "SpecifiedLineTradeSettlement": {
        "ApplicableTradeTax": {"TypeCode": None, "CategoryCode": None, "RateApplicablePercent": None},
        "SpecifiedTradeSettlementLineMonetarySummation": {"LineTotalAmount": None},
    },
}
TERMS: Terms = {
    "ExchangedDocumentContext": {"BusinessProcessSpecifiedDocumentContextParameter": {"ID": None}},
    "ExchangedDocument": {
        "ID": None,
        "TypeCode": None,
        "IssueDateTime": _DATE,
        "IncludedNote": {"Content": None},
    },
    "SupplyChainTradeTransaction": {
        "IncludedSupplyChainTradeLineItem": _LINE,
        "ApplicableHeaderTradeAgreement": {
            "BuyerReference": None,
            "SellerTradeParty": _PARTY,
            "BuyerTradeParty": _PARTY,
            "BuyerOrderReferencedDocument": _REFERENCE,
            "ContractReferencedDocument": {**_REFERENCE, "ReferenceTypeCode": None},
            "AdditionalReferencedDocument": {**_REFERENCE, "Name": None, "AttachmentBinaryObject": None},
        },
        "ApplicableHeaderTradeDelivery": {"ShipToTradeParty": _SITE},
        "ApplicableHeaderTradeSettlement": {
            "InvoiceCurrencyCode": None,
            "InvoiceIssuerReference": None,
            "InvoiceeTradeParty": _PARTY,
            "SpecifiedTradeSettlementPaymentMeans": {
                "TypeCode": None,
                "Information": None,
                "PayeePartyCreditorFinancialAccount": {"IBANID": None, "AccountName": None},
                "PayeeSpecifiedCreditorFinancialInstitution": {"BICID": None},
            },
            "ApplicableTradeTax": {
                "CalculatedAmount": None,
                "TypeCode": None,
                "ExemptionReason": None,
                "BasisAmount": None,
                "CategoryCode": None,
                "DueDateTypeCode": None,
                "RateApplicablePercent": None,
            },
            "BillingSpecifiedPeriod": {"StartDateTime": _DATE, "EndDateTime": _DATE},
            "SpecifiedTradePaymentTerms": {"DueDateDateTime": _DATE},
            "SpecifiedTradeSettlementHeaderMonetarySummation": {
                "LineTotalAmount": None,
                "ChargeTotalAmount": None,
                "AllowanceTotalAmount": None,
                "TaxBasisTotalAmount": None,
                "TaxTotalAmount": None,
                "GrandTotalAmount": None,
                "TotalPrepaidAmount": None,
                "DuePayableAmount": None,
            },
            "InvoiceReferencedDocument": _REFERENCE,
        },
    },
}
# Groups the schema wants even when they hold nothing.
KEPT = frozenset(
    "ExchangedDocumentContext ApplicableHeaderTradeAgreement ApplicableHeaderTradeDelivery SpecifiedLineTradeAgreement "
    "ApplicableHeaderTradeSettlement SellerTradeParty BuyerTradeParty SpecifiedLineTradeDelivery "
    "SpecifiedLineTradeSettlement SpecifiedTradeSettlementLineMonetarySummation AssociatedDocumentLineDocument".split()
)
