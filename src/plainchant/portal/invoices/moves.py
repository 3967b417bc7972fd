"""The one place where a status changes: of one invoice, or of many at once.

An `UPDATE` that names the status that was seen, one numbered history line, the supplier's mails. The caller's
transaction holds them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import acting_for, have_delegates

from . import histories, notifications
from .errors import StatusHasChanged
from .lifecycle import (
    JUST_ARRIVED_IN_WORKS,
    ON_THE_WAY,
    TO_VALIDATE,
    Action,
    Move,
    Side,
    Status,
    ValidatorsMove,
    WorksMove,
)
from .listed import note_due_days
from .models import MAX_ACTOR_NAME, MAX_REASON_TEXT, Invoice, StatusChange
from .permissions import permission_for

CARRY = "invoices.carry"
MAX_HISTORY_COMMENT = MAX_REASON_TEXT  # as long as what a body keeps to write there
# Of seven joined tables, PostgreSQL's planner takes ten times as long as it then takes to answer. The rare ones cost
# nothing where there are none.
_ORDINARY_SIDES = ("seller", "buyer", "buyer_service")
_RARE_SIDES = ("validator", "second_validator", "moe", "moa")
_OF_SEVERAL = (Side.VALIDATOR, Side.WORKS)  # people of different structures


def move_one(
    *,
    invoice: Invoice,
    move: Move,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    payment_order: str = "",
    day: date | None = None,
    amount: Decimal | None = None,
    columns: Mapping[str, Any] | None = None,
    holds: bool = False,
) -> StatusChange:
    """Make one move of the lifecycle table. Raises NotAllowed, StatusHasChanged: nothing has changed then.

    The actor must have the right that the move's row names; ValueError for a move that is the portal's own.
    ``invoice`` is brought up to date; one that is on its way now is carried on, and the job that does so has its mails
    delivered too, unless the caller ``holds`` it. Time never runs backwards in a history, even if a machine's clock
    does.
    """
    if move.right is None:
        raise ValueError(f"nobody asks for {move.action}: the portal does it")
    require(actor, permission_for(move), invoice)
    seen = Status(invoice.status)
    at = max(at, invoice.status_at)
    changed = 0
    if seen in move.sources:
        changed = Invoice.objects.filter(pk=invoice.pk, status=seen).update(
            status=move.target, status_at=at, updated_at=at, **(columns or {})
        )
    if not changed:
        raise _lost(invoice=invoice, party=move.party, actor=actor)
    invoice.refresh_from_db(from_queryset=_with_sides())
    change = write_history(
        invoice=invoice,
        action=move.action,
        source=seen,
        target=move.target,
        party=move.party,
        actor=acting_on_behalf(actor=actor, move=move, invoice=invoice),
        at=at,
        reason_code=reason_code,
        comment=comment.strip()[:MAX_HISTORY_COMMENT],
        payment_order=payment_order.strip()[:50],
        day=day,
        amount=amount,
    )
    if invoice.notified_at or invoice.due_on:
        note_due_days(invoices=[invoice])
    messages = notifications.tell_seller(moved=[(invoice, change)], at=at)
    if move.target in TO_VALIDATE:
        messages += notifications.tell_validator(invoices=[invoice], event=str(change.sequence), at=at)
    if move.target in JUST_ARRIVED_IN_WORKS:
        messages += notifications.tell_works(invoices=[invoice], event=str(change.sequence), at=at)
    if move.target in ON_THE_WAY and not holds:
        uid = str(invoice.uid)
        enqueue(task=CARRY, key=uid, at=at, arguments={"uids": [uid], "messages": messages})
    else:
        deliver_later(keys=messages, at=at)
    return change


def _with_sides() -> QuerySet[Invoice]:
    return Invoice.objects.select_related(*_ORDINARY_SIDES).prefetch_related(*_RARE_SIDES)


def _lost(*, invoice: Invoice, party: Side, actor: Actor) -> StatusHasChanged:
    """The refusal for who came second: it names who came first to the same side alone."""
    current = Invoice.objects.values_list("status", flat=True).get(pk=invoice.pk)
    last = invoice.history.order_by("sequence").last()
    if last is None or last.party != party or party in _OF_SEVERAL:
        return StatusHasChanged(status=Status(current))
    is_oneself = actor.author is not None and last.actor_id == actor.author.pk
    return StatusHasChanged(status=Status(current), by="vous" if is_oneself else last.actor_name)


def acting_for_party(*, actor: Actor, invoice: Invoice, party: Side, right: Right) -> Actor:
    """The actor, on behalf of that side of the invoice where only a delegation gives them this right."""
    structure = invoice.buyer if party is Side.BUYER else invoice.seller
    return _on_behalf(actor=actor, structure=structure, right=right)


def acting_on_behalf(*, actor: Actor, move: Move, invoice: Invoice) -> Actor:
    """The actor of a move, on behalf of the structure whose move it is where only a delegation gives them the right."""
    structure = _structure_of(move, invoice)
    return _on_behalf(actor=actor, structure=structure, right=move.right) if move.right else actor


def _structure_of(move: Move, invoice: Invoice) -> Structure | None:
    """Whose people make the move."""
    if isinstance(move, ValidatorsMove):
        return invoice.second_validator if move.of_second else invoice.validator
    if isinstance(move, WorksMove):
        return invoice.moa if move.of_moa else invoice.moe
    return invoice.buyer if move.party is Side.BUYER else invoice.seller


def _on_behalf(*, actor: Actor, structure: Structure | None, right: Right) -> Actor:
    if structure is None or not have_delegates(clients=[structure]):
        return actor
    return acting_for(actor=actor, structures=[structure], right=right)[structure.pk]


def write_history(
    *,
    invoice: Invoice,
    action: Action,
    source: str,
    target: Status,
    party: Side,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    payment_order: str = "",
    day: date | None = None,
    amount: Decimal | None = None,
    is_first: bool = False,
) -> StatusChange:
    # The conditional update before this holds the invoice's row, so two lines cannot take the same number.
    change = StatusChange(
        invoice=invoice,
        action=action,
        from_status=source,
        to_status=target,
        at=at,
        party=party,
        actor=actor.author,
        actor_name=actor.name[:MAX_ACTOR_NAME],
        delegation_id=actor.behalf.delegation if actor.behalf else None,
        reason_code=reason_code,
        comment=comment,
        payment_order=payment_order,
        day=day,
        amount=amount,
    )
    histories.add([change], are_first=is_first)
    return change


def move_lot(
    *,
    uids: Sequence[str],
    moves: Sequence[Move],
    at: datetime,
    instant: str = "",
    columns: Mapping[str, Any] | None = None,
) -> list[tuple[Invoice, StatusChange]]:
    """Make moves of the portal's own that follow each other, with every one of these invoices that can still make them.

    Which ones, and the last line of each one's history. One that has made the first moves before makes the others; one
    that has made them all, or that people have acted on meanwhile, is left alone. ``instant``: a column that takes the
    moves' own instant where it is empty. To be called in a transaction.
    """
    sources = frozenset[Status]().union(*(move.sources for move in moves))
    invoices = list(
        _with_sides()
        .select_for_update(of=("self",))
        .filter(uid__in=uids, status__in=sources)
        .order_by("pk")  # two workers with the same invoices must not wait for each other in a circle
    )
    if not invoices:
        return []
    keys = [invoice.pk for invoice in invoices]
    at = max(at, *(invoice.status_at for invoice in invoices))
    first = {instant: Coalesce(F(instant), Value(at))} if instant else {}
    Invoice.objects.filter(pk__in=keys, status__in=sources).update(
        status=moves[-1].target, status_at=at, updated_at=at, **first, **(columns or {})
    )
    changes = [change for invoice in invoices for change in _lines(invoice, moves, at)]
    histories.add(changes)
    moved = {change.invoice_id: (change.invoice, change) for change in changes}
    return list(moved.values())


def _lines(invoice: Invoice, moves: Sequence[Move], at: datetime) -> Iterator[StatusChange]:
    """The history of an invoice that makes these moves, which it has made then."""
    for move in moves:
        if invoice.status in move.sources:
            yield StatusChange(
                invoice=invoice,
                action=move.action,
                from_status=invoice.status,
                to_status=move.target,
                at=at,
                party=move.party,
                actor_name=SYSTEM.name,
            )
            invoice.status, invoice.status_at, invoice.updated_at = move.target, at, at
