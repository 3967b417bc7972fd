"""How an invoice is shown, the same on every page: its status, its story, when it will be paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.payment import interest_rate, lump_sum
from plainchant.einvoice.law.vat_rates import written
from plainchant.portal.invoices.lifecycle import FINAL, MOVE_OF, STATUS_ROWS, Action, Side, Status
from plainchant.portal.invoices.models import Event, Invoice, StatusChange
from plainchant.portal.invoices.payment_clock import ClockState, Interruption, PaymentClock, payment_clock
from plainchant.portal.lib.time import day_in_paris

from .templatetags.plainchant import day as in_words


@dataclass(frozen=True)
class ShownStatus:
    """What `components/status.html` draws."""

    shape: str
    word: str
    official: str


def status_of(invoice: Invoice, *, side: Side) -> ShownStatus:
    """The shape and words of an invoice's status for one side of it."""
    row = STATUS_ROWS[Status(invoice.status)]
    mood, word = row.mood, row.word or row.mood.word
    if side is Side.BUYER and row.for_buyer:
        mood, word = row.for_buyer
    official = f"{row.label} ({row.edi})" if row.edi else row.label
    return ShownStatus(shape=mood.value, word=word, official=official)


def clock_of(invoice: Invoice, history: list[StatusChange]) -> PaymentClock:
    """The payment delay of an invoice from what happened to it."""
    return payment_clock(
        payer_category=invoice.buyer.payer_category if invoice.buyer else "",
        notified_on=day_in_paris(invoice.notified_at) if invoice.notified_at else None,
        interruptions=list(_interruptions(invoice, history)),
        ended=Status(invoice.status) in FINAL,
        owed=invoice.is_owed,
    )


def _interruptions(invoice: Invoice, history: list[StatusChange]) -> Iterator[Interruption]:
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


def sentence_for_seller(invoice: Invoice, clock: PaymentClock, *, today: date) -> str:
    """The one sentence on top of an invoice: where it is, and when it must be paid."""
    row = STATUS_ROWS[Status(invoice.status)]
    buyer = str(invoice.buyer) if invoice.buyer else "Le destinataire"
    said = row.to_seller.format(buyer=buyer)
    if row.status in FINAL or row.status in (Status.DRAFT, Status.TO_RECYCLE):
        return said
    if clock.state is ClockState.RUNNING and clock.due_on and clock.started_on:
        if clock.due_on < today and invoice.buyer and invoice.buyer.reports_no_payment:
            return (
                f"{said} Vous deviez être payé au plus tard le {in_words(clock.due_on)}. {buyer} n’indique pas ici "
                "quand il paie : regardez votre compte avant de le relancer."
            )
        if clock.due_on < today:
            return (
                f"{said} Le délai de paiement est dépassé depuis le {in_words(clock.due_on)} : "
                f"{_owed_for_lateness(clock.due_on)} vous sont dus sans que vous ayez à les demander."
            )
        if row.status is Status.AVAILABLE:
            return (
                f"{buyer} a votre facture depuis le {in_words(clock.started_on)} et doit vous payer "
                f"au plus tard le {in_words(clock.due_on)}."
            )
        return f"{said} Vous devez être payé au plus tard le {in_words(clock.due_on)}."
    if clock.state is ClockState.NOT_STARTED and invoice.made_available_at:
        return f"{said} Le délai de paiement commencera quand {buyer} aura été prévenu par courriel."
    return said


def _owed_for_lateness(due_on: date) -> str:
    first_day = due_on + timedelta(days=1)
    try:
        rate = f" au taux de {written(interest_rate(at=first_day))} % par an"
    except NotKnown:  # the table ends before that half-year
        rate = ""
    return f"des intérêts{rate} et une indemnité de {lump_sum(at=first_day)} €"


def story(invoice: Invoice, history: list[StatusChange], clock: PaymentClock, *, side: Side) -> list[dict[str, Any]]:
    """What `components/timeline.html` tells, oldest first: each step with who, when and why, then what is to come."""
    told: list[tuple[datetime, dict[str, Any]]] = []
    for change in _since_it_was_sent_here(invoice, history) if side is Side.BUYER else history:
        row = STATUS_ROWS[Status(change.to_status)]
        reason = REASON_OF[change.reason_code].label if change.reason_code else ""
        order = f"Mandat n° {change.payment_order}" if change.payment_order else ""
        told.append(
            (
                change.at,
                {
                    "sentence": MOVE_OF[Action(change.action)].history,
                    "at": change.at,
                    "who": change.actor_name,
                    "why": " · ".join(part for part in (reason, order, change.comment) if part),
                    "official": row.edi and f"statut {row.edi}",
                    "shape": row.mood.value,
                },
            )
        )
    for event in _first_of_each_kind(invoice):
        told.append(
            (event.at, {"sentence": event.get_kind_display(), "at": event.at, "who": event.actor or "Plainchant"})
        )
    told.sort(key=lambda pair: pair[0])
    steps = [step for _, step in told]
    if clock.state is ClockState.RUNNING and clock.due_on:
        steps.append(
            {
                "sentence": f"Dernier jour pour payer ({clock.limit_days} jours)",
                "expected_on": clock.due_on,
            }
        )
    return steps


def _first_of_each_kind(invoice: Invoice) -> Iterator[Event]:
    """The first notice and the first download: those that count; the others would only make the story long."""
    seen: set[str] = set()
    since = invoice.made_available_at
    for event in Event.objects.filter(invoice=invoice).select_related("actor"):
        if since and event.at < since:
            continue  # a former recipient's
        if event.kind not in seen:
            seen.add(event.kind)
            yield event


def _since_it_was_sent_here(invoice: Invoice, history: list[StatusChange]) -> list[StatusChange]:
    """What this recipient may read: not the draft's beginnings, nor what a former recipient did and wrote."""
    sent = [
        place
        for place, change in enumerate(history)
        if change.to_status == Status.DEPOSITED
        and (invoice.made_available_at is None or change.at <= invoice.made_available_at)
    ]
    return history[sent[-1] :] if sent else history
