"""Read what was dropped: each person their own."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached

from .models import Drop, DroppedFile


def drops_of(*, actor: Actor, right: Right) -> QuerySet[Drop]:
    """What the actor has dropped, while there is a structure over which they have this right."""
    if not reached(actor=actor, right=right).exists():
        return Drop.objects.none()
    return Drop.objects.filter(person=actor.person).order_by("-created_at")


def files_of(*, actor: Actor, right: Right) -> QuerySet[DroppedFile]:
    """The files of these drops."""
    return DroppedFile.objects.filter(drop__in=drops_of(actor=actor, right=right)).select_related(
        "drop", "stored", "legible", "invoice"
    )


def issuers_for(*, actor: Actor) -> QuerySet[Structure]:
    """In whose name the actor may hand a document in."""
    return reached(actor=actor, right=Right.PREPARE).filter(is_active=True).order_by("name", "pk")
