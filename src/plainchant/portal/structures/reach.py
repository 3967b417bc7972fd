"""How far a right reaches: the structures, and the services, over which an actor has it at this very moment.

The database is asked each time, whatever the objects in memory say. An attachment that is asked, refused, disabled or
removed gives nothing, nor does a closed account, nor a delegation that has not begun or has ended.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import RIGHT_ROW, Right

from .models import Delegation, Grant, Membership, Service, Structure


def reached(*, actor: Actor, right: Right) -> QuerySet[Structure]:
    """The structures over the whole of which this actor has this right, by an attachment or by a delegation."""
    if actor.person is None:
        return Structure.objects.none()
    own = Membership.objects.filter(_gives(right), **_OPEN, user=actor.person.pk).values("structure")
    # The people of a structure have over its clients what they have over their own.
    delegated = Delegation.objects.filter(_in_force(), _opens(right, holder="delegation"), delegate__in=own)
    return Structure.objects.filter(Q(pk__in=own) | Q(pk__in=delegated.values("client")))


def services_reached(*, actor: Actor, right: Right) -> QuerySet[Service]:
    """The services over which this actor has this right alone, without having it over their whole structure."""
    row = RIGHT_ROW[right]
    if actor.person is None or row.space is None:
        return Service.objects.none()
    own = Membership.objects.filter(**_OPEN, user=actor.person.pk)
    grants = Grant.objects.filter(space=row.space, mode__in=row.modes, membership__in=own)
    return Service.objects.filter(pk__in=grants.values("service"))


def reached_in_part(*, actor: Actor, right: Right) -> QuerySet[Structure]:
    """The structures over which this actor has this right, wholly or for some of their services."""
    services = services_reached(actor=actor, right=right)
    return Structure.objects.filter(
        Q(pk__in=reached(actor=actor, right=right)) | Q(pk__in=services.values("structure"))
    )


def accepted_memberships() -> QuerySet[Membership]:
    """The attachments that give something today: accepted, and of an account that is open."""
    return Membership.objects.filter(**_OPEN)


def holders(*, right: Right) -> QuerySet[Membership]:
    """The attachments that give this right over the whole of their structure today."""
    return Membership.objects.filter(_gives(right), **_OPEN)


_OPEN = {"state": Membership.State.ACCEPTED, "user__is_active": True}


def _gives(right: Right) -> Q:
    """A condition on `Membership`: it gives this right over the whole structure."""
    if RIGHT_ROW[right].space is None:
        return Q()
    return Q(is_manager=True) | _opens(right, holder="membership")


def _opens(right: Right, *, holder: str) -> Q:
    """A condition on whatever holds grants: one of them opens the space of this right for the whole structure."""
    row = RIGHT_ROW[right]
    if row.space is None:
        return Q()
    held = {holder: OuterRef("pk")}
    return Q(Exists(Grant.objects.filter(**held, space=row.space, mode__in=row.modes, service=None)))


def _in_force() -> Q:
    """A condition on `Delegation`: it counts today."""
    today = day_in_paris(now())
    return Q(Q(ends_on__isnull=True) | Q(ends_on__gte=today), begins_on__lte=today, ended_at__isnull=True)
