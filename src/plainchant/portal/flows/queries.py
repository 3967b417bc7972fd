"""Read flows. Who may see one: those attached to the structure that handed it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plainchant.portal.invoices.lifecycle import REFUSED
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import PARIS
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import goes_by_keys
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached

from .models import ENDED, Flow, FlowInvoice


@goes_by_keys(Flow)
def flows_for(*, actor: Actor, right: Right) -> QuerySet[Flow]:
    """The flows handed in for the structures over which the actor has this right, the newest first."""
    return (
        Flow.objects.filter(structure__in=reached(actor=actor, right=right))
        .select_related("structure", "sender")
        .order_by("-received_at", "-pk")
    )


def same_invoice(*, seller: Structure, number: str, content: str) -> Invoice | None:
    """The invoice that this very file has become before; None once its recipient has rejected it, which uses it up."""
    if not content:
        return None
    found = (
        FlowInvoice.objects.filter(invoice__seller=seller, invoice__number=number, content=content)
        .exclude(invoice__status__in=REFUSED)
        .select_related("invoice")
        .first()
    )
    return found.invoice if found is not None else None


def _bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day in Paris, and of the next."""
    first = datetime.combine(day, time(), tzinfo=PARIS)
    return first, datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS)


def rejects_on(*, structure_ids: Sequence[int], day: date) -> QuerySet[FlowInvoice]:
    """The invoices refused on a day in Paris, by flow, in the order of the file."""
    first, after = _bounds(day)
    return (
        FlowInvoice.objects.filter(flow__structure__in=structure_ids, invoice__isnull=True, at__gte=first, at__lt=after)
        .select_related("flow")
        .order_by("flow_id", "position", "part")
    )


def rejects_whole_on(*, structure_ids: Sequence[int], day: date) -> QuerySet[Flow]:
    """The flows that came to an end on that day with something wrong as a whole."""
    first, after = _bounds(day)
    return Flow.objects.filter(
        structure__in=structure_ids, state__in=ENDED, state_at__gte=first, state_at__lt=after
    ).exclude(trouble="")


@dataclass(frozen=True)
class Wanted:
    """What a visitor of « Suivi des flux » looks for; "" and None narrow nothing."""

    text: str = ""  # part of a flow's number, of its name, or of an invoice's number
    state: str = ""
    since: date | None = None
    until: date | None = None


def narrowed(flows: QuerySet[Flow], *, wanted: Wanted) -> QuerySet[Flow]:
    """``flows`` that answer to all of it."""
    if wanted.text:
        holding = FlowInvoice.objects.filter(flow=OuterRef("pk"), number__icontains=wanted.text)
        flows = flows.filter(Q(number__icontains=wanted.text) | Q(name__icontains=wanted.text) | Exists(holding))
    if wanted.state:
        flows = flows.filter(state=wanted.state)
    if wanted.since is not None:
        flows = flows.filter(received_at__gte=_bounds(wanted.since)[0])
    if wanted.until is not None:
        flows = flows.filter(received_at__lt=_bounds(wanted.until)[1])
    return flows


def with_remarks(*, flow: Flow) -> QuerySet[FlowInvoice]:
    """The invoices of a flow that were taken and of which something is worth a look."""
    return FlowInvoice.objects.filter(flow=flow, invoice__isnull=False).exclude(findings=[])


def taken_now(*, flow: Flow) -> QuerySet[FlowInvoice]:
    """The invoices that a flow brought: one that had been taken before has an earlier result."""
    before = FlowInvoice.objects.filter(invoice=OuterRef("invoice"), pk__lt=OuterRef("pk"))
    return FlowInvoice.objects.filter(~Exists(before), flow=flow, invoice__isnull=False)


def progress_of(*, flow: Flow) -> tuple[int, int]:
    """How many invoices have been taken and refused so far."""
    counts = FlowInvoice.objects.filter(flow=flow).aggregate(
        taken=Count("pk", filter=Q(invoice__isnull=False)), refused=Count("pk", filter=Q(invoice__isnull=True))
    )
    return counts["taken"], counts["refused"]
