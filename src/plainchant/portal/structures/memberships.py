"""Who is attached to a structure: asked, accepted, refused, suspended, ended; and what each may do there.

Whatever the page has asked, each operation asks the same row of `permissions` again. Every answer is told by mail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import PROFILE_ROW, AccessProfile, usual

from . import mails, queries
from .activity import note
from .grants import give
from .models import ActivityEntry, Membership, Service, Structure
from .permissions import DECIDE_MEMBERSHIP, JOIN_STRUCTURE, MANAGE_MEMBERSHIP

_MAY_ASK_AGAIN = (Membership.State.REFUSED, Membership.State.DISABLED, Membership.State.REMOVED)


class AlreadyAttached(Refused):
    """Nothing to ask: the person is attached."""

    code = "already_attached"


class AlreadyAsked(Refused):
    """The request is waiting for its answer."""

    code = "already_asked"


class StructureClosed(Refused):
    """The structure is no longer active."""

    code = "structure_closed"


class ManagerStays(Refused):
    """A structure is never left without its manager."""

    code = "manager_stays"


class HasChanged(Refused):
    """The attachment, or the invitation, is no longer as it was."""

    code = "attachment_has_changed"


class NothingOpened(Refused):
    """No profile was chosen."""

    code = "nothing_opened"


class WrongService(Refused):
    """The service belongs to another structure."""

    code = "wrong_service"


class AlreadyDecided(Refused):
    """The request has had its answer."""

    code = "already_decided"


def ask_to_join(*, actor: Actor, structure: Structure, comment: str, at: datetime) -> Membership:
    """Ask to be attached. Its managers are told; without one the request waits for the operator.

    Raises NotAllowed, AlreadyAttached, AlreadyAsked and StructureClosed.
    """
    with transaction.atomic():
        require(actor, JOIN_STRUCTURE)
        if not structure.is_active:
            raise StructureClosed(
                "La structure de ce SIRET n’est plus active sur ce portail. Vérifiez le SIRET, "
                "ou utilisez celui de votre nouvel établissement.",
                field="siret",
            )
        membership = _ask(person=actor.account, structure=structure, comment=comment, at=at)
        note(structure=structure, kind=ActivityEntry.Kind.ASKED, actor=actor, at=at)
        for manager in queries.managers_of(structure=structure):
            announce(
                kind="membership_request",
                membership=membership,
                recipient=manager.notice_address,
                mail=mails.request_to_decide(membership=membership),
                at=at,
            )
    return membership


def _ask(*, person: User, structure: Structure, comment: str, at: datetime) -> Membership:
    asked = {
        "state": Membership.State.PENDING,
        "comment": comment,
        "requested_at": at,
        "is_manager": False,  # a former manager comes back as anybody
        "decided_at": None,
        "decided_by": None,
    }
    try:
        with transaction.atomic():
            return Membership.objects.create(user=person, structure=structure, **asked)
    except IntegrityError:
        mine = Membership.objects.filter(user=person, structure=structure)
        again = mine.filter(state__in=_MAY_ASK_AGAIN).update(**asked)
        membership = mine.select_related("structure").get()
        if again:
            return membership
    if membership.state == Membership.State.ACCEPTED:
        raise AlreadyAttached("Vous êtes déjà rattaché à cette structure\u00a0: vous n’avez rien à demander.")
    raise AlreadyAsked(
        "Vous avez déjà fait cette demande\u00a0: elle attend sa réponse. Vous serez prévenu par courriel."
    )


def decide(
    *,
    membership: Membership,
    actor: Actor,
    accept: bool,
    at: datetime,
    profiles: Collection[AccessProfile] | None = None,
    services: Collection[Service] = (),
    comment: str = "",
) -> Membership:
    """Accept or refuse one request, and tell the person who made it.

    ``profiles`` (without any, the `usual` ones) and ``services`` say what an accepted person may do; ``comment`` goes
    with the answer. Raises NotAllowed (also for one's own request), AlreadyDecided, NothingOpened and WrongService.
    """
    state = Membership.State.ACCEPTED if accept else Membership.State.REFUSED
    with transaction.atomic():
        require(actor, DECIDE_MEMBERSHIP, membership)
        profiles = usual(is_public=membership.structure.is_public) if profiles is None else profiles
        if accept:
            check_opened(structure=membership.structure, profiles=profiles, services=services)
        asked = locked(membership.structure).filter(pk=membership.pk, state=Membership.State.PENDING)
        decided = asked.update(state=state, decided_at=at, decided_by=actor.account, is_manager=False)
        if not decided:
            raise AlreadyDecided("Cette demande a déjà reçu une réponse. Il n’y a plus rien à faire.")
        membership.refresh_from_db()
        give(holder=membership, profiles=profiles if accept else (), services=services)
        announce(
            kind="membership_decided",
            membership=membership,
            recipient=membership.user.notice_address,
            mail=mails.accepted(membership=membership, comment=comment)
            if accept
            else mails.refused(membership=membership, comment=comment),
            at=at,
        )
        _record(SecurityEvent.MEMBER_ACCEPTED if accept else SecurityEvent.MEMBER_REFUSED, membership, actor)
        _note(ActivityEntry.Kind.ACCEPTED if accept else ActivityEntry.Kind.REFUSED, membership, actor, at)
    return membership


def decide_all(
    *, memberships: Iterable[Membership], actor: Actor, accept: bool, at: datetime, comment: str = ""
) -> int:
    """Give the same answer to several requests; returns how many were still waiting. Raises NotAllowed."""
    answered = 0
    with transaction.atomic():
        for membership in sorted(memberships, key=lambda row: (row.structure_id, row.pk)):  # no two wait for each other
            try:
                decide(membership=membership, actor=actor, accept=accept, at=at, comment=comment)
            except AlreadyDecided:
                continue
            answered += 1
    return answered


def open_to(
    *,
    membership: Membership,
    actor: Actor,
    profiles: Collection[AccessProfile],
    at: datetime,
    services: Collection[Service] = (),
) -> None:
    """Say what an attached person may do from now on, and tell them.

    Raises NotAllowed, ManagerStays for the main manager (who may do everything), NothingOpened and WrongService.
    """
    with transaction.atomic():
        _of_somebody_else(membership, actor)
        check_opened(structure=membership.structure, profiles=profiles, services=services)
        give(holder=membership, profiles=profiles, services=services)
        announce(
            kind="membership_rights",
            membership=membership,
            recipient=membership.user.notice_address,
            mail=mails.rights_changed(membership=membership),
            at=at,
        )
        _record(SecurityEvent.RIGHTS_CHANGED, membership, actor)
        _note(ActivityEntry.Kind.RIGHTS, membership, actor, at, opened=profiles)


def disable(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Suspend an attachment: it gives nothing until it is enabled again.

    Raises NotAllowed, ManagerStays, HasChanged.
    """
    _change(
        membership, actor, at,
        sources=[Membership.State.ACCEPTED], target=Membership.State.DISABLED,
        event=SecurityEvent.MEMBER_DISABLED, kind=ActivityEntry.Kind.DISABLED, mail=mails.disabled,
    )  # fmt: skip


def enable(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Give a suspended person back what they could do. Raises NotAllowed and HasChanged."""
    _change(
        membership, actor, at,
        sources=[Membership.State.DISABLED], target=Membership.State.ACCEPTED,
        event=SecurityEvent.MEMBER_ENABLED, kind=ActivityEntry.Kind.ENABLED, mail=mails.enabled,
    )  # fmt: skip


def detach(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """End the attachment of somebody else, for good. Raises NotAllowed, ManagerStays and HasChanged."""
    _change(
        membership, actor, at,
        sources=[Membership.State.ACCEPTED, Membership.State.DISABLED], target=Membership.State.REMOVED,
        event=SecurityEvent.MEMBER_DETACHED, kind=ActivityEntry.Kind.DETACHED, mail=mails.detached,
    )  # fmt: skip


def leave(*, structure: Structure, actor: Actor, at: datetime) -> None:
    """End one's own attachment, or one's request; its managers are told.

    Raises NotAllowed, ManagerStays, HasChanged.
    """
    leaving = (Membership.State.ACCEPTED, Membership.State.PENDING)
    with transaction.atomic():
        require(actor, JOIN_STRUCTURE)
        mine = locked(structure).filter(user=actor.account, state__in=leaving).first()
        if mine is None:
            raise HasChanged("Vous n’êtes plus rattaché à cette structure. Il n’y a plus rien à faire.")
        if mine.is_manager and mine.state == Membership.State.ACCEPTED:
            raise ManagerStays(
                "Vous êtes le gestionnaire de cette structure\u00a0: elle ne peut pas rester sans personne. "
                "Transmettez d’abord la gestion à quelqu’un d’autre, puis quittez-la."
            )
        was_attached = mine.state == Membership.State.ACCEPTED
        mine.state, mine.decided_at, mine.decided_by = Membership.State.REMOVED, at, actor.account
        mine.save(update_fields=["state", "decided_at", "decided_by"])
        give(holder=mine, profiles=())
        for manager in queries.managers_of(structure=structure) if was_attached else ():
            announce(
                kind="membership_left",
                membership=mine,
                recipient=manager.notice_address,
                mail=mails.left(membership=mine),
                at=at,
            )
        _record(SecurityEvent.MEMBER_LEFT, mine, actor)
        _note(ActivityEntry.Kind.LEFT, mine, actor, at)


def locked(structure: Structure) -> QuerySet[Membership]:
    """The attachments of a structure, no other operation changing who manages it until the transaction ends.

    Rows that name the structure are added all the same: whoever wrote one before asking this would wait for the other.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    return Membership.objects.filter(structure=structure).select_related("user", "structure")


def check_opened(*, structure: Structure, profiles: Collection[AccessProfile], services: Collection[Service]) -> None:
    """Raises NothingOpened without a profile, and WrongService for a service of another structure."""
    if not profiles:
        raise NothingOpened("Choisissez au moins une chose que cette personne pourra faire.", field="profiles")
    check_services(structure=structure, services=services)


def check_services(*, structure: Structure, services: Collection[Service]) -> None:
    """Raises WrongService for a service of another structure."""
    if any(service.structure_id != structure.pk for service in services):
        raise WrongService("Ce service n’est pas de cette structure. Choisissez-en un de la liste.", field="services")


def _of_somebody_else(membership: Membership, actor: Actor) -> None:
    require(actor, MANAGE_MEMBERSHIP, membership)
    if locked(membership.structure).filter(pk=membership.pk, is_manager=True, state=Membership.State.ACCEPTED).exists():
        raise ManagerStays(
            "C’est le gestionnaire de la structure. Il peut tout y faire, et ne peut en être retiré qu’après "
            "avoir "
            "transmis la gestion. S’il ne répond plus, écrivez à la personne qui tient ce portail."
        )


def _change(
    membership: Membership,
    actor: Actor,
    at: datetime,
    *,
    sources: Collection[str],
    target: str,
    event: SecurityEvent,
    kind: ActivityEntry.Kind,
    mail: Callable[..., Mail],
) -> None:
    with transaction.atomic():
        _of_somebody_else(membership, actor)
        changed = Membership.objects.filter(pk=membership.pk, state__in=sources).update(
            state=target,
            decided_at=at,
            decided_by=actor.account,
            is_manager=False,  # a former manager comes back as anybody
        )
        if not changed:
            raise HasChanged("Ce rattachement a changé entre-temps. Rechargez la page, puis recommencez si besoin.")
        membership.refresh_from_db()
        if target == Membership.State.REMOVED:
            give(holder=membership, profiles=())
        announce(
            kind=event.value,
            membership=membership,
            recipient=membership.user.notice_address,
            mail=mail(membership=membership),
            at=at,
        )
        _record(event, membership, actor)
        _note(kind, membership, actor, at)


def _record(event: SecurityEvent, membership: Membership, actor: Actor) -> None:
    record(event, person=membership.user_id, by=actor.account.pk, structure=membership.structure.identifier)


def _note(
    kind: ActivityEntry.Kind,
    membership: Membership,
    actor: Actor,
    at: datetime,
    *,
    opened: Collection[AccessProfile] = (),
) -> None:
    person = "" if membership.user_id == actor.account.pk else membership.user.get_full_name()
    names = ", ".join(PROFILE_ROW[profile].name for profile in opened)
    about = "\u00a0: ".join(part for part in (person, names) if part)
    note(structure=membership.structure, kind=kind, actor=actor, at=at, about=about)


def announce(*, kind: str, membership: Membership, recipient: str, mail: Mail, at: datetime) -> None:
    """Write a mail about an attachment, once for each instant."""
    post(
        kind=kind,
        recipient=recipient,
        mail=mail,
        event=f"{membership.uid}:{at.isoformat()}",
        at=at,
    )
