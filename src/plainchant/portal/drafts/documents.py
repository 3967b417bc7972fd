"""Hand in an invoice that was made elsewhere: a document in, a draft to check, a deposit with its certificate out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from plainchant.capture.kinds import KINDS, DocumentKind, kind_of
from plainchant.capture.template_workbook import template
from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import DraftHasChanged, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.queries import offered
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register, store
from plainchant.portal.structures.models import Structure
from plainchant.reader import documents, sandbox

from . import recognition
from .certificate import facts_of, fingerprint
from .models import Certificate, DocumentReading
from .preflight import document_of, preflight
from .proposal import propose
from .uploads import check_attachment, check_content, check_invoice_file


class PieceGone(Refused):
    """A document of a shelf that this invoice cannot have (any more)."""

    code = "piece_gone"


@dataclass(frozen=True)
class Upload:
    """A file as a visitor sends it: its bytes, the name it goes by, and its size in bytes."""

    file: File
    name: str
    size: int


@dataclass(frozen=True)
class _Document:
    """A file that was opened: what it is, what was read in it, its pages, and the PDF that shows them if it is none."""

    kind: DocumentKind
    reading: dict[str, Any]
    pages: list[dict[str, Any]]
    electronic: dict[str, Any]
    legible: bytes | None


def deposit_document(
    *, seller: Structure, upload: Upload, user: User, at: datetime, buyer: Structure | None = None
) -> Invoice:
    """Keep the document of an invoice (a PDF, a workbook, a picture) and propose what was read in it, as a draft.

    A document that is no PDF keeps its bytes, and gets a PDF beside it that anyone can open. Raises UploadRefused
    (name, size, extension, content) or ReaderFailed (it cannot be opened): then nothing has been kept. The bytes are
    durable before the draft exists.
    """
    check_invoice_file(name=upload.name, size=upload.size)
    opened = _opened(upload.file.read(), name=upload.name, at=at)
    upload.file.seek(0)
    stored = keep(file=upload.file, name=upload.name, media_type=opened.kind.media_type, at=at)
    legible = None
    if opened.legible is not None:
        name = f"{PurePath(upload.name).stem[:150]} (copie lisible).pdf"
        legible = keep(file=ContentFile(opened.legible, name=name), name=name, media_type="application/pdf", at=at)
    with transaction.atomic():
        register(kept=[one for one in (stored, legible) if one is not None])
        draft = invoices.create_draft(seller=seller, deposit_mode=DepositMode.PDF, actor=Actor(user), at=at)
        invoices.add_file(
            invoice=draft,
            stored=stored,
            legible=legible,
            role=InvoiceFile.Role.INVOICE,
            name=upload.name,
            actor=Actor(user),
            at=at,
        )
        kept = DocumentReading.objects.create(
            invoice=draft, result=opened.reading, pages=opened.pages, electronic=opened.electronic, read_at=at
        )
        typed, values = propose(reading=opened.reading, seller=seller, buyer=buyer, at=at)
        draft = invoices.save_draft(invoice=draft, typed=typed, values=values, actor=Actor(user), at=at)
        if recognition.is_wanted(reading=kept):
            recognition.ask(invoice=draft, at=at)
        return draft


def _opened(data: bytes, *, name: str, at: datetime) -> _Document:
    kind = kind_of(data)
    if kind.code in documents.WORKBOOKS or kind.code in documents.PICTURES:
        opener = documents.open_workbook if kind.code in documents.WORKBOOKS else documents.open_picture
        opened = opener(data, title=name, at=at)
        # The signature promised this much; the reader, which opened it, has the last word.
        kind = KINDS[opened.kind]
        check_content(name=name, kind=kind)
        return _Document(kind, opened.reading, opened.pages, {}, opened.pdf)
    check_content(name=name, kind=kind)
    read = sandbox.read_pdf(data)
    is_electronic = "facturx_embedded" in read["reading"]["warnings"]
    electronic = documents.compare_electronic(data, at=day_in_paris(at)) if is_electronic else {}
    return _Document(kind, read["reading"], read["pages"], electronic, None)


def template_for(*, seller: Structure, buyer: Structure | None = None) -> bytes:
    """The workbook to fill in and drop back, with the supplier's name, SIRET and only bank account already in it."""
    known: dict[str, str | date | Decimal] = {"seller_name": seller.name}
    if seller.identifier_type == SIRET_TYPE:
        known["seller_siret"] = seller.identifier
    accounts = list(seller.bank_accounts.filter(is_active=True)[:2])
    if len(accounts) == 1:
        known["iban"] = accounts[0].iban
    if buyer is not None:
        known |= {"buyer_name": buyer.name, "buyer_siret": buyer.identifier}
    return template(known=known)


def attach(*, invoice: Invoice, upload: Upload, user: User, at: datetime) -> InvoiceFile:
    """Add a document to a draft. Raises UploadRefused, StatusHasChanged."""
    _refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(upload.name, upload.size)])
    stored = _store_attachment(upload=upload, at=at)
    with transaction.atomic():
        # Again, under the lock: while the bytes were written the draft may have been sent, or received the same file.
        Invoice.objects.select_for_update().get(pk=invoice.pk)
        invoice.refresh_from_db()
        _refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(upload.name, upload.size)])
        return invoices.add_file(
            invoice=invoice,
            stored=stored,
            role=InvoiceFile.Role.COMPLEMENT,
            name=upload.name,
            actor=Actor(user),
            at=at,
        )


def attach_from_library(*, invoice: Invoice, file: LibraryFile, user: User, at: datetime) -> InvoiceFile:
    """Add a document of this person's shelf, or of the supplier's, to a draft: the same bytes, kept by both.

    A document that no longer holds may be joined: the page warns. Raises UploadRefused, StatusHasChanged, PieceGone.
    """
    with transaction.atomic():
        Invoice.objects.select_for_update().get(pk=invoice.pk)
        invoice.refresh_from_db()
        # Held until the invoice names its bytes, so that nobody lets them go meanwhile.
        kept = LibraryFile.objects.select_for_update().filter(pk=file.pk).first()
        if kept is None or not offered(actor=Actor(user), seller=invoice.seller).filter(pk=kept.pk).exists():
            raise PieceGone(
                f"La pièce « {file.name} » a été retirée, ou n’est plus à votre portée. Joignez le fichier lui-même.",
                field="attachments",
            )
        _refuse_unless(invoice=invoice, status=Status.DRAFT, named=[(kept.name, kept.stored.size)])
        return invoices.add_file(
            invoice=invoice,
            stored=kept.stored,
            role=InvoiceFile.Role.COMPLEMENT,
            name=kept.name,
            designation=kept.type.label,
            actor=Actor(user),
            at=at,
        )


def complete(*, invoice: Invoice, uploads: Sequence[Upload], comment: str, user: User, at: datetime) -> None:
    """Answer a suspension. Raises UploadRefused, ReasonMissing, StatusHasChanged."""
    named = [(upload.name, upload.size) for upload in uploads]
    _refuse_unless(invoice=invoice, status=Status.SUSPENDED, named=named)
    stored = [_store_attachment(upload=upload, at=at) for upload in uploads]
    invoices.complete(invoice=invoice, files=stored, comment=comment, actor=Actor(user), at=at)


def _refuse_unless(*, invoice: Invoice, status: Status, named: Sequence[tuple[str, int]]) -> None:
    """All of them before any is kept: half a set of documents helps nobody."""
    if invoice.status != status:
        raise StatusHasChanged(status=Status(invoice.status))
    others = list(InvoiceFile.objects.filter(invoice=invoice).select_related("stored"))
    names = [file.name for file in others]
    weight = sum(file.stored.size for file in others)
    for name, size in named:
        check_attachment(name=name, size=size, other_bytes=weight, other_names=names)
        names.append(name)
        weight += size


def _store_attachment(*, upload: Upload, at: datetime) -> StoredFile:
    # Never opened, never shown inline: the type is for the download's file name only.
    return store(file=upload.file, name=upload.name, media_type="application/octet-stream", at=at)


@transaction.atomic
def submit(*, invoice: Invoice, user: User, at: datetime, seen: datetime | None = None) -> Certificate:
    """Check once more, then send: status, frozen document, certificate and mails in one transaction.

    The draft is read again under a lock, so that what is checked is what is sent. ``seen`` is the ``updated_at`` of the
    draft that the person confirmed. Sending twice answers twice with the same certificate. Raises WouldBeRefused with
    every finding, DraftHasChanged, NumberTaken, StatusHasChanged (the draft was deleted).
    """
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    invoice.refresh_from_db()
    if invoice.status == Status.DELETED:
        raise StatusHasChanged(status=Status.DELETED)
    if invoice.status != Status.DRAFT:
        return Certificate.objects.get(invoice=invoice)
    if seen is not None and seen != invoice.updated_at:
        raise DraftHasChanged
    findings = preflight(invoice=invoice, at=at)
    if refusals(findings):
        raise WouldBeRefused(findings=findings)
    invoices.submit(invoice=invoice, document=document_of(invoice=invoice), actor=Actor(user), at=at)
    # The words were there to be clicked on while the draft was prepared; they weigh more than all the rest.
    for reading in DocumentReading.objects.filter(invoice=invoice):
        reading.pages = [{**page, "words": []} for page in reading.pages]
        reading.save(update_fields=["pages"])
    facts = facts_of(invoice=invoice, user=user, deposited_at=invoice.deposited_at or at)
    return Certificate.objects.create(invoice=invoice, facts=facts, sha256=fingerprint(facts), created_at=at)


_UNCHANGED = Finding(
    "CPRO-RECYCLAGE-IDENTIQUE",
    "Rien n’a changé : la facture reviendrait au même endroit. Corrigez le destinataire, le service ou l’engagement.",
)


def recycle(*, invoice: Invoice, routing: Routing, comment: str, user: User, at: datetime) -> None:
    """Re-route an invoice that was sent back. Raises WouldBeRefused if it would be refused there too."""
    rerouted = Invoice.objects.select_related("seller", "bank_account").get(pk=invoice.pk)
    if all(getattr(rerouted, field.name) == getattr(routing, field.name) for field in fields(routing)):
        raise WouldBeRefused(findings=[_UNCHANGED])
    for field in fields(routing):
        setattr(rerouted, field.name, getattr(routing, field.name))
    names = {field.name for field in fields(routing)}
    findings = [finding for finding in refusals(preflight(invoice=rerouted, at=at)) if finding.field in names]
    if findings:
        raise WouldBeRefused(findings=findings)
    invoices.recycle(invoice=invoice, routing=routing, comment=comment, actor=Actor(user), at=at)
