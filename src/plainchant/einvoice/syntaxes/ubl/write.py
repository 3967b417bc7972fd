"""The model as UBL 2.1, in the order of its schema."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.codes.en16931 import DOCUMENT_TYPES_UBL_CREDIT_NOTE
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
    SupportingDocument,
    VatCategory,
)
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import INVOICED_OBJECT, SUPPORTING, Element
from plainchant.einvoice.syntaxes.writing import Writer, document

from .binding import NETWORK
from .read import NAMESPACES

# What UBL cannot carry, with the reason.


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
    root: Literal["auto", "invoice", "creditnote"] = "auto",
) -> bytes:
    """A UBL file. ``auto`` takes the CreditNote root for the codes of a credit note; Chorus Pro wants ``invoice``
    always.
    """
    is_credit_note = root == "creditnote" or (root == "auto" and invoice.type_code in DOCUMENT_TYPES_UBL_CREDIT_NOTE)
    prefix = "cn" if is_credit_note else "ubl"
    namespaces = {name: NAMESPACES[name] for name in (prefix, "cac", "cbc")}
    writer = _Ubl(namespaces, default=prefix)
    made = writer.root(f"{prefix}:{'CreditNote' if is_credit_note else 'Invoice'}")
    writer.invoice(made, invoice, is_credit_note=is_credit_note)
    return document(made)


class _Ubl(Writer):
    currency: str | None = None

    def invoice(self, root: Element, invoice: Invoice, *, is_credit_note: bool) -> None:
        add = self.add
        self.currency = invoice.currency
        add(root, "cbc:CustomizationID", invoice.specification)
        add(root, "cbc:ProfileID", invoice.business_process)
        add(root, "cbc:ID", invoice.number)
        add(root, "cbc:IssueDate", invoice.issue_date)
        if is_credit_note:
            add(root, "cbc:TaxPointDate", invoice.tax_point_date)
            add(root, "cbc:CreditNoteTypeCode", invoice.type_code)
        else:
            add(root, "cbc:DueDate", invoice.due_date)
            add(root, "cbc:InvoiceTypeCode", invoice.type_code)
        for note in invoice.notes:
            add(root, "cbc:Note", f"#{note.subject_code}#{note.text or ''}" if note.subject_code else note.text)
        if not is_credit_note:
            add(root, "cbc:TaxPointDate", invoice.tax_point_date)
        add(root, "cbc:DocumentCurrencyCode", invoice.currency)
        add(root, "cbc:TaxCurrencyCode", invoice.accounting_currency)
        add(root, "cbc:AccountingCost", invoice.buyer_accounting_reference)
        add(root, "cbc:BuyerReference", invoice.buyer_reference)
        if invoice.period is not None or invoice.tax_point_date_code is not None:
            self.period(root, invoice.period or Period(), invoice.tax_point_date_code)
        if invoice.purchase_order_reference is not None or invoice.sales_order_reference is not None:
            order = self.under(root, "cac:OrderReference")
            # The schema wants an ID even where only the seller's order is known.
            add(order, "cbc:ID", invoice.purchase_order_reference or "")
            add(order, "cbc:SalesOrderID", invoice.sales_order_reference)
        self.preceding(root, invoice.preceding_invoices)
        self.references(root, invoice, is_credit_note=is_credit_note)
        creditor = invoice.creditor_identifier if invoice.payee is None else None
        made = self.party(root, "cac:AccountingSupplierParty/cac:Party", invoice.seller, creditor=creditor)
        self.acting_for(made, agent=invoice.seller_agent, provider=invoice.invoicer)
        made = self.party(root, "cac:AccountingCustomerParty/cac:Party", invoice.buyer)
        self.acting_for(made, agent=invoice.buyer_agent, provider=invoice.validator)
        self.payee(root, invoice)
        self.representative(root, invoice.tax_representative)
        self.delivery(root, invoice.delivery)
        means = invoice.payment_means
        if not means and (invoice.remittance_information is not None or invoice.payer is not None):
            means = (PaymentMeans(),)
        for number, way in enumerate(means):
            payer = invoice.payer if number == 0 else None
            self.payment_means(root, way, invoice, payer, is_credit_note=is_credit_note)
        add(root, "cac:PaymentTerms/cbc:Note", invoice.payment_terms)
        self.allowances(root, invoice.allowances, invoice.charges)
        self.taxes(root, invoice)
        self.totals(root, invoice)
        for line in invoice.lines:
            self.line(root, line, invoice.number, is_credit_note=is_credit_note)

    def amount(self, parent: Element, name: str, value: object) -> None:
        self.add(parent, name, value, currencyID=self.currency)  # type: ignore[arg-type]

    def preceding(self, parent: Element, cited: tuple[PrecedingInvoice, ...]) -> None:
        for cited_invoice in cited:
            made = self.under(self.under(parent, "cac:BillingReference"), "cac:InvoiceDocumentReference")
            self.add(made, "cbc:ID", cited_invoice.number)
            self.add(made, "cbc:IssueDate", cited_invoice.issue_date)
            self.add(made, "cbc:DocumentTypeCode", cited_invoice.type_code)

    def period(self, parent: Element, period: Period, code: str | None = None) -> None:
        made = self.under(parent, "cac:InvoicePeriod")
        self.add(made, "cbc:StartDate", period.start)
        self.add(made, "cbc:EndDate", period.end)
        self.add(made, "cbc:DescriptionCode", code)

    def references(self, root: Element, invoice: Invoice, *, is_credit_note: bool) -> None:
        add = self.add
        add(root, "cac:DespatchDocumentReference/cbc:ID", invoice.despatch_advice_reference)
        add(root, "cac:ReceiptDocumentReference/cbc:ID", invoice.receiving_advice_reference)
        contract = (invoice.contract_reference, invoice.contract_type)
        if is_credit_note:
            self.contract(root, *contract)
        else:
            add(root, "cac:OriginatorDocumentReference/cbc:ID", invoice.tender_reference)
            self.contract(root, *contract)
        objects = (*((invoice.invoiced_object,) if invoice.invoiced_object else ()), *invoice.other_invoiced_objects)
        for found in objects:
            made = self.under(root, "cac:AdditionalDocumentReference")
            self.identifier(made, "cbc:ID", found)
            add(made, "cbc:DocumentTypeCode", INVOICED_OBJECT)
        if is_credit_note and invoice.project_reference is not None:
            made = self.under(root, "cac:AdditionalDocumentReference")
            add(made, "cbc:ID", invoice.project_reference)
            add(made, "cbc:DocumentTypeCode", "50")
        for supporting in invoice.supporting_documents:
            self.supporting(root, supporting)
        if is_credit_note:
            add(root, "cac:OriginatorDocumentReference/cbc:ID", invoice.tender_reference)
        else:
            add(root, "cac:ProjectReference/cbc:ID", invoice.project_reference)

    def contract(self, root: Element, reference: str | None, kind: str | None) -> None:
        if reference is not None or kind is not None:
            made = self.under(root, "cac:ContractDocumentReference")
            self.add(made, "cbc:ID", reference or "")
            self.add(made, "cbc:DocumentType", kind)

    def supporting(self, root: Element, supporting: SupportingDocument) -> None:
        made = self.under(root, "cac:AdditionalDocumentReference")
        self.add(made, "cbc:ID", supporting.reference or "")
        if supporting.type_code not in (None, SUPPORTING):  # 916 is CII's way to say what UBL says by saying nothing
            self.add(made, "cbc:DocumentTypeCode", supporting.type_code)
        self.add(made, "cbc:DocumentDescription", supporting.description)
        if supporting.content is not None or supporting.location is not None:
            attachment = self.under(made, "cac:Attachment")
            self.add(
                attachment,
                "cbc:EmbeddedDocumentBinaryObject",
                supporting.content,
                mimeCode=supporting.mime_code,
                filename=supporting.filename,
            )
            self.add(attachment, "cac:ExternalReference/cbc:URI", supporting.location)

    def party(self, root: Element, name: str, party: Party | None, *, creditor: str | None = None) -> Element | None:
        if party is None:
            return None
        made = self.under(root, name)
        self.identifier(made, "cbc:EndpointID", party.electronic_address)
        self.identifications(made, party, creditor)
        self.add(made, "cac:PartyName/cbc:Name", party.trading_name)
        self.address(made, "cac:PostalAddress", party.address)
        self.tax_numbers(made, party)
        if party.name is not None or party.legal_registration is not None or party.legal_information is not None:
            entity = self.under(made, "cac:PartyLegalEntity")
            self.add(entity, "cbc:RegistrationName", party.name)
            self.identifier(entity, "cbc:CompanyID", party.legal_registration)
            self.add(entity, "cbc:CompanyLegalForm", party.legal_information)
        if party.contact is not None:
            contact = self.under(made, "cac:Contact")
            self.add(contact, "cbc:Name", party.contact.name or party.contact.department)
            self.add(contact, "cbc:Telephone", party.contact.telephone)
            self.add(contact, "cbc:ElectronicMail", party.contact.email)
        return made

    def acting_for(self, trader: Element | None, *, agent: Party | None, provider: Party | None) -> None:
        """Who acts for the seller or the buyer, inside whose party UBL writes them (EXT-FR-FE-BG-01 to 05)."""
        if trader is not None:
            self.party(trader, "cac:AgentParty", agent)
            self.party(trader, "cac:ServiceProviderParty/cac:Party", provider)

    def identifications(self, made: Element, party: Party, creditor: str | None) -> None:
        for found in party.identifiers:
            self.identifier(self.under(made, "cac:PartyIdentification"), "cbc:ID", found)
        if creditor is not None:
            self.add(self.under(made, "cac:PartyIdentification"), "cbc:ID", creditor, schemeID="SEPA")

    def tax_numbers(self, made: Element, party: Party) -> None:
        for number, scheme in ((party.vat_identifier, "VAT"), (party.tax_registration, "TAX")):
            if number is not None:
                row = self.under(made, "cac:PartyTaxScheme")
                self.add(row, "cbc:CompanyID", number)
                self.add(row, "cac:TaxScheme/cbc:ID", scheme)

    def address(self, parent: Element, name: str, address: Address | None) -> None:
        if address is None:
            return
        made = self.under(parent, name)
        self.add(made, "cbc:StreetName", address.line_1)
        self.add(made, "cbc:AdditionalStreetName", address.line_2)
        self.add(made, "cbc:CityName", address.city)
        self.add(made, "cbc:PostalZone", address.postcode)
        self.add(made, "cbc:CountrySubentity", address.subdivision)
        self.add(made, "cac:AddressLine/cbc:Line", address.line_3)
        self.add(made, "cac:Country/cbc:IdentificationCode", address.country)

    def payee(self, root: Element, invoice: Invoice) -> None:
        if invoice.payee is None:
            return
        made = self.under(root, "cac:PayeeParty")
        self.identifier(made, "cbc:EndpointID", invoice.payee.electronic_address)
        self.identifications(made, invoice.payee, invoice.creditor_identifier)
        self.add(made, "cac:PartyName/cbc:Name", invoice.payee.name)
        if invoice.payee.legal_registration is not None:
            self.identifier(self.under(made, "cac:PartyLegalEntity"), "cbc:CompanyID", invoice.payee.legal_registration)

    def representative(self, root: Element, party: Party | None) -> None:
        if party is None:
            return
        made = self.under(root, "cac:TaxRepresentativeParty")
        self.add(made, "cac:PartyName/cbc:Name", party.name)
        self.address(made, "cac:PostalAddress", party.address)
        self.tax_numbers(made, party)

    def delivery(self, root: Element, delivery: Delivery | None) -> None:
        if delivery is None:
            return
        made = self.under(root, "cac:Delivery")
        self.add(made, "cbc:ActualDeliveryDate", delivery.actual_date)
        if delivery.location is not None or delivery.address is not None:
            place = self.under(made, "cac:DeliveryLocation")
            self.identifier(place, "cbc:ID", delivery.location)
            self.address(place, "cac:Address", delivery.address)
        if delivery.name is not None or delivery.legal_registration is not None:
            party = self.under(made, "cac:DeliveryParty")
            self.add(party, "cac:PartyName/cbc:Name", delivery.name)
            if delivery.legal_registration is not None:
                self.identifier(self.under(party, "cac:PartyLegalEntity"), "cbc:CompanyID", delivery.legal_registration)

    def payment_means(
        self, root: Element, means: PaymentMeans, invoice: Invoice, payer: Party | None, *, is_credit_note: bool
    ) -> None:
        made = self.under(root, "cac:PaymentMeans")
        code = "" if means.code is None and means.text is not None else means.code
        self.add(made, "cbc:PaymentMeansCode", code, name=means.text)
        if is_credit_note:
            self.add(made, "cbc:PaymentDueDate", invoice.due_date)
        self.add(made, "cbc:PaymentID", invoice.remittance_information)
        if means.card is not None:
            card = self.under(made, "cac:CardAccount")
            self.add(card, "cbc:PrimaryAccountNumberID", means.card.number or "")
            self.add(card, "cbc:NetworkID", NETWORK)
            self.add(card, "cbc:HolderName", means.card.holder)
        if means.credit_transfer is not None:
            account = self.under(made, "cac:PayeeFinancialAccount")
            self.add(account, "cbc:ID", means.credit_transfer.account)
            self.add(account, "cbc:Name", means.credit_transfer.account_name)
            self.add(account, "cac:FinancialInstitutionBranch/cbc:ID", means.credit_transfer.service_provider)
        debit = means.direct_debit
        if debit is not None or payer is not None:
            mandate = self.under(made, "cac:PaymentMandate")
            self.add(mandate, "cbc:ID", debit.mandate if debit is not None else None)
            self.party(mandate, "cac:PayerParty", payer)
            self.add(mandate, "cac:PayerFinancialAccount/cbc:ID", debit.debited_account if debit is not None else None)

    def allowances(
        self, parent: Element, allowances: tuple[AllowanceCharge, ...], charges: tuple[AllowanceCharge, ...]
    ) -> None:
        for group, is_charge in ((allowances, False), (charges, True)):
            for charge in group:
                made = self.under(parent, "cac:AllowanceCharge")
                self.add(made, "cbc:ChargeIndicator", is_charge)
                self.add(made, "cbc:AllowanceChargeReasonCode", charge.reason_code)
                self.add(made, "cbc:AllowanceChargeReason", charge.reason)
                self.add(made, "cbc:MultiplierFactorNumeric", charge.percentage)
                self.amount(made, "cbc:Amount", charge.amount)
                self.amount(made, "cbc:BaseAmount", charge.base_amount)
                self.category(made, "cac:TaxCategory", charge.vat)

    def category(self, parent: Element, name: str, vat: VatCategory | None) -> None:
        if vat is None:
            return
        made = self.under(parent, name)
        self.add(made, "cbc:ID", vat.code)
        self.add(made, "cbc:Percent", vat.rate)
        self.add(made, "cbc:TaxExemptionReasonCode", vat.exemption_reason_code)
        self.add(made, "cbc:TaxExemptionReason", vat.exemption_reason)
        if vat.tax_type is not None:
            self.add(made, "cac:TaxScheme/cbc:ID", vat.tax_type)
        else:
            self.under(made, "cac:TaxScheme")

    def taxes(self, root: Element, invoice: Invoice) -> None:
        """One total for each currency; the breakdown goes with the invoice's own, or with the first."""
        totals = invoice.tax_totals
        own = next((n for n, total in enumerate(totals) if total.rows), None)
        if own is None:
            own = next((n for n, total in enumerate(totals) if total.currency in (invoice.currency, None)), 0)
        if not totals and invoice.vat_breakdown:
            self.breakdown(self.under(root, "cac:TaxTotal"), invoice)
        for number, total in enumerate(totals):
            made = self.under(root, "cac:TaxTotal")
            # The schema demands the currency; a total without one counts as the invoice's (`Invoice.tax_amount`).
            self.add(made, "cbc:TaxAmount", total.amount, currencyID=total.currency or invoice.currency)
            if number == own:
                self.breakdown(made, invoice)

    def breakdown(self, total: Element, invoice: Invoice) -> None:
        for row in invoice.vat_breakdown:
            made = self.under(total, "cac:TaxSubtotal")
            self.amount(made, "cbc:TaxableAmount", row.taxable_amount)
            self.amount(made, "cbc:TaxAmount", row.tax_amount)
            self.category(made, "cac:TaxCategory", row.category)

    def totals(self, root: Element, invoice: Invoice) -> None:
        totals = invoice.totals
        if totals is None:
            return
        made = self.under(root, "cac:LegalMonetaryTotal")
        for name, value in (
            ("LineExtensionAmount", totals.line_extension_amount),
            ("TaxExclusiveAmount", totals.tax_exclusive_amount),
            ("TaxInclusiveAmount", totals.tax_inclusive_amount),
            ("AllowanceTotalAmount", totals.allowance_total_amount),
            ("ChargeTotalAmount", totals.charge_total_amount),
            ("PrepaidAmount", totals.prepaid_amount),
            ("PayableRoundingAmount", totals.rounding_amount),
            ("PayableAmount", totals.payable_amount),
        ):
            self.amount(made, f"cbc:{name}", value)

    def line(self, root: Element, line: Line, invoice_number: str | None, *, is_credit_note: bool) -> None:
        made = self.under(root, "cac:CreditNoteLine" if is_credit_note else "cac:InvoiceLine")
        self.add(made, "cbc:ID", line.identifier if line.identifier is not None else "")
        self.add(made, "cbc:Note", line.note)
        quantity = "cbc:CreditedQuantity" if is_credit_note else "cbc:InvoicedQuantity"
        self.add(made, quantity, line.quantity, unitCode=line.unit)
        self.amount(made, "cbc:LineExtensionAmount", line.net_amount)
        self.add(made, "cbc:AccountingCost", line.buyer_accounting_reference)
        if line.period is not None:
            self.period(made, line.period)
        self.add(made, "cac:OrderLineReference/cbc:LineID", line.order_line_reference)
        self.role(made, line, invoice_number)
        self.preceding(made, line.preceding_invoices)
        for found in (*((line.object_identifier,) if line.object_identifier else ()), *line.other_object_identifiers):
            cited = self.under(made, "cac:DocumentReference")
            self.identifier(cited, "cbc:ID", found)
            self.add(cited, "cbc:DocumentTypeCode", INVOICED_OBJECT)
        self.delivery(made, line.delivery)
        if not is_credit_note:
            self.allowances(made, line.allowances, line.charges)
        for tax in line.tax_totals:
            self.add(self.under(made, "cac:TaxTotal"), "cbc:TaxAmount", tax.amount, currencyID=tax.currency)
        if is_credit_note:
            self.allowances(made, line.allowances, line.charges)
        if line.item is not None or line.vat is not None or line.seller is not None:
            item = self.item(made, line.item or Item(), line.vat)
            self.party(item, "cac:ManufacturerParty", line.seller)
        price = line.price
        if price is not None:
            row = self.under(made, "cac:Price")
            self.amount(row, "cbc:PriceAmount", price.net)
            self.add(row, "cbc:BaseQuantity", price.base_quantity, unitCode=price.base_quantity_unit)
            if price.discount is not None or price.gross is not None:
                discount = self.under(row, "cac:AllowanceCharge")
                self.add(discount, "cbc:ChargeIndicator", value=False)
                self.amount(discount, "cbc:Amount", price.discount)
                self.amount(discount, "cbc:BaseAmount", price.gross)

    def role(self, made: Element, line: Line, invoice_number: str | None) -> None:
        """By citing its own invoice a line says what it is and which line it details (EXT-FR-FE-162, 163)."""
        if line.status_reason_code is None and line.parent is None:
            return
        reference = self.under(made, "cac:BillingReference")
        cited = self.under(reference, "cac:InvoiceDocumentReference")
        self.add(cited, "cbc:ID", invoice_number or "")
        self.add(cited, "cbc:DocumentStatusCode", line.status_reason_code)
        self.add(reference, "cac:BillingReferenceLine/cbc:ID", line.parent)

    def item(self, parent: Element, item: Item, vat: VatCategory | None) -> Element:
        made = self.under(parent, "cac:Item")
        self.add(made, "cbc:Description", item.description)
        self.add(made, "cbc:Name", item.name)
        self.add(made, "cac:BuyersItemIdentification/cbc:ID", item.buyer_identifier)
        self.add(made, "cac:SellersItemIdentification/cbc:ID", item.seller_identifier)
        if item.standard_identifier is not None:
            self.identifier(self.under(made, "cac:StandardItemIdentification"), "cbc:ID", item.standard_identifier)
        self.add(made, "cac:OriginCountry/cbc:IdentificationCode", item.origin_country)
        for found in item.classifications:
            self.add(
                self.under(made, "cac:CommodityClassification"),
                "cbc:ItemClassificationCode",
                found.code or "",
                listID=found.list_id,
                listVersionID=found.version,
            )
        self.category(made, "cac:ClassifiedTaxCategory", vat)
        for attribute in item.attributes:
            row = self.under(made, "cac:AdditionalItemProperty")
            self.add(row, "cbc:Name", attribute.name)
            self.add(row, "cbc:NameCode", attribute.type_code)
            self.add(row, "cbc:Value", attribute.value)
            self.add(row, "cbc:ValueQuantity", attribute.measure, unitCode=attribute.measure_unit)
        return made
