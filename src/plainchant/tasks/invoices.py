"""Carry deposited invoices to their recipients."""

from __future__ import annotations

from plainchant.portal.invoices import lots
from plainchant.portal.lib.time import now


def carry(*, uids: list[str]) -> None:
    """DEPOSEE → EN_COURS_ACHEMINEMENT → MISE_A_DISPOSITION and the notices to the recipients; a transaction each.

    An invoice that an earlier run has taken further is left alone.
    """
    lots.forward_lot(uids=uids, at=now())
    lots.make_available_lot(uids=uids, at=now())
