"""The model as UN/CEFACT CII, in the order of its schema (D16B and D22B agree on what we write)."""

from __future__ import annotations

import datetime
from dataclasses import replace

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.model import (
    Address,
    AllowanceCharge,
    Delivery,
    Invoice,
    Item,
    Line,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import INVOICED_OBJECT, Element
from plainchant.einvoice.syntaxes.writing import Writer, document

from .binding import PROJECT_NAME, TAX_POINT_CODES
from .prune import prune
from .read import NAMESPACES

_CII_CODES = {code: cii for cii, code in TAX_POINT_CODES.items()}


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime.datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """A CII file. With a Factur-X ``profile`` it names it, and leaves out what it cannot carry."""
    root = tree(invoice if profile is None else replace(invoice, specification=profile.guideline))
    if profile is not None and profile.schema is not None:
        prune(root, profile.schema)
    return document(root)


def tree(invoice: Invoice) -> Element:
    """The root of the file, for forms that go on with it."""
    writer = _Cii(NAMESPACES)
    root = writer.root("rsm:CrossIndustryInvoice")
    writer.invoice(root, invoice)
    return root


class _Cii(Writer):
    def invoice(self, root: Element, invoice: Invoice) -> None:
        add = self.add
        context = self.under(root, "rsm:ExchangedDocumentContext")
        add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", invoice.business_process)
        add(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", invoice.specification)
        head = self.under(root, "rsm:ExchangedDocument")
        add(head, "ram:ID", invoice.number)
        add(head, "ram:TypeCode", invoice.type_code)
        self.day(head, "ram:IssueDateTime", invoice.issue_date)
        for note in invoice.notes:
            made = self.under(head, "ram:IncludedNote")
            add(made, "ram:Content", note.text)
            add(made, "ram:SubjectCode", note.subject_code)
        transaction = self.under(root, "rsm:SupplyChainTradeTransaction")
        for line in invoice.lines:
            self.line(transaction, line)
        self.agreement(self.under(transaction, "ram:ApplicableHeaderTradeAgreement"), invoice)
        delivery = self.under(transaction, "ram:ApplicableHeaderTradeDelivery")
        self.delivery(delivery, invoice.delivery)
        add(delivery, "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", invoice.despatch_advice_reference)
        add(delivery, "ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", invoice.receiving_advice_reference)
        self.settlement(self.under(transaction, "ram:ApplicableHeaderTradeSettlement"), invoice)

    def day(self, parent: Element, name: str, day: datetime.date | None, kind: str = "udt:DateTimeString") -> None:
        if day is not None:
            self.add(self.under(parent, name), kind, f"{day:%Y%m%d}", format="102")

    def agreement(self, made: Element, invoice: Invoice) -> None:
        add = self.add
        add(made, "ram:BuyerReference", invoice.buyer_reference)
        self.party(made, "ram:SellerTradeParty", invoice.seller)
        self.party(made, "ram:BuyerTradeParty", invoice.buyer)
        self.party(made, "ram:SalesAgentTradeParty", invoice.seller_agent)
        self.party(made, "ram:SellerTaxRepresentativeTradeParty", invoice.tax_representative)
        add(made, "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", invoice.sales_order_reference)
        add(made, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.purchase_order_reference)
        if invoice.contract_reference is not None or invoice.contract_type is not None:
            contract = self.under(made, "ram:ContractReferencedDocument")
            add(contract, "ram:IssuerAssignedID", invoice.contract_reference)
            add(contract, "ram:ReferenceTypeCode", invoice.contract_type)
        for supporting in invoice.supporting_documents:
            self.supporting(made, supporting)
        if invoice.tender_reference is not None:
            tender = self.under(made, "ram:AdditionalReferencedDocument")
            add(tender, "ram:IssuerAssignedID", invoice.tender_reference)
            add(tender, "ram:TypeCode", "50")
        for found in (
            *((invoice.invoiced_object,) if invoice.invoiced_object else ()),
            *invoice.other_invoiced_objects,
        ):
            cited = self.under(made, "ram:AdditionalReferencedDocument")
            add(cited, "ram:IssuerAssignedID", found.value)
            add(cited, "ram:TypeCode", INVOICED_OBJECT)
            add(cited, "ram:ReferenceTypeCode", found.scheme)
        self.party(made, "ram:BuyerAgentTradeParty", invoice.buyer_agent)
        if invoice.project_reference is not None:
            project = self.under(made, "ram:SpecifiedProcuringProject")
            add(project, "ram:ID", invoice.project_reference)
            add(project, "ram:Name", PROJECT_NAME)  # the schema wants a name

    def supporting(self, parent: Element, supporting: SupportingDocument) -> None:
        made = self.under(parent, "ram:AdditionalReferencedDocument")
        add = self.add
        add(made, "ram:IssuerAssignedID", supporting.reference)
        add(made, "ram:URIID", supporting.location)
        # UBL says by silence what CII says by 916; a document read from CII keeps what it said.
        add(made, "ram:TypeCode", supporting.type_code)
        add(made, "ram:Name", supporting.description)
        add(
            made,
            "ram:AttachmentBinaryObject",
            supporting.content,
            mimeCode=supporting.mime_code,
            filename=supporting.filename,
        )

    def party(self, parent: Element, name: str, party: Party | None) -> None:
        if party is None:
            return
        made = self.under(parent, name)
        add = self.add
        for found in party.identifiers:
            if found.scheme is None:
                self.identifier(made, "ram:ID", found)
        for found in party.identifiers:
            if found.scheme is not None:
                self.identifier(made, "ram:GlobalID", found)
        add(made, "ram:Name", party.name)
        add(made, "ram:Description", party.legal_information)
        if party.legal_registration is not None or party.trading_name is not None:
            organisation = self.under(made, "ram:SpecifiedLegalOrganization")
            self.identifier(organisation, "ram:ID", party.legal_registration)
            add(organisation, "ram:TradingBusinessName", party.trading_name)
        if party.contact is not None:
            contact = self.under(made, "ram:DefinedTradeContact")
            add(contact, "ram:PersonName", party.contact.name)
            add(contact, "ram:DepartmentName", party.contact.department)
            add(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", party.contact.telephone)
            add(contact, "ram:EmailURIUniversalCommunication/ram:URIID", party.contact.email)
        self.address(made, party.address)
        if party.electronic_address is not None:
            self.identifier(self.under(made, "ram:URIUniversalCommunication"), "ram:URIID", party.electronic_address)
        for number, scheme in ((party.vat_identifier, "VA"), (party.tax_registration, "FC")):
            if number is not None:
                self.add(self.under(made, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme)

    def address(self, parent: Element, address: Address | None) -> None:
        if address is None:
            return
        made = self.under(parent, "ram:PostalTradeAddress")
        for name, value in (
            ("PostcodeCode", address.postcode),
            ("LineOne", address.line_1),
            ("LineTwo", address.line_2),
            ("LineThree", address.line_3),
            ("CityName", address.city),
            ("CountryID", address.country),
            ("CountrySubDivisionName", address.subdivision),
        ):
            self.add(made, f"ram:{name}", value)

    def delivery(self, parent: Element, delivery: Delivery | None) -> None:
        if delivery is None:
            return
        places = (*((delivery.location,) if delivery.location else ()), *delivery.other_locations)
        if places or delivery.name is not None or delivery.address is not None or delivery.legal_registration:
            made = self.under(parent, "ram:ShipToTradeParty")
            for found in places:
                if found.scheme is None:
                    self.identifier(made, "ram:ID", found)
            for found in places:
                if found.scheme is not None:
                    self.identifier(made, "ram:GlobalID", found)
            self.add(made, "ram:Name", delivery.name)
            if delivery.legal_registration is not None:
                organisation = self.under(made, "ram:SpecifiedLegalOrganization")
                self.identifier(organisation, "ram:ID", delivery.legal_registration)
            self.address(made, delivery.address)
        if delivery.actual_date is not None:
            self.day(
                self.under(parent, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime", delivery.actual_date
            )

    def settlement(self, made: Element, invoice: Invoice) -> None:
        add = self.add
        add(made, "ram:CreditorReferenceID", invoice.creditor_identifier)
        add(made, "ram:PaymentReference", invoice.remittance_information)
        add(made, "ram:TaxCurrencyCode", invoice.accounting_currency)
        add(made, "ram:InvoiceCurrencyCode", invoice.currency)
        add(made, "ram:InvoiceIssuerReference", invoice.seller_service_code)
        self.party(made, "ram:InvoicerTradeParty", invoice.invoicer)
        self.party(made, "ram:InvoiceeTradeParty", invoice.validator)
        self.party(made, "ram:PayeeTradeParty", invoice.payee)
        self.party(made, "ram:PayerTradeParty", invoice.payer)
        for means in invoice.payment_means:
            self.payment_means(made, means)
        for number, row in enumerate(invoice.vat_breakdown):
            self.breakdown(made, row, invoice, first=number == 0)
        if not invoice.vat_breakdown and (
            invoice.tax_point_date is not None or invoice.tax_point_date_code is not None
        ):
            self.breakdown(made, VatBreakdown(), invoice, first=True)
        self.period(made, invoice.period)
        self.allowances(made, invoice.allowances, invoice.charges)
        self.terms(made, invoice)
        self.totals(made, invoice)
        for preceding in invoice.preceding_invoices:
            self.preceding(made, preceding)
        add(made, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", invoice.buyer_accounting_reference)

    def payment_means(self, parent: Element, means: PaymentMeans) -> None:
        made = self.under(parent, "ram:SpecifiedTradeSettlementPaymentMeans")
        add = self.add
        add(made, "ram:TypeCode", means.code)
        add(made, "ram:Information", means.text)
        if means.card is not None:
            card = self.under(made, "ram:ApplicableTradeSettlementFinancialCard")
            add(card, "ram:ID", means.card.number)
            add(card, "ram:CardholderName", means.card.holder)
        if means.direct_debit is not None:
            add(made, "ram:PayerPartyDebtorFinancialAccount/ram:IBANID", means.direct_debit.debited_account)
        transfer = means.credit_transfer
        if transfer is not None:
            if transfer.account is not None or transfer.account_name is not None or transfer.service_provider is None:
                account = self.under(made, "ram:PayeePartyCreditorFinancialAccount")
                add(account, "ram:IBANID", None if transfer.is_proprietary else transfer.account)
                add(account, "ram:AccountName", transfer.account_name)
                add(account, "ram:ProprietaryID", transfer.account if transfer.is_proprietary else None)
            add(made, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", transfer.service_provider)

    def breakdown(self, parent: Element, row: VatBreakdown, invoice: Invoice, *, first: bool) -> None:
        made = self.under(parent, "ram:ApplicableTradeTax")
        add = self.add
        vat = row.category or VatCategory()
        add(made, "ram:CalculatedAmount", row.tax_amount)
        add(made, "ram:TypeCode", vat.tax_type)
        add(made, "ram:ExemptionReason", vat.exemption_reason)
        add(made, "ram:BasisAmount", row.taxable_amount)
        add(made, "ram:CategoryCode", vat.code)
        add(made, "ram:ExemptionReasonCode", vat.exemption_reason_code)
        if first:
            self.day(made, "ram:TaxPointDate", invoice.tax_point_date, "udt:DateString")
            code = invoice.tax_point_date_code
            add(made, "ram:DueDateTypeCode", _CII_CODES.get(code, code) if code is not None else None)
        add(made, "ram:RateApplicablePercent", vat.rate)

    def category(self, parent: Element, name: str, vat: VatCategory | None) -> None:
        if vat is None:
            return
        made = self.under(parent, name)
        self.add(made, "ram:TypeCode", vat.tax_type)
        self.add(made, "ram:ExemptionReason", vat.exemption_reason)
        self.add(made, "ram:CategoryCode", vat.code)
        self.add(made, "ram:ExemptionReasonCode", vat.exemption_reason_code)
        self.add(made, "ram:RateApplicablePercent", vat.rate)

    def period(self, parent: Element, period: Period | None) -> None:
        if period is not None:
            made = self.under(parent, "ram:BillingSpecifiedPeriod")
            self.day(made, "ram:StartDateTime", period.start)
            self.day(made, "ram:EndDateTime", period.end)

    def allowances(
        self, parent: Element, allowances: tuple[AllowanceCharge, ...], charges: tuple[AllowanceCharge, ...]
    ) -> None:
        for group, is_charge in ((allowances, False), (charges, True)):
            for charge in group:
                made = self.under(parent, "ram:SpecifiedTradeAllowanceCharge")
                self.add(self.under(made, "ram:ChargeIndicator"), "udt:Indicator", is_charge)
                self.add(made, "ram:CalculationPercent", charge.percentage)
                self.add(made, "ram:BasisAmount", charge.base_amount)
                self.add(made, "ram:ActualAmount", charge.amount)
                self.add(made, "ram:ReasonCode", charge.reason_code)
                self.add(made, "ram:Reason", charge.reason)
                self.category(made, "ram:CategoryTradeTax", charge.vat)

    def terms(self, parent: Element, invoice: Invoice) -> None:
        mandate = next((m.direct_debit.mandate for m in invoice.payment_means if m.direct_debit), None)
        if invoice.payment_terms is None and invoice.due_date is None and mandate is None:
            return
        made = self.under(parent, "ram:SpecifiedTradePaymentTerms")
        self.add(made, "ram:Description", invoice.payment_terms)
        self.day(made, "ram:DueDateDateTime", invoice.due_date)
        self.add(made, "ram:DirectDebitMandateID", mandate)

    def totals(self, parent: Element, invoice: Invoice) -> None:
        totals = invoice.totals
        if totals is None and not invoice.tax_totals:
            return
        made = self.under(parent, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
        add = self.add
        if totals is not None:
            add(made, "ram:LineTotalAmount", totals.line_extension_amount)
            add(made, "ram:ChargeTotalAmount", totals.charge_total_amount)
            add(made, "ram:AllowanceTotalAmount", totals.allowance_total_amount)
            add(made, "ram:TaxBasisTotalAmount", totals.tax_exclusive_amount)
        for total in invoice.tax_totals:
            add(made, "ram:TaxTotalAmount", total.amount, currencyID=total.currency)
        if totals is not None:
            add(made, "ram:RoundingAmount", totals.rounding_amount)
            add(made, "ram:GrandTotalAmount", totals.tax_inclusive_amount)
            add(made, "ram:TotalPrepaidAmount", totals.prepaid_amount)
            add(made, "ram:DuePayableAmount", totals.payable_amount)

    def preceding(self, parent: Element, preceding: PrecedingInvoice) -> None:
        made = self.under(parent, "ram:InvoiceReferencedDocument")
        self.add(made, "ram:IssuerAssignedID", preceding.number)
        self.add(made, "ram:TypeCode", preceding.type_code)
        self.day(made, "ram:FormattedIssueDateTime", preceding.issue_date, "qdt:DateTimeString")

    def line(self, transaction: Element, line: Line) -> None:
        made = self.under(transaction, "ram:IncludedSupplyChainTradeLineItem")
        add = self.add
        head = self.under(made, "ram:AssociatedDocumentLineDocument")
        add(head, "ram:LineID", line.identifier)
        add(head, "ram:ParentLineID", line.parent)
        add(head, "ram:LineStatusCode", line.status_code)
        add(head, "ram:LineStatusReasonCode", line.status_reason_code)
        add(head, "ram:IncludedNote/ram:Content", line.note)
        if line.item is not None:
            self.item(made, line.item)
        agreement = self.under(made, "ram:SpecifiedLineTradeAgreement")
        add(agreement, "ram:BuyerOrderReferencedDocument/ram:LineID", line.order_line_reference)
        if line.price is not None:
            self.price(agreement, line.price)
        self.party(agreement, "ram:ItemSellerTradeParty", line.seller)
        delivery = self.under(made, "ram:SpecifiedLineTradeDelivery")
        add(delivery, "ram:BilledQuantity", line.quantity, unitCode=line.unit)
        self.delivery(delivery, line.delivery)
        settlement = self.under(made, "ram:SpecifiedLineTradeSettlement")
        self.category(settlement, "ram:ApplicableTradeTax", line.vat)
        self.period(settlement, line.period)
        self.allowances(settlement, line.allowances, line.charges)
        summation = self.under(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
        add(summation, "ram:LineTotalAmount", line.net_amount)
        for tax in line.tax_totals:
            add(summation, "ram:TaxTotalAmount", tax.amount, currencyID=tax.currency)
        add(summation, "ram:GrandTotalAmount", line.tax_inclusive_amount)
        for preceding in line.preceding_invoices:
            self.preceding(settlement, preceding)
        for found in (*((line.object_identifier,) if line.object_identifier else ()), *line.other_object_identifiers):
            cited = self.under(settlement, "ram:AdditionalReferencedDocument")
            add(cited, "ram:IssuerAssignedID", found.value)
            add(cited, "ram:TypeCode", INVOICED_OBJECT)
            add(cited, "ram:ReferenceTypeCode", found.scheme)
        add(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", line.buyer_accounting_reference)

    def item(self, parent: Element, item: Item) -> None:
        made = self.under(parent, "ram:SpecifiedTradeProduct")
        add = self.add
        self.identifier(made, "ram:GlobalID", item.standard_identifier)
        add(made, "ram:SellerAssignedID", item.seller_identifier)
        add(made, "ram:BuyerAssignedID", item.buyer_identifier)
        add(made, "ram:Name", item.name)
        add(made, "ram:Description", item.description)
        for attribute in item.attributes:
            row = self.under(made, "ram:ApplicableProductCharacteristic")
            add(row, "ram:TypeCode", attribute.type_code)
            add(row, "ram:Description", attribute.name)
            add(row, "ram:ValueMeasure", attribute.measure, unitCode=attribute.measure_unit)
            add(row, "ram:Value", attribute.value)
        for found in item.classifications:
            add(
                self.under(made, "ram:DesignatedProductClassification"),
                "ram:ClassCode",
                found.code or "",
                listID=found.list_id,
                listVersionID=found.version,
            )
        add(made, "ram:OriginTradeCountry/ram:ID", item.origin_country)

    def price(self, parent: Element, price: Price) -> None:
        add = self.add
        if price.gross is not None or price.discount is not None:
            gross = self.under(parent, "ram:GrossPriceProductTradePrice")
            add(gross, "ram:ChargeAmount", price.gross)
            if price.discount is not None:
                discount = self.under(gross, "ram:AppliedTradeAllowanceCharge")
                add(self.under(discount, "ram:ChargeIndicator"), "udt:Indicator", value=False)
                add(discount, "ram:ActualAmount", price.discount)
        if price.net is not None or price.base_quantity is not None:
            net = self.under(parent, "ram:NetPriceProductTradePrice")
            add(net, "ram:ChargeAmount", price.net)
            add(net, "ram:BasisQuantity", price.base_quantity, unitCode=price.base_quantity_unit)
