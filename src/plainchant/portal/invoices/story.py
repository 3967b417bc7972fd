"""The story of an invoice for one side of it: its changes of status and what else happened, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from plainchant.einvoice.codes.reasons import REASON_OF, MoveReason
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import PORTAL_NAME
from plainchant.portal.structures.models import Structure

from .lifecycle import MOVE_OF, STATUS_ROWS, Action, Move, Side, Status, StatusRow
from .models import Event, Invoice, StatusChange


@dataclass(frozen=True, kw_only=True)
class StoryStep:
    """A move that was made, with the status it led to and what was said with it; or an event, which changed nothing."""

    at: datetime
    who: str
    move: Move | None = None
    status: StatusRow | None = None
    event: Event.Kind | None = None
    assignee: str = ""  # with ASSIGNED, "" for nobody any more
    day: date | None = None
    reason: MoveReason | None = None
    payment_order: str = ""
    amount: Decimal | None = None  # that was admitted
    currency: str = ""
    comment: str = ""


def story_of(*, invoice: Invoice, history: Sequence[StatusChange], side: Side) -> list[StoryStep]:
    """What this side may read, oldest first. ``history``: all of the invoice's, in order."""
    changes = changes_for(invoice=invoice, history=history, side=side)
    steps = [_step(change, invoice.currency) for change in changes]
    steps += [
        StoryStep(
            at=event.at,
            who=str(event.actor or PORTAL_NAME),
            event=Event.Kind(event.kind),
            day=event.day,
            assignee=str(event.assignee or ""),
        )
        for event in events_for(invoice=invoice, side=side)
    ]
    return sorted(steps, key=lambda step: step.at)


def changes_for(*, invoice: Invoice, history: Sequence[StatusChange], side: Side) -> Sequence[StatusChange]:
    """The changes of status that this side may read, oldest first. ``history``: all of the invoice's, in order."""
    if side is Side.BUYER:
        return _since_it_was_sent_here(invoice, history)
    if side is Side.VALIDATOR:
        return _until_it_was_sent_on(history)
    if side is Side.WORKS:
        return _until_it_reached_the_payer(history)
    return history[1:] if invoice.made_from_id else history  # a piece of works is made and sent at once


def events_for(*, invoice: Invoice, side: Side) -> list[Event]:
    """What else happened that this side may read, oldest first."""
    return [] if side in (Side.VALIDATOR, Side.WORKS) else list(_told(invoice, side))


def question_of(history: Sequence[StatusChange]) -> StatusChange | None:
    """The last change, if something was asked or said with it: what the supplier has to answer."""
    last = history[-1] if history else None
    return last if last and (last.reason_code or last.comment) else None


def acting_before_payer(invoice: Invoice, *, named: Callable[[Structure], str]) -> dict[str, str]:
    """Who acts on an invoice before the recipient does, by the words of `StatusRow.sentence`."""
    who = {"validator": invoice.last_validator, "moe": invoice.moe, "moa": invoice.moa}
    return {part: named(structure) for part, structure in who.items() if structure is not None}


def _step(change: StatusChange, currency: str) -> StoryStep:
    return StoryStep(
        at=change.at,
        who=change.actor_name,
        move=MOVE_OF[Action(change.action)],
        status=STATUS_ROWS[Status(change.to_status)],
        reason=REASON_OF[change.reason_code] if change.reason_code else None,
        payment_order=change.payment_order,
        amount=change.amount,
        currency=currency,
        comment=change.comment,
        day=change.day,
    )


# What one side notes for itself is told to it alone.
_OWN = {
    **dict.fromkeys((Event.Kind.PAID, Event.Kind.NOT_PAID, Event.Kind.REJECTION_CLOSED), Side.SELLER),
    Event.Kind.ASSIGNED: Side.BUYER,
}


def _told(invoice: Invoice, side: Side) -> Iterator[Event]:
    """The first notice and the first download, which count: the others would only make the story long.

    Of what a side notes for itself, each line.
    """
    seen: set[str] = set()
    since = invoice.made_available_at
    for event in _events_of(invoice=invoice.pk):
        if since and event.at < since:
            continue  # a former recipient's
        if event.kind in _OWN:
            if _OWN[Event.Kind(event.kind)] is side:
                yield event
        elif event.kind not in seen:
            seen.add(event.kind)
            yield event


@written_once(StatusChange)
def history_of(*, invoice: int) -> QuerySet[StatusChange]:
    """The changes of an invoice's status with who made them, oldest first."""
    return StatusChange.objects.filter(invoice=invoice).select_related("actor").order_by("sequence")


@written_once(Event)
def _events_of(*, invoice: int) -> QuerySet[Event]:
    return Event.objects.filter(invoice=invoice).select_related("actor", "assignee")


def _since_it_was_sent_here(invoice: Invoice, history: Sequence[StatusChange]) -> Sequence[StatusChange]:
    """What this recipient may read: not the draft's beginnings, nor what a former recipient did and wrote."""
    sent = [
        place
        for place, change in enumerate(history)
        if change.to_status == Status.DEPOSITED
        and (invoice.made_available_at is None or change.at <= invoice.made_available_at)
    ]
    return history[sent[-1] :] if sent else history


def _until_it_reached_the_payer(history: Sequence[StatusChange]) -> Sequence[StatusChange]:
    """What those whom a piece of works names may read: not the draft's beginnings, nor what supplier and payer say."""
    return [change for change in history[1:] if STATUS_ROWS[Status(change.to_status)].for_works] or history[1:2]


def _until_it_was_sent_on(history: Sequence[StatusChange]) -> Sequence[StatusChange]:
    """What a validator may read: from when it was asked, which a former one was not, until the buyer's turn came."""
    asked = [place for place, change in enumerate(history) if change.to_status == Status.TO_VALIDATE_1]
    since = history[asked[-1] :] if asked else ()
    sent = next((place for place, change in enumerate(since) if change.to_status == Status.DEPOSITED), len(since))
    return since[: sent + 1]
