"""Tell programs of what becomes of invoices."""

from __future__ import annotations

from plainchant.portal.hooks import operations
from plainchant.portal.lib.time import now


def send(*, uid: str) -> None:
    """Tell one of the next events, if it has any; one that has ended meanwhile is told nothing."""
    operations.send(uid=uid, at=now())
