"""Where EN 16931's terms stand in its two syntaxes, after the published bindings (CEN/TS 16931-3-2 and 16931-3-3).

Written apart from the binding that the readers use: `leaf_comparison` judges conversions with it. A path is made of
local names from below the root; a step in brackets is what an element beside it says (a charge or an allowance, the
type of a document, the scheme of a tax number). What EN 16931 has no term for is not here.
"""

from __future__ import annotations

AGREEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
DELIVERY = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery"
SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
CII_LINE = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
SUMS = f"{SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"
MEANS = f"{SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
LINE_AGREEMENT, LINE_SETTLEMENT = f"{CII_LINE}/SpecifiedLineTradeAgreement", f"{CII_LINE}/SpecifiedLineTradeSettlement"
PRODUCT = f"{CII_LINE}/SpecifiedTradeProduct"

# Term, the CII paths, the UBL paths; a credit note's own names are read as an invoice's.
_ROWS: list[tuple[str, str, str]] = [
    ("BT-1", "ExchangedDocument/ID", "ID"),
    ("BT-2", "ExchangedDocument/IssueDateTime/DateTimeString", "IssueDate"),
    ("BT-3", "ExchangedDocument/TypeCode", "InvoiceTypeCode"),
    ("BT-5", f"{SETTLEMENT}/InvoiceCurrencyCode", "DocumentCurrencyCode"),
    ("BT-6", f"{SETTLEMENT}/TaxCurrencyCode", "TaxCurrencyCode"),
    ("BT-7", f"{SETTLEMENT}/ApplicableTradeTax/TaxPointDate/DateString", "TaxPointDate"),
    ("BT-8", f"{SETTLEMENT}/ApplicableTradeTax/DueDateTypeCode", "InvoicePeriod/DescriptionCode"),
    (
        "BT-9",
        f"{SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",
        "DueDate PaymentMeans/PaymentDueDate",
    ),
    ("BT-10", f"{AGREEMENT}/BuyerReference", "BuyerReference"),
    (
        "BT-11",
        f"{AGREEMENT}/SpecifiedProcuringProject/ID",
        "ProjectReference/ID AdditionalDocumentReference[50]/ID",
    ),
    ("BT-12", f"{AGREEMENT}/ContractReferencedDocument/IssuerAssignedID", "ContractDocumentReference/ID"),
    ("BT-13", f"{AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID", "OrderReference/ID"),
    ("BT-14", f"{AGREEMENT}/SellerOrderReferencedDocument/IssuerAssignedID", "OrderReference/SalesOrderID"),
    ("BT-15", f"{DELIVERY}/ReceivingAdviceReferencedDocument/IssuerAssignedID", "ReceiptDocumentReference/ID"),
    ("BT-16", f"{DELIVERY}/DespatchAdviceReferencedDocument/IssuerAssignedID", "DespatchDocumentReference/ID"),
    ("BT-17", f"{AGREEMENT}/AdditionalReferencedDocument[50]/IssuerAssignedID", "OriginatorDocumentReference/ID"),
    ("BT-18", f"{AGREEMENT}/AdditionalReferencedDocument[130]/IssuerAssignedID", "AdditionalDocumentReference[130]/ID"),
    ("BT-19", f"{SETTLEMENT}/ReceivableSpecifiedTradeAccountingAccount/ID", "AccountingCost"),
    ("BT-20", f"{SETTLEMENT}/SpecifiedTradePaymentTerms/Description", "PaymentTerms/Note"),
    ("BT-21", "ExchangedDocument/IncludedNote/SubjectCode", "Note[subject]"),
    ("BT-22", "ExchangedDocument/IncludedNote/Content", "Note"),
    (
        "BT-23",
        "ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID",
        "ProfileID",
    ),
    ("BT-24", "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID", "CustomizationID"),
    (
        "BT-25",
        f"{SETTLEMENT}/InvoiceReferencedDocument/IssuerAssignedID",
        "BillingReference/InvoiceDocumentReference/ID",
    ),
    (
        "BT-26",
        f"{SETTLEMENT}/InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString",
        "BillingReference/InvoiceDocumentReference/IssueDate",
    ),
    # The payee and the tax representative have fewer terms than the seller, and UBL's payee its name elsewhere.
    ("BT-59", f"{SETTLEMENT}/PayeeTradeParty/Name", "PayeeParty/PartyName/Name"),
    ("BT-60", f"{SETTLEMENT}/PayeeTradeParty/ID", "PayeeParty/PartyIdentification/ID"),
    ("BT-60", f"{SETTLEMENT}/PayeeTradeParty/GlobalID", ""),
    (
        "BT-61",
        f"{SETTLEMENT}/PayeeTradeParty/SpecifiedLegalOrganization/ID",
        "PayeeParty/PartyLegalEntity/CompanyID",
    ),
    ("BT-62", f"{AGREEMENT}/SellerTaxRepresentativeTradeParty/Name", "TaxRepresentativeParty/PartyName/Name"),
    (
        "BT-63",
        f"{AGREEMENT}/SellerTaxRepresentativeTradeParty/SpecifiedTaxRegistration/ID[VAT]",
        "TaxRepresentativeParty/PartyTaxScheme/CompanyID[VAT]",
    ),
    ("BT-70", f"{DELIVERY}/ShipToTradeParty/Name", "Delivery/DeliveryParty/PartyName/Name"),
    (
        "BT-71",
        f"{DELIVERY}/ShipToTradeParty/ID {DELIVERY}/ShipToTradeParty/GlobalID",
        "Delivery/DeliveryLocation/ID",
    ),
    (
        "BT-72",
        f"{DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
        "Delivery/ActualDeliveryDate",
    ),
    ("BT-73", f"{SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime/DateTimeString", "InvoicePeriod/StartDate"),
    ("BT-74", f"{SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime/DateTimeString", "InvoicePeriod/EndDate"),
    ("BT-81", f"{MEANS}/TypeCode", "PaymentMeans/PaymentMeansCode"),
    ("BT-82", f"{MEANS}/Information", "PaymentMeans/PaymentMeansCode/@name"),
    ("BT-83", f"{SETTLEMENT}/PaymentReference", "PaymentMeans/PaymentID"),
    (
        "BT-84",
        f"{MEANS}/PayeePartyCreditorFinancialAccount/IBANID {MEANS}/PayeePartyCreditorFinancialAccount/ProprietaryID",
        "PaymentMeans/PayeeFinancialAccount/ID",
    ),
    ("BT-85", f"{MEANS}/PayeePartyCreditorFinancialAccount/AccountName", "PaymentMeans/PayeeFinancialAccount/Name"),
    (
        "BT-86",
        f"{MEANS}/PayeeSpecifiedCreditorFinancialInstitution/BICID",
        "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
    ),
    (
        "BT-87",
        f"{MEANS}/ApplicableTradeSettlementFinancialCard/ID",
        "PaymentMeans/CardAccount/PrimaryAccountNumberID",
    ),
    (
        "BT-88",
        f"{MEANS}/ApplicableTradeSettlementFinancialCard/CardholderName",
        "PaymentMeans/CardAccount/HolderName",
    ),
    ("BT-89", f"{SETTLEMENT}/SpecifiedTradePaymentTerms/DirectDebitMandateID", "PaymentMeans/PaymentMandate/ID"),
    (
        "BT-90",
        f"{SETTLEMENT}/CreditorReferenceID",
        "AccountingSupplierParty/Party/PartyIdentification/ID[SEPA] PayeeParty/PartyIdentification/ID[SEPA]",
    ),
    (
        "BT-91",
        f"{MEANS}/PayerPartyDebtorFinancialAccount/IBANID",
        "PaymentMeans/PaymentMandate/PayerFinancialAccount/ID",
    ),
    ("BT-106", f"{SUMS}/LineTotalAmount", "LegalMonetaryTotal/LineExtensionAmount"),
    ("BT-107", f"{SUMS}/AllowanceTotalAmount", "LegalMonetaryTotal/AllowanceTotalAmount"),
    ("BT-108", f"{SUMS}/ChargeTotalAmount", "LegalMonetaryTotal/ChargeTotalAmount"),
    ("BT-109", f"{SUMS}/TaxBasisTotalAmount", "LegalMonetaryTotal/TaxExclusiveAmount"),
    ("BT-110", f"{SUMS}/TaxTotalAmount", "TaxTotal/TaxAmount"),
    ("BT-112", f"{SUMS}/GrandTotalAmount", "LegalMonetaryTotal/TaxInclusiveAmount"),
    ("BT-113", f"{SUMS}/TotalPrepaidAmount", "LegalMonetaryTotal/PrepaidAmount"),
    ("BT-114", f"{SUMS}/RoundingAmount", "LegalMonetaryTotal/PayableRoundingAmount"),
    ("BT-115", f"{SUMS}/DuePayableAmount", "LegalMonetaryTotal/PayableAmount"),
    ("BT-116", f"{SETTLEMENT}/ApplicableTradeTax/BasisAmount", "TaxTotal/TaxSubtotal/TaxableAmount"),
    ("BT-117", f"{SETTLEMENT}/ApplicableTradeTax/CalculatedAmount", "TaxTotal/TaxSubtotal/TaxAmount"),
    ("BT-118", f"{SETTLEMENT}/ApplicableTradeTax/CategoryCode", "TaxTotal/TaxSubtotal/TaxCategory/ID"),
    ("BT-119", f"{SETTLEMENT}/ApplicableTradeTax/RateApplicablePercent", "TaxTotal/TaxSubtotal/TaxCategory/Percent"),
    (
        "BT-120",
        f"{SETTLEMENT}/ApplicableTradeTax/ExemptionReason",
        "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason",
    ),
    (
        "BT-121",
        f"{SETTLEMENT}/ApplicableTradeTax/ExemptionReasonCode",
        "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode",
    ),
    ("BT-122", f"{AGREEMENT}/AdditionalReferencedDocument/IssuerAssignedID", "AdditionalDocumentReference/ID"),
    ("BT-123", f"{AGREEMENT}/AdditionalReferencedDocument/Name", "AdditionalDocumentReference/DocumentDescription"),
    (
        "BT-124",
        f"{AGREEMENT}/AdditionalReferencedDocument/URIID",
        "AdditionalDocumentReference/Attachment/ExternalReference/URI",
    ),
    *(
        (
            f"BT-125{end}",
            f"{AGREEMENT}/AdditionalReferencedDocument/AttachmentBinaryObject{end}",
            f"AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject{end}",
        )
        for end in ("", "/@mimeCode", "/@filename")
    ),
    ("BT-126", f"{CII_LINE}/AssociatedDocumentLineDocument/LineID", "InvoiceLine/ID"),
    ("BT-127", f"{CII_LINE}/AssociatedDocumentLineDocument/IncludedNote/Content", "InvoiceLine/Note"),
    (
        "BT-128",
        f"{LINE_SETTLEMENT}/AdditionalReferencedDocument[130]/IssuerAssignedID",
        "InvoiceLine/DocumentReference[130]/ID",
    ),
    ("BT-129", f"{CII_LINE}/SpecifiedLineTradeDelivery/BilledQuantity", "InvoiceLine/InvoicedQuantity"),
    (
        "BT-130",
        f"{CII_LINE}/SpecifiedLineTradeDelivery/BilledQuantity/@unitCode",
        "InvoiceLine/InvoicedQuantity/@unitCode",
    ),
    (
        "BT-131",
        f"{LINE_SETTLEMENT}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
        "InvoiceLine/LineExtensionAmount",
    ),
    ("BT-132", f"{LINE_AGREEMENT}/BuyerOrderReferencedDocument/LineID", "InvoiceLine/OrderLineReference/LineID"),
    ("BT-133", f"{LINE_SETTLEMENT}/ReceivableSpecifiedTradeAccountingAccount/ID", "InvoiceLine/AccountingCost"),
    (
        "BT-134",
        f"{LINE_SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime/DateTimeString",
        "InvoiceLine/InvoicePeriod/StartDate",
    ),
    (
        "BT-135",
        f"{LINE_SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime/DateTimeString",
        "InvoiceLine/InvoicePeriod/EndDate",
    ),
    ("BT-146", f"{LINE_AGREEMENT}/NetPriceProductTradePrice/ChargeAmount", "InvoiceLine/Price/PriceAmount"),
    (
        "BT-147",
        f"{LINE_AGREEMENT}/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount",
        "InvoiceLine/Price/AllowanceCharge[allowance]/Amount",
    ),
    (
        "BT-148",
        f"{LINE_AGREEMENT}/GrossPriceProductTradePrice/ChargeAmount",
        "InvoiceLine/Price/AllowanceCharge[allowance]/BaseAmount InvoiceLine/Price/AllowanceCharge[charge]/BaseAmount",
    ),
    *(
        (
            number,
            f"{LINE_AGREEMENT}/NetPriceProductTradePrice/BasisQuantity{end} "
            f"{LINE_AGREEMENT}/GrossPriceProductTradePrice/BasisQuantity{end}",
            f"InvoiceLine/Price/BaseQuantity{end}",
        )
        for number, end in (("BT-149", ""), ("BT-150", "/@unitCode"))
    ),
    ("BT-151", f"{LINE_SETTLEMENT}/ApplicableTradeTax/CategoryCode", "InvoiceLine/Item/ClassifiedTaxCategory/ID"),
    (
        "BT-152",
        f"{LINE_SETTLEMENT}/ApplicableTradeTax/RateApplicablePercent",
        "InvoiceLine/Item/ClassifiedTaxCategory/Percent",
    ),
    ("BT-153", f"{PRODUCT}/Name", "InvoiceLine/Item/Name"),
    ("BT-154", f"{PRODUCT}/Description", "InvoiceLine/Item/Description"),
    ("BT-155", f"{PRODUCT}/SellerAssignedID", "InvoiceLine/Item/SellersItemIdentification/ID"),
    ("BT-156", f"{PRODUCT}/BuyerAssignedID", "InvoiceLine/Item/BuyersItemIdentification/ID"),
    ("BT-157", f"{PRODUCT}/GlobalID", "InvoiceLine/Item/StandardItemIdentification/ID"),
    *(
        (
            f"BT-158{end}",
            f"{PRODUCT}/DesignatedProductClassification/ClassCode{end}",
            f"InvoiceLine/Item/CommodityClassification/ItemClassificationCode{end}",
        )
        for end in ("", "/@listID", "/@listVersionID")
    ),
    ("BT-159", f"{PRODUCT}/OriginTradeCountry/ID", "InvoiceLine/Item/OriginCountry/IdentificationCode"),
    (
        "BT-160",
        f"{PRODUCT}/ApplicableProductCharacteristic/Description",
        "InvoiceLine/Item/AdditionalItemProperty/Name",
    ),
    ("BT-161", f"{PRODUCT}/ApplicableProductCharacteristic/Value", "InvoiceLine/Item/AdditionalItemProperty/Value"),
]
# Group of an address, its place in CII, in UBL.
_ADDRESSES = (
    ("BG-5", f"{AGREEMENT}/SellerTradeParty/PostalTradeAddress", "AccountingSupplierParty/Party/PostalAddress"),
    ("BG-8", f"{AGREEMENT}/BuyerTradeParty/PostalTradeAddress", "AccountingCustomerParty/Party/PostalAddress"),
    (
        "BG-12",
        f"{AGREEMENT}/SellerTaxRepresentativeTradeParty/PostalTradeAddress",
        "TaxRepresentativeParty/PostalAddress",
    ),
    ("BG-15", f"{DELIVERY}/ShipToTradeParty/PostalTradeAddress", "Delivery/DeliveryLocation/Address"),
)
_ADDRESS = (
    ("line 1", "LineOne", "StreetName"),
    ("line 2", "LineTwo", "AdditionalStreetName"),
    ("line 3", "LineThree", "AddressLine/Line"),
    ("city", "CityName", "CityName"),
    ("post code", "PostcodeCode", "PostalZone"),
    ("subdivision", "CountrySubDivisionName", "CountrySubentity"),
    ("country", "CountryID", "Country/IdentificationCode"),
)
# Group, its place in CII, in UBL, and its terms: name, trading name, identifier, registration, VAT number, tax number,
# legal information, electronic address, contact, telephone, e-mail.
_TRADERS = (
    (
        f"{AGREEMENT}/SellerTradeParty",
        "AccountingSupplierParty/Party",
        "27 28 29 30 31 32 33 34 41 42 43",
    ),
    (
        f"{AGREEMENT}/BuyerTradeParty",
        "AccountingCustomerParty/Party",
        "44 45 46 47 48 - - 49 56 57 58",
    ),
)
_TRADER = (
    ("Name", "PartyLegalEntity/RegistrationName"),
    ("SpecifiedLegalOrganization/TradingBusinessName", "PartyName/Name"),
    ("ID GlobalID", "PartyIdentification/ID"),
    ("SpecifiedLegalOrganization/ID", "PartyLegalEntity/CompanyID"),
    ("SpecifiedTaxRegistration/ID[VAT]", "PartyTaxScheme/CompanyID[VAT]"),
    ("SpecifiedTaxRegistration/ID[TAX]", "PartyTaxScheme/CompanyID[TAX]"),
    ("Description", "PartyLegalEntity/CompanyLegalForm"),
    ("URIUniversalCommunication/URIID", "EndpointID"),
    ("DefinedTradeContact/PersonName DefinedTradeContact/DepartmentName", "Contact/Name"),
    ("DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber", "Contact/Telephone"),
    ("DefinedTradeContact/EmailURIUniversalCommunication/URIID", "Contact/ElectronicMail"),
)
# Kind, whether of a line, and its terms: amount, base, percentage, category, rate, reason and its code.
_CHARGES = (
    ("allowance", False, "92 93 94 95 96 97 98"),
    ("charge", False, "99 100 101 102 103 104 105"),
    ("allowance", True, "136 137 138 - - 139 140"),
    ("charge", True, "141 142 143 - - 144 145"),
)
_CHARGE = (
    ("ActualAmount", "Amount"),
    ("BasisAmount", "BaseAmount"),
    ("CalculationPercent", "MultiplierFactorNumeric"),
    ("CategoryTradeTax/CategoryCode", "TaxCategory/ID"),
    ("CategoryTradeTax/RateApplicablePercent", "TaxCategory/Percent"),
    ("Reason", "AllowanceChargeReason"),
    ("ReasonCode", "AllowanceChargeReasonCode"),
)


def _below(group: str, paths: str) -> str:
    return " ".join(f"{group}/{path}" for path in paths.split())


def _rows() -> list[tuple[str, str, str]]:
    rows = list(_ROWS)
    for number, cii, ubl in _ADDRESSES:
        rows += [(f"{number} {name}", f"{cii}/{in_cii}", f"{ubl}/{in_ubl}") for name, in_cii, in_ubl in _ADDRESS]
    for cii, ubl, numbers in _TRADERS:
        for number, (in_cii, in_ubl) in zip(numbers.split(), _TRADER, strict=True):
            if number != "-":
                rows.append((f"BT-{number}", _below(cii, in_cii), _below(ubl, in_ubl)))
    for kind, of_line, numbers in _CHARGES:
        cii = f"{LINE_SETTLEMENT if of_line else SETTLEMENT}/SpecifiedTradeAllowanceCharge[{kind}]"
        ubl = f"{'InvoiceLine/' if of_line else ''}AllowanceCharge[{kind}]"
        for number, (in_cii, in_ubl) in zip(numbers.split(), _CHARGE, strict=True):
            if number != "-":
                rows.append((f"BT-{number}", f"{cii}/{in_cii}", f"{ubl}/{in_ubl}"))
    return rows


# Path → term, for each syntax.
TERMS: dict[str, dict[str, str]] = {
    name: {path: row[0] for row in _rows() for path in row[column].split()} for name, column in (("cii", 1), ("ubl", 2))
}
# Terms that stand once in an invoice and that a syntax writes again beside each means of payment or rate of VAT.
ONCE = frozenset({"BT-7", "BT-8", "BT-9", "BT-81", "BT-82", "BT-83", "BT-149", "BT-150"})
