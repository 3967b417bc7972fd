"""A person asks for a space of a structure that they are attached to; its managers open it, or not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import SPACE_NAMES
from plainchant.portal.rights.rights import Mode, Space

from . import mails, queries
from .activity import note
from .grants import open_space
from .memberships import HasChanged, announce, check_services, locked
from .models import ActivityEntry, Membership, Service, SpaceRequest, Structure
from .permissions import DECIDE_SPACE, JOIN_STRUCTURE, MANAGE_STRUCTURE
from .spaces import spaces_of, used_by


class SpaceNotUsed(Refused):
    """The structure does not use that space, or it is not one that people ask for."""

    code = "space_not_used"


class SpaceAlreadyOpen(Refused):
    """The person has it."""

    code = "space_already_open"


class SpaceAlreadyAsked(Refused):
    """The same request waits for its answer."""

    code = "space_already_asked"


class SpaceRequestHasChanged(Refused):
    """The request has had its answer, or the person is not attached any more."""

    code = "space_request_has_changed"


def ask(*, structure: Structure, space: Space, mode: Mode, comment: str, actor: Actor, at: datetime) -> SpaceRequest:
    """Ask the managers for a space of one's own structure; they are told.

    Raises NotAllowed, HasChanged (not attached), SpaceNotUsed, SpaceAlreadyOpen and SpaceAlreadyAsked.
    """
    with transaction.atomic():
        require(actor, JOIN_STRUCTURE)
        mine = Membership.objects.filter(
            structure=structure, user=actor.account, state=Membership.State.ACCEPTED
        ).select_related("user", "structure")
        membership = mine.first()
        if membership is None:
            raise HasChanged("Vous n’êtes pas rattaché à cette structure\u00a0: demandez d’abord à l’être.")
        if space is Space.MANAGEMENT or space not in used_by(structure):
            raise SpaceNotUsed("Cet espace ne se demande pas ici. Parlez-en au gestionnaire de la structure.")
        for held in spaces_of(actor=actor, structures=[structure])[structure.pk]:
            if held.space is space and not held.services and held.mode in (mode, Mode.MODIFICATION):
                raise SpaceAlreadyOpen("Cet espace vous est déjà ouvert\u00a0: vous n’avez rien à demander.")
        try:
            with transaction.atomic():
                request = SpaceRequest.objects.create(
                    membership=membership, space=space, mode=mode, comment=comment, created_at=at
                )
        except IntegrityError as error:
            raise SpaceAlreadyAsked("Vous avez déjà demandé cet espace\u00a0: la demande attend sa réponse.") from error
        note(structure=structure, kind=ActivityEntry.Kind.SPACE_ASKED, actor=actor, at=at, about=SPACE_NAMES[space])
        for manager in queries.managers_of(structure=structure):
            announce(
                kind="space_asked",
                membership=membership,
                recipient=manager.notice_address,
                mail=mails.space_asked(request=request),
                at=at,
            )
    return request


def accept(
    *, request: SpaceRequest, actor: Actor, at: datetime, services: Collection[Service] = (), comment: str = ""
) -> None:
    """Open what was asked, for ``services`` alone if there are any, and tell the person.

    Raises NotAllowed (also for one's own request), SpaceRequestHasChanged and WrongService.
    """
    with transaction.atomic():
        membership = _answer(request, SpaceRequest.State.ACCEPTED, actor, at)
        check_services(structure=membership.structure, services=services)
        open_space(membership=membership, space=Space(request.space), mode=Mode(request.mode), services=services)
        _tell(request, actor, at, ActivityEntry.Kind.RIGHTS, mails.space_opened(request=request, comment=comment))
        record(
            SecurityEvent.RIGHTS_CHANGED,
            person=membership.user_id,
            by=actor.account.pk,
            structure=membership.structure.identifier,
        )


def refuse(*, request: SpaceRequest, actor: Actor, at: datetime, comment: str = "") -> None:
    """Say no, and tell the person. Raises NotAllowed and SpaceRequestHasChanged."""
    with transaction.atomic():
        _answer(request, SpaceRequest.State.REFUSED, actor, at)
        mail = mails.space_refused(request=request, comment=comment)
        _tell(request, actor, at, ActivityEntry.Kind.SPACE_REFUSED, mail)


def choose_spaces(*, structure: Structure, spaces: Collection[Space], actor: Actor, at: datetime) -> None:
    """Say which spaces a structure uses; what it does not use is no longer offered. Nobody loses what they have.

    Raises NotAllowed, and SpaceNotUsed without any.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        used = [space.value for space in Space if space in spaces or space is Space.MANAGEMENT]
        if len(used) == 1:
            raise SpaceNotUsed(
                "Gardez au moins un espace\u00a0: sans lui, la structure ne sert à rien ici.", field="spaces"
            )
        Structure.objects.filter(pk=structure.pk).update(spaces=used)
        structure.refresh_from_db()
        names = ", ".join(SPACE_NAMES[space] for space in used_by(structure))
        note(structure=structure, kind=ActivityEntry.Kind.SPACES, actor=actor, at=at, about=names)


def _answer(request: SpaceRequest, state: SpaceRequest.State, actor: Actor, at: datetime) -> Membership:
    require(actor, DECIDE_SPACE, request)
    attached = locked(request.membership.structure).filter(pk=request.membership_id, state=Membership.State.ACCEPTED)
    waiting = SpaceRequest.objects.filter(pk=request.pk, state=SpaceRequest.State.OPEN)
    if not attached.exists() or not waiting.update(state=state, decided_at=at, decided_by=actor.account):
        raise SpaceRequestHasChanged("Cette demande n’attend plus de réponse. Il n’y a plus rien à faire.")
    request.refresh_from_db()
    return attached.get()


def _tell(request: SpaceRequest, actor: Actor, at: datetime, kind: ActivityEntry.Kind, mail: mails.Mail) -> None:
    membership = request.membership
    announce(kind="space_decided", membership=membership, recipient=membership.user.notice_address, mail=mail, at=at)
    about = f"{membership.user.get_full_name()}\u00a0: {SPACE_NAMES[Space(request.space)]}"
    note(structure=membership.structure, kind=kind, actor=actor, at=at, about=about)
