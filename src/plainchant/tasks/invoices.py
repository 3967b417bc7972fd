"""Carry deposited invoices to their recipients."""

from __future__ import annotations

from collections.abc import Sequence

from plainchant.portal.invoices import lots
from plainchant.portal.lib.time import now


def carry(*, uids: list[str], messages: Sequence[str] = ()) -> None:
    """DEPOSEE → EN_COURS_ACHEMINEMENT → MISE_A_DISPOSITION and the notices to the recipients, in one transaction.

    An invoice that an earlier run has taken further is left alone.
    """
    lots.carry_lot(uids=uids, messages=messages, at=now())
