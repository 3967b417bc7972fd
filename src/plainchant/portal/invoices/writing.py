"""What several operations write: the columns of a draft, a document. They ask nobody who may: operations do, before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from plainchant.portal.accounts.models import User
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Service, Structure

from .errors import StatusHasChanged
from .lifecycle import Status
from .listed import listed_columns
from .models import Invoice, InvoiceFile

DRAFT_COLUMNS = frozenset(
    {
        "buyer", "buyer_service", "bank_account", "number", "type_code", "issue_date", "currency",
        "billing_framework", "vat_regime", "commitment", "contract", "preceding_number", "tax_exclusive_amount",
        "tax_amount", "tax_inclusive_amount", "payable_amount", "comment", "validator",
        "moe", "moa",
    }
)  # fmt: skip

DraftValue = str | Decimal | Structure | Service | Any


def write_draft(*, invoice: Invoice, values: Mapping[str, DraftValue], at: datetime) -> None:
    """Write columns of a draft. Raises StatusHasChanged if it has been sent or deleted meanwhile.

    To be called in a transaction. ``invoice`` is brought up to date.
    """
    refuse_unknown(values)
    columns = listed_columns(invoice, values)
    changed = Invoice.objects.filter(pk=invoice.pk, status=Status.DRAFT).update(updated_at=at, **columns)
    invoice.refresh_from_db(from_queryset=Invoice.objects.select_related("seller"))
    if not changed:
        raise StatusHasChanged(status=Status(invoice.status))


def refuse_unknown(values: Mapping[str, DraftValue]) -> None:
    """ValueError for what is no column of a draft."""
    unknown = set(values) - DRAFT_COLUMNS
    if unknown:
        raise ValueError(f"not columns of a draft: {sorted(unknown)}")


def write_file(
    *,
    invoice: Invoice,
    stored: StoredFile,
    role: InvoiceFile.Role,
    name: str,
    user: User,
    at: datetime,
    designation: str = "",
    legible: StoredFile | None = None,
) -> InvoiceFile:
    """Attach a stored document to an invoice, with the PDF that shows it if it is none. In a transaction."""
    if invoice.updated_at != at:  # a draft looked at before is no longer this one
        Invoice.objects.filter(pk=invoice.pk).update(updated_at=at)
    return InvoiceFile.objects.create(
        invoice=invoice,
        stored=stored,
        legible=legible,
        role=role,
        name=name[:200],
        designation=designation[:100],
        added_at=at,
        added_by=user,
    )
