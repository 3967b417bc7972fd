"""An invoice as Chorus Pro hands it on to its recipient: CPPFacturePivot, with its documents inside.

Made from what was frozen when it was sent, as a recycling corrected it: header, routing and totals. What its lines say
stands in the documents: in the page that people read, and in the data that it came as.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from plainchant.einvoice.chorus import placements
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF
from plainchant.einvoice.codes.payment_means import TRANSFER
from plainchant.einvoice.model import (
    Address,
    CreditTransfer,
    Delivery,
    Header,
    HeaderParty,
    Identifier,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    SupportingDocument,
    Totals,
)
from plainchant.einvoice.model import Invoice as Whole
from plainchant.einvoice.syntaxes.pivot.write import Mode, write_all
from plainchant.einvoice.syntaxes.reduced import READABLE
from plainchant.portal.lib.archives import safe_name
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.shapes import from_json

from .models import DepositMode, Invoice

_MODES: dict[str, Mode] = {
    DepositMode.PDF: "PDF",
    DepositMode.ENTRY: "saisie",
    DepositMode.PDF_BY_PROGRAM: "PDF",
    DepositMode.ENTRY_BY_PROGRAM: "saisie",
    DepositMode.FLOW: "flux",
    DepositMode.FLOW_BY_PROGRAM: "flux",
}


def pivot_of(*, invoice: Invoice, page: StoredFile | None, others: Sequence[StoredFile] = (), at: datetime) -> bytes:
    """The pivot of a sent invoice. ``page``: what people read, None to try without any document.

    Raises FormError when it lacks what the form cannot do without; StoreAway.
    """
    whole = _with_documents(invoice, page, others)
    return write_all(
        [(whole, placements(whole))],
        at=invoice.deposited_at or at,
        mode=_MODES[invoice.deposit_mode],
        readable=None if page else b"%PDF-",
    )


def pivot_of_several(*, invoices: Sequence[tuple[Invoice, StoredFile, Sequence[StoredFile]]], at: datetime) -> bytes:
    """One pivot of sent invoices, each with what people read and its other documents. Raises as `pivot_of` does."""
    wholes = [_with_documents(*each) for each in invoices]
    modes = {_MODES[invoice.deposit_mode] for invoice, _, _ in invoices}
    mode = modes.pop() if len(modes) == 1 else "flux"
    return write_all([(whole, placements(whole)) for whole in wholes], at=at, mode=mode)


def _with_documents(invoice: Invoice, page: StoredFile | None, others: Sequence[StoredFile]) -> Whole:
    documents = [_document(stored) for stored in others]
    if page is not None:
        documents.insert(0, _document(page, READABLE))
    return replace(_whole(from_json(Header, invoice.document or {})), supporting_documents=tuple(documents))


def _whole(header: Header) -> Whole:
    transfer = CreditTransfer(account=header.payment_account, service_provider=header.payment_bic or None)
    return Whole(
        number=header.number,
        issue_date=header.issue_date,
        type_code=header.type_code,
        currency=header.currency,
        business_process=header.billing_framework,
        purchase_order_reference=header.purchase_order_reference or None,
        contract_reference=header.contract_reference or None,
        buyer_reference=header.buyer.service_code or None,
        preceding_invoices=(PrecedingInvoice(number=header.preceding_invoice),) if header.preceding_invoice else (),
        delivery=Delivery(actual_date=header.delivery_date) if header.delivery_date else None,
        seller=_party(header.seller),
        buyer=_party(header.buyer),
        payment_means=(PaymentMeans(code=TRANSFER, credit_transfer=transfer),) if header.payment_account else (),
        totals=Totals(
            tax_exclusive_amount=header.tax_exclusive_amount,
            tax_inclusive_amount=header.tax_inclusive_amount,
            payable_amount=header.payable_amount,
        ),
    )


def _party(party: HeaderParty) -> Party:
    kind = IDENTIFIER_TYPE_OF.get(party.identifier_scheme)
    return Party(
        name=party.name,
        legal_registration=Identifier(party.identifier, kind.scheme if kind else None),
        address=Address(country=party.country or None),
    )


def _document(stored: StoredFile, description: str | None = None) -> SupportingDocument:
    return SupportingDocument(
        reference=safe_name(stored.name),
        description=description,
        content=base64.b64encode(read_bytes(stored=stored)).decode(),
        mime_code=stored.media_type,
        filename=safe_name(stored.name),
    )
