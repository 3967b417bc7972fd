"""Read tickets: whoever asked sees theirs, those who answer for a body its own, operators those to the portal."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.second_factor import is_operator
from plainchant.portal.notices.queries import shared_address
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import holders, reached, services_reached

from .models import Ticket, TicketFile
from .subjects import TicketState

_NUMBER = re.compile(r"(?:S-?)?\d{4}-0*(\d{1,9})", re.IGNORECASE)


def asked_by(*, actor: Actor, right: Right | None = None) -> QuerySet[Ticket]:
    """Those that this person wrote."""
    return _in_order(Ticket.objects.filter(_own(actor)))


def received_for(*, actor: Actor, right: Right) -> QuerySet[Ticket]:
    """Those to the bodies and services over which the actor has this right; for an operator, those to the portal."""
    return _in_order(Ticket.objects.filter(_received(actor, right)))


def visible_to(*, actor: Actor, right: Right) -> QuerySet[Ticket]:
    """Those of both kinds."""
    return _in_order(Ticket.objects.filter(_own(actor) | _received(actor, right)))


def files_for(*, actor: Actor, right: Right) -> QuerySet[TicketFile]:
    """The files of the tickets that the actor sees."""
    return TicketFile.objects.filter(message__ticket__in=visible_to(actor=actor, right=right)).select_related("stored")


def _own(actor: Actor) -> Q:
    return Q(asker=actor.person, asker__is_active=True) if actor.person else Q(pk__in=())


def _received(actor: Actor, right: Right) -> Q:
    to_bodies = Q(body__in=reached(actor=actor, right=right)) | Q(
        service__in=services_reached(actor=actor, right=right)
    )
    if actor.person is not None and actor.person.operator_since is not None and is_operator(actor.person):
        return to_bodies | Q(body__isnull=True)
    return to_bodies


def _in_order(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("asker", "structure", "body", "service", "invoice").order_by("-state_at", "-pk")


def matching(*, tickets: QuerySet[Ticket], text: str, only_open: bool = False) -> QuerySet[Ticket]:
    """Those with this number, or with ``text`` in their title, the name of whoever asked or an invoice's number."""
    if only_open:
        tickets = tickets.exclude(state=TicketState.CLOSED)
    text = text.strip()
    if not text:
        return tickets
    number = _NUMBER.fullmatch(text)
    if number:
        return tickets.filter(pk=int(number[1]))
    return tickets.filter(Q(title__icontains=text) | Q(asker_name__icontains=text) | Q(invoice__number__icontains=text))


def desk_addresses(*, ticket: Ticket) -> list[str]:
    """Where those who answer are told of it: one shared address, else each of them."""
    if ticket.body is None:
        operators = User.objects.filter(operator_since__isnull=False, is_active=True)
        return sorted({person.notice_address for person in operators})
    shared = shared_address(structure=ticket.body, service=ticket.service)
    if shared:
        return [shared]
    answering = holders(right=Right.ANSWER_TICKETS, service=ticket.service).filter(structure=ticket.body)
    return sorted({person.notice_address for person in User.objects.filter(memberships__in=answering)})
