"""Read flows. Who may see one: those attached to the structure that handed it in."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.structures.queries import structures_of

from .models import Flow


def flows_of(*, user: User) -> QuerySet[Flow]:
    """The flows of this person's structures, the newest first."""
    return (
        Flow.objects.filter(structure__in=structures_of(user=user))
        .select_related("structure", "sender")
        .order_by("-received_at", "-pk")
    )
