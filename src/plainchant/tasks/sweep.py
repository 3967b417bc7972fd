"""Ask again for every row that has waited too long: nothing depends on the queue's memory.

A worker runs this every minute. Asking twice is harmless: a waiting job is not doubled, a task done twice does nothing.
A sweep takes so many rows of each kind, and the next one goes on after them, round and round: rows that can never be
done keep no other waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from plainchant.portal.drafts import recognition
from plainchant.portal.drafts.operations import delete_untouched
from plainchant.portal.drops import reading, sending
from plainchant.portal.flows.models import NOT_ENDED, Flow, State
from plainchant.portal.flows.proposal import LOOK, PROCESS
from plainchant.portal.hooks import queries as hooks
from plainchant.portal.hooks.operations import ask as ask_webhook
from plainchant.portal.invoices import digests, open_figures
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.lifecycle import ON_THE_WAY
from plainchant.portal.invoices.lots import accept_silence
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.moves import CARRY
from plainchant.portal.invoices.queries import without_notice
from plainchant.portal.lib import deeds
from plainchant.portal.lib.outages import dependency_of
from plainchant.portal.mail import operations as mail
from plainchant.portal.mail.queries import waiting
from plainchant.portal.notices.queries import due
from plainchant.portal.notices.rhythms import Rhythm
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.store.operations import remove_orphans
from plainchant.portal.structures import delegations, technical_notices

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
ORPHANS_EVERY = timedelta(hours=6)
TOO_LONG = timedelta(minutes=2)
SILENT_FOR = timedelta(days=1)
AT_ONCE = 1000  # rows of each kind: the next sweep takes the following ones


@dataclass(frozen=True)
class Waiting:
    """A kind of row that something is still to be done with."""

    name: str
    since: str  # the field by whose value they take turns; then by number
    rows: Callable[[datetime, datetime], QuerySet[Any]]  # given now, and the instant before which they must have begun
    ask: Callable[[Any, datetime], None]


def _carry(invoice: Invoice, at: datetime) -> None:
    # One by one, even those that came in a lot: an invoice that can never be carried must not keep the others back.
    enqueue(task=CARRY, key=str(invoice.uid), at=at, arguments={"uids": [str(invoice.uid)]})


def _process(flow: Flow, at: datetime) -> None:
    enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})


def _look(flow: Flow, at: datetime) -> None:
    enqueue(task=LOOK, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})


def _deliver(message: mail.Message, at: datetime) -> None:
    mail.deliver_later(keys=[message.dedup_key], at=at)


def _since(field: str, at: datetime, before: datetime) -> Q:
    """Before that instant, or later than now: the clock has been put back since."""
    return Q(**{f"{field}__lt": before}) | Q(**{f"{field}__gt": at + TOO_LONG})


_ON_ITS_WAY = sorted(ON_THE_WAY)

KINDS = (
    Waiting(
        "invoices on their way",
        "status_at",
        lambda at, before: Invoice.objects.filter(_since("status_at", at, before), status__in=_ON_ITS_WAY).only(
            "uid", "status_at"
        ),
        _carry,
    ),
    Waiting(
        "flows",
        "state_at",
        lambda at, before: Flow.objects.filter(_since("state_at", at, before), state__in=NOT_ENDED).only(
            "uid", "state_at"
        ),
        _process,
    ),
    Waiting(
        "tables to look at",
        "state_at",
        lambda at, before: Flow.objects.filter(
            _since("state_at", at, before), state=State.PROPOSED, proposal__isnull=True
        ).only("uid", "state_at"),
        _look,
    ),
    Waiting(
        "scans to recognise",
        "asked_at",
        lambda at, before: recognition.waiting(before=before).select_related("invoice"),
        lambda row, at: recognition.ask_again(recognition=row, at=at),
    ),
    Waiting(
        "files to read",
        "asked_at",
        lambda at, before: reading.waiting(before=before),
        lambda file, at: reading.ask_again(file=file, at=at),
    ),
    Waiting(
        "files to send",
        "sending_asked_at",
        lambda at, before: sending.leaving(before=before),
        lambda file, at: sending.ask_again(file=file, at=at),
    ),
    Waiting(
        "messages",
        "created_at",
        lambda at, before: waiting(at=at, asked_before=before).only("dedup_key", "created_at"),
        _deliver,
    ),
    Waiting(
        "invoices without a notice",
        "made_available_at",
        lambda at, before: without_notice(before=before),
        lambda invoice, at: invoices.notify_late(invoice=invoice, at=at),
    ),
    Waiting(
        "passwords of programs that end",
        "ends_at",
        lambda at, before: technical_notices.due(at=at),
        lambda secret, at: technical_notices.tell(secret=secret, at=at),
    ),
    Waiting(
        "delegations that have run out",
        "ends_on",
        lambda at, before: delegations.run_out(at=at),
        lambda delegation, at: delegations.end_by_date(delegation=delegation, at=at),
    ),
    Waiting(
        "daily lists",
        "created_at",
        lambda at, before: due(rhythm=Rhythm.DAILY, at=at),
        lambda person, at: digests.ask(person=person, rhythm=Rhythm.DAILY, at=at),
    ),
    Waiting(
        "webhooks",
        "created_at",
        lambda at, before: hooks.due(at=at),
        lambda webhook, at: ask_webhook(webhook=webhook, at=at),
    ),
    Waiting(
        "weekly lists",
        "created_at",
        lambda at, before: due(rhythm=Rhythm.WEEKLY, at=at),
        lambda person, at: digests.ask(person=person, rhythm=Rhythm.WEEKLY, at=at),
    ),
)


def sweep(*, at: datetime) -> int:
    """Re-enqueue what has waited since before ``at`` minus two minutes; how many rows were found waiting.

    Sheets that were begun and forgotten are deleted too. Raises when something is away: the next sweep goes on.
    """
    found = 0
    _look_at_the_clock(at)
    deeds.note(deeds.Deed.SWEEP_BEGUN, at=at)
    for kind in KINDS:
        rows = _turn(kind.rows(at, at - TOO_LONG), kind)
        _ask(kind, rows, at)
        found += len(rows)
    found += delete_untouched(at=at, at_once=AT_ONCE)
    open_figures.ask_daily(at=at)
    if not _was_away(at):
        found += accept_silence(at=at)
    deeds.note(deeds.Deed.SWEEP, at=at, number=found)
    return found


def _look_at_the_clock(at: datetime) -> None:
    """Keep that the portal was away for a day, or that the clock was put forward: from here the two look the same."""
    last = deeds.last(deeds.Deed.SWEEP_BEGUN)
    if last is not None and at - last.at > SILENT_FOR:
        deeds.note(deeds.Deed.AWAY, at=at)


def _was_away(at: datetime) -> bool:
    """Whether it was lately: validators may not have been able to answer, or the clock may still be put right."""
    away = deeds.last(deeds.Deed.AWAY)
    return away is not None and timedelta() <= at - away.at < SILENT_FOR


def _turn(rows: QuerySet[Any], kind: Waiting) -> list[Any]:
    """The next AT_ONCE rows: those after the last one that was taken, then again from the first.

    Where that was is kept in the cache, which every worker shares. A cache that forgets begins with the oldest again.
    """
    rows = rows.order_by(kind.since, "pk")
    place = f"sweep: {kind.name}".replace(" ", "-")
    last = cache.get(place)
    if last is None:
        taken = list(rows[:AT_ONCE])
    else:
        since, number = last
        is_after = Q(**{f"{kind.since}__gt": since}) | Q(**{kind.since: since, "pk__gt": number})
        taken = list(rows.filter(is_after)[:AT_ONCE])
        if len(taken) < AT_ONCE:
            taken += rows.exclude(is_after)[: AT_ONCE - len(taken)]
    if taken:
        cache.set(place, (getattr(taken[-1], kind.since), taken[-1].pk), timeout=None)
    return taken


def _ask(kind: Waiting, rows: Iterable[Any], at: datetime) -> None:
    for row in rows:
        try:
            kind.ask(row, at)
        except Exception as error:
            if dependency_of(error) is not None:
                raise
            log.exception("%s: row %s could not be asked for; the others are", kind.name, row.pk)


def take_out_orphans(*, at: datetime) -> int:
    """Remove documents whose deposit never committed."""
    return remove_orphans(at=at)
