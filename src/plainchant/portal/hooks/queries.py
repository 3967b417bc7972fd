"""Read webhooks: whose they are, which have something to send, and what it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet

from plainchant.portal.invoices.lifecycle import HIDDEN_FROM, NOT_SENT, Side
from plainchant.portal.invoices.models import StatusChange
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from .models import Webhook

# A line of a history gets its key before it can be read: those that were written with it are there by then.
SETTLED_AFTER = timedelta(minutes=2)


def webhooks_for(*, actor: Actor, right: Right) -> QuerySet[Webhook]:
    """Those of the structures over which the actor has this right, those that serve first."""
    return (
        Webhook.objects.filter(structure__in=reached(actor=actor, right=right))
        .select_related("structure", "created_by")
        .order_by(F("ended_at").desc(nulls_first=True), "pk")
    )


def newest(*, at: datetime) -> int:
    """The key of the last line of any history that is old enough to be told; 0 if there is none."""
    settled = StatusChange.objects.filter(at__lt=at - SETTLED_AFTER).order_by("-pk")
    return settled.values_list("pk", flat=True).first() or 0


def last_line(**when: datetime) -> int:
    """The key of the last line of any history, or of those before an instant (`at__lt`); 0 if there is none."""
    return StatusChange.objects.filter(**when).order_by("-pk").values_list("pk", flat=True).first() or 0


def due(*, at: datetime) -> QuerySet[Webhook]:
    """Those that may have something to send, where the operator lets anything be sent."""
    if not settings.WEBHOOKS:
        return Webhook.objects.none()
    return Webhook.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at), ended_at__isnull=True, told_until__lt=newest(at=at)
    )


def lines_for(*, webhook: Webhook, until: int) -> QuerySet[StatusChange]:
    """What a webhook has not been told of, up to that key, in order: no draft, and of a recipient nothing before it has
    the invoice.
    """
    issued = Q(invoice__seller=webhook.structure_id) & ~Q(to_status__in=NOT_SENT)
    received = Q(
        invoice__buyer=webhook.structure_id,
        at__gte=F("invoice__made_available_at"),  # none without that instant
    ) & ~Q(to_status__in=HIDDEN_FROM[Side.BUYER])
    return (
        StatusChange.objects.filter(issued | received, pk__gt=webhook.told_until, pk__lte=until)
        .select_related("invoice__seller", "invoice__buyer")
        .order_by("pk")
    )
