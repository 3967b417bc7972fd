"""Create a structure, keep its sheet, and decide who joins it. Its bank accounts stand in `bank_accounts`.

Whatever the page has asked, each operation asks the same row of `permissions` again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.einvoice.identifiers import IdentifierError, clean_siret
from plainchant.portal.accounts import queries as accounts
from plainchant.portal.accounts.addresses import one_spelling
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may, require
from plainchant.portal.rights.profiles import AccessProfile

from . import mails, queries
from .grants import give
from .models import BankAccount, Membership, Structure, StructureNature
from .permissions import DECIDE_MEMBERSHIP, JOIN_STRUCTURE, MANAGE_STRUCTURE

log = logging.getLogger(__name__)

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


class CannotAppoint(Refused):
    """The operator named a person or a structure that cannot be used."""

    code = "cannot_appoint"


class CannotCorrect(Refused):
    """The operator named a structure, or a name, that cannot be used."""

    code = "cannot_correct"


@dataclass(frozen=True, kw_only=True)
class StructureDetails:
    """What a manager may write on the sheet of a structure. Values are already clean."""

    label: str = ""
    address_line: str = ""
    address_extra_1: str = ""
    address_extra_2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    vat_number: str = ""
    email: str = ""
    phone: str = ""


def create(*, actor: Actor, siret: str, name: str, sheet: StructureDetails, at: datetime) -> Membership:
    """Create a private structure; its creator becomes its manager. Returns that attachment.

    If somebody created it meanwhile, the creation becomes a request to join (the attachment returned is then pending).
    Raises NotAllowed, and what `ask_to_join` raises.
    """
    require(actor, JOIN_STRUCTURE)
    try:
        with transaction.atomic():
            structure = Structure.objects.create(
                nature=StructureNature.PRIVATE,
                identifier_type=SIRET_TYPE,
                identifier=siret,
                name=name,
                created_at=at,
                **asdict(sheet),
            )
            return Membership.objects.create(
                user=actor.account,
                structure=structure,
                state=Membership.State.ACCEPTED,
                is_manager=True,
                requested_at=at,
                decided_at=at,
                decided_by=actor.account,
            )
    except IntegrityError:
        found = queries.with_siret(siret=siret)
        if found is None:
            raise
        return ask_to_join(actor=actor, structure=found, comment="", at=at)


def edit_sheet(*, structure: Structure, actor: Actor, sheet: StructureDetails) -> None:
    """Change the sheet, except what identifies the structure: its SIRET and its legal name. Raises NotAllowed."""
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        Structure.objects.filter(pk=structure.pk).update(**asdict(sheet))
    structure.refresh_from_db()


def question_memberships(*, structures: Iterable[Structure]) -> int:
    """Make every accepted attachment to these structures a request again; how many there were. The operator decides."""
    questioned = list(structures)
    # What they wrote goes too: a notice to the address they gave would start a legal delay the body knows nothing of.
    Structure.objects.filter(pk__in=[structure.pk for structure in questioned]).update(email="", phone="", label="")
    BankAccount.objects.filter(structure__in=questioned, is_active=True).update(is_active=False)
    accepted = Membership.objects.filter(structure__in=questioned, state=Membership.State.ACCEPTED)
    return accepted.update(state=Membership.State.PENDING, is_manager=False, decided_at=None, decided_by=None)


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
            _post(
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
        _post(
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
        structure = queries.with_siret(siret=_siret(siret))
        if structure is None:
            raise CannotAppoint(f"Aucune structure n’a le SIRET {siret}.", field="siret")
        Structure.objects.select_for_update().get(pk=structure.pk)  # one appointment at a time
        others = Membership.objects.filter(structure=structure, is_manager=True).exclude(user=user)
        former = [other.user for other in others.select_related("user") if other.user.is_active]
        for other in others:
            give(membership=other, profiles=(AccessProfile.EVERYTHING,) if keeps_former else ())
        others.update(
            is_manager=False, **({} if keeps_former else {"state": Membership.State.REMOVED, "decided_at": at})
        )
        was_manager = may(Actor(user), MANAGE_STRUCTURE, structure)
        record(SecurityEvent.MANAGER_APPOINTED, person=user.pk, structure=structure.identifier)
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
            _post(
                kind="no_longer_manager",
                membership=membership,
                recipient=person.notice_address,
                mail=mails.no_longer_manager(structure=structure, is_attached=keeps_former),
                at=at,
            )
        if not was_manager:
            _post(
                kind="made_manager",
                membership=membership,
                recipient=user.notice_address,
                mail=mails.made_manager(structure=structure),
                at=at,
            )
            _tell_of_waiting(membership=membership, at=at)
    return membership


def correct_name(*, siret: str, name: str, at: datetime) -> str:
    """The operator corrects the legal name of a structure; returns the former one. The people attached are told.

    What has been sent says what it said. Raises CannotCorrect.
    """
    new = " ".join(name.split())
    with transaction.atomic():
        structure = queries.with_siret(siret=_siret(siret))
        if structure is None:
            raise CannotCorrect(f"Aucune structure n’a le SIRET {siret}.", field="siret")
        longest = Structure._meta.get_field("name").max_length or 0
        if not new or len(new) > longest:
            raise CannotCorrect(f"Un nom a entre 1 et {longest} caractères. Corrigez-le.", field="name")
        former = structure.name
        if not Structure.objects.filter(pk=structure.pk, name=former).exclude(name=new).update(name=new):
            raise CannotCorrect(f"{former} s’appelle déjà ainsi\u00a0: il n’y a rien à corriger.", field="name")
        structure.name = new
        for person in queries.accepted_people(structure=structure):
            subject, body = mails.name_corrected(structure=structure, former=former)
            post(
                kind="name_corrected",
                recipient=person.notice_address,
                subject=subject,
                body=body,
                event=f"{structure.uid}:{at.isoformat()}",
                at=at,
            )
    log.info("the operator corrected the name of structure %s", structure.identifier)
    return former


def _address(typed: str) -> str:
    try:
        return one_spelling(typed)
    except ValidationError as error:
        raise CannotAppoint(error.messages[0], field="email") from error


def _siret(typed: str) -> str:
    try:
        return clean_siret(typed)
    except IdentifierError as error:
        raise CannotAppoint(error.sentence, field="siret") from error


def _tell_of_waiting(*, membership: Membership, at: datetime) -> None:
    """A new manager receives the requests that nobody could answer so far."""
    waiting = membership.structure.memberships.filter(state=Membership.State.PENDING)
    for other in waiting.select_related("user", "structure"):
        _post(
            kind="membership_request",
            membership=other,
            recipient=membership.user.notice_address,
            mail=mails.request_to_decide(membership=other),
            at=at,
        )


def _post(*, kind: str, membership: Membership, recipient: str, mail: mails.Mail, at: datetime) -> None:
    subject, body = mail
    post(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        event=f"{membership.uid}:{at.isoformat()}",
        at=at,
    )
