"""Who manages a structure: handed over by its manager, appointed by the operator, questioned by the directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from plainchant.einvoice.identifiers import IdentifierError, clean_siret
from plainchant.portal.accounts import queries as accounts
from plainchant.portal.accounts.addresses import one_spelling
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may, require
from plainchant.portal.rights.profiles import AccessProfile

from . import applications, mails, queries, technical_accounts
from .activity import note
from .grants import give
from .memberships import HasChanged, announce, locked
from .models import ActivityEntry, BankAccount, Membership, Structure
from .permissions import MANAGE_MEMBERSHIP, MANAGE_STRUCTURE


class NotTheMainManager(Refused):
    """Only the main manager may do this."""

    code = "not_the_main_manager"


class CannotAppoint(Refused):
    """The operator named a person or a structure that cannot be used."""

    code = "cannot_appoint"


def question_memberships(*, structures: Iterable[Structure], at: datetime) -> int:
    """Make every accepted attachment to these structures a request again; how many there were. The operator decides."""
    questioned = list(structures)
    # What they wrote goes too: a notice to the address they gave would start a legal delay the body knows nothing of.
    Structure.objects.filter(pk__in=[structure.pk for structure in questioned]).update(
        email="", phone="", label="", own_columns=""
    )
    BankAccount.objects.filter(structure__in=questioned).update(is_active=False, is_waiting=False)
    technical_accounts.end_all(structures=questioned, at=at)  # before the people: their managers are told
    applications.end_all(structures=questioned, at=at)
    accepted = Membership.objects.filter(structure__in=questioned, state=Membership.State.ACCEPTED)
    for structure in questioned:
        note(structure=structure, kind=ActivityEntry.Kind.QUESTIONED, at=at, origin=ActivityEntry.Origin.PORTAL)
    return accepted.update(state=Membership.State.PENDING, is_manager=False, decided_at=None, decided_by=None)


def hand_over(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Make an attached person the main manager in one's own place; one stays, with every right.

    Raises NotAllowed, NotTheMainManager (also where somebody else took over meanwhile) and HasChanged.
    """
    with transaction.atomic():
        require(actor, MANAGE_MEMBERSHIP, membership)
        people = locked(membership.structure)
        mine = people.filter(user=actor.account, is_manager=True, state=Membership.State.ACCEPTED).first()
        if mine is None:
            raise NotTheMainManager(
                "Seul le gestionnaire principal peut transmettre la gestion de la structure. Demandez-le-lui."
            )
        if not people.filter(pk=membership.pk, state=Membership.State.ACCEPTED, user__is_active=True).exists():
            raise HasChanged("Cette personne n’est plus rattachée à la structure. Choisissez quelqu’un d’autre.")
        Membership.objects.filter(pk=mine.pk).update(is_manager=False)
        give(holder=mine, profiles=(AccessProfile.EVERYTHING, AccessProfile.MANAGE))
        Membership.objects.filter(pk=membership.pk).update(is_manager=True)
        give(holder=membership, profiles=())
        membership.refresh_from_db()
        announce(
            kind="made_manager",
            membership=membership,
            recipient=membership.user.notice_address,
            mail=mails.made_manager(structure=membership.structure),
            at=at,
        )
        announce(
            kind="no_longer_manager",
            membership=membership,
            recipient=actor.account.notice_address,
            mail=mails.no_longer_manager(structure=membership.structure, is_attached=True),
            at=at,
        )
        record(
            SecurityEvent.MANAGER_APPOINTED,
            person=membership.user_id,
            by=actor.account.pk,
            structure=membership.structure.identifier,
        )
        note(
            structure=membership.structure,
            kind=ActivityEntry.Kind.HANDED_OVER,
            actor=actor,
            at=at,
            about=membership.user.get_full_name(),
        )


def appoint_manager(*, email: str, siret: str, at: datetime, keeps_former: bool = True) -> Membership:
    """The operator's decision: this person is attached to the structure and manages it from now on.

    The former manager, if any, is told, and stays attached if ``keeps_former``. Raises CannotAppoint.
    """
    with transaction.atomic():
        user = accounts.with_login(email=_address(email))
        if user is None or not user.is_active:
            raise CannotAppoint(
                f"Aucun compte ouvert n’a l’adresse {email}. La personne doit d’abord créer et activer son compte.",
                field="email",
            )
        structure = known_structure(siret, refusal=CannotAppoint)
        Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)  # one appointment at a time
        others = Membership.objects.filter(structure=structure, is_manager=True).exclude(user=user)
        former = [other.user for other in others.select_related("user") if other.user.is_active]
        for other in others:
            give(holder=other, profiles=(AccessProfile.EVERYTHING,) if keeps_former else ())
        others.update(
            is_manager=False, **({} if keeps_former else {"state": Membership.State.REMOVED, "decided_at": at})
        )
        was_manager = may(Actor(user), MANAGE_STRUCTURE, structure)
        record(SecurityEvent.MANAGER_APPOINTED, person=user.pk, structure=structure.identifier)
        note(
            structure=structure,
            kind=ActivityEntry.Kind.APPOINTED,
            at=at,
            about=user.get_full_name(),
            origin=ActivityEntry.Origin.COMMAND,
        )
        membership, _ = Membership.objects.update_or_create(
            user=user,
            structure=structure,
            defaults={
                "state": Membership.State.ACCEPTED,
                "is_manager": True,
                "decided_at": at,
                "decided_by": None,
            },
            create_defaults={
                "state": Membership.State.ACCEPTED,
                "is_manager": True,
                "requested_at": at,
                "decided_at": at,
            },
        )
        for person in former:
            announce(
                kind="no_longer_manager",
                membership=membership,
                recipient=person.notice_address,
                mail=mails.no_longer_manager(structure=structure, is_attached=keeps_former),
                at=at,
            )
        if not was_manager:
            announce(
                kind="made_manager",
                membership=membership,
                recipient=user.notice_address,
                mail=mails.made_manager(structure=structure),
                at=at,
            )
            _tell_of_waiting(membership=membership, at=at)
    return membership


def _address(typed: str) -> str:
    try:
        return one_spelling(typed)
    except ValidationError as error:
        raise CannotAppoint(error.messages[0], field="email") from error


def known_structure(typed: str, *, refusal: type[Refused]) -> Structure:
    """The structure of a SIRET, or of another identifier, as the operator typed it. Raises ``refusal``."""
    structure = queries.as_written(text=typed)
    if structure is not None:
        return structure
    if typed.strip()[:1].isdigit():
        try:
            clean_siret(typed)
        except IdentifierError as error:
            raise refusal(error.sentence, field="siret") from error
    raise refusal(f"Aucune structure n’a l’identifiant {typed}.", field="siret")


def _tell_of_waiting(*, membership: Membership, at: datetime) -> None:
    """A new manager receives the requests that nobody could answer so far."""
    waiting = membership.structure.memberships.filter(state=Membership.State.PENDING)
    for other in waiting.select_related("user", "structure"):
        announce(
            kind="membership_request",
            membership=other,
            recipient=membership.user.notice_address,
            mail=mails.request_to_decide(membership=other),
            at=at,
        )
