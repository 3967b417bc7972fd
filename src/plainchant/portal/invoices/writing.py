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
from .models import Invoice, InvoiceFile

DRAFT_COLUMNS = frozenset(
    {
        "buyer", "buyer_service", "bank_account", "number", "type_code", "issue_date", "currency",
        "billing_framework", "vat_regime", "commitment", "contract", "preceding_number", "tax_exclusive_amount",
        "tax_amount", "tax_inclusive_amount", "payable_amount", "comment",
    }
)  # fmt: skip

DraftValue = str | Decimal | Structure | Service | Any


def write_draft(
    *, invoice: Invoice, typed: Mapping[str, str], values: Mapping[str, DraftValue], at: datetime
) -> Invoice:
    """What `operations.save_draft` says. To be called in a transaction."""
    unknown = set(values) - DRAFT_COLUMNS
    if unknown:
        raise ValueError(f"not columns of a draft: {sorted(unknown)}")
    invoice.refresh_from_db()
    is_known = invoice.typed == dict(typed) and all(getattr(invoice, name) == values[name] for name in values)
    if is_known and invoice.status == Status.DRAFT:
        return invoice
    changed = Invoice.objects.filter(pk=invoice.pk, status=Status.DRAFT).update(
        typed=dict(typed), updated_at=at, **values
    )
    invoice.refresh_from_db()
    if not changed:
        raise StatusHasChanged(status=Status(invoice.status))
    return invoice


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
    """What `operations.add_file` says. To be called in a transaction."""
    Invoice.objects.filter(pk=invoice.pk).update(updated_at=at)  # a draft looked at before is no longer this one
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
