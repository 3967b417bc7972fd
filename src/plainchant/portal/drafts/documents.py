"""Hand in an invoice that was made elsewhere: a document in, its draft out, with what was read proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from plainchant.capture.kinds import KINDS, DocumentKind, kind_of
from plainchant.capture.template_workbook import template
from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.invoices.shares import require_draft_left, shares_of
from plainchant.portal.invoices.writing import write_file
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.quotas import Owner, require_room
from plainchant.portal.structures.models import Structure
from plainchant.reader import documents, sandbox

from . import recognition
from .models import DocumentReading, Draft
from .operations import begin_with_document
from .proposal import propose
from .uploads import Upload, check_content, check_invoice_file


@dataclass(frozen=True)
class OpenedDocument:
    """A file that was opened: what it is, what was read in it, its pages, and the PDF that shows them if it is none."""

    kind: DocumentKind
    reading: dict[str, Any]
    pages: list[dict[str, Any]]
    electronic: dict[str, Any]
    legible: bytes | None
    taken_out: Upload | None = None  # of the mail that was handed in: what is kept in its place


@dataclass(frozen=True)
class KeptDocument:
    """A document whose bytes are durable, and what was read in it: all that a draft begins with."""

    name: str
    stored: StoredFile
    legible: StoredFile | None
    reading: dict[str, Any]
    pages: list[dict[str, Any]]
    electronic: dict[str, Any]

    @property
    def files(self) -> list[StoredFile]:
        """What `store.operations.register` is given."""
        return [file for file in (self.stored, self.legible) if file is not None]


def deposit_document(
    *, seller: Structure, upload: Upload, actor: Actor, at: datetime, buyer: Structure | None = None
) -> Draft:
    """Keep the document of an invoice (a PDF, a workbook, a picture) and propose what was read in it, as a draft.

    A document that is no PDF keeps its bytes, and gets a PDF beside it that anyone can open. Raises NotAllowed,
    UploadRefused (name, size, extension, content), QuotaReached, ReaderFailed (it cannot be opened): then nothing has
    been kept. The bytes are durable before the draft exists.
    """
    require(actor, BEGIN_INVOICE, seller)
    require_draft_left(seller=seller, actor=actor)
    shares = shares_of(actor=actor, structure=seller)
    require_room(owners=shares, size=upload.size, at=at)  # before it is read
    kept = keep_document(upload=upload, opened=open_document(upload=upload, at=at), owners=shares, at=at)
    with transaction.atomic():
        register(kept=kept.files)
        return begin_draft(seller=seller, document=kept, actor=actor, at=at, buyer=buyer)


def keep_document(*, upload: Upload, opened: OpenedDocument, owners: Sequence[Owner], at: datetime) -> KeptDocument:
    """The bytes of a document and of its legible copy, durable; whoever names them registers them.

    ``owners``: whose shares it takes from. Raises QuotaReached, one of antivirus.REFUSALS.
    """
    upload = opened.taken_out or upload
    upload.file.seek(0)
    stored = keep(file=upload.file, name=upload.name, media_type=opened.kind.media_type, at=at, owners=owners)
    legible = None
    if opened.legible is not None:
        name = f"{PurePath(upload.name).stem[:150]} (copie lisible).pdf"
        legible = keep(file=ContentFile(opened.legible, name=name), name=name, media_type="application/pdf", at=at)
    return KeptDocument(upload.name, stored, legible, opened.reading, opened.pages, opened.electronic)


@transaction.atomic
def begin_draft(
    *, seller: Structure, document: KeptDocument, actor: Actor, at: datetime, buyer: Structure | None = None
) -> Draft:
    """The draft of a document that is kept, with what was read proposed. Raises NotAllowed."""
    known = recognition.known_at_once(reading=document.reading)
    proposed = propose(reading=known, seller=seller, buyer=buyer, at=at)
    draft = begin_with_document(seller=seller, typed=proposed, actor=actor, at=at)
    write_file(
        invoice=draft.invoice,
        stored=document.stored,
        legible=document.legible,
        role=InvoiceFile.Role.INVOICE,
        name=document.name,
        user=actor.account,
        at=at,
    )
    reading = DocumentReading.objects.create(
        invoice=draft.invoice,
        result=document.reading,
        pages=document.pages,
        electronic=document.electronic,
        read_at=at,
    )
    if recognition.is_wanted(reading=reading):
        recognition.ask(invoice=draft.invoice, at=at)
    return draft


# Those that are drawn; a PDF shows itself.
_OPENERS: dict[str, Callable[..., documents.Opened]] = {
    "workbook": documents.open_workbook,
    "letter": documents.open_letter,
    "picture": documents.open_picture,
}


def open_document(*, upload: Upload, at: datetime) -> OpenedDocument:
    """Read a document. Raises UploadRefused (name, size, extension, content) or ReaderFailed (it cannot be opened)."""
    check_invoice_file(name=upload.name, size=upload.size)
    upload.file.seek(0)
    data, name = upload.file.read(), upload.name
    kind = kind_of(data)
    if kind.family == "mail":
        check_content(name=name, kind=kind)
        joined_name, joined = documents.invoice_of_mail(data)
        file = Upload(file=ContentFile(joined, name=joined_name), name=joined_name, size=len(joined))
        return replace(open_document(upload=file, at=at), taken_out=file)
    opener = _OPENERS.get(kind.family)
    if opener is not None:
        opened = opener(data, title=name, at=at)
        # The signature promised this much; the reader, which opened it, has the last word.
        kind = KINDS[opened.kind]
        check_content(name=name, kind=kind)
        return OpenedDocument(kind, opened.reading, opened.pages, {}, opened.pdf)
    check_content(name=name, kind=kind)
    read = sandbox.read_pdf(data)
    is_electronic = "facturx_embedded" in read["reading"]["warnings"]
    electronic = documents.compare_electronic(data, at=day_in_paris(at)) if is_electronic else {}
    return OpenedDocument(kind, read["reading"], read["pages"], electronic, None)


def template_for(*, seller: Structure | None, buyer: Structure | None = None) -> bytes:
    """The workbook to fill in and drop back, with the supplier's name, SIRET and only bank account already in it."""
    known: dict[str, str | date | Decimal] = {}
    if seller is not None:
        known["seller_name"] = seller.name
        if seller.identifier_type == SIRET_TYPE:
            known["seller_siret"] = seller.identifier
        accounts = list(seller.bank_accounts.filter(is_active=True)[:2])
        if len(accounts) == 1:
            known["iban"] = accounts[0].iban
    if buyer is not None:
        known |= {"buyer_name": buyer.name, "buyer_siret": buyer.identifier}
    return template(known=known)
