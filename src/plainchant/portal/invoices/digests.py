"""The lists that people read in place of a mail for each invoice: what arrived, or what has become of theirs.

A list says no more than the pages do: it is made when it leaves, by the queries of those pages, for that person. It
tells of invoices as they stand then, and of none that was told to the same address at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from plainchant.portal.accounts import links
from plainchant.portal.accounts.models import User
from plainchant.portal.mail.mails import Button, Mail, Part, rows_of
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import dedup_key, post
from plainchant.portal.mail.strangers import named
from plainchant.portal.notices import muting
from plainchant.portal.notices.models import Digest
from plainchant.portal.notices.queries import Choices
from plainchant.portal.notices.rhythms import RHYTHM_ROW, Rhythm, last_list
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right, Space
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import accepted_memberships

from . import queries
from .lifecycle import STATUS_ROWS, STATUSES, URGENT_TO_SELLER, Status
from .models import Invoice, Notice, StatusChange
from .notifications import CHANGE_RHYTHM, COMPLETED_FOR_BUYER, how_many, issued_url, received_in_a_line, received_url

TELL = "invoices.tell_list"
LIST = "invoice_list"
LISTED = 30  # invoices of one structure in a mail; the page has them all
LOOKS_BACK = timedelta(days=31)  # a portal that was away for longer begins anew

_TOLD_IN_LISTS = [row.status for row in STATUSES if row.mails_seller and row.status not in URGENT_TO_SELLER]


def ask(*, person: User, rhythm: Rhythm, at: datetime) -> None:
    """Have somebody's list made, in the background."""
    enqueue(task=TELL, key=f"{person.pk}:{rhythm}", at=at, arguments={"person": person.pk, "rhythm": rhythm.value})


@transaction.atomic
def tell(*, person: User, rhythm: Rhythm, at: datetime) -> bool:
    """Mail a person the newest list of this rhythm, if they have not had it and it has something to say.

    It goes on from the last one, however long ago that was, so that a day when nothing left is caught up with once.
    """
    period = RHYTHM_ROW[rhythm].period
    if period is None:
        raise ValueError(f"{rhythm} has no lists")
    until = last_list(rhythm=rhythm, at=at)
    Digest.objects.get_or_create(user=person, rhythm=rhythm, defaults={"told_until": until - period})
    digest = Digest.objects.select_for_update().get(user=person, rhythm=rhythm)
    if digest.told_until >= until:
        return False
    since = max(digest.told_until, until - LOOKS_BACK)
    Digest.objects.filter(pk=digest.pk).update(told_until=until)
    received, issued = _received(person, rhythm, since, until), _issued(person, rhythm, since, until)
    if not received and not issued:
        return False
    post(
        kind=LIST,
        event=f"{rhythm}:{until.date()}",
        recipient=person.notice_address,
        mail=_mail(person, rhythm, received, issued),
        at=at,
        mute_token=muting.token_of_lists(person=person, rhythm=rhythm),
    )
    return True


def _received(person: User, rhythm: Rhythm, since: datetime, until: datetime) -> list[Invoice]:
    """What arrived in that time and still waits to be dealt with, the oldest first."""
    actor = Actor(person)
    last = StatusChange.objects.filter(invoice=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    arrived = (
        _between(queries.to_process(received=queries.received_for(actor=actor, right=Right.SEE_RECEIVED)), since, until)
        .filter(buyer__in=_own(person))
        .annotate(last=Subquery(last))
    )
    choices = Choices(person)
    wanted = [
        invoice
        for invoice in arrived
        if rhythm
        is choices.in_force(
            structure=invoice.buyer_id or 0,
            space=Space.RECEIVED,
            service=invoice.buyer_service_id,
            at=invoice.status_at,
        )
    ]
    known = _told_at_once(wanted, person)
    return [invoice for invoice in wanted if invoice.pk not in known]


def _told_at_once(invoices: Sequence[Invoice], person: User) -> set[int]:
    """The keys of those that this person was told of by a mail of its own, since they arrived or came back."""
    address = person.notice_address
    notices = Notice.objects.filter(invoice__in=invoices, message__recipient=address, invoice__status=Status.AVAILABLE)
    known = set(notices.values_list("invoice", flat=True))
    completed = {
        dedup_key(kind=COMPLETED_FOR_BUYER, event=f"{invoice.uid}:{invoice.last}", recipient=address): invoice.pk  # type: ignore[attr-defined]
        for invoice in invoices
        if invoice.status == Status.COMPLETED
    }
    keys = Message.objects.filter(dedup_key__in=completed).values_list("dedup_key", flat=True)
    return known | {completed[key] for key in keys}


def _issued(person: User, rhythm: Rhythm, since: datetime, until: datetime) -> list[Invoice]:
    """What has become of the invoices sent, in that time, but for what everybody was told at once."""
    issued = queries.issued_for(actor=Actor(person), right=Right.SEE_ISSUED)
    moved = (
        _between(issued, since, until)
        .filter(seller__in=_own(person), status__in=_TOLD_IN_LISTS, buyer__isnull=False)
        .order_by("status_at", "pk")
    )
    choices = Choices(person)
    return [
        invoice
        for invoice in moved
        if rhythm
        is choices.in_force(structure=invoice.seller_id, space=Space.ISSUED, service=None, at=invoice.status_at)
    ]


def _own(person: User) -> QuerySet[Structure]:
    """Nobody is mailed of the invoices of those who only delegate to them."""
    return Structure.objects.filter(memberships__in=accepted_memberships().filter(user=person))


def _between(invoices: QuerySet[Invoice], since: datetime, until: datetime) -> QuerySet[Invoice]:
    return invoices.filter(Q(status_at__gt=since), Q(status_at__lte=until))


# -- The words ------------------------------------------------------------------------------------------------------


def _mail(person: User, rhythm: Rhythm, received: Sequence[Invoice], issued: Sequence[Invoice]) -> Mail:
    parts: list[Part] = []
    for buyer, invoices in _by(received, lambda invoice: str(invoice.buyer)):
        parts.append(f"{named(buyer)} : {how_many(invoices)} à traiter, depuis votre dernière liste.")
        lines = ((received_in_a_line(invoice, with_service=True), received_url(invoice)) for invoice in invoices)
        parts.append(rows_of(lines, most=LISTED))
    if received:
        everything = queries.to_process(received=queries.received_for(actor=Actor(person), right=Right.SEE_RECEIVED))
        parts.append(Button(f"Voir tout ce qui est à traiter ({everything.count()})", links.public("/recues/")))
    for seller, invoices in _by(issued, lambda invoice: str(invoice.seller)):
        parts.append(f"{named(seller)} : des nouvelles de {how_many(invoices)}.")
        parts.append(rows_of(((_of_issued(invoice), issued_url(invoice)) for invoice in invoices), most=LISTED))
    when = "chaque matin où il y a du nouveau" if rhythm is Rhythm.DAILY else "le lundi, s’il y a du nouveau"
    parts.append(f"Cette liste part {when}.")
    return Mail(_subject(received, issued), *parts, note=CHANGE_RHYTHM)


def _subject(received: Sequence[Invoice], issued: Sequence[Invoice]) -> str:
    parts = [f"{how_many(received)} à traiter"] * bool(received)
    parts += [f"des nouvelles de {how_many(issued)}"] * bool(issued)
    whose = {str(invoice.buyer) for invoice in received} | {str(invoice.seller) for invoice in issued}
    subject = ", ".join(parts) + (f", {named(whose.pop())}" if len(whose) == 1 else "")
    return subject[0].upper() + subject[1:]


def _of_issued(invoice: Invoice) -> str:
    row = STATUS_ROWS[Status(invoice.status)]
    kind = invoice.kind
    return f"{invoice.title} : {kind.agreed(row.label.lower())}. {row.sentence(kind=kind, buyer=named(invoice.buyer))}"


def _by(invoices: Sequence[Invoice], name: Callable[[Invoice], str]) -> list[tuple[str, list[Invoice]]]:
    groups: dict[str, list[Invoice]] = {}
    for invoice in invoices:
        groups.setdefault(name(invoice), []).append(invoice)
    return sorted(groups.items())
