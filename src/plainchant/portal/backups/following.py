"""Keep up with a PostgreSQL whose log is streamed elsewhere: the documents follow, and points to which both are whole.

The log alone would bring back rows whose documents had not been copied yet. So the log is given a restore point, then
the documents that the database names are copied, and then the point's name is written beside them: at a restore
PostgreSQL goes to that point, and every document that it names is there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.storage import storages

from plainchant.portal.lib.disk import flush
from plainchant.portal.store.inventory import items

from .databases import BackupUnusable, Postgresql
from .manifest import name_of
from .operations import DOCUMENTS, Copied, alone_in, copy_documents, put_back_documents
from .sealing import Seal

SLOT = "plainchant_away"  # the replication slot by which the log is streamed
POINT = "point"  # the file with the name of the newest point
_LOOK_EVERY = 0.2


@dataclass(kw_only=True)
class FollowingRound(Copied):
    """One round. ``point``: its name, "" where the log or a document was missing."""

    point: str = ""


def follow(*, folder: Path, database: Postgresql, seal: Seal, at: datetime, patience: float = 30.0) -> FollowingRound:
    """Copy the documents that the folder has not yet, and note the point at which both are whole.

    ``patience``: seconds that the log may need to arrive. Raises BackupUnusable, where nothing could be begun.
    """
    followed = FollowingRound()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_in(folder), database.following() as stream:
        point = f"plainchant-{name_of(at)}"
        position = stream.mark(point)
        copy_documents(stream.documents(), folder=folder / DOCUMENTS, seal=seal, copied=followed)
        deadline = time.monotonic() + patience
        while not stream.has_arrived(position, slot=SLOT):
            if time.monotonic() >= deadline:
                followed.note("Le journal de PostgreSQL n’arrive plus sur l’autre machine : regardez pg_receivewal.")
                break
            time.sleep(_LOOK_EVERY)
    if not followed.faults:
        followed.point = point
        _write(folder / POINT, point)
    return followed


def _write(target: Path, text: str) -> None:
    partial = target.with_name(f"{target.name}.partial")
    partial.write_text(f"{text}\n", encoding="utf-8")
    flush(partial)
    partial.rename(target)
    flush(target.parent)


def put_back(*, folder: Path, database: Postgresql, seal: Seal) -> Copied:
    """Bring back the documents that the database names and the store has not. Each is compared; may be begun again.

    Raises BackupUnusable where the folder is not one that `follow` has filled.
    """
    if not (folder / DOCUMENTS).is_dir():
        raise BackupUnusable(f"Il n’y a pas de documents dans {folder}.")
    copied = Copied()
    documents = storages["documents"]
    present = {item.path for item in items(documents)}
    with database.opened() as copy:
        missing = (
            document
            for document in copy.documents()
            if document.path not in present or documents.size(document.path) != document.size
        )
        put_back_documents(missing, folder=folder / DOCUMENTS, seal=seal, copied=copied)
    return copied
