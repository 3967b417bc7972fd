"""Carry deposited invoices to their recipients, and mail people their lists."""

from __future__ import annotations

from collections.abc import Sequence

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import digests, lots
from plainchant.portal.lib.time import now
from plainchant.portal.notices.rhythms import Rhythm


def carry(*, uids: list[str], messages: Sequence[str] = ()) -> None:
    """DEPOSEE → EN_COURS_ACHEMINEMENT → MISE_A_DISPOSITION and the notices to the recipients, in one transaction.

    An invoice that an earlier run has taken further is left alone.
    """
    lots.carry_lot(uids=uids, messages=messages, at=now())


def tell_list(*, person: int, rhythm: str) -> None:
    """Mail a person their newest list of invoices, once; an account that was closed meanwhile gets none."""
    reader = User.objects.filter(pk=person, is_active=True).first()
    if reader is not None:
        digests.tell(person=reader, rhythm=Rhythm(rhythm), at=now())
