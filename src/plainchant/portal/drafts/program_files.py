"""Files that programs hand in before the invoice that they go with: kept, found again by their key, let go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import forget, register
from plainchant.portal.store.queries import open_file
from plainchant.portal.structures.models import Structure

from .attachments import keep_attachment
from .documents import OpenedDocument, keep_document, open_document
from .models import ProgramFile
from .uploads import Upload, check_attachment


def add_attachment(*, structure: Structure, upload: Upload, actor: Actor, at: datetime) -> ProgramFile:
    """Keep a file that will accompany an invoice of ``structure``.

    Raises NotAllowed, UploadRefused (name, size, extension), QuotaReached, one of antivirus.REFUSALS.
    """
    require(actor, BEGIN_INVOICE, structure)
    check_attachment(name=upload.name, size=upload.size)
    stored = keep_attachment(upload=upload, owners=shares_of(actor=actor, structure=structure), at=at)
    return _add(stored, upload.name, actor, at)


def add_document(
    *, structure: Structure, upload: Upload, actor: Actor, at: datetime
) -> tuple[ProgramFile, OpenedDocument]:
    """Read and keep the document of an invoice of ``structure``, which is sent later; and what was read.

    Raises NotAllowed, UploadRefused, QuotaReached, ReaderFailed, one of antivirus.REFUSALS.
    """
    require(actor, BEGIN_INVOICE, structure)
    opened = open_document(upload=upload, at=at)
    kept = keep_document(upload=upload, opened=opened, owners=shares_of(actor=actor, structure=structure), at=at)
    return _add(kept.stored, kept.name, actor, at), opened


def _add(stored: StoredFile, name: str, actor: Actor, at: datetime) -> ProgramFile:
    with transaction.atomic():
        register(kept=[stored])
        return ProgramFile.objects.create(stored=stored, name=name[:200], added_at=at, added_by=actor.account)


def added_by(*, actor: Actor) -> QuerySet[ProgramFile]:
    """The files of this program, and of no other."""
    return ProgramFile.objects.filter(added_by=actor.author).select_related("stored")


@contextmanager
def opened(*, files: Collection[ProgramFile | LibraryFile]) -> Iterator[list[Upload]]:
    """These files as if they were handed in now, in their order; closed when the block ends. Raises StoreAway."""
    with ExitStack() as stack:
        yield [
            Upload(file=stack.enter_context(open_file(stored=file.stored)), name=file.name, size=file.stored.size)
            for file in files
        ]


@transaction.atomic
def remove(*, file: ProgramFile, actor: Actor, at: datetime) -> None:
    """Forget a file of this program now. Invoices have bytes of their own. Nothing if it is gone, or another's."""
    if added_by(actor=actor).filter(pk=file.pk).delete()[0]:
        forget(stored=file.stored, at=at)


def old(*, before: datetime) -> QuerySet[ProgramFile]:
    """Those added before an instant."""
    return ProgramFile.objects.filter(added_at__lt=before)


def let_go(*, before: datetime, at: datetime, at_once: int = 500) -> int:
    """Forget those added before an instant; how many."""
    gone = 0
    while files := list(old(before=before).select_related("stored").order_by("pk")[:at_once]):
        for file in files:
            with transaction.atomic():
                gone += ProgramFile.objects.filter(pk=file.pk).delete()[0]
                forget(stored=file.stored, at=at)
    return gone
