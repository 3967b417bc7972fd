"""Hand files in without saying whose invoices they are: the structure whose SIRET stands on each, else one asks.

One document becomes its draft at once (`hand_in`). Many are read in the background (`reading`), one draft each, and
leave together once they are ready (`sending`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from plainchant.capture.kinds import DocumentKind, kind_of
from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES, MEBIBYTE, megabytes
from plainchant.portal.drafts import documents
from plainchant.portal.drafts.documents import KeptDocument
from plainchant.portal.drafts.issuers import issuer_of
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.uploads import Upload, UploadRefused, check_invoice_file, is_broken_office_file
from plainchant.portal.flows.operations import FlowRefused
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed, require
from plainchant.portal.rights.rights import RIGHT_ROW, Right
from plainchant.portal.store.antivirus import Infected, TooBigToScan
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.queries import local_file
from plainchant.portal.store.quotas import Owner, require_room
from plainchant.portal.structures.models import Structure
from plainchant.reader.flows import FlowEnd, unpacked

from .models import Drop, DroppedFile
from .permissions import PREPARE_DROPPED_FILE
from .queries import issuers_for

READ = "drops.read"
MOST_FILES = 200  # of a drop, those of its archives counted
MOST_BYTES = 300 * MEBIBYTE
_State = DroppedFile.State


@dataclass(frozen=True)
class _Piece:
    """A file to be kept: its bytes, or the sentence that says why it is not."""

    name: str
    file: File | None
    size: int
    kind: DocumentKind | None = None
    sentence: str = ""


def hand_in(*, upload: Upload, actor: Actor, at: datetime, buyer: Structure | None = None) -> Draft | DroppedFile:
    """The draft of a document in the name of the actor's structure whose SIRET stands on it, or of their only one.

    Where none of several does, or more than one, the file waits for `choose_issuer`. Raises what
    `drafts.documents.deposit_document` raises.
    """
    issuers = issuers_for(actor=actor)
    few = _require_some(list(issuers[:2]), actor)
    if len(few) == 1:
        return documents.deposit_document(seller=few[0], upload=upload, actor=actor, at=at, buyer=buyer)
    opened = documents.open_document(upload=upload, at=at)
    seller = issuer_of(reading=opened.reading, candidates=issuers)
    shares = shares_of(actor=actor, structure=seller)
    document = documents.keep_document(upload=upload, opened=opened, owners=shares, at=at)
    with transaction.atomic():
        register(kept=document.files)
        if seller is not None:
            return documents.begin_draft(seller=seller, document=document, actor=actor, at=at, buyer=buyer)
        drop = Drop.objects.create(person=actor.account, buyer=buyer, created_at=at)
        return DroppedFile.objects.create(
            drop=drop,
            position=1,
            name=document.name,
            stored=document.stored,
            legible=document.legible,
            opened=opened_as_json(document),
            state=_State.ASKING,
            asked_at=at,
        )


def is_lot(upload: Upload) -> bool:
    """Whether one file is more than a document: an archive, or an invoice as data, which no page shows."""
    upload.file.seek(0)
    kind = kind_of(upload.file.read(MAX_FILE_BYTES))
    upload.file.seek(0)
    return kind.is_electronic and not is_broken_office_file(name=upload.name, kind=kind)


def hand_in_many(
    *,
    uploads: Sequence[Upload],
    actor: Actor,
    at: datetime,
    seller: Structure | None = None,
    buyer: Structure | None = None,
) -> Drop:
    """Keep files, and those of the archives among them, to be read in the background: a draft each.

    One that cannot be taken does not keep the others back: its row says why. ``seller``: in whose name all of them are,
    where that is not left to each. Raises NotAllowed, FlowRefused (too many, too heavy, nothing in it),
    QuotaReached, antivirus.ScannerAway, ReaderFailed: then nothing has been kept.
    """
    if seller is not None:
        require(actor, BEGIN_INVOICE, seller)
    _require_some(list(issuers_for(actor=actor)[:1]), actor)
    if sum(upload.size for upload in uploads) > MOST_BYTES:
        raise FlowRefused(
            f"Ces fichiers pèsent {megabytes(sum(upload.size for upload in uploads))} ; {megabytes(MOST_BYTES)} au "
            "plus peuvent partir ensemble. Déposez-les en plusieurs fois.",
            code="IRR_TAILLE_F",
            field="file",
        )
    shares = shares_of(actor=actor, structure=seller)
    require_room(owners=shares, size=sum(upload.size for upload in uploads), at=at)
    kept: list[tuple[_Piece, StoredFile | None]] = []
    for piece in _pieces(uploads, at=at):
        if len(kept) >= MOST_FILES:
            raise FlowRefused(
                f"Il y a plus de {MOST_FILES} fichiers : {MOST_FILES} au plus peuvent partir ensemble. "
                "Déposez-les en plusieurs fois.",
                code="IRR_TAILLE_F",
                field="file",
            )
        kept.append(_kept(piece, owners=shares, at=at))
    if not any(stored for _, stored in kept):  # nothing to go on with: said at once, beside the field
        sentence = kept[0][0].sentence if kept else "L’archive ne contient aucun fichier. Vérifiez-la, puis déposez-la."
        raise FlowRefused(sentence, code="IRR_VIDE_F", field="file")
    with transaction.atomic():
        register(kept=[stored for _, stored in kept if stored is not None])
        drop = Drop.objects.create(person=actor.account, seller=seller, buyer=buyer, created_at=at)
        rows = [
            DroppedFile(
                drop=drop,
                position=position,
                name=piece.name[-255:],
                stored=stored,
                state=_state_of(piece, stored),
                sentence=piece.sentence,
                asked_at=at,
            )
            for position, (piece, stored) in enumerate(kept, 1)
        ]
        DroppedFile.objects.bulk_create(rows)
        for row in rows:
            if row.state == _State.WAITING:
                enqueue(task=READ, key=str(row.uid), at=at, arguments={"uid": str(row.uid)})
    return drop


@transaction.atomic
def choose_issuer(*, file: DroppedFile, seller: Structure, actor: Actor, at: datetime) -> Draft:
    """Say whose invoice a file is: its draft. Said twice, it is the same draft. Raises NotAllowed."""
    require(actor, PREPARE_DROPPED_FILE, file)
    require(actor, BEGIN_INVOICE, seller)
    held = DroppedFile.objects.select_for_update(of=("self",)).select_related("stored", "legible", "drop__buyer")
    row = held.get(pk=file.pk)
    if row.invoice is not None:
        return row.invoice.draft
    assert row.stored is not None  # noqa: S101 - kept until it is a draft
    document = KeptDocument(name=row.name, stored=row.stored, legible=row.legible, **row.opened)
    draft = documents.begin_draft(seller=seller, document=document, actor=actor, at=at, buyer=row.drop.buyer)
    DroppedFile.objects.filter(pk=row.pk).update(state=_State.DRAFTED, invoice=draft.invoice, opened={})
    return draft


def opened_as_json(document: KeptDocument) -> dict[str, Any]:
    """What is kept of a reading while its issuer is not known."""
    return {"reading": document.reading, "pages": document.pages, "electronic": document.electronic}


def _require_some(issuers: list[Structure], actor: Actor) -> list[Structure]:
    """Raises NotAllowed without any, and for a program: only a person goes on with what they have handed in."""
    if not issuers or actor.person is None:
        denial = RIGHT_ROW[Right.PREPARE].denial
        raise NotAllowed(denial.sentence, code=denial.code)
    return issuers


def _pieces(uploads: Sequence[Upload], *, at: datetime) -> Iterator[_Piece]:
    for upload in uploads:
        upload.file.seek(0)
        kind = kind_of(upload.file.read(MAX_FILE_BYTES))
        upload.file.seek(0)
        if kind.code in ("zip", "gzip"):
            yield from _unpacked(upload, at=at)
        else:
            yield _looked_at(_Piece(upload.name, upload.file, upload.size, kind))


def _unpacked(upload: Upload, *, at: datetime) -> Iterator[_Piece]:
    """The files of an archive, each as if it had been dropped; last, what is wrong with the archive itself."""
    # The reader is given a descriptor: an archive goes to the disk first, and is forgotten with the next orphans.
    stored = keep(file=upload.file, name=upload.name, media_type="application/zip", at=at, members_follow=True)
    for member in unpacked(document=local_file(stored=stored), max_bytes=3 * MAX_FILE_BYTES):
        if isinstance(member, FlowEnd):
            if member.trouble:
                yield _Piece(upload.name, None, upload.size, sentence=member.trouble)
            return
        name, content = member
        last = name.replace("\\", "/").rpartition("/")[2] or name
        kind = kind_of(content)
        if kind.code in ("zip", "gzip"):
            sentence = "C’est une archive dans une archive. Déposez-la seule."
            yield _Piece(last, None, len(content), kind, sentence)
        else:
            yield _looked_at(_Piece(last, ContentFile(content, name=last), len(content), kind))


def _looked_at(piece: _Piece) -> _Piece:
    """Refuse by name and size what would be refused alone; data go another way, whatever they are called."""
    if piece.kind is not None and piece.kind.is_electronic:
        return piece
    try:
        check_invoice_file(name=piece.name, size=piece.size)
    except UploadRefused as refused:
        return _Piece(piece.name, None, piece.size, piece.kind, refused.sentence)
    return piece


def _kept(piece: _Piece, *, owners: Sequence[Owner], at: datetime) -> tuple[_Piece, StoredFile | None]:
    if piece.file is None or piece.kind is None:
        return piece, None
    piece.file.seek(0)
    try:
        return piece, keep(file=piece.file, name=piece.name, media_type=piece.kind.media_type, at=at, owners=owners)
    except (Infected, TooBigToScan) as refused:
        return _Piece(piece.name, None, piece.size, piece.kind, refused.sentence), None


def _state_of(piece: _Piece, stored: StoredFile | None) -> str:
    if stored is None:
        return _State.REFUSED
    return _State.ELECTRONIC if piece.kind is not None and piece.kind.is_electronic else _State.WAITING
