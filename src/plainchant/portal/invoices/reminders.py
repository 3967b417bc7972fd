"""Reminders of an invoice that is paid late: drafted for its supplier, who reads, changes and sends each of them.

Three kinds, each sent once. None leaves by itself, and none once the invoice is paid, refused or suspended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from plainchant.einvoice.wording import day, money
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import histories, notifications
from .late_payment import AmountDue
from .lifecycle import Status
from .models import Event, Invoice
from .payments import owed_today
from .permissions import CHASE_PAYMENT
from .statement import days, in_euros, total_of

MAX_TEXT = 2000


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """``after``: days after the last day to pay. ``subject`` ends the mail's; ``text`` is proposed, filled in."""

    kind: Event.Kind
    after: int
    label: str
    subject: str
    text: str


REMINDERS: tuple[Reminder, ...] = (
    Reminder(
        kind=Event.Kind.REMINDED_KINDLY,
        after=3,
        label="Un rappel aimable",
        subject="rappel",
        text="Sauf erreur de notre part, la facture {number} du {issued_on}, de {amount}, devait être payée au plus "
        "tard le {due_on}.\n\n"
        "Pouvez-vous nous dire où en est son paiement\u00a0? S’il est parti entre-temps, ne tenez pas compte de ce "
        "message.",
    ),
    Reminder(
        kind=Event.Kind.REMINDED_FIRMLY,
        after=15,
        label="Une relance ferme",
        subject="relance",
        text="La facture {number} du {issued_on}, de {amount}, devait être payée au plus tard le {due_on}. Elle a "
        "{days_late} de retard.\n\n"
        "La loi prévoit des intérêts et une indemnité de {lump_sum}, dus sans que nous ayons à les demander (code de "
        "la commande publique, art. L2192-13). Avec eux, vous nous devez {total} au {today}.\n\n"
        "Merci de mettre cette facture en paiement, et de nous dire quel jour.",
    ),
    Reminder(
        kind=Event.Kind.REMINDED_FORMALLY,
        after=30,
        label="Une mise en demeure",
        subject="mise en demeure",
        text="Malgré nos rappels, la facture {number} du {issued_on}, de {amount}, à payer au plus tard le {due_on}, "
        "n’est pas payée. Elle a {days_late} de retard.\n\n"
        "Nous vous mettons en demeure de nous payer {total}. C’est le montant de la facture, les intérêts arrêtés au "
        "{today} et l’indemnité forfaitaire (code de la commande publique, art. L2192-13, R2192-31 et D2192-35).\n\n"
        "Sans paiement sous quinze jours, nous saisirons le médiateur des entreprises.",
    ),
)
REMINDER_OF: Mapping[str, Reminder] = {row.kind: row for row in REMINDERS}


class ReminderNotSent(Refused):
    """This reminder is not the one to be sent now, or has nothing to say."""

    code = "reminder_not_sent"


@dataclass(frozen=True, kw_only=True)
class NextReminder:
    """The reminder that comes next, the day from which it may be sent, and what is owed."""

    row: Reminder
    from_day: date
    is_ready: bool
    due: AmountDue


def sent_reminders(*, invoice: Invoice) -> dict[str, Event]:
    """Those that were sent to its present recipient, by kind, in their order."""
    if invoice.made_available_at is None:
        return {}
    events = Event.objects.filter(invoice=invoice, kind__in=REMINDER_OF, at__gte=invoice.made_available_at)
    return {event.kind: event for event in events.select_related("message")}


def next_reminder(*, invoice: Invoice, today: date) -> NextReminder | None:
    """What may be sent next, or from when; None if the invoice is not late any more, or all were sent.

    Between two of them lie as many days as between their rows, so that one who begins late skips none.
    """
    if Status(invoice.status) is Status.SUSPENDED:
        return None  # it waits for the supplier
    due = owed_today(invoice=invoice, today=today)
    if due is None or not due.is_late or not due.principal:
        return None
    from_day, before = due.due_on, 0
    sent = sent_reminders(invoice=invoice)
    for row in REMINDERS:
        from_day += timedelta(days=row.after - before)
        before = row.after
        event = sent.get(row.kind)
        if event is None:
            return NextReminder(row=row, from_day=from_day, is_ready=from_day <= today, due=due)
        from_day = max(from_day, day_in_paris(event.at))
    return None


def proposed_text(*, invoice: Invoice, reminder: NextReminder) -> str:
    """The draft, for the supplier to read and to change."""
    due = reminder.due
    return reminder.row.text.format(
        number=invoice.number,
        issued_on=day(invoice.issue_date) if invoice.issue_date else "",
        amount=money(due.base, invoice.currency),
        due_on=day(due.due_on),
        days_late=days(due.days_late),
        lump_sum=in_euros(due.lump_sum),
        total=total_of(due),
        today=day(due.at),
    )


@transaction.atomic
def send_reminder(*, invoice: Invoice, kind: str, text: str, actor: Actor, at: datetime) -> Event:
    """Send a reminder to where the recipient is told of its invoices, in the supplier's own words.

    Raises NotAllowed, ReminderNotSent: it is not the next one, its day has not come, it is empty or too long, the
    recipient has nobody to tell. Nothing has left then.
    """
    require(actor, CHASE_PAYMENT, invoice)
    Invoice.objects.select_for_update().get(pk=invoice.pk)  # two presses at once: one after the other
    invoice.refresh_from_db()
    reminder = next_reminder(invoice=invoice, today=day_in_paris(at))
    if reminder is None or reminder.row.kind != kind:
        raise ReminderNotSent(
            "Ce message n’est plus à envoyer\u00a0: la facture a changé, ou il est déjà parti. Relisez sa page."
        )
    if not reminder.is_ready:
        raise ReminderNotSent(f"Ce message pourra partir à compter du {day(reminder.from_day)}.")
    paragraphs = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not paragraphs:
        raise ReminderNotSent("Écrivez votre message\u00a0: il est vide.", field="text")
    if len(text) > MAX_TEXT:
        raise ReminderNotSent(
            f"Votre message compte {len(text)} caractères\u00a0; {MAX_TEXT} au plus peuvent partir. Raccourcissez-le.",
            field="text",
        )
    keys = notifications.remind_buyer(
        invoice=invoice, kind=kind, subject=reminder.row.subject, paragraphs=paragraphs, due=reminder.due, at=at
    )
    if not keys:
        raise ReminderNotSent(
            f"{invoice.buyer} n’a personne ici qui lise ses courriels\u00a0: votre message n’est pas parti. "
            "Écrivez-lui par un autre moyen."
        )
    deliver_later(keys=keys, at=at)
    message = Message.objects.get(dedup_key=keys[0])
    event = Event(invoice=invoice, kind=kind, at=at, actor=actor.author, message=message)
    histories.add([event])
    return event
