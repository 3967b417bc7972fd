"""Read the shelves: who sees a document, who may change it, and what a draft is offered."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import structures_managed_by, structures_of

from .models import LibraryFile


def visible_to(*, user: User) -> QuerySet[LibraryFile]:
    """A person's own documents, and those of the structures they are attached to."""
    return _in_order(
        LibraryFile.objects.filter(
            Q(owner=user, owner__is_active=True) | Q(structure__in=structures_of(user=user)),
        )
    )


def changeable_by(*, user: User) -> QuerySet[LibraryFile]:
    """A person's own; of a structure's, all for its manager, and for the others those they added themselves."""
    return _in_order(
        LibraryFile.objects.filter(
            Q(owner=user, owner__is_active=True)
            | Q(structure__in=structures_managed_by(user=user))
            | Q(structure__in=structures_of(user=user), added_by=user)
        )
    )


def offered(*, user: User, seller: Structure) -> QuerySet[LibraryFile]:
    """What may go with an invoice of ``seller``: this person's own documents and that structure's, no other's."""
    return visible_to(user=user).filter(Q(owner=user) | Q(structure=seller))


def _in_order(files: QuerySet[LibraryFile]) -> QuerySet[LibraryFile]:
    return files.select_related("stored", "structure", "added_by").order_by("structure__name", "type_code", "name")
