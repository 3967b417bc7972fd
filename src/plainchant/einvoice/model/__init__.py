"""What an invoice is: frozen dataclasses in the terms of EN 16931, one noun a file."""

from .allowance import AllowanceCharge
from .delivery import Delivery
from .group import Group
from .header import Header, HeaderParty
from .invoice import Invoice, Note, SupportingDocument, Totals
from .line import Classification, Item, ItemAttribute, Line, Period, Price
from .party import Address, Contact, Identifier, Party
from .payment import CreditTransfer, DirectDebit, PaymentCard, PaymentMeans
from .reference import PrecedingInvoice
from .vat import TaxTotal, VatBreakdown, VatCategory

__all__ = [
    "Address",
    "AllowanceCharge",
    "Classification",
    "Contact",
    "CreditTransfer",
    "Delivery",
    "DirectDebit",
    "Group",
    "Header",
    "HeaderParty",
    "Identifier",
    "Invoice",
    "Item",
    "ItemAttribute",
    "Line",
    "Note",
    "Party",
    "PaymentCard",
    "PaymentMeans",
    "Period",
    "PrecedingInvoice",
    "Price",
    "SupportingDocument",
    "TaxTotal",
    "Totals",
    "VatBreakdown",
    "VatCategory",
]
