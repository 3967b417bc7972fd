"""Read the shelves: who sees a document, who may change it, and what a draft is offered."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached

from .models import LibraryFile


def visible_to(*, actor: Actor, right: Right) -> QuerySet[LibraryFile]:
    """A person's own documents, and those of the structures over which they have this right."""
    return _in_order(LibraryFile.objects.filter(_own(actor) | Q(structure__in=reached(actor=actor, right=right))))


def changeable_by(*, actor: Actor, right: Right) -> QuerySet[LibraryFile]:
    """A person's own; of a structure's, all for its manager, and for those who have this right what they added."""
    return _in_order(
        LibraryFile.objects.filter(
            _own(actor)
            | Q(structure__in=reached(actor=actor, right=Right.MANAGE))
            | Q(structure__in=reached(actor=actor, right=right), added_by=actor.author)
        )
    )


def offered(*, actor: Actor, seller: Structure) -> QuerySet[LibraryFile]:
    """What may go with an invoice of ``seller``: this person's own documents and that structure's, no other's."""
    return visible_to(actor=actor, right=Right.SEE_ISSUED).filter(_own(actor) | Q(structure=seller))


def _own(actor: Actor) -> Q:
    return Q(owner=actor.person, owner__is_active=True)


def _in_order(files: QuerySet[LibraryFile]) -> QuerySet[LibraryFile]:
    return files.select_related("stored", "structure", "added_by").order_by("structure__name", "type_code", "name")
