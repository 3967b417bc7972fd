"""Read mandates: which structures may enter invoices on screen, and who sees a mandate."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import structures_managed_by, structures_of

from .models import BillingMandate, MandateFile


def in_force(*, structure: Structure) -> BillingMandate | None:
    """The mandate under which this structure's invoices may be entered, if any."""
    return BillingMandate.objects.filter(structure=structure, revoked_at__isnull=True).first()


def mandates_of(*, user: User) -> QuerySet[BillingMandate]:
    """The mandates of this person's structures, revoked ones too, the newest first."""
    return (
        BillingMandate.objects.filter(structure__in=structures_of(user=user))
        .select_related("structure", "subscribed_by", "revoked_by")
        .order_by("-subscribed_at")
    )


def mandates_managed_by(*, user: User) -> QuerySet[BillingMandate]:
    """Those that this person may end."""
    return mandates_of(user=user).filter(structure__in=structures_managed_by(user=user))


def files_of(*, user: User) -> QuerySet[MandateFile]:
    """Documents of the mandates that this person sees."""
    return MandateFile.objects.filter(mandate__in=mandates_of(user=user)).select_related("stored", "mandate")
