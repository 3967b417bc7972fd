"""The lists that people read in place of a mail for each invoice: what arrived, or what has become of theirs.

A list says no more than the pages do: it is made when it leaves, by the queries of those pages, for that person. It
tells of invoices as they stand then, and of none that was told to the same address at once. Whoever acts for others has
one list for them all, client by client.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
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
from plainchant.portal.notices.rhythms import FOLLOWING, RHYTHM_ROW, Rhythm, last_list
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right, Space
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import delegations_used

from . import queries
from .lifecycle import STATUS_ROWS, STATUSES, URGENT_TO_SELLER, Side, Status
from .lists import InvoiceKeys, InvoiceReach
from .models import Invoice, Notice, StatusChange
from .notifications import CHANGE_RHYTHM, COMPLETED_FOR_BUYER, how_many, issued_url, received_in_a_line, received_url

TELL = "invoices.tell_list"
LIST = "invoice_list"
LISTED = 30  # invoices of one structure in a mail; the page has them all
CLIENTS_IN_DETAIL = 20  # in a mail, and what it names of each
LISTED_OF_CLIENT = 5
LOOKS_BACK = timedelta(days=31)  # a portal that was away for longer begins anew

_TOLD = [row.status for row in STATUSES if row.mails_seller]


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
    if not _has_moved(person, since, until):
        return False
    received = _received(person, rhythm, since, until)
    processed = queries.received_for(actor=Actor(person), right=Right.PROCESS).filter(
        pk__in=[invoice.pk for invoice in (*received.own, *received.of_clients)]
    )
    news = News(
        person=person,
        rhythm=rhythm,
        received=received,
        processed=frozenset(processed.values_list("pk", flat=True)) if received else frozenset(),
        issued=_issued(person, rhythm, since, until),
    )
    if not news.received and not news.issued:
        return False
    post(
        kind=LIST,
        event=f"{rhythm}:{until.date()}",
        recipient=person.notice_address,
        mail=_mail(news),
        at=at,
        mute_token=muting.token_of_lists(person=person, rhythm=rhythm),
    )
    return True


@dataclass(frozen=True, kw_only=True)
class News:
    """What a list tells somebody, of their own structures and of clients."""

    person: User
    rhythm: Rhythm
    received: Followed
    issued: Followed
    processed: frozenset[int] = frozenset()  # keys of those received that the person may process


@dataclass(frozen=True)
class Followed:
    """Invoices of one side: ``own``, and those ``of_clients``, whom a person follows by a delegation alone."""

    own: list[Invoice]
    of_clients: list[Invoice]

    def __bool__(self) -> bool:
        return bool(self.own or self.of_clients)


def _has_moved(person: User, since: datetime, until: datetime) -> bool:
    """Whether anything that the person sees moved in that time: on most days nothing did, and no list is made."""
    return any(
        InvoiceKeys(
            side=side,
            reach=InvoiceReach.of(actor=Actor(person), right=right, side=side),
            narrow=lambda rows: _between(rows, since, until),
        ).exists()
        for side, right in ((Side.BUYER, Right.SEE_RECEIVED), (Side.SELLER, Right.SEE_ISSUED))
    )


def _received(person: User, rhythm: Rhythm, since: datetime, until: datetime) -> Followed:
    """What arrived in that time and still waits to be dealt with, the oldest first."""
    received = queries.received_for(actor=Actor(person), right=Right.SEE_RECEIVED)
    last = StatusChange.objects.filter(invoice=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    arrived = _between(queries.to_process(received=received), since, until).annotate(last=Subquery(last))
    followed = _in_rhythm(arrived, rhythm, Space.RECEIVED, person)
    known = _told_at_once([*followed.own, *followed.of_clients], person)
    return Followed(*([row for row in rows if row.pk not in known] for rows in (followed.own, followed.of_clients)))


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


def _issued(person: User, rhythm: Rhythm, since: datetime, until: datetime) -> Followed:
    """What has become of the invoices sent, in that time. Of one's own, without what everybody was told at once."""
    issued = queries.issued_for(actor=Actor(person), right=Right.SEE_ISSUED)
    moved = _between(issued, since, until).filter(status__in=_TOLD, buyer__isnull=False).order_by("status_at", "pk")
    followed = _in_rhythm(moved, rhythm, Space.ISSUED, person)
    return Followed([row for row in followed.own if row.status not in URGENT_TO_SELLER], followed.of_clients)


def _in_rhythm(invoices: QuerySet[Invoice], rhythm: Rhythm, space: Space, person: User) -> Followed:
    """Those of which the person wanted to be told in this rhythm when it happened."""
    choices = Choices(person)
    used = delegations_used(actor=Actor(person), right=FOLLOWING[space])
    delegates = {delegation.client_id: delegation.delegate_id for delegation in reversed(used)}  # the oldest counts
    followed = Followed([], [])
    for invoice in invoices.defer("document", "words", "comment", "remarks"):
        whose = invoice.seller_id if space is Space.ISSUED else invoice.buyer_id or 0
        service = invoice.buyer_service_id if space is Space.RECEIVED else None
        if whose in delegates:
            if rhythm is choices.in_force(structure=delegates[whose], space=None, at=invoice.status_at):
                followed.of_clients.append(invoice)
        elif rhythm is choices.in_force(structure=whose, space=space, service=service, at=invoice.status_at):
            followed.own.append(invoice)
    return followed


def _between(invoices: QuerySet[Invoice], since: datetime, until: datetime) -> QuerySet[Invoice]:
    return invoices.filter(Q(status_at__gt=since), Q(status_at__lte=until))


# -- The words ------------------------------------------------------------------------------------------------------


def _mail(news: News) -> Mail:
    parts: list[Part] = []
    received, issued = news.received, news.issued
    for buyer, invoices in _by(received.own, lambda invoice: str(invoice.buyer)):
        parts.append(f"{named(buyer)} : {_arrived(invoices, news.processed)}, depuis votre dernière liste.")
        lines = ((received_in_a_line(invoice, with_service=True), received_url(invoice)) for invoice in invoices)
        parts.append(rows_of(lines, most=LISTED))
    if received and not news.processed:
        parts.append(Button("Voir les factures reçues", links.public("/recues/toutes/")))
    elif received:
        everything = queries.to_process(received=queries.received_for(actor=Actor(news.person), right=Right.PROCESS))
        parts.append(Button(f"Voir tout ce qui est à traiter ({everything.count()})", links.public("/recues/")))
    for seller, invoices in _by(issued.own, lambda invoice: str(invoice.seller)):
        parts.append(f"{named(seller)} : des nouvelles de {how_many(invoices)}.")
        parts.append(rows_of(((_of_issued(invoice), issued_url(invoice)) for invoice in invoices), most=LISTED))
    parts += _of_clients(clients_in(news))
    when = "chaque matin où il y a du nouveau" if news.rhythm is Rhythm.DAILY else "le lundi, s’il y a du nouveau"
    parts.append(f"Cette liste part {when}.")
    return Mail(_subject(news), *parts, note=CHANGE_RHYTHM)


@dataclass(frozen=True, kw_only=True)
class ClientNews:
    """What a list tells of one client."""

    client: Structure
    received: list[Invoice] = field(default_factory=list)
    issued: list[Invoice] = field(default_factory=list)
    processed: frozenset[int] = frozenset()  # as of `News`

    @property
    def is_urgent(self) -> bool:
        """Whether an invoice waits for the client, or was refused."""
        return any(invoice.status in URGENT_TO_SELLER for invoice in self.issued)

    @property
    def summary(self) -> str:
        return f"{named(self.client)} : {_counts(self.received, self.issued, self.processed)}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What somebody must do something about first."""
        issued = sorted(self.issued, key=lambda invoice: invoice.status not in URGENT_TO_SELLER)
        urgent = sum(invoice.status in URGENT_TO_SELLER for invoice in issued)
        rows = [(_of_issued(invoice), issued_url(invoice)) for invoice in issued]
        received = [(received_in_a_line(row, with_service=True), received_url(row)) for row in self.received]
        return rows[:urgent] + received + rows[urgent:]


def clients_in(news: News) -> list[ClientNews]:
    """What is of clients, client by client: those first of whom something is urgent, then by name."""
    clients: dict[int, ClientNews] = {}
    for invoice in news.received.of_clients:
        assert invoice.buyer is not None  # noqa: S101 - it was received
        clients.setdefault(
            invoice.buyer.pk, ClientNews(client=invoice.buyer, processed=news.processed)
        ).received.append(invoice)
    for invoice in news.issued.of_clients:
        clients.setdefault(invoice.seller_id, ClientNews(client=invoice.seller)).issued.append(invoice)
    return sorted(clients.values(), key=lambda each: (not each.is_urgent, str(each.client), each.client.pk))


def _of_clients(clients: Sequence[ClientNews]) -> Iterator[Part]:
    """The first with some of their invoices, the others in a line each: a mail of three hundred clients is read too."""
    if not clients:
        return
    yield "Pour vos clients :" if len(clients) > 1 else "Pour votre client :"
    for news in clients[:CLIENTS_IN_DETAIL]:
        yield f"{news.summary}."
        yield rows_of(news.rows, most=LISTED_OF_CLIENT)
    others = clients[CLIENTS_IN_DETAIL:]
    if others:
        yield "Et aussi :"
        yield rows_of((news.summary, _client_url(news)) for news in others)
    if any(news.issued for news in clients):
        yield Button("Voir toutes les factures envoyées", links.public("/factures/?structure="))


def _client_url(news: ClientNews) -> str:
    return links.public(f"{'/factures/' if news.issued else '/recues/'}?structure={news.client.uid}")


def _subject(news: News) -> str:
    own = _counts(news.received.own, news.issued.own, news.processed)
    whose = {str(invoice.buyer) for invoice in news.received.own} | {str(row.seller) for row in news.issued.own}
    own += f", {named(whose.pop())}" if len(whose) == 1 else ""
    of_clients = _counts(news.received.of_clients, news.issued.of_clients, news.processed)
    clients = clients_in(news)
    for_whom = f"Votre client {named(clients[0].client)}" if len(clients) == 1 else f"Vos {len(clients)} clients"
    parts = [own[:1].upper() + own[1:]] * bool(own) + [f"{for_whom} : {of_clients}"] * bool(clients)
    return ". ".join(parts)


def _arrived(received: Sequence[Invoice], processed: Collection[int]) -> str:
    """« 2 factures à traiter »; who may only read them has nothing to do with them."""
    return f"{how_many(received)} à {'traiter' if any(row.pk in processed for row in received) else 'consulter'}"


def _counts(received: Sequence[Invoice], issued: Sequence[Invoice], processed: Collection[int]) -> str:
    parts = [_arrived(received, processed)] * bool(received)
    parts += [f"des nouvelles de {how_many(issued)}"] * bool(issued)
    return ", ".join(parts)


def _of_issued(invoice: Invoice) -> str:
    row = STATUS_ROWS[Status(invoice.status)]
    kind = invoice.kind
    return f"{invoice.title} : {kind.agreed(row.label.lower())}. {row.sentence(kind=kind, buyer=named(invoice.buyer))}"


def _by(invoices: Sequence[Invoice], name: Callable[[Invoice], str]) -> list[tuple[str, list[Invoice]]]:
    groups: dict[str, list[Invoice]] = {}
    for invoice in invoices:
        groups.setdefault(name(invoice), []).append(invoice)
    return sorted(groups.items())
