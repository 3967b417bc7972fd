"""A document that holds several invoices: a draft of each, with its own pages, and the whole of it kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet

from plainchant.capture.kinds import KINDS
from plainchant.capture.proposal import FieldReading, FoundNumber
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, PREPARE_INVOICE
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.operations import register
from plainchant.portal.store.queries import open_file
from plainchant.portal.structures.models import Structure
from plainchant.reader import documents
from plainchant.shapes import from_json

from . import recognition
from .documents import KeptDocument, OpenedDocument, begin_draft, keep_document, open_document
from .issuers import issuer_of
from .models import DocumentPart, DocumentReading, Draft
from .operations import fill, reread
from .proposal import propose
from .uploads import Upload

_WORKBOOKS = frozenset(KINDS[code].media_type for code in documents.WORKBOOKS)


class OneInvoiceOnly(Refused):
    """The document of a draft holds one invoice, as far as was read, or carries data that go with the whole of it."""

    code = "one_invoice_only"

    def __init__(self) -> None:
        super().__init__(
            "Nous ne voyons qu’une facture dans ce document : il n’y a rien à séparer. "
            "S’il en contient plusieurs, faites un fichier de chacune, puis déposez-les."
        )


@dataclass(frozen=True, slots=True)
class _CutOut:
    """One invoice of a document, kept as a file of its own."""

    pages: str
    document: KeptDocument


def is_splittable(*, reading: FieldReading) -> bool:
    """Whether a document holds several invoices that can be parted: data inside a PDF are of one."""
    return len(reading.numbers_found) > 1 and "facturx_embedded" not in reading.warnings


def split(*, draft: Draft, issuers: QuerySet[Structure], actor: Actor, at: datetime) -> list[Draft]:
    """A draft of each invoice that the document of ``draft`` holds, in their order; itself stays that of its values.

    What somebody has typed in it stays. Each draft has the pages of its own invoice as its document, and is in the name
    of the one of ``issuers`` whose SIRET stands there, else of the same as before. Split already, they are the same
    drafts. Raises NotAllowed, OneInvoiceOnly, StatusHasChanged (sent or deleted), UploadRefused or ReaderFailed (a part
    cannot be taken out), one of antivirus.REFUSALS: nothing has changed then.
    """
    require(actor, PREPARE_INVOICE, draft.invoice)
    require(actor, BEGIN_INVOICE, draft.invoice.seller)
    reread(draft)
    made = list(drafts_of(invoice=draft.invoice))
    if made:
        return made
    if draft.invoice.status != Status.DRAFT:
        raise StatusHasChanged(status=Status(draft.invoice.status))
    reading = from_json(FieldReading, DocumentReading.objects.get(invoice=draft.invoice).result)
    if not is_splittable(reading=reading):
        raise OneInvoiceOnly
    file = InvoiceFile.objects.select_related("stored", "legible").get(
        invoice=draft.invoice, role=InvoiceFile.Role.INVOICE
    )
    cut_out = list(_cut_out(file, reading.numbers_found, at=at))
    return _write(draft, file, cut_out, reading.proposed, issuers=issuers, actor=actor, at=at)


def drafts_of(*, invoice: Invoice) -> QuerySet[Draft]:
    """The drafts that came of the same document as ``invoice``, itself among them; none if it was not split."""
    came_from = DocumentPart.objects.filter(invoice=invoice).values("split_from")
    parts = Draft.objects.filter(invoice__document_part__split_from__in=came_from)
    return parts.select_related("invoice__document_part").order_by("invoice__document_part__position")


def _cut_out(file: InvoiceFile, found: tuple[FoundNumber, ...], *, at: datetime) -> Iterator[_CutOut]:
    is_workbook = file.stored.media_type in _WORKBOOKS
    with open_file(stored=file.stored if is_workbook else file.page) as opened:
        data = opened.read()
    for rank, invoice in enumerate(found, start=1):
        name = f"{PurePath(file.name).stem[:150]} ({rank} sur {len(found)}).pdf"
        if is_workbook:
            drawn = documents.open_workbook(data, title=name, at=at, sheets=invoice.own)
            part = Upload(ContentFile(drawn.pdf, name=name), name=name, size=len(drawn.pdf))
            shown = OpenedDocument(KINDS["pdf"], drawn.reading, drawn.pages, {}, None)
            pages = f"feuille {_range(invoice.own)}"
        else:
            pdf = documents.pages_alone(data, first=invoice.pages[0], last=invoice.pages[-1])
            part = Upload(ContentFile(pdf, name=name), name=name, size=len(pdf))
            shown = open_document(upload=part, at=at)
            pages = f"page {_range(invoice.pages)}"
        yield _CutOut(
            pages, keep_document(upload=part, opened=shown, owners=(), at=at)
        )  # counted when it came in, whole


def _range(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} à {numbers[-1]}"


@transaction.atomic
def _write(
    draft: Draft,
    file: InvoiceFile,
    cut_out: list[_CutOut],
    proposed: int,
    *,
    issuers: QuerySet[Structure],
    actor: Actor,
    at: datetime,
) -> list[Draft]:
    reread(draft, Invoice.objects.select_for_update(of=("self",)))
    made = list(drafts_of(invoice=draft.invoice))
    if made:  # the other press of the button
        return made
    if draft.invoice.status != Status.DRAFT:
        raise StatusHasChanged(status=Status(draft.invoice.status))
    register(kept=[stored for part in cut_out for stored in part.document.files])
    for rank, part in enumerate(cut_out):
        if rank == proposed:
            _narrow(draft, file, part.document, at=at)
            own = draft
        else:
            seller = issuer_of(reading=part.document.reading, candidates=issuers) or draft.invoice.seller
            own = begin_draft(seller=seller, document=part.document, actor=actor, at=at)
        DocumentPart.objects.create(
            invoice=own.invoice,
            split_from=draft.invoice,
            position=rank + 1,
            pages=part.pages,
            original=file.stored,
            original_name=file.name,
        )
    return list(drafts_of(invoice=draft.invoice))


def _narrow(draft: Draft, file: InvoiceFile, document: KeptDocument, *, at: datetime) -> None:
    """Give a draft its own pages in place of the whole document."""
    Invoice.objects.filter(pk=draft.invoice_id).update(updated_at=at)
    InvoiceFile.objects.filter(pk=file.pk).update(stored=document.stored, legible=None, name=document.name[:200])
    Draft.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)  # what was looked at is not what is sent
    row = DocumentReading.objects.get(invoice=draft.invoice)
    row.result, row.pages, row.electronic, row.read_at = document.reading, document.pages, {}, at
    row.save()
    if recognition.is_wanted(reading=row):
        recognition.ask(invoice=draft.invoice, at=at)
    known = recognition.known_at_once(reading=document.reading)
    fill(draft=draft, read=propose(reading=known, seller=draft.invoice.seller, buyer=None, at=at), at=at)
