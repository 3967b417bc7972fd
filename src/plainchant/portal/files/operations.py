"""Keep a document: bytes first, then the row, then the answer."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction

from .antivirus import scan
from .models import PendingFile, StoredFile


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


def store(*, file: File, name: str, media_type: str, at: datetime, members_follow: bool = False) -> StoredFile:
    """Have the antivirus look, write the bytes durably, then the row that names them. Not inside a transaction.

    A crash in between leaves bytes without a row, which ``remove_orphans`` takes away; the reverse cannot happen.
    ``members_follow``: see `antivirus.scan`. Raises one of `antivirus.REFUSALS`; then nothing has been kept.
    """
    seen = scan(file=file, name=name, members_follow=members_follow)
    uid = uuid.uuid4()
    path = f"{uid.hex[:2]}/{uid.hex[2:4]}/{uid.hex}"
    PendingFile.objects.create(path=path, created_at=at)
    hashed = _Hashed(file)
    documents = storages["documents"]
    if hasattr(documents, "bucket"):  # S3 reads the file itself: hash before handing it over
        for _ in hashed.chunks():
            pass
        file.seek(0)
        documents.save(path, file)
    else:
        documents.save(path, hashed)
    with transaction.atomic():
        stored = StoredFile.objects.create(
            uid=uid,
            path=path,
            name=name[:200],
            media_type=media_type,
            size=hashed.read_bytes,
            sha256=hashed.sha256.hexdigest(),
            scan=seen,
            created_at=at,
        )
        PendingFile.objects.filter(path=path).delete()
    return stored


def sha256_of(file: File) -> str:
    """The fingerprint of a file, which is then back at its beginning."""
    file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@transaction.atomic
def discard(*, stored: StoredFile, at: datetime) -> None:
    """Forget a document that no row has come to name. Its bytes go with the next orphans."""
    PendingFile.objects.create(path=stored.path, created_at=at)
    stored.delete()


def remove_orphans(*, at: datetime, older_than: timedelta = timedelta(hours=24)) -> int:
    """Delete bytes whose row never came, older than any request could last; how many files went."""
    documents = storages["documents"]
    removed = 0
    for pending in PendingFile.objects.filter(created_at__lt=at - older_than):
        if not StoredFile.objects.filter(path=pending.path).exists():
            documents.delete(pending.path)
            removed += 1
        pending.delete()
    return removed
