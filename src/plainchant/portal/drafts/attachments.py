"""The documents that go with an invoice: from one's computer or one's shelf, to any draft; and off it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.invoices.writing import write_file
from plainchant.portal.lib.errors import Refused
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.queries import offered
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register

from .models import Draft
from .uploads import Upload, check_attachment


class PieceGone(Refused):
    """A document of a shelf that this invoice cannot have (any more)."""

    code = "piece_gone"


def attach(*, draft: Draft, upload: Upload, actor: Actor, at: datetime) -> InvoiceFile:
    """Add a document to a draft. Raises NotAllowed, UploadRefused, StatusHasChanged."""
    invoice = draft.invoice
    require(actor, PREPARE_INVOICE, invoice)
    refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(upload.name, upload.size)])
    stored = keep_attachment(upload=upload, at=at)
    with transaction.atomic():
        # Again, under the lock: while the bytes were written the draft may have been sent, or received the same file.
        _lock(invoice)
        refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(upload.name, upload.size)])
        register(kept=[stored])
        return _add(draft, stored, name=upload.name, designation="", actor=actor, at=at)


def attach_from_library(*, draft: Draft, file: LibraryFile, actor: Actor, at: datetime) -> InvoiceFile:
    """Add a document of this person's shelf, or of the supplier's, to a draft: the same bytes, kept by both.

    A document that no longer holds may be joined: the page warns. Raises NotAllowed, UploadRefused,
    StatusHasChanged, PieceGone.
    """
    require(actor, PREPARE_INVOICE, draft.invoice)
    with transaction.atomic():
        invoice = draft.invoice
        _lock(invoice)
        # Held until the invoice names its bytes, so that nobody lets them go meanwhile.
        kept = LibraryFile.objects.select_for_update().filter(pk=file.pk).first()
        if kept is None or not offered(actor=actor, seller=invoice.seller).filter(pk=kept.pk).exists():
            raise PieceGone(
                f"La pièce « {file.name} » a été retirée, ou n’est plus à votre portée. Joignez le fichier lui-même.",
                field="attachments",
            )
        refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(kept.name, kept.stored.size)])
        return _add(draft, kept.stored, name=kept.name, designation=kept.type.label, actor=actor, at=at)


@transaction.atomic
def detach(*, file: InvoiceFile, actor: Actor, at: datetime) -> None:
    """Take a document off a draft. Raises NotAllowed, StatusHasChanged (it was sent)."""
    invoices.remove_file(file=file, actor=actor, at=at)
    _count(file.invoice_id)


def refuse_unless(*, invoice: Invoice, status: Status, named: Sequence[tuple[str, int]]) -> None:
    """Look at all of the files before any is kept: half a set of documents helps nobody."""
    if invoice.status != status:
        raise StatusHasChanged(status=Status(invoice.status))
    others = list(InvoiceFile.objects.filter(invoice=invoice).select_related("stored"))
    names = [file.name for file in others]
    weight = sum(file.stored.size for file in others)
    for name, size in named:
        check_attachment(name=name, size=size, other_bytes=weight, other_names=names)
        names.append(name)
        weight += size


def keep_attachment(*, upload: Upload, at: datetime) -> StoredFile:
    """Its bytes, durable; whoever names them registers them. Raises one of antivirus.REFUSALS."""
    # Never opened, never shown inline: the type is for the download's file name only.
    return keep(file=upload.file, name=upload.name, media_type="application/octet-stream", at=at)


def _lock(invoice: Invoice) -> None:
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    invoice.refresh_from_db()


def _add(draft: Draft, stored: StoredFile, *, name: str, designation: str, actor: Actor, at: datetime) -> InvoiceFile:
    file = write_file(
        invoice=draft.invoice,
        stored=stored,
        role=InvoiceFile.Role.COMPLEMENT,
        name=name,
        designation=designation,
        user=actor.account,
        at=at,
    )
    _count(draft.invoice_id)
    return file


def _count(invoice: int) -> None:
    """A draft that was looked at before is no longer this one; what is typed in it has not changed."""
    Draft.objects.filter(invoice=invoice).update(revision=F("revision") + 1)
