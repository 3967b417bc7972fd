"""Who is attached to a structure: asked, accepted, refused. What each may do there stands in `grants`.

Whatever the page has asked, each operation asks the same row of `permissions` again. Every answer is told by mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import AccessProfile

from . import mails, queries
from .grants import give
from .models import Membership, Structure
from .permissions import DECIDE_MEMBERSHIP, JOIN_STRUCTURE

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


class AlreadyDecided(Refused):
    """The request has had its answer."""

    code = "already_decided"


def ask_to_join(*, actor: Actor, structure: Structure, comment: str, at: datetime) -> Membership:
    """Ask to be attached. The manager is told; without a manager the request waits for the operator.

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
        manager = queries.manager_of(structure=structure)
        if manager is not None:
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


def decide(*, membership: Membership, actor: Actor, accept: bool, at: datetime) -> Membership:
    """Accept or refuse one request, and tell the person who made it.

    Raises NotAllowed (also for one's own request) and AlreadyDecided.
    """
    state = Membership.State.ACCEPTED if accept else Membership.State.REFUSED
    with transaction.atomic():
        require(actor, DECIDE_MEMBERSHIP, membership)
        decided = Membership.objects.filter(pk=membership.pk, state=Membership.State.PENDING).update(
            state=state, decided_at=at, decided_by=actor.account, is_manager=False
        )
        if not decided:
            raise AlreadyDecided("Cette demande a déjà reçu une réponse. Il n’y a plus rien à faire.")
        membership.refresh_from_db()
        give(membership=membership, profiles=(AccessProfile.EVERYTHING,) if accept else ())
        announce(
            kind="membership_decided",
            membership=membership,
            recipient=membership.user.notice_address,
            mail=mails.accepted(membership=membership) if accept else mails.refused(membership=membership),
            at=at,
        )
        record(
            SecurityEvent.MEMBER_ACCEPTED if accept else SecurityEvent.MEMBER_REFUSED,
            person=membership.user_id,
            by=actor.account.pk,
            structure=membership.structure.identifier,
        )
    return membership


def decide_all(*, memberships: Iterable[Membership], actor: Actor, accept: bool, at: datetime) -> int:
    """Give the same answer to several requests; returns how many were still waiting. Raises NotAllowed."""
    answered = 0
    with transaction.atomic():
        for membership in memberships:
            try:
                decide(membership=membership, actor=actor, accept=accept, at=at)
            except AlreadyDecided:
                continue
            answered += 1
    return answered


def announce(*, kind: str, membership: Membership, recipient: str, mail: mails.Mail, at: datetime) -> None:
    """Write a mail about an attachment, once for each instant."""
    subject, body = mail
    post(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        event=f"{membership.uid}:{at.isoformat()}",
        at=at,
    )
