"""Read mandates: which structures may enter invoices on screen, and who sees a mandate."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached

from .models import BillingMandate, MandateFile


def in_force(*, structure: Structure) -> BillingMandate | None:
    """The mandate under which this structure's invoices may be entered, if any."""
    return BillingMandate.objects.filter(structure=structure, revoked_at__isnull=True).first()


def structures_with_mandate(*, structures: Iterable[Structure]) -> set[int]:
    """The keys of those that have a mandate in force."""
    in_force = BillingMandate.objects.filter(structure__in=structures, revoked_at__isnull=True)
    return set(in_force.values_list("structure", flat=True))


def mandates_for(*, actor: Actor, right: Right) -> QuerySet[BillingMandate]:
    """The mandates of the structures over which the actor has this right, revoked ones too, the newest first."""
    return (
        BillingMandate.objects.filter(structure__in=reached(actor=actor, right=right))
        .select_related("structure", "subscribed_by", "revoked_by")
        .order_by("-subscribed_at")
    )


def files_for(*, actor: Actor, right: Right) -> QuerySet[MandateFile]:
    """The documents filed with those mandates."""
    mandates = mandates_for(actor=actor, right=right)
    return MandateFile.objects.filter(mandate__in=mandates).select_related("stored", "mandate")
