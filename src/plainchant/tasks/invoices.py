"""Carry deposited invoices to their recipients, mail people their lists, count what is published of public bodies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import digests, lots, open_figures
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


def count_bodies(*, day: str, after: int) -> None:
    """Count some public bodies, and ask for the next; the same figures if it is done twice."""
    open_figures.count(day=date.fromisoformat(day), after=after, at=now())
