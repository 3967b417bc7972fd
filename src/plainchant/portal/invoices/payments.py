"""When an invoice was paid, as its recipient reports it or its supplier notes it; and what is owed of it on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from plainchant.einvoice import wording
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import histories
from .delay import delay_of
from .late_payment import EUROS, AmountDue, amount_due
from .lifecycle import IN_VALIDATION, IN_WORKS, NOT_SENT, Status
from .models import Event, Invoice, StatusChange
from .payment_clock import PaymentClock
from .permissions import CHASE_PAYMENT

NOTES = (Event.Kind.PAID, Event.Kind.NOT_PAID)
# Of an invoice whose money has arrived, as its supplier last noted.
MONEY_IS_NOTED = Exists(
    Event.objects.filter(invoice=OuterRef("pk"), kind=Event.Kind.PAID).exclude(
        Exists(
            Event.objects.filter(invoice=OuterRef("invoice"), kind=Event.Kind.NOT_PAID).filter(
                Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
            )
        )
    )
)
# Nobody owes it: it was refused, or has not reached whoever has to pay it.
_OWED_BY_NOBODY = NOT_SENT | IN_VALIDATION | IN_WORKS | {Status.REJECTED, Status.TO_RECYCLE}


class PaymentNotNoted(Refused):
    """The day cannot be the one on which the money arrived, or there is nothing to note."""

    code = "payment_not_noted"


def noted_on(*, invoice: Invoice) -> date | None:
    """The day on which the money arrived, as the supplier last noted it; None if they noted none, or took it back."""
    last = Event.objects.filter(invoice=invoice, kind__in=NOTES).order_by("at", "id").last()
    return last.day if last else None


def paid_on(*, history: Sequence[StatusChange], noted: date | None) -> date | None:
    """The day on which it was paid: the reported one or the noted one, whichever comes first, since no payment comes
    after its money. ``history``: all of the invoice's.
    """
    reported = [change.day or day_in_paris(change.at) for change in history if change.to_status == Status.PAID_OUT]
    return min([*reported, *([noted] if noted else [])], default=None)


def owed_of(*, invoice: Invoice, delay: PaymentClock, paid_on: date | None, today: date) -> AmountDue | None:
    """What is owed of an invoice on that day. None where no delay has run, and for what is not in euros."""
    amount = invoice.kind.to_pay
    if not invoice.kind.is_owed or delay.due_on is None or not amount:
        return None
    if invoice.currency != EUROS or Status(invoice.status) in _OWED_BY_NOBODY:
        return None
    return amount_due(payable=amount, due_on=delay.due_on, at=today, paid_on=paid_on)


def owed_today(*, invoice: Invoice, today: date) -> AmountDue | None:
    """The same, with its history and its payment read from the database."""
    history = list(invoice.history.all())
    return owed_of(
        invoice=invoice,
        delay=delay_of(invoice=invoice, history=history),
        paid_on=paid_on(history=history, noted=noted_on(invoice=invoice)),
        today=today,
    )


@transaction.atomic
def note_payment(*, invoice: Invoice, day: date | None, actor: Actor, at: datetime) -> Event:
    """Note on which day the money of an invoice arrived; None takes back what was noted. Nothing noted is erased.

    It is the supplier's own: the recipient does not read it, and no status changes. Raises NotAllowed, PaymentNotNoted.
    """
    require(actor, CHASE_PAYMENT, invoice)
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.deposited_at is None or Status(invoice.status) in _OWED_BY_NOBODY or not invoice.kind.is_owed:
        raise PaymentNotNoted("Il n’y a pas de paiement à noter sur cette facture\u00a0: rien n’est à payer.")
    noted = noted_on(invoice=invoice)
    if day is None and noted is None:
        raise PaymentNotNoted("Aucun paiement n’est noté\u00a0: il n’y a rien à corriger.", field="day")
    if day is not None and day > day_in_paris(at):
        raise PaymentNotNoted("Ce jour n’est pas encore venu. Donnez le jour où l’argent est arrivé.", field="day")
    if day is not None and day < day_in_paris(invoice.deposited_at):
        sent = f"{wording.day(day_in_paris(invoice.deposited_at))}"
        raise PaymentNotNoted(
            f"Votre facture est partie le {sent}\u00a0: son argent n’a pas pu arriver avant. Vérifiez la date.",
            field="day",
        )
    kind = Event.Kind.NOT_PAID if day is None else Event.Kind.PAID
    event = Event(invoice=invoice, kind=kind, at=at, actor=actor.author, day=day)
    histories.add([event])
    return event
