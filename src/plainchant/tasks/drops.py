"""Read the files that were handed in together, and send those that are ready."""

from __future__ import annotations

from plainchant.portal.drops import reading, sending
from plainchant.portal.drops.models import DroppedFile
from plainchant.portal.lib.time import now


def read(*, uid: str) -> None:
    """Read one file: its draft, or why there is none."""
    reading.read(file=_file(uid), at=now())


def send(*, uid: str) -> None:
    """Send the draft of one file, if its person has asked for it."""
    sending.send(file=_file(uid), at=now())


def _file(uid: str) -> DroppedFile:
    related = ("drop__person", "drop__seller", "drop__buyer", "stored", "invoice")
    return DroppedFile.objects.select_related(*related).get(uid=uid)
