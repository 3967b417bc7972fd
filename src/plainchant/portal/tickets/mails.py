"""The mails about tickets. What was written stays on the page: not all who read an address may see it."""

from __future__ import annotations

from plainchant.portal.accounts import links
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts
from plainchant.portal.mail.strangers import named

from .models import Ticket, TicketMessage
from .subjects import STEP_WORDS, SUBJECTS, Step, Subject


def to_desk(*, ticket: Ticket, message: TicketMessage) -> Mail:
    """To those who answer: a new ticket, or a word more from whoever asked."""
    is_new = message.step == Step.ASKED
    return Mail(
        f"{'Une sollicitation' if is_new else 'La suite de la sollicitation'} {ticket.number}\u00a0: "
        f"{named(ticket.title)}",
        f"{named(message.author_name)} {STEP_WORDS[Step(message.step)]}.",
        _facts(ticket),
        Button("Lire et répondre", links.ticket(uid=ticket.uid)),
    )


def to_asker(*, ticket: Ticket, message: TicketMessage) -> Mail:
    """To whoever asked."""
    who = named(ticket.body) if ticket.body else "La personne qui tient ce portail"
    return Mail(
        f"Votre sollicitation {ticket.number}\u00a0: {named(ticket.title)}",
        f"{who} {STEP_WORDS[Step(message.step)]}.",
        _facts(ticket),
        Button("Lire la suite", links.ticket(uid=ticket.uid)),
    )


def _facts(ticket: Ticket) -> MailFacts:
    about = [MailFact("Facture", ticket.invoice.number)] if ticket.invoice else []
    return MailFacts((MailFact("Sujet", SUBJECTS[Subject(ticket.subject)]), *about))
