"""Read structures, their people, and which of them an actor reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.einvoice.identifiers import bare, siret_in
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right

from .models import (
    Application,
    BankAccount,
    Delegation,
    DelegationRequest,
    Grant,
    Invitation,
    Membership,
    Service,
    SpaceRequest,
    Structure,
    StructureNature,
    TechnicalAccount,
)
from .reach import accepted_memberships, holders, reached

# How long bank details are new: whoever pays is told, and whoever has just joined does not confirm them.
RECENT = timedelta(hours=72)


def requests_for(*, actor: Actor, right: Right) -> QuerySet[Membership]:
    """What others have asked of the structures over which the actor has this right, answered or not, oldest first."""
    return (
        Membership.objects.filter(structure__in=reached(actor=actor, right=right))
        .exclude(user=actor.person)
        .select_related("user", "structure")
        .order_by("requested_at")
    )


def memberships_to_decide(*, actor: Actor) -> QuerySet[Membership]:
    """Requests waiting for this manager's answer, oldest first."""
    return requests_for(actor=actor, right=Right.MANAGE).filter(state=Membership.State.PENDING)


def attachments_for(*, actor: Actor, right: Right) -> QuerySet[Membership]:
    """The people attached to the structures over which the actor has this right, suspended ones too; not the actor."""
    return (
        Membership.objects.filter(
            structure__in=reached(actor=actor, right=right),
            state__in=[Membership.State.ACCEPTED, Membership.State.DISABLED],
        )
        .exclude(user=actor.person)
        .select_related("user", "structure")
        .order_by("-is_manager", "user__last_name", "user__first_name", "pk")
    )


def people_managed(*, structure: Structure, actor: Actor, text: str = "") -> QuerySet[Membership]:
    """Those of one structure whom this manager may change; with each word of ``text`` in their name or address."""
    people = attachments_for(actor=actor, right=Right.MANAGE).filter(structure=structure)
    for word in text.split():
        people = people.filter(
            Q(user__first_name__icontains=word) | Q(user__last_name__icontains=word) | Q(user__email__icontains=word)
        )
    return people


def everybody_attached(*, structure: Structure) -> QuerySet[Membership]:
    """The attachments of a structure, suspended ones too, its manager first, with what each opens."""
    return (
        Membership.objects.filter(structure=structure, state__in=[Membership.State.ACCEPTED, Membership.State.DISABLED])
        .select_related("user")
        .prefetch_related("grants__service")
        .order_by("-is_manager", "user__last_name", "user__first_name", "pk")
    )


def invitations_for(*, actor: Actor, right: Right) -> QuerySet[Invitation]:
    """The invitations that wait for an answer, of the structures over which the actor has this right."""
    return (
        Invitation.objects.filter(structure__in=reached(actor=actor, right=right), state=Invitation.State.OPEN)
        .select_related("structure")
        .order_by("created_at", "pk")
    )


def invitations_to(*, actor: Actor, at: datetime) -> QuerySet[Invitation]:
    """The invitations that wait for this person's answer: sent to the address that they log in with."""
    if actor.person is None:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(
            email__iexact=actor.person.email, state=Invitation.State.OPEN, expires_at__gt=at, structure__is_active=True
        )
        .select_related("structure", "created_by")
        .order_by("created_at", "pk")
    )


def delegations_given_for(*, actor: Actor, right: Right) -> QuerySet[Delegation]:
    """What the structures over which the actor has this right let others do, ended ones too; those that run first."""
    return _delegations(Q(client__in=reached(actor=actor, right=right)))


def delegations_held_for(*, actor: Actor, right: Right) -> QuerySet[Delegation]:
    """What others let the structures do over which the actor has this right, ended ones too; those that run first."""
    return _delegations(Q(delegate__in=reached(actor=actor, right=right)))


def _delegations(which: Q) -> QuerySet[Delegation]:
    return (
        Delegation.objects.filter(which)
        .select_related("client", "delegate", "created_by", "ended_by")
        .order_by(F("ended_at").desc(nulls_first=True), "begins_on", "pk")
    )


def delegations_open(*, structure: Structure) -> QuerySet[Delegation]:
    """What this structure lets others do, begun or still to begin."""
    return _delegations(Q(client=structure, ended_at__isnull=True))


def acted_by(*, delegation: Delegation) -> QuerySet[User]:
    """The people of the delegate who may do something for the client by this delegation alone, were it open."""
    opened = Grant.objects.filter(delegation=delegation).values("space")
    have = Grant.objects.filter(membership=OuterRef("pk"), service__isnull=True, space__in=opened)
    acting = accepted_memberships().filter(Q(is_manager=True) | Exists(have), structure=delegation.delegate)
    own = accepted_memberships().filter(structure=delegation.client)
    return User.objects.filter(memberships__in=acting).exclude(memberships__in=own)


def delegation_requests_for(*, actor: Actor, right: Right) -> QuerySet[DelegationRequest]:
    """What others ask to do for the structures over which the actor has this right, answered or not, oldest first."""
    asked = reached(actor=actor, right=right).filter(identifier_type=SIRET_TYPE, is_active=True).values("identifier")
    return _delegation_requests(Q(siret__in=asked))


def delegation_requests_to_decide(*, actor: Actor) -> QuerySet[DelegationRequest]:
    """Those that wait for this manager's answer."""
    waiting = delegation_requests_for(actor=actor, right=Right.MANAGE)
    return waiting.filter(state=DelegationRequest.State.OPEN)


def delegation_requests_by(*, actor: Actor, right: Right) -> QuerySet[DelegationRequest]:
    """What the structures over which the actor has this right ask to do for others, and that waits for an answer."""
    mine = Q(delegate__in=reached(actor=actor, right=right), state=DelegationRequest.State.OPEN)
    return _delegation_requests(mine)


def _delegation_requests(which: Q) -> QuerySet[DelegationRequest]:
    return DelegationRequest.objects.filter(which).select_related("delegate", "created_by").order_by("created_at", "pk")


def space_requests_for(*, actor: Actor, right: Right) -> QuerySet[SpaceRequest]:
    """What others ask to be opened in the structures over which the actor has this right, answered or not."""
    return (
        SpaceRequest.objects.filter(membership__structure__in=reached(actor=actor, right=right))
        .exclude(membership__user=actor.person)
        .select_related("membership__user", "membership__structure")
        .order_by("created_at", "pk")
    )


def space_requests_to_decide(*, actor: Actor) -> QuerySet[SpaceRequest]:
    """Those that wait for this manager's answer; of people who are still attached."""
    return space_requests_for(actor=actor, right=Right.MANAGE).filter(
        state=SpaceRequest.State.OPEN, membership__in=accepted_memberships()
    )


def technical_accounts_for(*, actor: Actor, right: Right) -> QuerySet[TechnicalAccount]:
    """The technical accounts of the structures over which the actor has this right; those that serve first."""
    return (
        TechnicalAccount.objects.filter(structure__in=reached(actor=actor, right=right))
        .select_related("structure", "account", "created_by")
        .order_by(F("revoked_at").desc(nulls_first=True), "name", "pk")
    )


def applications_for(*, actor: Actor, right: Right) -> QuerySet[Application]:
    """The applications of the structures over which the actor has this right; those that serve first."""
    return (
        Application.objects.filter(structure__in=reached(actor=actor, right=right))
        .select_related("structure", "created_by")
        .order_by(F("revoked_at").desc(nulls_first=True), "name", "pk")
    )


def attached_to(*, actor: Actor, structures: Collection[Structure]) -> set[int]:
    """The keys of those of ``structures`` that the actor is attached to, rather than acting for them."""
    mine = accepted_memberships().filter(user=actor.person, structure__in=structures)
    return set(mine.values_list("structure", flat=True))


def bank_accounts_for(*, actor: Actor, right: Right) -> QuerySet[BankAccount]:
    """The bank accounts of the structures over which the actor has this right, closed ones too."""
    return BankAccount.objects.filter(structure__in=reached(actor=actor, right=right)).select_related("structure")


def bank_accounts_of_own(*, actor: Actor, right: Right) -> QuerySet[BankAccount]:
    """The bank accounts of the structures where an attachment of the actor's own gives this right, in any state."""
    theirs = holders(right=right).filter(user=actor.person)
    return BankAccount.objects.filter(structure__in=theirs.values("structure")).select_related(
        "structure", "created_by"
    )


def bank_accounts_to_confirm(*, actor: Actor) -> QuerySet[BankAccount]:
    """Those that wait for a second person, who may be this one, oldest first; none that they have added themselves."""
    own = bank_accounts_of_own(actor=actor, right=Right.SEND)
    return own.filter(is_waiting=True).exclude(created_by=actor.person).order_by("created_at", "pk")


def confirmers_of(*, structure: Structure, asked_by: User, at: datetime) -> QuerySet[Membership]:
    """Who may confirm a bank account that ``asked_by`` has added: others, who send its invoices and are no newcomers.

    A thief who holds a manager's session could let an accomplice in: nobody confirms within three days of joining.
    """
    settled = Q(decided_at__isnull=True) | Q(decided_at__lte=at - RECENT)
    return holders(right=Right.SEND).filter(settled, structure=structure).exclude(user=asked_by)


def put_out_lately(*, structure: Structure, at: datetime) -> QuerySet[User]:
    """The people whose attachment somebody else has ended or suspended within the last three days."""
    ended = Membership.objects.filter(
        structure=structure,
        state__in=[Membership.State.REMOVED, Membership.State.DISABLED],
        decided_at__gt=at - RECENT,
    ).exclude(decided_by=F("user"))
    return User.objects.filter(memberships__in=ended)


def public_bodies() -> QuerySet[Structure]:
    """The recipients of the directory, active or not."""
    return Structure.objects.filter(nature=StructureNature.PUBLIC)


def services_open_on(*, structure: Structure, day: date, to_private_supplier: bool) -> QuerySet[Service]:
    """Services that can be invoiced on ``day``. Invoices between public bodies have a service of their own."""
    services = structure.services.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        is_active=True,
    )
    if to_private_supplier:
        services = services.exclude(code=Service.PUBLIC_INVOICES)
    return services.order_by("code")


def with_identifier(*, identifier: str, identifier_type: str = SIRET_TYPE) -> Structure | None:
    """The structure of an identifier, in the form in which it is kept, whoever may see it."""
    return Structure.objects.filter(identifier_type=identifier_type, identifier=identifier).first()


def heir_of(*, structure: Structure) -> Structure | None:
    """The structure that goes on for one whose SIRET has changed, after the last change."""
    heir, key = None, structure.pk
    while key is not None and (following := Structure.objects.filter(origin=key).first()) is not None:
        heir, key = following, following.pk
    return heir


def as_written(*, text: str) -> Structure | None:
    """The structure of a SIRET, or of any other identifier, as the operator typed it. None too if two have it."""
    siret = siret_in(text)
    if siret is not None and (found := with_identifier(identifier=siret)) is not None:
        return found
    others = Structure.objects.exclude(identifier_type=SIRET_TYPE)
    few = list(others.filter(identifier__in={"".join(text.upper().split()), bare(text)})[:2])
    return few[0] if len(few) == 1 else None


def named_like(*, structures: QuerySet[Structure], text: str) -> QuerySet[Structure]:
    """Those of ``structures`` with ``text`` in their names or their town, or whose identifier begins so."""
    text = text.strip()
    if not text:
        return structures
    return structures.filter(
        Q(name__icontains=text)
        | Q(label__icontains=text)
        | Q(city__icontains=text)
        | Q(identifier__startswith=bare(text) or text)
    )


def requests_by_structure(*, actor: Actor, structures: Collection[Structure]) -> dict[int, int]:
    """How many people and structures wait for the actor's answer, by the key of each of these structures."""
    people = memberships_to_decide(actor=actor).filter(structure__in=structures).values_list("structure", flat=True)
    of_siret = {each.identifier: each.pk for each in structures if each.identifier_type == SIRET_TYPE}
    others = delegation_requests_to_decide(actor=actor).filter(siret__in=of_siret).values_list("siret", flat=True)
    spaces = space_requests_to_decide(actor=actor).filter(membership__structure__in=structures)
    asked = spaces.values_list("membership__structure", flat=True)
    return Counter([*people, *asked, *(of_siret[siret] for siret in others)])


def accepted_people(*, structure: Structure) -> QuerySet[User]:
    """The people attached to a structure today, its manager first."""
    return User.objects.filter(memberships__in=accepted_memberships().filter(structure=structure)).order_by(
        "-memberships__is_manager", "last_name", "first_name", "pk"
    )


def manager_of(*, structure: Structure) -> User | None:
    """The one person who has every right over it (gestionnaire principal); None when there is nobody."""
    # A second `filter` on people would speak of another of their attachments: they may manage another structure.
    managing = accepted_memberships().filter(structure=structure, is_manager=True)
    return User.objects.filter(memberships__in=managing).first()


def managers_of(*, structure: Structure) -> QuerySet[User]:
    """Everybody who decides for a structure today, the main manager first."""
    managing = holders(right=Right.MANAGE).filter(structure=structure)
    return User.objects.filter(memberships__in=managing).order_by("-memberships__is_manager", "last_name", "pk")


def notice_addresses(*, structure: Structure, right: Right) -> list[str]:
    """Where a structure is told of something that one sees with this right: those who have it, and its own address.

    Of invoices, `portal.notices` says who is told.
    """
    seeing = holders(right=right).filter(structure=structure)
    addresses = {person.notice_address for person in User.objects.filter(memberships__in=seeing)}
    if structure.email:
        addresses.add(structure.email)
    return sorted(addresses)


def works_alone(*, user: User) -> bool:
    """Whether this person is the only one of each of their structures, and acts for nobody else: no role means much."""
    mine = accepted_memberships().filter(user=user)
    others = accepted_memberships().filter(structure=OuterRef("structure")).exclude(user=user)
    acting = Delegation.objects.filter(delegate=OuterRef("structure"), ended_at__isnull=True)
    return mine.exists() and not mine.filter(Q(is_manager=False) | Exists(others) | Exists(acting)).exists()


def memberships_of(*, user: User) -> QuerySet[Membership]:
    """Every attachment of a person, asked, accepted or refused, with its structure; the newest request first."""
    return Membership.objects.filter(user=user).select_related("structure").order_by("-requested_at", "pk")


def people_like(*, text: str) -> QuerySet[User]:
    """The accounts whose name or addresses contain ``text``, or attached to the structure of that SIRET.

    Their `memberships` are loaded: the accepted ones, with their structures. For an operator: it asks for no right.
    """
    words = Q()
    for word in text.split():
        words &= (
            Q(email__icontains=word)
            | Q(contact_email__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    attached = Membership.objects.filter(state=Membership.State.ACCEPTED).select_related("structure")
    of_siret = attached.filter(structure__identifier="".join(text.split()))
    return (
        User.objects.filter(words | Q(memberships__in=of_siret), is_technical=False)
        .prefetch_related(Prefetch("memberships", attached))
        .distinct()
        .order_by("email")
    )


def structures_like(*, text: str) -> QuerySet[Structure]:
    """The structures whose name contains each word of ``text``, or that have this identifier. For an operator."""
    words = Q()
    for word in text.split():
        words &= Q(name__icontains=word) | Q(label__icontains=word) | Q(city__icontains=word)
    return Structure.objects.filter(words | Q(identifier="".join(text.split()))).order_by("name", "identifier")


def structures_left_alone_by(*, user: User) -> QuerySet[Structure]:
    """The structures that this person, whose account is closed, was the one to manage."""
    managed = Membership.objects.filter(user=user, state=Membership.State.ACCEPTED, is_manager=True)
    return Structure.objects.filter(memberships__in=managed, is_active=True).order_by("name")


def requests_for_operator() -> QuerySet[Membership]:
    """Requests to join a structure that nobody manages, oldest first."""
    managed = accepted_memberships().filter(structure=OuterRef("structure"), is_manager=True)
    return (
        Membership.objects.filter(~Exists(managed), state=Membership.State.PENDING)
        .select_related("user", "structure")
        .order_by("requested_at")
    )


def must_have_second_factor(*, user: User) -> bool:
    """Whether the operator asks a second factor of this person (`SECOND_FACTOR_FOR`), for what they may do today.

    Of those who see how the portal goes it is always asked.
    """
    asked_of = settings.SECOND_FACTOR_FOR
    if user.operator_since is not None:
        return True
    if not asked_of:
        return False
    theirs = accepted_memberships().filter(user=user)
    of_whom = Q(pk__in=())
    if "managers" in asked_of:
        of_whom |= Q(pk__in=holders(right=Right.MANAGE).values("pk"))
    if "public-bodies" in asked_of:
        of_whom |= Q(structure__nature=StructureNature.PUBLIC)
    return "everybody" in asked_of or theirs.filter(of_whom).exists()
