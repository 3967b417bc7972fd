"""Keep a document: its bytes first, then its row, in the transaction that writes what names it; or let it go.

A transaction that fails, and a crash at any point, leave bytes without a row, which `remove_orphans` takes away; the
reverse cannot happen.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import ProtectedError

from plainchant.portal.lib.outages import StoreAway

from .antivirus import Scan, scan
from .models import PendingFile, StoredFile
from .quotas import Owner, count, require_room
from .storage import reached

log = logging.getLogger(__name__)

_MOST_FAILURES = 3


class _Hashed(File):
    """Passes a file through and adds up its SHA-256 and size, so that it is read once."""

    def __init__(self, file: File) -> None:
        super().__init__(file.file, name=file.name)
        self._source = file
        self.sha256 = hashlib.sha256()
        self.read_bytes = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in self._source.chunks(chunk_size):
            self.sha256.update(chunk)
            self.read_bytes += len(chunk)
            yield chunk


@dataclass(frozen=True)
class Content:
    """Bytes to keep, held in memory: for many small documents at once. Made by ``looked_at``."""

    content: bytes
    name: str
    media_type: str
    scan: Scan


def looked_at(*, content: bytes, name: str, media_type: str) -> Content:
    """Have the antivirus look at a document that is to be kept. Raises one of `antivirus.REFUSALS`."""
    return Content(content, name, media_type, scan(file=ContentFile(content, name=name), name=name))


# Of a caller whose whole work is one transaction: where its documents will be, noted before it began.
_PLACES: ContextVar[list[uuid.UUID] | None] = ContextVar("places of documents", default=None)


@contextmanager
def places_noted(*, count: int, at: datetime) -> Iterator[None]:
    """Note where up to ``count`` documents will be kept, before a transaction in which all else is done.

    ``keep`` takes these places inside the block. If the transaction fails, or the process dies in it, the notes are
    there for `remove_orphans`. Those that are not needed go when the block ends.
    """
    places = [uuid.uuid4() for _ in range(count)]
    paths = [_path(uid, folder_of=uid) for uid in places]
    PendingFile.objects.bulk_create([PendingFile(path=path, created_at=at) for path in paths])
    token = _PLACES.set(places)
    try:
        yield
    finally:
        _PLACES.reset(token)
        PendingFile.objects.filter(path__in=[_path(uid, folder_of=uid) for uid in places]).delete()


def keep(
    *,
    file: File,
    name: str,
    media_type: str,
    at: datetime,
    members_follow: bool = False,
    owners: Sequence[Owner] = (),
) -> StoredFile:
    """Have the antivirus look, then write the bytes durably. Not inside a transaction, but for `places_noted`.

    The row that is returned is not in the database: ``register`` writes it, in the transaction that needs it.
    ``members_follow``: see `antivirus.scan`. ``owners``: whose shares it takes from (`quotas`). Raises QuotaReached,
    one of `antivirus.REFUSALS`, StoreAway; then nothing has been kept.
    """
    require_room(owners=owners, size=file.size, at=at)
    seen = scan(file=file, name=name, members_follow=members_follow)
    if noted := _PLACES.get():
        uid = noted.pop()
        path = _path(uid, folder_of=uid)
    else:
        uid = uuid.uuid4()
        path = _path(uid, folder_of=uid)
        PendingFile.objects.create(path=path, created_at=at)
    hashed = _Hashed(file)
    documents = storages["documents"]
    if hasattr(documents, "bucket"):  # S3 reads the file itself: hash before handing it over
        for _ in hashed.chunks():
            pass
    with reached():
        documents.save(path, file if hasattr(documents, "bucket") else hashed)
    count(owners=owners, size=hashed.read_bytes, at=at)
    return _row(uid, path, name, media_type, hashed.read_bytes, hashed.sha256.hexdigest(), seen, at)


def keep_many(*, contents: Sequence[Content], at: datetime) -> list[StoredFile]:
    """``keep`` for many documents: one note of what is coming, one folder, and each folder flushed once."""
    if not contents:
        return []
    uids = [uuid.uuid4() for _ in contents]
    paths = [_path(uid, folder_of=uids[0]) for uid in uids]
    PendingFile.objects.bulk_create([PendingFile(path=path, created_at=at) for path in paths])
    documents = storages["documents"]
    with reached():
        if hasattr(documents, "save_many"):
            documents.save_many({path: entry.content for path, entry in zip(paths, contents, strict=True)})
        else:
            for path, entry in zip(paths, contents, strict=True):
                documents.save(path, ContentFile(entry.content))
    return [
        _row(
            uid,
            path,
            entry.name,
            entry.media_type,
            len(entry.content),
            hashlib.sha256(entry.content).hexdigest(),
            entry.scan,
            at,
        )
        for uid, path, entry in zip(uids, paths, contents, strict=True)
    ]


def register(*, kept: Sequence[StoredFile]) -> None:
    """Write the rows of documents whose bytes are kept, in the caller's transaction if there is one."""
    with transaction.atomic(savepoint=False):
        StoredFile.objects.bulk_create(kept)
        PendingFile.objects.filter(path__in=[stored.path for stored in kept]).delete()


def _path(uid: uuid.UUID, *, folder_of: uuid.UUID) -> str:
    return f"{folder_of.hex[:2]}/{folder_of.hex[2:4]}/{uid.hex}"


def _row(
    uid: uuid.UUID, path: str, name: str, media_type: str, size: int, sha256: str, seen: Scan, at: datetime
) -> StoredFile:
    return StoredFile(
        uid=uid, path=path, name=name[:200], media_type=media_type, size=size, sha256=sha256, scan=seen, created_at=at
    )


def sha256_of(file: File) -> str:
    """The fingerprint of a file, which is then back at its beginning."""
    file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@transaction.atomic
def forget(*, stored: StoredFile, at: datetime) -> None:
    """Let a document go, with the next orphans, once what named it is gone. Nothing if a row of any kind names it yet.

    To be called in the transaction that takes that away: a shelf and several invoices may share the same bytes.
    """
    # Held: where two let go of it at once, the second must see that the first has.
    held = StoredFile.objects.select_for_update().filter(pk=stored.pk).first()
    if held is None:
        return
    with suppress(ProtectedError), transaction.atomic():
        held.delete()
        PendingFile.objects.create(path=held.path, created_at=at)


def remove_orphans(*, at: datetime, older_than: timedelta = timedelta(hours=24)) -> int:
    """Delete bytes whose row never came, older than any request could last; how many files went."""
    documents = storages["documents"]
    removed = failures = 0
    for pending in PendingFile.objects.filter(created_at__lt=at - older_than).order_by("pk"):
        if not StoredFile.objects.filter(path=pending.path).exists():
            try:
                with reached():
                    documents.delete(pending.path)
            except StoreAway:
                failures += 1
                if failures > _MOST_FAILURES:  # it is the store, not these files
                    raise
                log.warning("%s cannot be deleted", pending.path, exc_info=True)
                continue
            removed += 1
        pending.delete()
    return removed
