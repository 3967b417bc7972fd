"""Which element of UN/CEFACT CII (D16B, D22B, and so Factur-X) is which term of EN 16931."""

from __future__ import annotations

import datetime
from typing import Any

from plainchant.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
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
    VatCategory,
)
from plainchant.einvoice.syntaxes.binding import (
    INVOICED_OBJECT,
    TRUE,
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
    keep,
    leave_parts,
    string,
    text,
    vat_category,
)
from plainchant.einvoice.syntaxes.reading import Reading, local_name, made, parent_of

TENDER = "50"
PROJECT_NAME = "Project reference"  # what the schema wants beside a project's number
# UNTDID 2475 as CII writes it → UNTDID 2005 as UBL and the model do (BT-8).
TAX_POINT_CODES = {"5": "3", "29": "35", "72": "432"}


def _date(element: Element, reading: Reading) -> datetime.date | None:
    """``20260312`` with format 102; AIFE's samples leave the format out, people also write 2026-03-12."""
    written = string(element)
    digits = written.replace("-", "")[:8]
    if len(digits) == 8 and digits.isdigit():
        try:
            day = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            pass
        else:
            if not written.startswith(digits):
                reading.unreadable(element, written, "writing")
            return day
    reading.unreadable(element, written, "date")
    return None


def date(name: str, kind: str = "udt:DateTimeString") -> dict[str, Any]:
    """The element of a date that stands in a ``DateTimeString``."""
    return {kind: Leaf(name, _date)}


def _issue_date(element: Element, reading: Reading) -> datetime.date | None:
    if element.get("format") != "102":
        reading.facts.issue_date_without_format_102 = True
    if string(element):
        reading.facts.issue_date_written = True
    return _date(element, reading)


def _test_indicator(element: Element, reading: Reading) -> None:
    if string(element) in TRUE:
        reading.facts.test_indicator = element


def _period(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """A period whose dates are written but do not say format 102 cannot be put in order, officially."""
    days = []
    for name in ("StartDateTime", "EndDateTime"):
        for found in element.iterchildren(f"{{*}}{name}"):
            written = [string(day) for day in found.iterchildren("{*}DateTimeString") if day.get("format") == "102"]
            days.append(written[0] if written else None)
            break
    if len(days) == 2 and (None in days or days[1] < days[0]):  # type: ignore[operator]
        reading.facts.unordered_periods.add(element)
    if days:
        reading.facts.unreadable_periods.add(element)
    keep(above, "period", made(Period, values, element), element, reading)


def _breakdown(element: Element, values: Values, above: Values, reading: Reading) -> None:
    category = {name: values.pop(name) for name in _CATEGORY if name in values}
    category.setdefault("tax_type", None)
    values["category"] = made(VatCategory, category, element)
    code = values.pop("_due_code", None)
    if code is not None:
        code = TAX_POINT_CODES.get(code, code)
        keep(above, "tax_point_date_code", code, element, reading, below="{*}DueDateTypeCode")
    if "_tax_point" in values:
        keep(above, "tax_point_date", values.pop("_tax_point"), element, reading, below="{*}TaxPointDate")
    above.setdefault("vat_breakdown", []).append(made(VatBreakdown, values, element))


_CATEGORY = ("code", "rate", "exemption_reason", "exemption_reason_code", "tax_type")


def _registration(element: Element, values: Values, above: Values, reading: Reading) -> None:
    found = values.get("_id")
    if found is not None:
        name = "vat_identifier" if found.scheme == "VA" else "tax_registration"
        if name in above and name == "vat_identifier":
            reading.facts.other_vat_identifiers.append((element, found.value))
        keep(above, name, found.value, element, reading)
        if found.scheme not in ("VA", "FC") and local_name(parent_of(element)) == "SellerTradeParty":
            reading.facts.tax_registration_without_scheme = True


def _address(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """An electronic address that is announced but not given is one without a scheme (BR-62, BR-63)."""
    keep(above, "electronic_address", values.get("_id", Identifier("")), element, reading)


def _document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    kind = values.get("type_code")
    scheme = values.pop("_scheme", None)
    reference = values.get("reference")
    if kind != INVOICED_OBJECT:
        leave_parts(element, reading, "ReferenceTypeCode")
    if kind == INVOICED_OBJECT and reference is not None:
        found = Identifier(reference, scheme)
        if "invoiced_object" in above:
            above.setdefault("other_invoiced_objects", []).append(found)
        else:
            above["invoiced_object"] = found
    elif kind == TENDER and reference is not None:
        keep(above, "tender_reference", reference, element, reading)
    else:
        above.setdefault("supporting_documents", []).append(made(SupportingDocument, values, element))
        return
    leave_parts(element, reading, "URIID", "Name", "AttachmentBinaryObject")
    if not reference:
        reading.fail("BR-52", element)  # the model has no place for a reference without its number


def _line_document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if not values.get("_id"):
        reading.fail("BR-52", element)
    if values.get("_type") == INVOICED_OBJECT and "_id" in values:
        found = Identifier(values["_id"], values.get("_scheme"))
        if "object_identifier" in above:
            above.setdefault("other_object_identifiers", []).append(found)
        else:
            above["object_identifier"] = found
    else:
        reading.leave(element)


def _payment_means(element: Element, values: Values, above: Values, reading: Reading) -> None:
    debited, bic = values.pop("_debited", None), values.pop("_bic", None)
    if debited is not None:
        values["direct_debit"] = DirectDebit(debited_account=debited, source=element)
    if bic is not None:
        transfer = values.get("credit_transfer") or CreditTransfer(source=element)
        values["credit_transfer"] = CreditTransfer(
            account=transfer.account,
            account_name=transfer.account_name,
            service_provider=bic,
            is_proprietary=transfer.is_proprietary,
            source=transfer.source,
        )
    above.setdefault("payment_means", []).append(made(PaymentMeans, values, element))


def _transfer(element: Element, values: Values, above: Values, reading: Reading) -> None:
    proprietary = values.pop("_proprietary", None)
    if "account" not in values and proprietary is not None:
        values["account"], values["is_proprietary"] = proprietary, True
    elif proprietary is not None:
        leave_parts(element, reading, "ProprietaryID")
    keep(above, "credit_transfer", made(CreditTransfer, values, element), element, reading)


def _settlement(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """The mandate stands with the terms of payment, the debited account with the means: BG-19 is both."""
    mandate = values.pop("_mandate", None)
    means = values.get("payment_means")
    if mandate is not None:
        if not means:
            means = values["payment_means"] = [PaymentMeans(source=element)]
        first = means[0]
        debit = DirectDebit(
            mandate=mandate,
            debited_account=first.direct_debit.debited_account if first.direct_debit else None,
            source=element,
        )
        means[0] = PaymentMeans(
            code=first.code,
            text=first.text,
            credit_transfer=first.credit_transfer,
            card=first.card,
            direct_debit=debit,
            source=first.source,
        )


def _line(element: Element, values: Values, above: Values, reading: Reading) -> None:
    unit = values.pop("_gross_unit", None)
    price = values.pop("_price", None)
    if price is not None:
        gross_quantity = price.pop("_gross_quantity", None)
        if gross_quantity is not None:
            price.setdefault("base_quantity", gross_quantity)
            if unit is not None:
                price.setdefault("base_quantity_unit", unit)
            if gross_quantity != price["base_quantity"] or unit not in (None, price.get("base_quantity_unit")):
                for gross in element.iter("{*}GrossPriceProductTradePrice"):
                    leave_parts(gross, reading, "BasisQuantity")
        source = price.pop("_source", element)
        values["price"] = made(Price, price, source)
    above.setdefault("lines", []).append(made(Line, values, element))


def _price(element: Element, values: Values, above: Values, reading: Reading) -> None:
    price = above.setdefault("_price", {})
    price.update({name: value for name, value in values.items() if name not in price and name != "_gross_unit"})
    if "_gross_unit" in values:
        above.setdefault("_gross_unit", values["_gross_unit"])
    if local_name(element) == "NetPriceProductTradePrice" or "_source" not in price:
        price["_source"] = element


def _classified(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_code" in values:
        above.setdefault("classifications", []).append(values["_code"])


def _delivery(element: Element, values: Values, above: Values, reading: Reading) -> None:
    own = {name: values.pop(name) for name in _DELIVERY if name in values}
    if own:
        source = own.pop("_source", element)
        above.setdefault("delivery", made(Delivery, own, source))
    for name in list(values):
        above.setdefault(name, values.pop(name))


_DELIVERY = (
    "name",
    "location",
    "other_locations",
    "legal_registration",
    "actual_date",
    "address",
    "_source",
)


def _ship_to(element: Element, values: Values, above: Values, reading: Reading) -> None:
    found = values.pop("_ids", [])
    if found:
        values["location"] = found[0]
        if len(found) > 1:
            values["other_locations"] = tuple(found[1:])
    values["_source"] = element
    above.update({name: value for name, value in values.items() if name not in above})


ADDRESS = {
    "ram:PostcodeCode": text("postcode"),
    "ram:LineOne": text("line_1"),
    "ram:LineTwo": text("line_2"),
    "ram:LineThree": text("line_3"),
    "ram:CityName": text("city"),
    "ram:CountryID": text("country"),
    "ram:CountrySubDivisionName": text("subdivision"),
}
PARTY = {
    "ram:ID": identifier("identifiers", many=True),
    "ram:GlobalID": identifier("identifiers", many=True),
    "ram:Name": text("name"),
    "ram:Description": text("legal_information"),
    "ram:SpecifiedLegalOrganization": {
        "ram:ID": identifier("legal_registration"),
        "ram:TradingBusinessName": text("trading_name"),
    },
    "ram:DefinedTradeContact": group(
        "contact",
        Contact,
        {
            "ram:PersonName": text("name"),
            "ram:DepartmentName": text("department"),
            "ram:TelephoneUniversalCommunication": {"ram:CompleteNumber": text("telephone")},
            "ram:EmailURIUniversalCommunication": {"ram:URIID": text("email")},
        },
    ),
    "ram:PostalTradeAddress": group("address", Address, ADDRESS),
    "ram:URIUniversalCommunication": TermGroup("", None, {"ram:URIID": identifier("_id")}, finish=_address),
    "ram:SpecifiedTaxRegistration": TermGroup("", None, {"ram:ID": identifier("_id")}, finish=_registration),
}
VAT = {
    "ram:TypeCode": text("tax_type"),
    "ram:ExemptionReason": text("exemption_reason"),
    "ram:CategoryCode": text("code"),
    "ram:ExemptionReasonCode": text("exemption_reason_code"),
    "ram:RateApplicablePercent": amount("rate"),
}
ALLOWANCE = {
    "ram:ChargeIndicator": {"udt:Indicator": text("_is_charge")},
    "ram:CalculationPercent": amount("percentage"),
    "ram:BasisAmount": amount("base_amount"),
    "ram:ActualAmount": amount("amount"),
    "ram:ReasonCode": text("reason_code"),
    "ram:Reason": text("reason"),
    "ram:CategoryTradeTax": TermGroup("vat", None, VAT, finish=vat_category),
}
PERIOD = TermGroup("period", None, {"ram:StartDateTime": date("start"), "ram:EndDateTime": date("end")}, finish=_period)
REFERENCE = "ram:IssuerAssignedID"
SHIP_TO = TermGroup(
    "",
    None,
    {
        "ram:ID": identifier("_ids", many=True),
        "ram:GlobalID": identifier("_ids", many=True),
        "ram:Name": text("name"),
        "ram:SpecifiedLegalOrganization": {"ram:ID": identifier("legal_registration")},
        "ram:PostalTradeAddress": group("address", Address, ADDRESS),
    },
    finish=_ship_to,
)
OCCURRENCE = {"ram:OccurrenceDateTime": date("actual_date")}
PRECEDING = group(
    "preceding_invoices",
    PrecedingInvoice,
    {
        REFERENCE: text("number"),
        "ram:TypeCode": text("type_code"),
        "ram:FormattedIssueDateTime": date("issue_date", "qdt:DateTimeString"),
    },
    many=True,
)
LINE = {
    "ram:AssociatedDocumentLineDocument": {
        "ram:LineID": text("identifier"),
        "ram:ParentLineID": text("parent"),
        "ram:LineStatusCode": text("status_code"),
        "ram:LineStatusReasonCode": text("status_reason_code"),
        "ram:IncludedNote": {"ram:Content": text("note")},
    },
    "ram:SpecifiedTradeProduct": group(
        "item",
        Item,
        {
            "ram:GlobalID": identifier("standard_identifier"),
            "ram:SellerAssignedID": text("seller_identifier"),
            "ram:BuyerAssignedID": text("buyer_identifier"),
            "ram:Name": text("name"),
            "ram:Description": text("description"),
            "ram:ApplicableProductCharacteristic": group(
                "attributes",
                ItemAttribute,
                {
                    "ram:TypeCode": text("type_code"),
                    "ram:Description": text("name"),
                    "ram:ValueMeasure": amount("measure", unitCode="measure_unit"),
                    "ram:Value": text("value"),
                },
                many=True,
            ),
            "ram:DesignatedProductClassification": TermGroup(
                "", None, {"ram:ClassCode": classification("_code")}, finish=_classified
            ),
            "ram:OriginTradeCountry": {"ram:ID": text("origin_country")},
        },
    ),
    "ram:SpecifiedLineTradeAgreement": {
        "ram:BuyerOrderReferencedDocument": {"ram:LineID": text("order_line_reference")},
        "ram:ItemSellerTradeParty": group("seller", Party, PARTY),
        "ram:GrossPriceProductTradePrice": TermGroup(
            "price",
            None,
            {
                "ram:ChargeAmount": amount("gross"),
                "ram:BasisQuantity": amount("_gross_quantity", unitCode="_gross_unit"),
                "ram:AppliedTradeAllowanceCharge": Lead(
                    {
                        "ram:ChargeIndicator": {"udt:Indicator": text("_is_charge")},
                        "ram:ActualAmount": amount("discount"),
                    },
                    finish=discount_on_price,
                ),
            },
            finish=_price,
        ),
        "ram:NetPriceProductTradePrice": TermGroup(
            "price",
            None,
            {
                "ram:ChargeAmount": amount("net"),
                "ram:BasisQuantity": amount("base_quantity", unitCode="base_quantity_unit"),
            },
            finish=_price,
        ),
    },
    "ram:SpecifiedLineTradeDelivery": TermGroup(
        "delivery",
        None,
        {
            "ram:BilledQuantity": amount("quantity", unitCode="unit"),
            "ram:ShipToTradeParty": SHIP_TO,
            "ram:ActualDeliverySupplyChainEvent": OCCURRENCE,
        },
        finish=_delivery,
    ),
    "ram:SpecifiedLineTradeSettlement": {
        "ram:ApplicableTradeTax": TermGroup("vat", None, VAT, finish=vat_category),
        "ram:BillingSpecifiedPeriod": PERIOD,
        "ram:SpecifiedTradeAllowanceCharge": TermGroup("", None, ALLOWANCE, finish=allowance_or_charge),
        "ram:SpecifiedTradeSettlementLineMonetarySummation": {
            "ram:LineTotalAmount": amount("net_amount"),
            "ram:TaxTotalAmount": Leaf("tax_totals", lambda element, reading: _tax_total(element, reading), many=True),
            "ram:GrandTotalAmount": amount("tax_inclusive_amount"),
        },
        "ram:InvoiceReferencedDocument": PRECEDING,
        "ram:AdditionalReferencedDocument": TermGroup(
            "",
            None,
            {REFERENCE: text("_id"), "ram:TypeCode": text("_type"), "ram:ReferenceTypeCode": text("_scheme")},
            finish=_line_document,
        ),
        "ram:ReceivableSpecifiedTradeAccountingAccount": {"ram:ID": text("buyer_accounting_reference")},
    },
}
AGREEMENT = {
    "ram:BuyerReference": text("buyer_reference"),
    "ram:SellerTradeParty": group("seller", Party, PARTY),
    "ram:BuyerTradeParty": group("buyer", Party, PARTY),
    "ram:SalesAgentTradeParty": group("seller_agent", Party, PARTY),
    "ram:SellerTaxRepresentativeTradeParty": group("tax_representative", Party, PARTY),
    "ram:BuyerAgentTradeParty": group("buyer_agent", Party, PARTY),
    "ram:SellerOrderReferencedDocument": {REFERENCE: text("sales_order_reference")},
    "ram:BuyerOrderReferencedDocument": {REFERENCE: text("purchase_order_reference")},
    "ram:ContractReferencedDocument": {
        REFERENCE: text("contract_reference"),
        "ram:ReferenceTypeCode": text("contract_type"),
    },
    "ram:AdditionalReferencedDocument": TermGroup(
        "",
        None,
        {
            REFERENCE: text("reference"),
            "ram:URIID": text("location"),
            "ram:TypeCode": text("type_code"),
            "ram:Name": text("description"),
            "ram:AttachmentBinaryObject": text("content", mimeCode="mime_code", filename="filename"),
            "ram:ReferenceTypeCode": text("_scheme"),
        },
        finish=_document,
    ),
    "ram:SpecifiedProcuringProject": {"ram:ID": text("project_reference"), "ram:Name": filler(PROJECT_NAME)},
}
DELIVERY = TermGroup(
    "delivery",
    None,
    {
        "ram:ShipToTradeParty": SHIP_TO,
        "ram:ActualDeliverySupplyChainEvent": OCCURRENCE,
        "ram:DespatchAdviceReferencedDocument": {REFERENCE: text("despatch_advice_reference")},
        "ram:ReceivingAdviceReferencedDocument": {REFERENCE: text("receiving_advice_reference")},
    },
    finish=_delivery,
)
SETTLEMENT = Lead(
    {
        "ram:CreditorReferenceID": text("creditor_identifier"),
        "ram:PaymentReference": text("remittance_information"),
        "ram:TaxCurrencyCode": text("accounting_currency"),
        "ram:InvoiceCurrencyCode": text("currency"),
        "ram:InvoiceIssuerReference": text("seller_service_code"),
        "ram:InvoicerTradeParty": group("invoicer", Party, PARTY),
        "ram:InvoiceeTradeParty": group("validator", Party, PARTY),
        "ram:PayeeTradeParty": group("payee", Party, PARTY),
        "ram:PayerTradeParty": group("payer", Party, PARTY),
        "ram:SpecifiedTradeSettlementPaymentMeans": TermGroup(
            "payment_means",
            None,
            {
                "ram:TypeCode": text("code"),
                "ram:Information": text("text"),
                "ram:ApplicableTradeSettlementFinancialCard": group(
                    "card", PaymentCard, {"ram:ID": text("number"), "ram:CardholderName": text("holder")}
                ),
                "ram:PayerPartyDebtorFinancialAccount": {"ram:IBANID": text("_debited")},
                "ram:PayeePartyCreditorFinancialAccount": TermGroup(
                    "credit_transfer",
                    None,
                    {
                        "ram:IBANID": text("account"),
                        "ram:AccountName": text("account_name"),
                        "ram:ProprietaryID": text("_proprietary"),
                    },
                    finish=_transfer,
                ),
                "ram:PayeeSpecifiedCreditorFinancialInstitution": {"ram:BICID": text("_bic")},
            },
            finish=_payment_means,
        ),
        "ram:ApplicableTradeTax": TermGroup(
            "vat_breakdown",
            None,
            {
                **VAT,
                "ram:CalculatedAmount": amount("tax_amount"),
                "ram:BasisAmount": amount("taxable_amount"),
                "ram:TaxPointDate": date("_tax_point", "udt:DateString"),
                "ram:DueDateTypeCode": text("_due_code"),
            },
            finish=_breakdown,
        ),
        "ram:BillingSpecifiedPeriod": PERIOD,
        "ram:SpecifiedTradeAllowanceCharge": TermGroup("", None, ALLOWANCE, finish=allowance_or_charge),
        "ram:SpecifiedTradePaymentTerms": {
            "ram:Description": text("payment_terms"),
            "ram:DueDateDateTime": date("due_date"),
            "ram:DirectDebitMandateID": text("_mandate"),
        },
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation": group(
            "totals",
            Totals,
            {
                "ram:LineTotalAmount": amount("line_extension_amount"),
                "ram:ChargeTotalAmount": amount("charge_total_amount"),
                "ram:AllowanceTotalAmount": amount("allowance_total_amount"),
                "ram:TaxBasisTotalAmount": amount("tax_exclusive_amount"),
                "ram:TaxTotalAmount": Leaf(
                    "_tax_totals", lambda element, reading: _tax_total(element, reading), many=True
                ),
                "ram:RoundingAmount": amount("rounding_amount"),
                "ram:GrandTotalAmount": amount("tax_inclusive_amount"),
                "ram:TotalPrepaidAmount": amount("prepaid_amount"),
                "ram:DuePayableAmount": amount("payable_amount"),
            },
            finish=lambda element, values, above, reading: _totals(element, values, above, reading),
        ),
        "ram:InvoiceReferencedDocument": PRECEDING,
        "ram:ReceivableSpecifiedTradeAccountingAccount": {"ram:ID": text("buyer_accounting_reference")},
    },
    finish=_settlement,
)
_AMOUNT: Convert = amount("").convert


def _tax_total(element: Element, reading: Reading) -> TaxTotal:
    return TaxTotal(amount=_AMOUNT(element, reading), currency=element.get("currencyID"), source=element)


def _totals(element: Element, values: Values, above: Values, reading: Reading) -> None:
    above.setdefault("tax_totals", []).extend(values.pop("_tax_totals", []))
    keep(above, "totals", made(Totals, values, element), element, reading)


BINDING = TermGroup(
    "",
    Invoice,
    {
        "rsm:ExchangedDocumentContext": {
            "ram:TestIndicator": {"udt:Indicator": Leaf("_test", _test_indicator)},
            "ram:BusinessProcessSpecifiedDocumentContextParameter": {"ram:ID": text("business_process")},
            "ram:GuidelineSpecifiedDocumentContextParameter": {"ram:ID": text("specification")},
        },
        "rsm:ExchangedDocument": {
            "ram:ID": text("number"),
            "ram:TypeCode": text("type_code"),
            "ram:IssueDateTime": {"udt:DateTimeString": Leaf("issue_date", _issue_date)},
            "ram:IncludedNote": group(
                "notes", Note, {"ram:Content": text("text"), "ram:SubjectCode": text("subject_code")}, many=True
            ),
        },
        "rsm:SupplyChainTradeTransaction": {
            "ram:IncludedSupplyChainTradeLineItem": TermGroup("lines", None, LINE, many=True, finish=_line),
            "ram:ApplicableHeaderTradeAgreement": AGREEMENT,
            "ram:ApplicableHeaderTradeDelivery": DELIVERY,
            "ram:ApplicableHeaderTradeSettlement": SETTLEMENT,
        },
    },
)
