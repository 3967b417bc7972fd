"""Who is told of an invoice at once, and what each person may choose.

An invoice that a public body receives is told at once to one address, whoever else follows it: that of its service, or
else that of the body. Where there is neither, somebody must hear of it all the same, because the delay of payment
starts with that mail (code de la commande publique, art. R2192-15): those who chose to be told at once, or else the
main manager.

Whoever follows invoices for clients, by a delegation, is never the one who must hear: the client's own notices are
the same without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import RIGHT_ROW, Right, Space
from plainchant.portal.structures.models import Grant, Membership, Service, Structure, StructureNature
from plainchant.portal.structures.reach import (
    accepted_memberships,
    delegate_holders,
    delegates,
    have_delegates,
    holders,
)

from .models import OF_CLIENTS, Digest, NoticeChoice
from .muting import token_of
from .rhythms import FOLLOWING, USUAL, Rhythm, last_list

LISTED = (Rhythm.DAILY, Rhythm.WEEKLY)


@dataclass(frozen=True)
class Follower:
    """Somebody whose attachment shows them the invoices of a space, and how often they want to be mailed of them.

    ``may_process``: they may also process what is received.
    """

    membership: Membership
    rhythm: Rhythm
    may_process: bool = False

    @property
    def person(self) -> User:
        return self.membership.user


@dataclass(frozen=True)
class Addressee:
    """An address that is told at once. ``mute_token``: with which its reader stops that; empty for a shared address.

    ``may_process``: its reader may process what is received, as whoever reads a shared address is taken to.
    """

    address: str
    mute_token: str = ""
    may_process: bool = True


def followers(*, structure: Structure, space: Space, service: Service | None = None) -> list[Follower]:
    """Those who see such an invoice today: of the whole structure, or of this service of it."""
    chosen = NoticeChoice.objects.filter(
        Q(service__isnull=True) | Q(service=service), membership=OuterRef("pk"), space=space
    ).order_by("-chosen_at", "-pk")
    following = (
        holders(right=FOLLOWING[space], service=service)
        .filter(structure=structure)
        .select_related("user")
        .annotate(
            chosen=Subquery(chosen.values("rhythm")[:1]),
            processes=Q(pk__in=holders(right=Right.PROCESS, service=service).values("pk")),
        )
        .order_by("pk")
    )
    return [Follower(row, Rhythm(row.chosen or USUAL[space]), may_process=row.processes) for row in following]


def _addressees(shared: str, following: Iterable[Follower], space: Space | None) -> list[Addressee]:
    """Each address once, in their order; one that is shared cannot be muted by whoever reads it."""
    every = {}
    for follower in following:
        address = follower.person.notice_address
        token = token_of(membership=follower.membership.pk, space=space, rhythm=follower.rhythm)
        every[address] = Addressee(address, token, may_process=follower.may_process)
    every |= {shared: Addressee(shared)} if shared else {}
    return [addressee for _, addressee in sorted(every.items())]


def shared_address(*, structure: Structure, service: Service | None = None) -> str:
    """The one address where a body, or a service of it, is told of what it receives; empty if there is none."""
    return (service.email if service else "") or structure.email


def told_of_received(*, structure: Structure, service: Service | None = None) -> list[Addressee]:
    """Who is told at once of an invoice for this body, and this service. Empty if nobody follows it."""
    shared = shared_address(structure=structure, service=service)
    following = followers(structure=structure, space=Space.RECEIVED, service=service)
    at_once = [follower for follower in following if follower.rhythm is Rhythm.AT_ONCE]
    if not shared and not at_once:
        at_once = left_to_tell(following)
    return _addressees(shared, at_once, Space.RECEIVED)


def left_to_tell(following: Sequence[Follower]) -> list[Follower]:
    """Those who hear of an invoice that nobody is told of at once: the main manager, or else all who want any mail.

    Those who want none too, where there is nobody else.
    """
    wanting = [follower for follower in following if follower.rhythm is not Rhythm.NEVER]
    return [follower for follower in wanting if follower.membership.is_manager] or wanting or list(following)


def told_of_issued(*, structure: Structure, is_urgent: bool) -> list[Addressee]:
    """Who is told at once of what became of an invoice of this supplier: its own address, and its people.

    ``is_urgent``: it was refused, or waits for the supplier. Whoever reads lists is told of that at once too.
    """
    rhythms = {Rhythm.AT_ONCE, *LISTED} if is_urgent else {Rhythm.AT_ONCE}
    following = followers(structure=structure, space=Space.ISSUED)
    at_once = [follower for follower in following if follower.rhythm in rhythms]
    return _addressees(structure.email, at_once, Space.ISSUED)


def told_for_client(*, client: Structure, space: Space) -> list[Addressee]:
    """Those who act for this structure by a delegation, and chose to be told at once of its invoices."""
    if not have_delegates(clients=[client]):
        return []
    chosen = NoticeChoice.objects.filter(membership=OuterRef("pk"), space=OF_CLIENTS).order_by("-chosen_at", "-pk")
    at_once = (
        delegate_holders(client=client, right=FOLLOWING[space])
        .annotate(
            chosen=Subquery(chosen.values("rhythm")[:1]),
            processes=Q(pk__in=delegate_holders(client=client, right=Right.PROCESS).values("pk")),
        )
        .filter(chosen=Rhythm.AT_ONCE)
        .select_related("user")
        .order_by("pk")
    )
    following = [Follower(row, Rhythm.AT_ONCE, may_process=row.processes) for row in at_once]
    return _addressees("", following, None)


# -- What one person may choose -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Topic:
    """What a rhythm is chosen for: the invoices that one attachment lets a person follow, in one space.

    Without a space: those of all clients for whom its structure acts.
    """

    membership: Membership
    space: Space | None
    service: Service | None = None

    @property
    def key(self) -> str:
        """As forms name it."""
        of_what = self.space.lower() if self.space else "clients"
        return f"{self.membership.uid}-{of_what}" + (f"-{self.service.pk}" if self.service else "")


def topics_of(*, actor: Actor) -> list[Topic]:
    """What the actor may choose a rhythm for, by the names of the structures: received invoices, issued, of clients."""
    if actor.person is None:
        return []
    issues = Structure.objects.filter(pk=OuterRef("structure"), issued_invoices__isnull=False)
    mine = (
        accepted_memberships()
        .filter(user=actor.person)
        .select_related("structure")
        .prefetch_related(Prefetch("grants", Grant.objects.select_related("service")))
        .annotate(
            issues=Exists(issues) | Q(structure__nature=StructureNature.PRIVATE),
            has_clients=Q(structure__in=delegates()),
        )
        .order_by("structure__name", "pk")
    )
    topics = [topic for membership in mine for topic in _topics(membership)]
    return sorted(topics, key=lambda topic: (topic.space is not Space.RECEIVED, topic.space is None))


def _topics(membership: Membership) -> Iterable[Topic]:
    spaces = [Space.RECEIVED] if membership.structure.is_public else []
    spaces += [Space.ISSUED] if membership.issues else []  # type: ignore[attr-defined]  # annotated
    for space in spaces:
        modes = RIGHT_ROW[FOLLOWING[space]].modes
        opened = [grant for grant in membership.grants.all() if grant.space == space and grant.mode in modes]
        if membership.is_manager or any(grant.service is None for grant in opened):
            yield Topic(membership, space)
            continue
        services = [grant.service for grant in opened if grant.service is not None]
        yield from (Topic(membership, space, service) for service in sorted(services, key=lambda service: service.code))
    # For clients one has no more than over the whole of one's own.
    whole = {grant.space for grant in membership.grants.all() if grant.service is None}
    if membership.has_clients and (membership.is_manager or whole & set(FOLLOWING)):  # type: ignore[attr-defined]
        yield Topic(membership, None)


class Choices:
    """All that a person has chosen for the structures to which they are attached, from one query."""

    def __init__(self, person: User) -> None:
        rows = NoticeChoice.objects.filter(membership__user=person).order_by("chosen_at", "pk")
        self._rows: dict[tuple[int, str], list[NoticeChoice]] = {}
        for row in rows.select_related("membership"):
            self._rows.setdefault((row.membership.structure_id, row.space), []).append(row)

    def in_force(self, *, structure: int, space: Space | None, service: int | None = None, at: datetime) -> Rhythm:
        """The rhythm of what happened then, of a structure and a service given by their keys.

        Without a space: of the clients of that structure.
        """
        rows = [
            row
            for row in self._rows.get((structure, space or OF_CLIENTS), [])
            if row.chosen_at <= at and row.service_id in (None, service)
        ]
        return Rhythm(rows[-1].rhythm) if rows else USUAL[space]


def rhythms_of(*, topics: Sequence[Topic], actor: Actor, at: datetime) -> Mapping[str, Rhythm]:
    """The rhythm of each topic, by its key."""
    if actor.person is None:
        return {}
    choices = Choices(actor.person)
    return {
        topic.key: choices.in_force(
            structure=topic.membership.structure_id,
            space=topic.space,
            service=topic.service.pk if topic.service else None,
            at=at,
        )
        for topic in topics
    }


# -- Whose list is due ----------------------------------------------------------------------------------------------


def due(*, rhythm: Rhythm, at: datetime) -> QuerySet[User]:
    """The people who may have a list of this rhythm, and have not had the newest; not those who joined since."""
    until = last_list(rhythm=rhythm, at=at)
    mine = accepted_memberships().filter(user=OuterRef("pk"), decided_at__lt=until)
    may_have = Q(Exists(NoticeChoice.objects.filter(membership__user=OuterRef("pk"), rhythm=rhythm)))
    if USUAL[Space.RECEIVED] is rhythm:
        may_have |= Q(Exists(mine.filter(structure__nature=StructureNature.PUBLIC)))
    if USUAL[None] is rhythm:
        may_have |= Q(Exists(mine.filter(structure__in=delegates())))
    had = Digest.objects.filter(user=OuterRef("pk"), rhythm=rhythm, told_until__gte=until)
    return User.objects.filter(may_have, Exists(mine), ~Exists(had))
