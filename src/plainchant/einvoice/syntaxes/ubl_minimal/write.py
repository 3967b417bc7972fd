"""The model as Chorus Pro's UBL minimal form: an Invoice always, even for a credit note (type 381)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from plainchant.einvoice.chorus import ChorusData, Datum, placements
from plainchant.einvoice.model import Address, Invoice, Party, PaymentMeans, Period, TaxTotal
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.reduced import ZIP, enclosed
from plainchant.einvoice.syntaxes.ubl.binding import CHANNEL
from plainchant.einvoice.syntaxes.writing import Value, Writer, document, wanted

from .read import NAMESPACES, VAT

SIRET = "1"


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """A file of one invoice. ``readable``: the PDF people read, for one that carries no such document.

    Raises FormError when it lacks what the form cannot do without. Lines are left out: the document has them.
    """
    data = chorus or placements(invoice)
    writer = _Minimal({name: NAMESPACES[name] for name in ("ubl", "cac", "cbc", "ext")}, default="ubl")
    root = writer.root("ubl:Invoice")
    writer.currency = invoice.currency
    writer.invoice(root, invoice, data, readable)
    return document(root)


def _between(invoice: Invoice) -> Decimal | None:
    """The VAT that the totals leave for it."""
    net = invoice.totals.tax_exclusive_amount if invoice.totals else None
    gross = invoice.totals.tax_inclusive_amount if invoice.totals else None
    return gross - net if gross is not None and net is not None else None


class _Minimal(Writer):
    currency: str | None = None

    def invoice(self, root: Element, invoice: Invoice, data: ChorusData, readable: bytes | None) -> None:
        add = self.add
        wanted(invoice.number, "son numéro")
        wanted(invoice.issue_date, "sa date")
        wanted(invoice.type_code, "son type (380 pour une facture, 381 pour un avoir)")
        wanted(data.seller, "l’identifiant du fournisseur")
        wanted(data.buyer, "le SIRET du destinataire")
        wanted(invoice.totals and invoice.totals.payable_amount is not None, "le montant à payer")
        add(root, "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/ubl:CategoryCode", data.cadre_code)
        add(root, "cbc:UBLVersionID", "2.1")
        add(root, "cbc:ID", invoice.number)
        add(root, "cbc:IssueDate", invoice.issue_date)
        add(root, "cbc:InvoiceTypeCode", invoice.type_code)
        for note in invoice.notes:
            add(root, "cbc:Note", f"#{note.subject_code}#{note.text or ''}" if note.subject_code else note.text)
        add(root, "cbc:DocumentCurrencyCode", invoice.currency)
        self.period(root, invoice.period)
        add(root, "cac:OrderReference/cbc:ID", data.commitment.value if data.commitment else None)
        for preceding in invoice.preceding_invoices:
            cited = self.under(self.under(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
            add(cited, "cbc:ID", preceding.number or "")
            add(cited, "cbc:IssueDate", preceding.issue_date)
        if data.contract is not None:
            contract = self.under(root, "cac:ContractDocumentReference")
            add(contract, "cbc:ID", data.contract.value)
            add(contract, "cbc:DocumentType", invoice.contract_type)
        self.documents(root, invoice, readable)
        self.seller(self.under(root, "cac:AccountingSupplierParty"), invoice.seller or Party(), data)
        self.buyer(self.under(root, "cac:AccountingCustomerParty"), invoice.buyer or Party(), data)
        for means in invoice.payment_means:
            self.payment_means(root, means, invoice)
        self.taxes(root, invoice)
        self.totals(root, invoice)
        self.no_line(root)

    def amount(self, parent: Element, name: str, value: Value, currency: str | None = None) -> None:
        self.add(parent, name, value, currencyID=currency or self.currency or "EUR")

    def period(self, root: Element, period: Period | None) -> None:
        if period is not None:
            made = self.under(root, "cac:InvoicePeriod")
            self.add(made, "cbc:StartDate", period.start)
            self.add(made, "cbc:EndDate", period.end)

    def documents(self, root: Element, invoice: Invoice, readable: bytes | None) -> None:
        for enclosure in enclosed(invoice, readable=readable):
            made = self.under(root, "cac:AdditionalDocumentReference")
            self.add(made, "cbc:ID", enclosure.name)
            self.add(made, "cbc:DocumentTypeCode", enclosure.mime_code)
            self.add(made, "cbc:DocumentType", enclosure.type_code)
            self.add(made, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject", enclosure.content, mimeCode=ZIP)

    def identification(self, party: Element, datum: Datum | None, kind: str) -> None:
        if datum is not None:
            self.add(party, "cac:PartyIdentification/cbc:ID", datum.value, schemeName=kind or None)

    def seller(self, parent: Element, party: Party, data: ChorusData) -> None:
        made = self.under(parent, "cac:Party")
        self.identification(made, data.seller, data.seller_type)
        self.add(made, "cac:PartyName/cbc:Name", party.trading_name)
        self.tax_number(made, party)
        self.entity(made, party)

    def buyer(self, parent: Element, party: Party, data: ChorusData) -> None:
        made = self.under(parent, "cac:Party")
        self.identification(made, data.buyer, SIRET)
        self.add(made, "cac:PartyName/cbc:Name", party.trading_name)
        self.tax_number(made, party)
        self.entity(made, party)
        name = party.contact.department if party.contact else None
        if data.buyer_service is not None or name is not None:
            service = self.under(parent, "cac:AccountingContact")
            self.add(service, "cbc:ID", data.buyer_service.value if data.buyer_service else None)
            self.add(service, "cbc:Name", name)

    def tax_number(self, made: Element, party: Party) -> None:
        if party.vat_identifier is not None:
            row = self.under(made, "cac:PartyTaxScheme")
            self.add(row, "cbc:CompanyID", party.vat_identifier)
            self.add(row, "cac:TaxScheme/cbc:ID", "VAT")

    def entity(self, made: Element, party: Party) -> None:
        """The name, and the address where this form has it; a French supplier needs but its country."""
        if party.name is None and party.address is None:
            return
        entity = self.under(made, "cac:PartyLegalEntity")
        self.add(entity, "cbc:RegistrationName", party.name)
        self.address(entity, party.address)

    def address(self, entity: Element, address: Address | None) -> None:
        if address is None:
            return
        made = self.under(entity, "cac:RegistrationAddress")
        self.add(made, "cbc:StreetName", address.line_1)
        self.add(made, "cbc:AdditionalStreetName", address.line_2)
        self.add(made, "cbc:CityName", address.city)
        self.add(made, "cbc:PostalZone", address.postcode)
        self.add(made, "cbc:CountrySubentity", address.subdivision)
        self.add(made, "cac:AddressLine/cbc:Line", address.line_3)
        self.add(made, "cac:Country/cbc:IdentificationCode", address.country)

    def payment_means(self, root: Element, means: PaymentMeans, invoice: Invoice) -> None:
        made = self.under(root, "cac:PaymentMeans")
        self.add(made, "cbc:PaymentMeansCode", means.code or "", name=means.text)
        self.add(made, "cbc:PaymentDueDate", invoice.due_date)
        transfer = means.credit_transfer
        if transfer is not None:
            if transfer.account is not None and not transfer.is_proprietary:
                self.add(made, "cbc:PaymentChannelCode", CHANNEL)
            account = self.under(made, "cac:PayeeFinancialAccount")
            self.add(account, "cbc:ID", transfer.account)
            self.add(account, "cbc:Name", transfer.account_name)
            self.add(account, "cac:FinancialInstitutionBranch/cbc:ID", transfer.service_provider)

    def taxes(self, root: Element, invoice: Invoice) -> None:
        """A TaxTotal has an amount since V4.20: where only a breakdown is given, what is between the two totals."""
        totals = [total for total in invoice.tax_totals if total.amount is not None]
        if not totals and invoice.vat_breakdown:
            wanted(_between(invoice) is not None, "le total de la TVA")
            totals = [TaxTotal(amount=_between(invoice))]
        for number, total in enumerate(totals):
            made = self.under(root, "cac:TaxTotal")
            self.amount(made, "cbc:TaxAmount", total.amount, total.currency)
            for row in invoice.vat_breakdown if number == 0 else ():
                rate = self.under(made, "cac:TaxSubtotal")
                self.amount(rate, "cbc:TaxableAmount", row.taxable_amount)
                self.amount(rate, "cbc:TaxAmount", row.tax_amount)
                self.add(rate, "cbc:Percent", row.category.rate if row.category else None)
                self.add(rate, "cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode", VAT)

    def totals(self, root: Element, invoice: Invoice) -> None:
        totals = invoice.totals
        if totals is not None:
            made = self.under(root, "cac:LegalMonetaryTotal")
            self.amount(made, "cbc:TaxExclusiveAmount", totals.tax_exclusive_amount)
            self.amount(made, "cbc:TaxInclusiveAmount", totals.tax_inclusive_amount)
            self.amount(made, "cbc:PayableAmount", totals.payable_amount)

    def no_line(self, root: Element) -> None:
        """The schema wants a line; the form says there is nothing to read in it."""
        made = self.under(root, "cac:InvoiceLine")
        self.add(made, "cbc:ID", "1")
        self.add(made, "cbc:InvoicedQuantity", "0", unitCode="EA")
        self.amount(made, "cbc:LineExtensionAmount", "0")
        item = self.under(made, "cac:Item")
        self.add(item, "cac:StandardItemIdentification/cbc:ID", "0000")
        tax = self.under(item, "cac:ClassifiedTaxCategory")
        self.add(tax, "cbc:Percent", "0")
        self.add(tax, "cac:TaxScheme/cbc:TaxTypeCode", VAT)
        self.amount(made, "cac:Price/cbc:PriceAmount", "0")
