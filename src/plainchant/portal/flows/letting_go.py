"""The files of flows in which no invoice was taken: kept for a while, so that one can look at what was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.store.operations import forget

from .models import Flow, State


def kept_in_vain(*, before: datetime) -> QuerySet[Flow]:
    """Flows that were rejected whole before that instant, and whose file is still there."""
    return Flow.objects.filter(state=State.REJECTED, state_at__lt=before, accepted=0, stored__isnull=False)


def let_go(*, before: datetime, at: datetime) -> int:
    """Let their files go, with the next orphans; how many. The flow and its report stay."""
    gone = 0
    for pk in list(kept_in_vain(before=before).values_list("pk", flat=True)):
        with transaction.atomic():
            flow = kept_in_vain(before=before).select_for_update(of=("self",)).filter(pk=pk).first()
            if flow is None or flow.stored is None:
                continue
            stored, flow.scan, flow.stored = flow.stored, flow.stored.scan, None
            flow.save(update_fields=["scan", "stored"])
            forget(stored=stored, at=at)
            gone += 1
    return gone
