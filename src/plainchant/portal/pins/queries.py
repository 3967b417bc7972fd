"""Read what a person keeps on their first page."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.reach import reached

from .models import Pin


def pins_of(*, actor: Actor) -> QuerySet[Pin]:
    """The actor's pins, the oldest first; those of structures whose page they can open now."""
    shown = Q(structure__isnull=True) | Q(structure__in=pinnable(actor=actor))
    return Pin.objects.filter(shown, user=actor.person).select_related("structure").order_by("pinned_at", "pk")


def has_pinned(*, actor: Actor, structure: Structure) -> bool:
    """Whether the actor keeps this structure on their first page."""
    return Pin.objects.filter(user=actor.person, structure=structure).exists()


def pinnable(*, actor: Actor) -> QuerySet[Structure]:
    """The structures that the actor may pin: their own, and the recipients of the directory."""
    own = reached(actor=actor, right=Right.SEE).values("pk")
    return Structure.objects.filter(Q(nature=StructureNature.PUBLIC) | Q(pk__in=own))
