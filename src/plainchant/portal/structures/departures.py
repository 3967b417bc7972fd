"""A person closes their own account: what becomes of the structures they are attached to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from plainchant.portal.accounts import departures
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.elision import of
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import memberships
from .memberships import ManagerStays
from .models import Membership
from .permissions import JOIN_STRUCTURE
from .reach import accepted_memberships


@dataclass(frozen=True)
class Leaving:
    """What closing the account would do to a person's attachments.

    ``handed_over_first``: others are attached there too, and the person is its main manager: it has to be handed over.
    ``left``: the attachment, or the request, ends. ``kept``: nobody else is attached; it comes back with the account.
    """

    handed_over_first: list[Membership]
    left: list[Membership]
    kept: list[Membership]


def leaving(*, user: User) -> Leaving:
    """Sort a person's attachments and requests by what becomes of them."""
    others = accepted_memberships().filter(structure=OuterRef("structure")).exclude(user=user)
    states = (Membership.State.ACCEPTED, Membership.State.PENDING)
    mine = Membership.objects.filter(user=user, state__in=states).select_related("structure")
    rows = list(mine.annotate(has_others=Exists(others)).order_by("structure__name", "pk"))
    managed = [row for row in rows if row.is_manager and row.state == Membership.State.ACCEPTED]
    return Leaving(
        handed_over_first=[row for row in managed if row.has_others],
        left=[row for row in rows if row not in managed],
        kept=[row for row in managed if not row.has_others],
    )


def close_account(*, actor: Actor, at: datetime, erase: bool = False) -> None:
    """Close the actor's own account: log-ins end, and the attachments to structures that have other people.

    Raises NotAllowed; ManagerStays while one of them has to be handed over first; AlreadyClosed.
    """
    with transaction.atomic():
        require(actor, JOIN_STRUCTURE)
        plan = leaving(user=actor.account)
        if plan.handed_over_first:
            names = ", ".join(str(row.structure) for row in plan.handed_over_first)
            raise ManagerStays(
                f"Vous êtes le gestionnaire {of(names)}, où travaillent d’autres personnes. Transmettez d’abord la "
                "gestion à l’une d’elles, puis fermez votre compte."
            )
        for row in plan.left:
            memberships.leave(structure=row.structure, actor=actor, at=at)
        departures.close(user=actor.account, at=at, erase=erase)
