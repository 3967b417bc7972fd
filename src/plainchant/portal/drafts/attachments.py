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
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.invoices.writing import write_file
from plainchant.portal.lib.errors import Refused
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.queries import offered
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.quotas import Owner, require_room

from .models import Draft
from .uploads import Upload, check_attachment


class PieceGone(Refused):
    """A document of a shelf that this invoice cannot have (any more)."""

    code = "piece_gone"


def attach(
    *,
    draft: Draft,
    actor: Actor,
    at: datetime,
    uploads: Sequence[Upload] = (),
    pieces: Sequence[LibraryFile] = (),
) -> list[InvoiceFile]:
    """Add documents to a draft, all of them or none: from one's computer, then from one's shelf or the supplier's.

    A document of a shelf is the same bytes, kept by both; one that no longer holds may be joined: the page warns.
    Raises NotAllowed, UploadRefused, StatusHasChanged, PieceGone, QuotaReached, one of antivirus.REFUSALS.
    """
    invoice = draft.invoice
    require(actor, PREPARE_INVOICE, invoice)
    named = [(upload.name, upload.size) for upload in uploads]
    wanted = [(piece.name, piece.stored.size) for piece in pieces]
    refuse_unless(invoice=invoice, status=Status.DRAFT, named=[*named, *wanted])
    shares = shares_of(actor=actor, structure=invoice.seller)
    require_room(owners=shares, size=sum(upload.size for upload in uploads), at=at)
    stored = [keep_attachment(upload=upload, owners=shares, at=at) for upload in uploads]
    with transaction.atomic():
        # Again, under the lock: while the bytes were written the draft may have been sent, or received the same file,
        # and the actor may have left.
        _lock(invoice)
        kept = [_held(piece, invoice, actor) for piece in pieces]
        held = [(piece.name, piece.stored.size) for piece in kept]
        refuse_unless(invoice=invoice, status=Status.DRAFT, named=[*named, *held])
        require(actor, PREPARE_INVOICE, invoice)
        register(kept=stored)
        added = [_add(draft, file, name=file.name, designation="", actor=actor, at=at) for file in stored]
        return added + [
            _add(draft, piece.stored, name=piece.name, designation=piece.type.label, actor=actor, at=at)
            for piece in kept
        ]


def _held(piece: LibraryFile, invoice: Invoice, actor: Actor) -> LibraryFile:
    """The row, held until the invoice names its bytes, so that nobody lets them go meanwhile. Raises PieceGone."""
    kept = LibraryFile.objects.select_for_update().filter(pk=piece.pk).first()
    if kept is None or not offered(actor=actor, seller=invoice.seller).filter(pk=kept.pk).exists():
        raise PieceGone(
            f"La pièce « {piece.name} » a été retirée, ou n’est plus à votre portée. Joignez le fichier lui-même.",
            field="attachments",
        )
    return kept


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


def keep_attachment(*, upload: Upload, owners: Sequence[Owner], at: datetime) -> StoredFile:
    """Its bytes, durable; whoever names them registers them. Raises QuotaReached, one of antivirus.REFUSALS."""
    # Never opened, never shown inline: the type is for the download's file name only.
    return keep(file=upload.file, name=upload.name, media_type="application/octet-stream", at=at, owners=owners)


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
