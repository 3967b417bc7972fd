"""The log of what was done for a structure: written with each change, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from plainchant.portal.rights.actor import SYSTEM, Actor

from .models import ActivityEntry, Structure

_LONGEST = 400  # signs


def note(
    *,
    structure: Structure,
    kind: ActivityEntry.Kind,
    at: datetime,
    actor: Actor = SYSTEM,
    about: str = "",
    origin: ActivityEntry.Origin = ActivityEntry.Origin.PAGE,
) -> None:
    """Add a row. ``about`` names the person or the thing, as the people of the structure know it."""
    ActivityEntry.objects.create(
        structure=structure,
        at=at,
        kind=kind,
        origin=origin,
        actor_name=actor.name[:_LONGEST],
        actor=actor.author,
        about=about[:_LONGEST],
    )


def activity_of(*, structure: Structure) -> QuerySet[ActivityEntry]:
    """What was done for a structure, the newest first."""
    return ActivityEntry.objects.filter(structure=structure).order_by("-at", "-pk")
