"""What people read of an invoice: the document it came with, or the page drawn of one that came as data alone."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.operations import add_file
from plainchant.portal.store.operations import discard, store
from plainchant.portal.store.queries import local_file
from plainchant.reader.flows import page_of

from .models import FlowInvoice


def document_of(*, invoice: Invoice, at: datetime) -> InvoiceFile | None:
    """The invoice's principal document, drawn and kept the first time it is asked for. Raises ReaderFailed.

    The same data always give the same page: it loses nothing by waiting. None if there is nothing to draw.
    """
    found = _principal(invoice)
    result = FlowInvoice.objects.filter(invoice=invoice).first() if found is None else None
    data = InvoiceFile.objects.filter(invoice=invoice, stored__media_type=DATA).select_related("stored").first()
    if found is not None or result is None or data is None:
        return found
    page = page_of(document=local_file(stored=data.stored), part=result.part)
    name = f"{data.name.rpartition('.')[0]}.pdf"
    stored = store(file=ContentFile(page), name=name, media_type="application/pdf", at=at)
    try:
        with transaction.atomic():
            return add_file(
                invoice=invoice,
                stored=stored,
                role=InvoiceFile.Role.INVOICE,
                name=name,
                user=invoice.created_by,
                at=at,
            )
    except IntegrityError:  # somebody else asked at the same moment: theirs is the same page
        discard(stored=stored, at=at)
        return _principal(invoice)


DATA = "application/xml"  # what a flow's reader calls the data as they were sent


def _principal(invoice: Invoice) -> InvoiceFile | None:
    files = InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.INVOICE)
    return files.select_related("stored", "legible").first()
