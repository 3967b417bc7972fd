"""Read the files of a drop in the background: each becomes a draft, asks whose it is, or says why it cannot be taken.

A row waits until one of these is done; the queue only says when. A worker that dies loses nothing and does nothing
twice: the draft and the row that names it are one transaction.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet

from plainchant.portal.drafts import documents
from plainchant.portal.drafts.documents import KeptDocument, OpenedDocument
from plainchant.portal.drafts.duplicates import same_document
from plainchant.portal.drafts.issuers import issuer_of
from plainchant.portal.drafts.uploads import Upload, UploadRefused
from plainchant.portal.lib.outages import StoreAway
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.antivirus import ScannerAway
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.queries import open_file, read_bytes
from plainchant.portal.structures.closing import ClosedToInvoices
from plainchant.portal.structures.models import Structure
from plainchant.reader import scans
from plainchant.reader.reasons import FailureReason, ReaderFailed

from .models import DroppedFile
from .operations import READ, opened_as_json
from .queries import issuers_for
from .standing import look_at

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3  # a file during which the worker ended that often is not read again
_GIVEN_UP = "La lecture de ce fichier s’est interrompue plusieurs fois. Déposez-le seul, ou faites-en un PDF."
_State = DroppedFile.State


def waiting(*, before: datetime) -> QuerySet[DroppedFile]:
    """Files that have waited, or been at work, since before that instant."""
    rows = DroppedFile.objects.filter(state=_State.WAITING)
    return (rows.filter(tried_at__isnull=True, asked_at__lt=before) | rows.filter(tried_at__lt=before)).order_by("pk")


def ask_again(*, file: DroppedFile, at: datetime) -> None:
    """For the sweep."""
    enqueue(task=READ, key=str(file.uid), at=at, arguments={"uid": str(file.uid)})


def read(*, file: DroppedFile, at: datetime) -> None:
    """Read a file that waits; nothing if that has been done. Leaves it waiting when the readers have other work."""
    claimed = DroppedFile.objects.filter(
        pk=file.pk, state=_State.WAITING, attempts=file.attempts, tried_at=file.tried_at
    ).update(attempts=file.attempts + 1, tried_at=at)
    if not claimed or file.stored is None:
        return
    if file.attempts >= MAX_ATTEMPTS:
        _refuse(file, _GIVEN_UP)
        return
    try:
        _read(file, file.stored, at)
        _ask_for_the_next(at=at)
    except (ReaderFailed, UploadRefused, NotAllowed, ClosedToInvoices) as refused:
        if isinstance(refused, ReaderFailed) and refused.reason is FailureReason.BUSY:
            _leave(file)
        else:
            _refuse(file, refused.sentence)
    except (ScannerAway, StoreAway):
        _leave(file)  # no attempt: nothing has been tried with this file
        raise


def _ask_for_the_next(*, at: datetime) -> None:
    """A scan that found another at work waits for somebody to ask again: whoever has finished does."""
    following = DroppedFile.objects.filter(state=_State.WAITING, tried_at__isnull=True).order_by("pk").first()
    if following is not None:
        ask_again(file=following, at=at)


def _leave(file: DroppedFile) -> None:
    """To be asked again by the sweep."""
    DroppedFile.objects.filter(pk=file.pk).update(attempts=F("attempts") - 1, tried_at=None)


def _refuse(file: DroppedFile, sentence: str) -> None:
    DroppedFile.objects.filter(pk=file.pk, state=_State.WAITING).update(state=_State.REFUSED, sentence=sentence)


def _read(file: DroppedFile, stored: StoredFile, at: datetime) -> None:
    actor = Actor(file.drop.person)
    known = same_document(content=stored.sha256, actor=actor)
    if known is not None:
        DroppedFile.objects.filter(pk=file.pk, state=_State.WAITING).update(state=_State.KNOWN, invoice=known)
        return
    with open_file(stored=stored) as opened_file:
        upload = Upload(file=opened_file, name=file.name, size=stored.size)
        opened = documents.open_document(upload=upload, at=at)
    issuers = issuers_for(actor=actor)
    few = [file.drop.seller] if file.drop.seller is not None else list(issuers[:2])
    seller: Structure | None = few[0] if len(few) == 1 else issuer_of(reading=opened.reading, candidates=issuers)
    if seller is None and scans.is_wanted(opened.reading):
        opened = _recognised(opened, stored)
        seller = issuer_of(reading=opened.reading, candidates=issuers)
    name, kept = file.name, []
    if opened.taken_out is not None:  # of a mail: the draft is of what was joined to it
        name = opened.taken_out.name
        stored = keep(file=opened.taken_out.file, name=name, media_type=opened.kind.media_type, at=at)
        kept.append(stored)
    legible = None
    if opened.legible is not None:
        copy = f"{PurePath(name).stem[:150]} (copie lisible).pdf"
        legible = keep(file=ContentFile(opened.legible, name=copy), name=copy, media_type="application/pdf", at=at)
        kept.append(legible)
    document = KeptDocument(name, stored, legible, opened.reading, opened.pages, opened.electronic)
    with transaction.atomic():
        held = DroppedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if held.state != _State.WAITING:
            return
        register(kept=kept)
        StoredFile.objects.filter(pk=stored.pk).update(media_type=opened.kind.media_type)
        if seller is None:
            columns = {"state": _State.ASKING, "stored": stored, "legible": legible, "opened": opened_as_json(document)}
            DroppedFile.objects.filter(pk=file.pk).update(**columns)
            return
        draft = documents.begin_draft(seller=seller, document=document, actor=actor, at=at, buyer=file.drop.buyer)
        DroppedFile.objects.filter(pk=file.pk).update(state=_State.DRAFTED, invoice=draft.invoice)
    look_at(files=DroppedFile.objects.filter(pk=file.pk), at=at)


def _recognised(opened: OpenedDocument, stored: StoredFile) -> OpenedDocument:
    """A scan whose issuer must be known before it can be a draft: its characters, as far as they could be read."""
    found = scans.read_scan(opened.legible or read_bytes(stored=stored), patience=0)
    if found.reason is not None:
        return opened
    return OpenedDocument(opened.kind, found.reading, found.pages, opened.electronic, opened.legible)
