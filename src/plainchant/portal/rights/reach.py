"""How far a right reaches: the structures over which an actor has it at this very moment."""

from __future__ import annotations

from django.db.models import Q

from .actor import Actor
from .rights import Right, Role, roles_with

# `structures.models.Membership.State.ACCEPTED`, which stands on a floor above; a test compares them.
ACCEPTED = "VALIDEE"
_IS_MANAGER = {Role.MANAGER: True, Role.MEMBER: False}


def reach(*, actor: Actor, right: Right) -> Q:
    """A condition on `Structure`. Give it to one single `filter`: its parts speak of the same attachment.

    An attachment that is asked, refused, disabled or removed gives nothing, nor does a closed account, whatever the
    objects in memory say: the database is asked.
    """
    if actor.person is None:
        return Q(pk__in=())
    return Q(
        memberships__user=actor.person.pk,
        memberships__user__is_active=True,
        memberships__state=ACCEPTED,
        memberships__is_manager__in=[_IS_MANAGER[role] for role in roles_with(right)],
    )
