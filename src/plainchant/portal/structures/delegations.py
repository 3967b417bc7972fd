"""A structure lets the people of another act for it (délégation): opened, changed, ended, given back, asked for.

What it opens counts at the next click, and is gone at the next click once it has ended: `reach` asks the rows each
time. Both sides are told by mail, and the log of both says it. When it ends, everybody who acted for the client is
told: they hear of that client no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import AccessProfile, spaces_of
from plainchant.portal.rights.rights import Space

from . import delegation_mails as mails
from . import queries
from .activity import note
from .delegation_words import terms_in_words
from .grants import give
from .memberships import NothingOpened
from .models import ActivityEntry, Delegation, DelegationRequest, Structure
from .permissions import (
    DECIDE_DELEGATION,
    MANAGE_DELEGATION,
    MANAGE_STRUCTURE,
    RETURN_DELEGATION,
    WITHDRAW_DELEGATION_REQUEST,
)


class WrongDates(Refused):
    """The last day has passed, or comes before the first."""

    code = "delegation_dates"


class ToItself(Refused):
    """A structure that would act for itself."""

    code = "delegation_to_itself"


class NeverManages(Refused):
    """The management of a structure cannot be delegated."""

    code = "delegation_never_manages"


class DelegateUnknown(Refused):
    """No structure here has that SIRET."""

    code = "delegate_unknown"


class AlreadyDelegated(Refused):
    """The same delegation is open."""

    code = "already_delegated"


class AlreadyAskedFor(Refused):
    """The same request waits for its answer."""

    code = "delegation_already_asked"


class DelegationHasChanged(Refused):
    """The delegation has ended, or the request has had its answer."""

    code = "delegation_has_changed"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is delegated: ``profiles``, from ``begins_on`` to the last day ``ends_on`` (None: until it is ended)."""

    profiles: Collection[AccessProfile]
    begins_on: date
    ends_on: date | None = None
    comment: str = ""


def delegate(*, structure: Structure, siret: str, terms: Terms, actor: Actor, at: datetime) -> Delegation:
    """Let the people of the structure with that SIRET act for ``structure``; its managers are told.

    Raises NotAllowed, DelegateUnknown, ToItself, NothingOpened, NeverManages, WrongDates and AlreadyDelegated.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        known = queries.with_identifier(identifier=siret)
        if known is None or not known.is_active:
            raise DelegateUnknown(
                "Aucune structure de ce portail n’a ce SIRET. Vérifiez-le\u00a0; s’il est juste, demandez à cette "
                "structure de créer un compte et sa fiche ici, puis recommencez.",
                field="siret",
            )
        return _open(client=structure, delegate=known, terms=terms, actor=actor, at=at)


def change(*, delegation: Delegation, terms: Terms, actor: Actor, at: datetime) -> None:
    """Delegate something else, or for another time; both sides are told.

    Raises NotAllowed, NothingOpened, NeverManages, WrongDates, and DelegationHasChanged for one that has ended.
    """
    with transaction.atomic():
        require(actor, MANAGE_DELEGATION, delegation)
        _check(terms, at, begun_on=delegation.begins_on)
        changed = Delegation.objects.filter(pk=delegation.pk, ended_at__isnull=True).update(
            begins_on=terms.begins_on, ends_on=terms.ends_on, comment=terms.comment
        )
        if not changed:
            raise _ended()
        delegation.refresh_from_db()
        give(holder=delegation, profiles=terms.profiles)
        _tell(delegation, actor, at, kind="delegation_changed", mail=mails.changed(delegation=delegation, actor=actor))
        _note(delegation, ActivityEntry.Kind.DELEGATION_CHANGED, actor, at)
        _record(SecurityEvent.DELEGATION_CHANGED, delegation, actor)


def end(*, delegation: Delegation, actor: Actor, at: datetime) -> None:
    """Let the other structure act no longer, from now on; both sides are told.

    Raises NotAllowed and DelegationHasChanged.
    """
    with transaction.atomic():
        require(actor, MANAGE_DELEGATION, delegation)
        _close(delegation, actor, at)
        _tell_end(delegation, at, kind="delegation_ended", mail=mails.ended(delegation=delegation, actor=actor))
        _note(delegation, ActivityEntry.Kind.DELEGATION_ENDED, actor, at)


def give_back(*, delegation: Delegation, actor: Actor, at: datetime) -> None:
    """Act for the client no longer, on the delegate's own decision; both sides are told.

    Raises NotAllowed and DelegationHasChanged.
    """
    with transaction.atomic():
        require(actor, RETURN_DELEGATION, delegation)
        _close(delegation, actor, at)
        _tell_end(delegation, at, kind="delegation_returned", mail=mails.returned(delegation=delegation))
        _note(delegation, ActivityEntry.Kind.DELEGATION_RETURNED, actor, at)


def run_out(*, at: datetime) -> QuerySet[Delegation]:
    """Those whose last day has passed, and of whose end nobody has been told."""
    return Delegation.objects.filter(ended_at__isnull=True, ends_on__lt=day_in_paris(at)).select_related(
        "client", "delegate"
    )


def end_by_date(*, delegation: Delegation, at: datetime) -> None:
    """Note that its last day has passed, once; both sides are told."""
    with transaction.atomic():
        if not run_out(at=at).filter(pk=delegation.pk).update(ended_at=at):
            return
        _tell_end(delegation, at, kind="delegation_run_out", mail=mails.run_out(delegation=delegation))
        _note(delegation, ActivityEntry.Kind.DELEGATION_ENDED, SYSTEM, at)


def ask(*, structure: Structure, siret: str, comment: str, actor: Actor, at: datetime) -> DelegationRequest:
    """Ask to act for the structure with that SIRET; its managers are told, if there is one here.

    What is done is the same, as far as whoever asks can see, whether that SIRET is known or not. Raises NotAllowed,
    ToItself, AlreadyDelegated and AlreadyAskedFor.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        if structure.identifier_type == SIRET_TYPE and structure.identifier == siret:
            raise _to_itself("C’est le SIRET de votre propre structure. Écrivez celui de votre client.")
        held = Delegation.objects.filter(delegate=structure, client__identifier=siret, ended_at__isnull=True)
        if held.exclude(ends_on__lt=day_in_paris(at)).exists():
            raise AlreadyDelegated("Vous agissez déjà pour cette structure\u00a0: il n’y a rien à demander.")
        try:
            with transaction.atomic():
                request = DelegationRequest.objects.create(
                    delegate=structure, siret=siret, comment=comment, created_at=at, created_by=actor.account
                )
        except IntegrityError as error:
            raise AlreadyAskedFor(
                "Vous avez déjà fait cette demande\u00a0: elle attend sa réponse.", field="siret"
            ) from error
        note(structure=structure, kind=ActivityEntry.Kind.DELEGATION_ASKED, actor=actor, at=at, about=f"SIRET {siret}")
        client = queries.with_identifier(identifier=siret)
        if client is not None and client.is_active:
            about = f"{structure}, {structure.known_as}"
            note(structure=client, kind=ActivityEntry.Kind.DELEGATION_ASKED, actor=actor, at=at, about=about)
            _write(
                recipients=_managers([client]),
                kind="delegation_asked",
                event=f"{request.uid}:{at.isoformat()}",
                mail=mails.asked(request=request, client=client),
                at=at,
            )
    return request


def withdraw(*, request: DelegationRequest, actor: Actor, at: datetime) -> None:
    """Take back what was asked. Raises NotAllowed (also for one that has had its answer)."""
    with transaction.atomic():
        require(actor, WITHDRAW_DELEGATION_REQUEST, request)
        _answer(request, DelegationRequest.State.WITHDRAWN, actor, at)


def accept(*, request: DelegationRequest, terms: Terms, actor: Actor, at: datetime) -> Delegation:
    """Open the delegation that was asked for; the delegate's managers are told.

    Raises what `delegate` raises, and DelegationHasChanged for a request that has had its answer.
    """
    with transaction.atomic():
        require(actor, DECIDE_DELEGATION, request)
        _answer(request, DelegationRequest.State.ACCEPTED, actor, at)
        client = _asked_client(request)
        return _open(client=client, delegate=request.delegate, terms=terms, actor=actor, at=at)


def refuse(*, request: DelegationRequest, actor: Actor, at: datetime, comment: str = "") -> None:
    """Say no to a request; the delegate's managers are told. Raises NotAllowed and DelegationHasChanged."""
    with transaction.atomic():
        require(actor, DECIDE_DELEGATION, request)
        _answer(request, DelegationRequest.State.REFUSED, actor, at)
        about = f"{request.delegate}, {request.delegate.known_as}"
        refused = ActivityEntry.Kind.DELEGATION_REFUSED
        note(structure=_asked_client(request), kind=refused, actor=actor, at=at, about=about)
        _write(
            recipients=_managers([request.delegate]),
            kind="delegation_refused",
            event=f"{request.uid}:{at.isoformat()}",
            mail=mails.refused(request=request, comment=comment),
            at=at,
        )


def _open(*, client: Structure, delegate: Structure, terms: Terms, actor: Actor, at: datetime) -> Delegation:
    if client == delegate:
        raise _to_itself("C’est le SIRET de cette structure elle-même. Écrivez celui de l’autre structure.")
    _check(terms, at)
    for over in run_out(at=at).filter(client=client, delegate=delegate):
        end_by_date(delegation=over, at=at)  # it makes room
    try:
        with transaction.atomic():
            delegation = Delegation.objects.create(
                client=client,
                delegate=delegate,
                begins_on=terms.begins_on,
                ends_on=terms.ends_on,
                comment=terms.comment,
                created_at=at,
                created_by=actor.account,
            )
    except IntegrityError as error:
        raise AlreadyDelegated(
            "Cette structure a déjà une délégation de vous. Ouvrez-la pour changer ce qu’elle permet.", field="siret"
        ) from error
    give(holder=delegation, profiles=terms.profiles)
    _tell(delegation, actor, at, kind="delegation_opened", mail=mails.opened(delegation=delegation, actor=actor))
    _note(delegation, ActivityEntry.Kind.DELEGATED, actor, at)
    _record(SecurityEvent.DELEGATION_OPENED, delegation, actor)
    return delegation


def _check(terms: Terms, at: datetime, *, begun_on: date | None = None) -> None:
    if not terms.profiles:
        raise NothingOpened("Choisissez au moins une chose que cette structure pourra faire.", field="profiles")
    if Space.MANAGEMENT in spaces_of(terms.profiles):
        raise NeverManages(
            "Une délégation ne permet jamais de gérer votre structure. Choisissez autre chose.", field="profiles"
        )
    today = day_in_paris(at)
    if terms.begins_on < today and terms.begins_on != begun_on:
        raise WrongDates("Ce premier jour est passé. Écrivez aujourd’hui, ou un jour à venir.", field="begins_on")
    if terms.ends_on is not None and terms.ends_on < max(today, terms.begins_on):
        raise WrongDates(
            "Ce dernier jour est passé, ou vient avant le premier. Corrigez-le, ou laissez-le vide.", field="ends_on"
        )


def _close(delegation: Delegation, actor: Actor, at: datetime) -> None:
    open_today = Q(ends_on__isnull=True) | Q(ends_on__gte=day_in_paris(at))
    closed = Delegation.objects.filter(open_today, pk=delegation.pk, ended_at__isnull=True)
    if not closed.update(ended_at=at, ended_by=actor.account):
        raise _ended()
    delegation.refresh_from_db()
    _record(SecurityEvent.DELEGATION_ENDED, delegation, actor)


def _answer(request: DelegationRequest, state: DelegationRequest.State, actor: Actor, at: datetime) -> None:
    waiting = DelegationRequest.objects.filter(pk=request.pk, state=DelegationRequest.State.OPEN)
    if not waiting.update(state=state, answered_at=at, answered_by=actor.account):
        raise DelegationHasChanged("Cette demande a déjà reçu une réponse. Il n’y a plus rien à faire.")
    request.refresh_from_db()


def _asked_client(request: DelegationRequest) -> Structure:
    return Structure.objects.get(identifier_type=SIRET_TYPE, identifier=request.siret)


def _ended() -> DelegationHasChanged:
    return DelegationHasChanged("Cette délégation a déjà pris fin. Il n’y a plus rien à faire.")


def _to_itself(sentence: str) -> ToItself:
    return ToItself(sentence, field="siret")


def _note(delegation: Delegation, kind: ActivityEntry.Kind, actor: Actor, at: datetime) -> None:
    about = f"{delegation.client} → {delegation.delegate}\u00a0: {terms_in_words(delegation)}"
    for structure in (delegation.client, delegation.delegate):
        note(structure=structure, kind=kind, actor=actor, at=at, about=about)


def _record(event: SecurityEvent, delegation: Delegation, actor: Actor) -> None:
    record(event, by=actor.account.pk, structure=delegation.client.identifier)


def _tell(delegation: Delegation, actor: Actor, at: datetime, *, kind: str, mail: Mail) -> None:
    """Both sides, one mail a person; whoever did it too: it may not have been them."""
    _write(
        recipients=_managers([delegation.client, delegation.delegate]),
        kind=kind,
        event=f"{delegation.uid}:{at.isoformat()}",
        mail=mail,
        at=at,
    )


def _tell_end(delegation: Delegation, at: datetime, *, kind: str, mail: Mail) -> None:
    """The managers of both sides, and those who acted for the client and now hear of it no more."""
    managers = _managers([delegation.client, delegation.delegate])
    has_begun = delegation.begins_on <= day_in_paris(at)
    acted = {person.notice_address for person in queries.acted_by(delegation=delegation)} if has_begun else set()
    event = f"{delegation.uid}:{at.isoformat()}"
    _write(recipients=managers, kind=kind, event=event, mail=mail, at=at)
    lost = mails.lost(delegation=delegation)
    _write(recipients=sorted(acted.difference(managers)), kind=kind, event=event, mail=lost, at=at)


def _managers(structures: Iterable[Structure]) -> list[str]:
    return sorted({who.notice_address for structure in structures for who in queries.managers_of(structure=structure)})


def _write(*, recipients: Collection[str], kind: str, event: str, mail: Mail, at: datetime) -> None:
    for recipient in recipients:
        post(kind=kind, recipient=recipient, mail=mail, event=event, at=at)
