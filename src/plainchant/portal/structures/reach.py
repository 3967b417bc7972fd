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
    own = _attachments(actor).filter(_gives(right)).values("structure")
    delegated = _delegations(actor, right).values("client")
    return Structure.objects.filter(Q(pk__in=own) | Q(pk__in=delegated))


def services_reached(*, actor: Actor, right: Right) -> QuerySet[Service]:
    """The services over which this actor has this right alone, without having it over their whole structure."""
    return Service.objects.filter(pk__in=_grants(right).filter(membership__in=_attachments(actor)).values("service"))


def reached_in_part(*, actor: Actor, right: Right) -> QuerySet[Structure]:
    """The structures over which this actor has this right, wholly or for some of their services."""
    services = services_reached(actor=actor, right=right)
    return Structure.objects.filter(
        Q(pk__in=reached(actor=actor, right=right)) | Q(pk__in=services.values("structure"))
    )


def accepted_memberships() -> QuerySet[Membership]:
    """The attachments that give something today: accepted, and of an account that is open."""
    return Membership.objects.filter(state=Membership.State.ACCEPTED, user__is_active=True)


def delegations_in_force() -> QuerySet[Delegation]:
    """The delegations that count today."""
    today = day_in_paris(now())
    return Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), begins_on__lte=today, ended_at__isnull=True
    )


def holders(*, right: Right) -> QuerySet[Membership]:
    """The attachments that give this right over the whole of their structure today."""
    return accepted_memberships().filter(_gives(right))


def _attachments(actor: Actor) -> QuerySet[Membership]:
    if actor.person is None:
        return Membership.objects.none()
    return accepted_memberships().filter(user=actor.person.pk)


def _gives(right: Right) -> Q:
    """A condition on `Membership`: it gives this right over the whole structure."""
    if RIGHT_ROW[right].space is None:
        return Q()
    return Q(is_manager=True) | Q(Exists(_grants(right).filter(membership=OuterRef("pk"), service=None)))


def _delegations(actor: Actor, right: Right) -> QuerySet[Delegation]:
    """Those by which the people of a structure have this right over another, the actor having it over their own."""
    if actor.person is None:
        return Delegation.objects.none()
    own = _attachments(actor).filter(_gives(right)).values("structure")
    found = delegations_in_force().filter(delegate__in=own)
    if RIGHT_ROW[right].space is None:
        return found
    return found.filter(Exists(_grants(right).filter(delegation=OuterRef("pk"), service=None)))


def _grants(right: Right) -> QuerySet[Grant]:
    row = RIGHT_ROW[right]
    return Grant.objects.filter(space=row.space, mode__in=row.modes)
