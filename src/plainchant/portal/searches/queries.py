"""Read what a person keeps: nobody reads another's."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.rights.actor import Actor

from .models import SavedSearch


def searches_of(*, actor: Actor) -> QuerySet[SavedSearch]:
    """All of the actor's, by list and name."""
    return SavedSearch.objects.filter(user=actor.person).order_by("listing", "name", "pk")
