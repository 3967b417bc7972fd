"""The canonical invoice (BG-0): what every syntax is read into, every rule is run on, every page is drawn from.

A term that is absent is None; one that is written but empty is "". Rules say what is missing, the model does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .allowance import AllowanceCharge
from .delivery import Delivery
from .group import Group
from .line import Line, Period
from .party import Identifier, Party
from .payment import PaymentMeans
from .reference import PrecedingInvoice
from .vat import TaxTotal, VatBreakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Group):
    """BG-1."""

    subject_code: str | None = None  # BT-21, UNTDID 4451
    text: str | None = None  # BT-22


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Group):
    """BG-22. The two totals of VAT (BT-110, BT-111) are in ``Invoice.tax_totals``: their currency tells them apart."""

    line_extension_amount: Decimal | None = None  # BT-106
    allowance_total_amount: Decimal | None = None  # BT-107
    charge_total_amount: Decimal | None = None  # BT-108
    tax_exclusive_amount: Decimal | None = None  # BT-109
    tax_inclusive_amount: Decimal | None = None  # BT-112
    prepaid_amount: Decimal | None = None  # BT-113
    rounding_amount: Decimal | None = None  # BT-114
    payable_amount: Decimal | None = None  # BT-115


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingDocument(Group):
    """BG-24."""

    reference: str | None = None  # BT-122
    description: str | None = None  # BT-123
    location: str | None = None  # BT-124
    type_code: str | None = None  # UNTDID 1001 as written in CII (916)
    content: str | None = None  # BT-125, base64 as written
    mime_code: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Group):
    """BG-0."""

    specification: str | None = None  # BT-24
    business_process: str | None = None  # BT-23, Chorus Pro's cadre de facturation
    number: str | None = None  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str | None = None  # BT-3, UNTDID 1001
    currency: str | None = None  # BT-5, ISO 4217
    accounting_currency: str | None = None  # BT-6
    tax_point_date: date | None = None  # BT-7
    tax_point_date_code: str | None = None  # BT-8, UNTDID 2005 (3, 35, 432); readers translate CII's 5, 29, 72
    due_date: date | None = None  # BT-9
    buyer_reference: str | None = None  # BT-10, Chorus Pro's code service
    project_reference: str | None = None  # BT-11
    contract_reference: str | None = None  # BT-12, numéro de marché
    contract_type: str | None = None  # EXT-FR-FE-01, UNTDID 1153 (the public sector still says MARCHE, CONTRAT)
    purchase_order_reference: str | None = None  # BT-13, numéro d'engagement
    sales_order_reference: str | None = None  # BT-14
    receiving_advice_reference: str | None = None  # BT-15
    despatch_advice_reference: str | None = None  # BT-16
    tender_reference: str | None = None  # BT-17
    invoiced_object: Identifier | None = None  # BT-18
    other_invoiced_objects: tuple[Identifier, ...] = ()  # BT-18 again, after the first: EXTENDED-CTC-FR (AFL, AVV)
    buyer_accounting_reference: str | None = None  # BT-19
    payment_terms: str | None = None  # BT-20
    notes: tuple[Note, ...] = ()  # BG-1
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()  # BG-3
    seller: Party | None = None  # BG-4
    buyer: Party | None = None  # BG-7
    payee: Party | None = None  # BG-10
    tax_representative: Party | None = None  # BG-11
    validator: Party | None = None  # Chorus Pro's valideur; the invoicee, EXT-FR-FE-BG-04 (CII InvoiceeTradeParty)
    buyer_agent: Party | None = None  # EXT-FR-FE-BG-01 (CII BuyerAgentTradeParty)
    payer: Party | None = None  # EXT-FR-FE-BG-02, who pays if not the buyer (CII PayerTradeParty)
    seller_agent: Party | None = None  # EXT-FR-FE-BG-03 (CII SalesAgentTradeParty)
    invoicer: Party | None = None  # EXT-FR-FE-BG-05, who draws up the invoice (CII InvoicerTradeParty)
    seller_service_code: str | None = None  # Chorus Pro: the supplier's own service (CII InvoiceIssuerReference)
    delivery: Delivery | None = None  # BG-13
    period: Period | None = None  # BG-14
    payment_means: tuple[PaymentMeans, ...] = ()  # BG-16
    remittance_information: str | None = None  # BT-83
    creditor_identifier: str | None = None  # BT-90
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-20
    charges: tuple[AllowanceCharge, ...] = ()  # BG-21
    totals: Totals | None = None  # BG-22
    tax_totals: tuple[TaxTotal, ...] = ()  # BT-110, BT-111
    vat_breakdown: tuple[VatBreakdown, ...] = ()  # BG-23
    supporting_documents: tuple[SupportingDocument, ...] = ()  # BG-24
    lines: tuple[Line, ...] = ()  # BG-25

    @property
    def tax_amount(self) -> Decimal | None:
        """BT-110: the total of VAT in the invoice's currency (a total without a currency counts as such)."""
        return next((t.amount for t in self.tax_totals if t.currency in (self.currency, None)), None)
