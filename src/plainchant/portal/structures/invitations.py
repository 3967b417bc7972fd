"""Invite somebody to a structure by mail; they accept or refuse with the account of that address."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import AccessProfile

from . import mails, queries
from .activity import note
from .grants import give, move_to
from .memberships import AlreadyAttached, HasChanged, check_opened, locked
from .models import ActivityEntry, Invitation, Membership, Service, Structure
from .permissions import JOIN_STRUCTURE, MANAGE_INVITATION, MANAGE_STRUCTURE

LASTS = timedelta(days=14)


class AlreadyInvited(Refused):
    """The same address was invited before, and has not answered."""

    code = "already_invited"


def invite(
    *,
    structure: Structure,
    actor: Actor,
    email: str,
    profiles: Collection[AccessProfile],
    at: datetime,
    services: Collection[Service] = (),
) -> Invitation:
    """Invite whoever logs in with ``email`` (in `accounts.addresses.one_spelling`), and write to that address.

    Whether an account has that address is not said. Raises NotAllowed, AlreadyInvited, AlreadyAttached, NothingOpened
    and WrongService.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        check_opened(structure=structure, profiles=profiles, services=services)
        # Said to a manager only of those whom they see on the list of people anyway.
        attached = locked(structure).filter(user__email__iexact=email, state=Membership.State.ACCEPTED)
        if attached.exists():
            raise AlreadyAttached("Cette personne est déjà rattachée à la structure.", field="email")
        Invitation.objects.filter(structure=structure, email=email, expires_at__lte=at).filter(
            state=Invitation.State.OPEN
        ).update(state=Invitation.State.WITHDRAWN, answered_at=at)
        try:
            with transaction.atomic():
                invitation = Invitation.objects.create(
                    structure=structure,
                    email=email,
                    created_at=at,
                    created_by=actor.account,
                    expires_at=at + LASTS,
                )
        except IntegrityError as error:
            raise AlreadyInvited(
                "Cette adresse a déjà reçu une invitation, qui attend sa réponse. Retirez-la d’abord pour en envoyer "
                "une "
                "autre.",
                field="email",
            ) from error
        give(holder=invitation, profiles=profiles, services=services)
        _write(invitation, recipient=email, mail=mails.invited(invitation=invitation, actor=actor), at=at)
        record(SecurityEvent.MEMBER_INVITED, by=actor.account.pk, structure=structure.identifier)
        note(structure=structure, kind=ActivityEntry.Kind.INVITED, actor=actor, at=at, about=email)
    return invitation


def withdraw(*, invitation: Invitation, actor: Actor, at: datetime) -> None:
    """Take back an invitation that waits for its answer. Raises NotAllowed and HasChanged."""
    with transaction.atomic():
        require(actor, MANAGE_INVITATION, invitation)
        _close(invitation, Invitation.State.WITHDRAWN, at)
        note(
            structure=invitation.structure,
            kind=ActivityEntry.Kind.INVITATION_WITHDRAWN,
            actor=actor,
            at=at,
            about=invitation.email,
        )


def answer(*, invitation: Invitation, actor: Actor, accept: bool, at: datetime) -> None:
    """Accept an invitation sent to one's own address, or decline it; whoever sent it is told.

    Raises NotAllowed, and HasChanged for one that is not (or no longer) for this person to answer.
    """
    with transaction.atomic():
        require(actor, JOIN_STRUCTURE)
        if not queries.invitations_to(actor=actor, at=at).filter(pk=invitation.pk).exists():
            raise _gone()
        _close(invitation, Invitation.State.ACCEPTED if accept else Invitation.State.DECLINED, at)
        if accept:
            _attach(invitation, actor, at)
        _write(
            invitation,
            recipient=invitation.created_by.notice_address,
            mail=mails.invitation_answered(invitation=invitation, actor=actor, accepted=accept),
            at=at,
        )
        note(
            structure=invitation.structure,
            kind=ActivityEntry.Kind.JOINED if accept else ActivityEntry.Kind.DECLINED,
            actor=actor,
            at=at,
        )


def _attach(invitation: Invitation, actor: Actor, at: datetime) -> None:
    known = locked(invitation.structure).filter(user=actor.account).first()
    if known is not None and known.state == Membership.State.ACCEPTED:
        raise AlreadyAttached("Vous êtes déjà rattaché à cette structure\u00a0: vous n’avez rien à faire.")
    membership = known or Membership(user=actor.account, structure=invitation.structure, requested_at=at)
    membership.state, membership.is_manager = Membership.State.ACCEPTED, False
    membership.decided_at, membership.decided_by = at, invitation.created_by
    membership.save()
    move_to(membership=membership, invitation=invitation)
    record(
        SecurityEvent.MEMBER_ACCEPTED,
        person=actor.account.pk,
        by=invitation.created_by_id,
        structure=invitation.structure.identifier,
    )


def _close(invitation: Invitation, state: Invitation.State, at: datetime) -> None:
    closed = Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.OPEN, expires_at__gt=at)
    if not closed.update(state=state, answered_at=at):
        raise _gone()
    invitation.refresh_from_db()


def _gone() -> HasChanged:
    return HasChanged("Cette invitation n’attend plus de réponse. Demandez-en une autre au gestionnaire, si besoin.")


def _write(invitation: Invitation, *, recipient: str, mail: Mail, at: datetime) -> None:
    post(
        kind="invitation",
        recipient=recipient,
        mail=mail,
        event=f"{invitation.uid}:{at.isoformat()}",
        at=at,
    )
