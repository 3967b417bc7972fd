"""Whose shares an invoice takes from, and how many drafts they may have at hand: see `store.quotas`."""

from __future__ import annotations

from django.db.models import Count, Q

from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.quotas import Owner, owners, refuse_draft
from plainchant.portal.structures.models import Structure

from .lifecycle import Status
from .models import Invoice


def shares_of(*, actor: Actor, structure: Structure | None = None) -> list[Owner]:
    """Those of the structure, if it is known, and of whoever acts."""
    return owners(
        person=actor.author.pk if actor.author else None,
        structure=structure.pk if structure else None,
        structure_name=str(structure or ""),
    )


def require_draft_left(*, seller: Structure, actor: Actor) -> None:
    """Raises QuotaReached where the seller or the person has as many drafts as may be."""
    of_seller, of_person = Q(seller=seller), Q(created_by=actor.author)
    drafts = Invoice.objects.filter(of_seller | of_person, status=Status.DRAFT)
    at_hand = drafts.aggregate(structure=Count("pk", filter=of_seller), person=Count("pk", filter=of_person))
    for owner in shares_of(actor=actor, structure=seller):
        refuse_draft(owner=owner, at_hand=at_hand[owner.key.partition(":")[0]])
