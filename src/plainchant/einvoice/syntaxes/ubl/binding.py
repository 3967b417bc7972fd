"""Which element of UBL 2.1 is which term of EN 16931: one table for Invoice and CreditNote, which differ in three
names.
"""

from __future__ import annotations

import datetime
from typing import Any

from plainchant.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    PaymentCard,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxTotal,
    Totals,
    VatBreakdown,
)
from plainchant.einvoice.model.facts import ChorusFact
from plainchant.einvoice.syntaxes.binding import (
    INVOICED_OBJECT,
    SUPPORTING,
    Convert,
    Element,
    Lead,
    Leaf,
    TermGroup,
    Values,
    allowance_or_charge,
    amount,
    classification,
    discount_on_price,
    filler,
    group,
    identifier,
    iso_date,
    keep,
    leave_parts,
    string,
    text,
    vat_category,
)
from plainchant.einvoice.syntaxes.reading import Reading, local_name, made, parent_of

PROJECT = "50"  # in a credit note, which has no ProjectReference
NETWORK = "CARD"  # what the schema wants to know of a card, and nobody else
CHANNEL = "IBAN"  # what an account is by its own look


def _note(element: Element, reading: Reading) -> Note:
    """``#AAI#text``: the subject code stands between two signs before the text."""
    content = string(element)
    if content.startswith("#"):
        code, sign, rest = content[1:].partition("#")
        if sign and len(code) == 3:
            return Note(subject_code=code, text=rest, source=element)
    return Note(text=content, source=element)


def _issue_date(element: Element, reading: Reading) -> datetime.date | None:
    reading.facts.issue_date_written = bool(string(element))
    day: datetime.date | None = _DAY(element, reading)
    return day


_DAY = iso_date("").convert


def _breakdown(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "vat" in values:
        values["category"] = values.pop("vat")
    above.setdefault("_breakdown", []).append(made(VatBreakdown, values, element))


def _tax_total(element: Element, values: Values, above: Values, reading: Reading) -> None:
    breakdown = values.pop("_breakdown", [])
    above.setdefault("vat_breakdown", []).extend(breakdown)
    values["rows"] = len(breakdown)
    above.setdefault("tax_totals", []).append(made(TaxTotal, values, element))


def _party_identification(element: Element, values: Values, above: Values, reading: Reading) -> None:
    found = values.get("_id")
    if found is None:
        return
    if found.scheme is not None and found.scheme.upper() == "SEPA":
        keep(above, "_creditor", found.value, element, reading)
    else:
        above.setdefault("identifiers", []).append(found)
        scheme_name = next((child.get("schemeName") for child in element), None)
        if scheme_name is not None:
            above.setdefault("_scheme_name", scheme_name.strip())


def _tax_scheme(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_id" in values:
        scheme = values.get("_scheme", "").upper()
        name = "vat_identifier" if scheme == "VAT" else "tax_registration"
        if scheme not in ("VAT", "TAX"):  # another register, of which the model only knows that it is not of VAT
            leave_parts(element, reading, "TaxScheme")
        if name in above and name == "vat_identifier":
            reading.facts.other_vat_identifiers.append((element, values["_id"]))
        keep(above, name, values["_id"], element, reading)
    if values.get("_regime"):
        reading.facts.chorus.setdefault("vat_regime", values["_regime"])


_SCHEME_NAMES: dict[str, ChorusFact] = {"seller": "seller_scheme_name", "buyer": "buyer_scheme_name"}


def _party(name: str, *, agent: str = "_agent", provider: str = "_provider") -> Any:
    """``agent`` and ``provider``: what the parties inside this one are to the invoice."""

    def finish(element: Element, values: Values, above: Values, reading: Reading) -> None:
        creditor = values.pop("_creditor", None)
        for inner, target in (("_agent", agent), ("_provider", provider)):
            if inner in values:
                above.setdefault(target, values.pop(inner))
        if "_scheme_name" in values:  # Chorus Pro's own type of identifier, which EN 16931 has no place for
            own = values.pop("_scheme_name")
            if name in _SCHEME_NAMES:
                reading.facts.chorus.setdefault(_SCHEME_NAMES[name], own)
        if creditor is not None:
            sepa = "{*}PartyIdentification/{*}ID[@schemeID='SEPA']"
            keep(above, "creditor_identifier", creditor, element, reading, below=sepa)
        keep(above, name, made(Party, values, element), element, reading)

    return finish


def _debit(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_payer" in values:
        above["_payer"] = values.pop("_payer")
    keep(above, "direct_debit", made(DirectDebit, values, element), element, reading)


def _billing_reference(element: Element, values: Values, above: Values, reading: Reading) -> None:
    above.setdefault("_references", []).append((element, values))


def _line_tax_total(element: Element, values: Values, above: Values, reading: Reading) -> None:
    above.setdefault("tax_totals", []).append(made(TaxTotal, values, element))


def _chorus(name: ChorusFact) -> Convert:
    """What Chorus Pro reads where EN 16931 has no term: kept for `chorus.placements`."""

    def kept(element: Element, reading: Reading) -> None:
        reading.facts.chorus.setdefault(name, string(element))

    return kept


def _supplier(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """A supplier without a Party is still one, who has nothing."""
    above.setdefault("seller", Party(source=element))


def _payment_means(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_remittance" in values:
        remittance = values.pop("_remittance")
        keep(above, "remittance_information", remittance, element, reading, below="{*}PaymentID")
    if "_due_date" in values:
        keep(above, "_payment_due_date", values.pop("_due_date"), element, reading, below="{*}PaymentDueDate")
    if "_payer" in values:
        keep(above, "payer", values.pop("_payer"), element, reading, below="{*}PaymentMandate/{*}PayerParty")
    above.setdefault("payment_means", []).append(made(PaymentMeans, values, element))


def _document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    found = values.pop("_id", None)
    kind = values.get("type_code")
    if kind == INVOICED_OBJECT:
        if found is not None and "invoiced_object" in above:
            above.setdefault("other_invoiced_objects", []).append(found)
        elif found is not None:
            above["invoiced_object"] = found
        leave_parts(element, reading, "DocumentDescription", "Attachment")
        if found is None or not found.value:
            reading.fail("BR-52", element)  # the model has no place for a reference without its number
        return
    if kind == PROJECT and local_name(parent_of(element)) == "CreditNote":
        if found is not None:
            keep(above, "project_reference", found.value, element, reading)
        leave_parts(element, reading, "DocumentDescription", "Attachment")
        if found is None or not found.value:
            reading.fail("BR-52", element)
        return
    if found is not None and found.value:
        values["reference"] = found.value
    values.setdefault("type_code", SUPPORTING)  # which UBL says by saying nothing
    above.setdefault("supporting_documents", []).append(made(SupportingDocument, values, element))


def _line_document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_id" in values and values.get("_type", INVOICED_OBJECT) == INVOICED_OBJECT:
        if "object_identifier" in above:
            above.setdefault("other_object_identifiers", []).append(values["_id"])
        else:
            above["object_identifier"] = values["_id"]
    else:
        reading.leave(element)


def _period(element: Element, values: Values, above: Values, reading: Reading) -> None:
    code = values.pop("_code", None)
    if code is not None:
        keep(above, "tax_point_date_code", code, element, reading, below="{*}DescriptionCode")
    if values or code is None:  # BT-8 alone is no period
        keep(above, "period", made(Period, values, element), element, reading)


def _line(element: Element, values: Values, above: Values, reading: Reading) -> None:
    for source, reference in values.pop("_references", ()):
        if reference.get("number") == above.get("number"):  # by citing its own invoice a line says its role and parent
            for name, own in (("status_reason_code", "_role"), ("parent", "_parent")):
                if own in reference:
                    values.setdefault(name, reference[own])
        else:
            for part in source.iter("{*}DocumentStatusCode", "{*}BillingReferenceLine"):
                reading.leave(part)
            values.setdefault("preceding_invoices", []).append(made(PrecedingInvoice, reference, source))
    if values.get("identifier") == "":  # the schema wants the element, also where the line has no number
        del values["identifier"]
    above.setdefault("lines", []).append(made(Line, values, element))


def _item(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "vat" in values:
        above["vat"] = values.pop("vat")
    if "_seller" in values:
        above["seller"] = values.pop("_seller")
    keep(above, "item", made(Item, values, element), element, reading)


def _invoice(element: Element, values: Values, above: Values, reading: Reading) -> None:
    due = values.pop("_payment_due_date", None)  # a credit note has no DueDate of its own
    if due is not None:
        keep(values, "due_date", due, element, reading, below="{*}PaymentMeans/{*}PaymentDueDate")
    if values.get("purchase_order_reference") == "" and "sales_order_reference" in values:
        del values["purchase_order_reference"]  # the schema wants the element beside the seller's order


VAT = {
    "cbc:ID": text("code"),
    "cbc:Percent": amount("rate"),
    "cbc:TaxExemptionReasonCode": text("exemption_reason_code"),
    "cbc:TaxExemptionReason": text("exemption_reason"),
    "cac:TaxScheme": {"cbc:ID": text("tax_type")},
}
ADDRESS = {
    "cbc:StreetName": text("line_1"),
    "cbc:AdditionalStreetName": text("line_2"),
    "cac:AddressLine": {"cbc:Line": text("line_3")},
    "cbc:CityName": text("city"),
    "cbc:PostalZone": text("postcode"),
    "cbc:CountrySubentity": text("subdivision"),
    "cac:Country": {"cbc:IdentificationCode": text("country")},
}
TAX_SCHEME = TermGroup(
    "",
    None,
    {"cbc:CompanyID": text("_id"), "cac:TaxScheme": {"cbc:ID": text("_scheme"), "cbc:TaxTypeCode": text("_regime")}},
    finish=_tax_scheme,
)
IDENTIFICATION = TermGroup("", None, {"cbc:ID": identifier("_id")}, finish=_party_identification)
PARTY = {
    "cbc:EndpointID": identifier("electronic_address"),
    "cac:PartyIdentification": IDENTIFICATION,
    "cac:PartyName": {"cbc:Name": text("trading_name")},
    "cac:PostalAddress": group("address", Address, ADDRESS),
    "cac:PartyTaxScheme": TAX_SCHEME,
    "cac:PartyLegalEntity": {
        "cbc:RegistrationName": text("name"),
        "cbc:CompanyID": identifier("legal_registration"),
        "cbc:CompanyLegalForm": text("legal_information"),
    },
    "cac:Contact": group(
        "contact",
        Contact,
        {"cbc:Name": text("name"), "cbc:Telephone": text("telephone"), "cbc:ElectronicMail": text("email")},
    ),
}
TRADER = {
    **PARTY,
    "cac:AgentParty": TermGroup("", None, PARTY, finish=_party("_agent")),
    "cac:ServiceProviderParty": {"cac:Party": TermGroup("", None, PARTY, finish=_party("_provider"))},
}
ALLOWANCE = {
    "cbc:ChargeIndicator": text("_is_charge"),
    "cbc:AllowanceChargeReasonCode": text("reason_code"),
    "cbc:AllowanceChargeReason": text("reason"),
    "cbc:MultiplierFactorNumeric": amount("percentage"),
    "cbc:Amount": amount("amount"),
    "cbc:BaseAmount": amount("base_amount"),
    "cac:TaxCategory": TermGroup("vat", None, VAT, finish=vat_category),
}
PERIOD = {
    "cbc:StartDate": iso_date("start"),
    "cbc:EndDate": iso_date("end"),
}
TAX_TOTAL = {
    "cbc:TaxAmount": amount("amount", currencyID="currency"),
    "cac:TaxSubtotal": TermGroup(
        "",
        None,
        {
            "cbc:TaxableAmount": amount("taxable_amount"),
            "cbc:TaxAmount": amount("tax_amount"),
            "cac:TaxCategory": TermGroup("vat", None, VAT, finish=vat_category),
        },
        finish=_breakdown,
    ),
}
ITEM = {
    "cbc:Description": text("description"),
    "cbc:Name": text("name"),
    "cac:BuyersItemIdentification": {"cbc:ID": text("buyer_identifier")},
    "cac:SellersItemIdentification": {"cbc:ID": text("seller_identifier")},
    "cac:StandardItemIdentification": {"cbc:ID": identifier("standard_identifier")},
    "cac:OriginCountry": {"cbc:IdentificationCode": text("origin_country")},
    "cac:CommodityClassification": {
        "cbc:ItemClassificationCode": classification("classifications", many=True),
    },
    "cac:ClassifiedTaxCategory": TermGroup("vat", None, VAT, finish=vat_category),
    "cac:AdditionalItemProperty": group(
        "attributes",
        ItemAttribute,
        {
            "cbc:Name": text("name"),
            "cbc:NameCode": text("type_code"),
            "cbc:Value": text("value"),
            "cbc:ValueQuantity": amount("measure", unitCode="measure_unit"),
        },
        many=True,
    ),
    "cac:ManufacturerParty": TermGroup("", None, PARTY, finish=_party("_seller")),
}
DELIVERY: dict[str, Any] = {
    "cbc:ActualDeliveryDate": iso_date("actual_date"),
    "cac:DeliveryLocation": {
        "cbc:ID": identifier("location"),
        "cac:Address": group("address", Address, ADDRESS),
    },
    "cac:DeliveryParty": {
        "cac:PartyName": {"cbc:Name": text("name")},
        "cac:PartyLegalEntity": {"cbc:CompanyID": identifier("legal_registration")},
    },
}
LINE_REFERENCE: dict[str, Any] = {
    "cac:InvoiceDocumentReference": {
        "cbc:ID": text("number"),
        "cbc:IssueDate": iso_date("issue_date"),
        "cbc:DocumentTypeCode": text("type_code"),
        "cbc:DocumentStatusCode": text("_role"),
    },
    "cac:BillingReferenceLine": {"cbc:ID": text("_parent")},
}
LINE = {
    "cbc:ID": text("identifier"),
    "cbc:Note": text("note"),
    "cbc:InvoicedQuantity": amount("quantity", unitCode="unit"),
    "cbc:CreditedQuantity": amount("quantity", unitCode="unit"),
    "cbc:LineExtensionAmount": amount("net_amount"),
    "cbc:TaxInclusiveLineExtensionAmount": amount("tax_inclusive_amount"),  # of UBL 2.2
    "cbc:AccountingCost": text("buyer_accounting_reference"),
    "cac:InvoicePeriod": group("period", Period, PERIOD),
    "cac:OrderLineReference": {"cbc:LineID": text("order_line_reference")},
    "cac:BillingReference": TermGroup("", None, LINE_REFERENCE, finish=_billing_reference),
    "cac:DocumentReference": TermGroup(
        "", None, {"cbc:ID": identifier("_id"), "cbc:DocumentTypeCode": text("_type")}, finish=_line_document
    ),
    "cac:Delivery": group("delivery", Delivery, DELIVERY),
    "cac:TaxTotal": TermGroup(
        "", None, {"cbc:TaxAmount": amount("amount", currencyID="currency")}, finish=_line_tax_total
    ),
    "cac:AllowanceCharge": TermGroup("", None, ALLOWANCE, finish=allowance_or_charge),
    "cac:Item": TermGroup("item", None, ITEM, finish=_item),
    "cac:Price": group(
        "price",
        Price,
        {
            "cbc:PriceAmount": amount("net"),
            "cbc:BaseQuantity": amount("base_quantity", unitCode="base_quantity_unit"),
            "cac:AllowanceCharge": Lead(
                {
                    "cbc:ChargeIndicator": text("_is_charge"),
                    "cbc:Amount": amount("discount"),
                    "cbc:BaseAmount": amount("gross"),
                },
                finish=discount_on_price,
            ),
        },
    ),
}
DOCUMENT: dict[str, Any] = {
    "cbc:CustomizationID": text("specification"),
    "cbc:ProfileID": text("business_process"),
    "cbc:ID": text("number"),
    "cbc:IssueDate": Leaf("issue_date", _issue_date),
    "cbc:DueDate": iso_date("due_date"),
    "cbc:InvoiceTypeCode": text("type_code"),
    "cbc:CreditNoteTypeCode": text("type_code"),
    "cbc:Note": Leaf("notes", _note, many=True),
    "cbc:TaxPointDate": iso_date("tax_point_date"),
    "cbc:DocumentCurrencyCode": text("currency"),
    "cbc:TaxCurrencyCode": text("accounting_currency"),
    "cbc:AccountingCost": text("buyer_accounting_reference"),
    "cbc:BuyerReference": text("buyer_reference"),
    "cac:InvoicePeriod": TermGroup("period", None, {**PERIOD, "cbc:DescriptionCode": text("_code")}, finish=_period),
    "cac:OrderReference": {
        "cbc:ID": text("purchase_order_reference"),
        "cbc:SalesOrderID": text("sales_order_reference"),
    },
    "cac:BillingReference": group(
        "preceding_invoices",
        PrecedingInvoice,
        {
            "cac:InvoiceDocumentReference": {
                "cbc:ID": text("number"),
                "cbc:IssueDate": iso_date("issue_date"),
                "cbc:DocumentTypeCode": text("type_code"),
            }
        },
        many=True,
    ),
    "cac:DespatchDocumentReference": {"cbc:ID": text("despatch_advice_reference")},
    "cac:ReceiptDocumentReference": {"cbc:ID": text("receiving_advice_reference")},
    "cac:OriginatorDocumentReference": {"cbc:ID": text("tender_reference")},
    "cac:ContractDocumentReference": {
        "cbc:ID": text("contract_reference"),
        "cbc:DocumentType": text("contract_type"),
    },
    "cac:AdditionalDocumentReference": TermGroup(
        "",
        None,
        {
            "cbc:ID": identifier("_id"),
            "cbc:DocumentTypeCode": text("type_code"),
            "cbc:DocumentDescription": text("description"),
            "cac:Attachment": {
                "cbc:EmbeddedDocumentBinaryObject": text("content", mimeCode="mime_code", filename="filename"),
                "cac:ExternalReference": {"cbc:URI": text("location")},
            },
        },
        finish=_document,
    ),
    "cac:ProjectReference": {"cbc:ID": text("project_reference")},
    "cac:AccountingSupplierParty": Lead(
        {
            "cac:Party": TermGroup(
                "seller", None, TRADER, finish=_party("seller", agent="seller_agent", provider="invoicer")
            )
        },
        finish=_supplier,
    ),
    "cac:AccountingCustomerParty": {
        "cac:Party": TermGroup(
            "buyer", None, TRADER, finish=_party("buyer", agent="buyer_agent", provider="validator")
        ),
        "cac:AccountingContact": {"cbc:ID": Leaf("_service", _chorus("buyer_service"))},
    },
    "ext:UBLExtensions": {
        "ext:UBLExtension": {
            "ext:ExtensionContent": {
                "ubl:CategoryCode": Leaf("_cadre", _chorus("cadre")),
                "cbc:CategoryCode": Leaf("_cadre", _chorus("cadre")),
            }
        }
    },
    "cac:PayeeParty": TermGroup(
        "payee",
        None,
        {
            "cbc:EndpointID": identifier("electronic_address"),
            "cac:PartyIdentification": IDENTIFICATION,
            "cac:PartyName": {"cbc:Name": text("name")},
            "cac:PartyLegalEntity": {"cbc:CompanyID": identifier("legal_registration")},
        },
        finish=_party("payee"),
    ),
    "cac:TaxRepresentativeParty": group(
        "tax_representative",
        Party,
        {
            "cac:PartyName": {"cbc:Name": text("name")},
            "cac:PostalAddress": group("address", Address, ADDRESS),
            "cac:PartyTaxScheme": TAX_SCHEME,
        },
    ),
    "cac:Delivery": group("delivery", Delivery, DELIVERY),
    "cac:PaymentMeans": TermGroup(
        "payment_means",
        None,
        {
            "cbc:PaymentMeansCode": text("code", name="text"),
            "cbc:PaymentID": text("_remittance"),
            "cbc:PaymentDueDate": iso_date("_due_date"),
            "cbc:PaymentChannelCode": filler(CHANNEL),
            "cac:CardAccount": group(
                "card",
                PaymentCard,
                {
                    "cbc:PrimaryAccountNumberID": text("number"),
                    "cbc:NetworkID": filler(NETWORK),
                    "cbc:HolderName": text("holder"),
                },
            ),
            "cac:PayeeFinancialAccount": group(
                "credit_transfer",
                CreditTransfer,
                {
                    "cbc:ID": text("account"),
                    "cbc:Name": text("account_name"),
                    "cac:FinancialInstitutionBranch": {"cbc:ID": text("service_provider")},
                },
            ),
            "cac:PaymentMandate": TermGroup(
                "direct_debit",
                None,
                {
                    "cbc:ID": text("mandate"),
                    "cac:PayerParty": TermGroup("", None, PARTY, finish=_party("_payer")),
                    "cac:PayerFinancialAccount": {"cbc:ID": text("debited_account")},
                },
                finish=_debit,
            ),
        },
        finish=_payment_means,
    ),
    "cac:PaymentTerms": {"cbc:Note": text("payment_terms")},
    "cac:AllowanceCharge": TermGroup("", None, ALLOWANCE, finish=allowance_or_charge),
    "cac:TaxTotal": TermGroup("", None, TAX_TOTAL, finish=_tax_total),
    "cac:LegalMonetaryTotal": group(
        "totals",
        Totals,
        {
            "cbc:LineExtensionAmount": amount("line_extension_amount"),
            "cbc:TaxExclusiveAmount": amount("tax_exclusive_amount"),
            "cbc:TaxInclusiveAmount": amount("tax_inclusive_amount"),
            "cbc:AllowanceTotalAmount": amount("allowance_total_amount"),
            "cbc:ChargeTotalAmount": amount("charge_total_amount"),
            "cbc:PrepaidAmount": amount("prepaid_amount"),
            "cbc:PayableRoundingAmount": amount("rounding_amount"),
            "cbc:PayableAmount": amount("payable_amount"),
        },
    ),
    "cac:InvoiceLine": TermGroup("lines", None, LINE, many=True, finish=_line),
    "cac:CreditNoteLine": TermGroup("lines", None, LINE, many=True, finish=_line),
}
BINDING = TermGroup("", Invoice, DOCUMENT, finish=_invoice)
