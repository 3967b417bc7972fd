"""What is in the document store, against what the database says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage, storages

from plainchant.portal.lib.errors import Refused

from .models import PendingFile, StoredFile
from .queries import open_file

_CHUNK = 1 << 20
_AT_ONCE = 1000  # paths asked of the database in one go
ORPHAN_AFTER = timedelta(hours=24)  # longer than any request, and than a copy of the store takes


class TooManyOrphans(Refused):
    """More files without a row than with one: the database is not the one of this store."""

    code = "too_many_orphans"


@dataclass(frozen=True)
class StoreItem:
    """A file of the store, whatever it is."""

    path: str
    modified_at: datetime


class Damage(StrEnum):
    """What may have become of a document."""

    MISSING = "absent"
    CHANGED = "différent"
    UNREADABLE = "illisible"


@dataclass(frozen=True)
class Damaged:
    """A document of the database whose bytes are not those that were handed in."""

    document: StoredFile
    damage: Damage
    reason: str = ""


def items(storage: Storage | None = None) -> Iterator[StoreItem]:
    """Every file of the store, but those on their way in."""
    documents = storage or storages["documents"]
    if isinstance(documents, FileSystemStorage):
        root = Path(documents.location)
        for path in root.rglob("*"):
            if path.is_file() and path.suffix != ".partial":
                modified_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
                yield StoreItem(path.relative_to(root).as_posix(), modified_at)
        return
    for entry in documents.bucket.objects.all():  # type: ignore[attr-defined]  # S3Storage
        yield StoreItem(entry.key, entry.last_modified)


def damaged(*, progress: Callable[[int], None] = lambda _: None) -> Iterator[Damaged]:
    """Read every document, and yield those whose size or SHA-256 is not the one that was kept."""
    for number, document in enumerate(StoredFile.objects.order_by("path").iterator(chunk_size=_AT_ONCE), start=1):
        progress(number)
        try:
            digest, size = hashlib.sha256(), 0
            with open_file(stored=document) as file:
                for chunk in file.chunks(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except Exception as error:  # noqa: BLE001 - whatever a disk or a bucket answers: the others are still to be read
            if isinstance(error.__cause__, FileNotFoundError):
                yield Damaged(document, Damage.MISSING)
            else:
                yield Damaged(document, Damage.UNREADABLE, f"{type(error).__name__}: {error}"[:200])
        else:
            if (digest.hexdigest(), size) != (document.sha256, document.size):
                yield Damaged(document, Damage.CHANGED)


def orphans(*, at: datetime) -> list[StoreItem]:
    """The files that no row names, and that are older than any request: a restored database may leave some."""
    found: list[StoreItem] = []
    batch: list[StoreItem] = []
    for item in items():
        batch.append(item)
        if len(batch) == _AT_ONCE:
            found += _without_row(batch, at)
            batch = []
    return found + _without_row(batch, at)


def _without_row(batch: list[StoreItem], at: datetime) -> list[StoreItem]:
    paths = [item.path for item in batch]
    named = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
    named |= set(PendingFile.objects.filter(path__in=paths).values_list("path", flat=True))  # `remove_orphans` has them
    return [item for item in batch if item.path not in named and item.modified_at < at - ORPHAN_AFTER]


def remove(*, found: list[StoreItem], even_if_many: bool = False) -> int:
    """Delete these orphans; how many went. Raises TooManyOrphans unless ``even_if_many``.

    Under a database that is not this store's, everything is an orphan: an older copy, another portal's.
    """
    if len(found) > StoredFile.objects.count() and not even_if_many:
        raise TooManyOrphans(
            f"{len(found)} fichiers n’ont pas de ligne dans la base, plus que ceux qui en ont une. C’est "
            "peut-être la base d’un autre portail. Vérifiez DATABASE_URL et PLAINCHANT_DATA, puis ajoutez "
            "--even-if-many."
        )
    removed = 0
    documents = storages["documents"]
    for item in found:
        if StoredFile.objects.filter(path=item.path).exists():
            continue
        documents.delete(item.path)
        removed += 1
    return removed
