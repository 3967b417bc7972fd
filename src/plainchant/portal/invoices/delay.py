"""The payment delay of an invoice, as its history makes it run and stop; and what its supplier may expect today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from plainchant.einvoice.codes.invoice_types import DEPOSIT
from plainchant.einvoice.codes.works import WORKS_PIECE_OF
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.payment import interest_rate, lump_sum
from plainchant.portal.lib.time import day_in_paris

from .lifecycle import FINAL, Action, Status
from .models import Invoice, StatusChange
from .payment_clock import ClockState, Interruption, PaymentClock, payment_clock


class Outlook(StrEnum):
    """What there is to say to a supplier of when they will be paid."""

    NOTHING = "nothing"  # it is not sent, refused, paid, not to be paid, or the supplier's turn
    NOT_STARTED = "not_started"  # the recipient has it and has not been told yet
    NEW = "new"  # the delay runs, and nothing has been done with it
    RUNNING = "running"
    LATE = "late"
    LATE_OR_PAID = "late_or_paid"  # the last day is over, at a body that does not tell when it pays


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """What the law gives a supplier who is paid late. ``interest_rate``: per cent a year, None if not known yet."""

    interest_rate: Decimal | None
    lump_sum: Decimal


def delay_of(*, invoice: Invoice, history: Sequence[StatusChange]) -> PaymentClock:
    """The payment delay. ``history``: all of the invoice's, in order."""
    return payment_clock(
        payer_category=invoice.buyer.payer_category if invoice.buyer else "",
        notified_on=_received_on(invoice),
        interruptions=list(_interruptions(invoice, history)),
        ended=Status(invoice.status) in FINAL,
        owed=invoice.kind.is_owed,
        performed_on=_performed_on(invoice),
    )


def _received_on(invoice: Invoice) -> date | None:
    """The day on which the recipient was told; of works that are paid each month, its maître d'œuvre."""
    piece = WORKS_PIECE_OF.get(invoice.billing_framework)
    since = invoice.first_received_at if piece is not None and piece.delay_from_first else None
    received = since or invoice.notified_at
    return day_in_paris(received) if received else None


def _performed_on(invoice: Invoice) -> date | None:
    """BT-72. An invoice that asks for a part in advance is to be paid before the work is done."""
    written = (invoice.document or {}).get("delivery_date")
    return date.fromisoformat(written) if written and invoice.type_code != DEPOSIT else None


def _interruptions(invoice: Invoice, history: Sequence[StatusChange]) -> Iterator[Interruption]:
    since: datetime | None = None
    for change in history:
        if invoice.made_available_at is None or change.at < invoice.made_available_at:
            continue  # another recipient's time
        if change.to_status == Status.SUSPENDED:
            since = change.at
        elif since and change.action == Action.COMPLETE:
            yield Interruption(stopped_on=day_in_paris(since), resumed_on=day_in_paris(change.at))
            since = None
    if since:
        yield Interruption(stopped_on=day_in_paris(since))


def pays_in_silence(*, invoice: Invoice) -> bool:
    """Whether its recipient, or the service that it went to, does not report that it pays."""
    return any(body is not None and body.reports_no_payment for body in (invoice.buyer, invoice.buyer_service))


def outlook_of(*, invoice: Invoice, delay: PaymentClock, today: date) -> Outlook:
    """What may be said of the payment on that day."""
    status = Status(invoice.status)
    if status in FINAL or status in (Status.DRAFT, Status.TO_RECYCLE):
        return Outlook.NOTHING
    if delay.state is ClockState.RUNNING and delay.due_on:
        if delay.due_on < today:
            return Outlook.LATE_OR_PAID if pays_in_silence(invoice=invoice) else Outlook.LATE
        return Outlook.NEW if status is Status.AVAILABLE else Outlook.RUNNING
    if delay.state is ClockState.NOT_STARTED and invoice.made_available_at:
        return Outlook.NOT_STARTED
    return Outlook.NOTHING


def lateness_after(*, due_on: date) -> Lateness:
    """What is owed from the day after ``due_on``, without being asked for."""
    first_day = due_on + timedelta(days=1)
    try:
        rate = interest_rate(at=first_day)
    except NotKnown:  # the table ends before that half-year
        rate = None
    return Lateness(interest_rate=rate, lump_sum=lump_sum(at=first_day))
