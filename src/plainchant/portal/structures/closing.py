"""A structure is closed to new invoices, and opened again: a private one by its manager, any by the operator.

What there is stays to be read, and what is under way goes on; nothing new is sent in its name or to it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import require

from . import mails, queries
from .activity import note
from .managers import known_structure
from .models import ActivityEntry, Structure
from .permissions import MANAGE_STRUCTURE

log = logging.getLogger(__name__)


class CannotClose(Refused):
    """The structure is not this person's to close or to open, or is in that state already."""

    code = "cannot_close"


class ClosedToInvoices(Refused):
    """Nothing new is sent in the name of this structure."""

    code = "structure_closed"

    def __init__(self, structure: Structure) -> None:
        super().__init__(why_closed(structure))


def why_closed(structure: Structure) -> str:
    """What to say of a closed structure to whoever would invoice in its name."""
    heir = queries.heir_of(structure=structure)
    if heir is not None:
        return (
            f"« {structure} » ({structure.known_as}) a un nouveau numéro\u00a0: {heir.known_as}. Facturez au nom de "
            "cette nouvelle fiche."
        )
    return (
        f"« {structure} » est fermée\u00a0: elle n’envoie plus de facture. Choisissez une autre de vos structures, ou "
        "faites-la rouvrir."
    )


def require_open(structure: Structure) -> None:
    """Raises ClosedToInvoices, whatever the object in memory says."""
    if not Structure.objects.filter(pk=structure.pk, is_active=True).exists():
        raise ClosedToInvoices(structure)


def close(*, structure: Structure, actor: Actor, at: datetime) -> None:
    """The manager closes a private structure; the people attached are told. Raises NotAllowed, CannotClose."""
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        if structure.is_public:
            raise CannotClose(
                "Un organisme public ne se ferme pas ici\u00a0: écrivez à la personne qui tient ce portail.",
            )
        _close(structure=structure, actor=actor, at=at)


def reopen(*, structure: Structure, actor: Actor, at: datetime) -> None:
    """The manager opens again what a manager has closed. Raises NotAllowed, CannotClose."""
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        structure.refresh_from_db()
        if structure.is_public or structure.is_closed_by_operator:
            raise CannotClose(
                f"« {structure} » a été fermée par la personne qui tient ce portail\u00a0: écrivez-lui pour la rouvrir."
            )
        _reopen(structure=structure, actor=actor, at=at)


def close_as_operator(*, siret: str, at: datetime) -> Structure:
    """The operator closes a structure, public or private, until they open it again. Raises CannotClose."""
    with transaction.atomic():
        structure = known_structure(siret, refusal=CannotClose)
        _close(structure=structure, actor=SYSTEM, at=at)
    log.info("the operator closed structure %s", structure.uid)
    return structure


def reopen_as_operator(*, siret: str, at: datetime) -> Structure:
    """The operator opens a structure again, whoever has closed it. Raises CannotClose."""
    with transaction.atomic():
        structure = known_structure(siret, refusal=CannotClose)
        _reopen(structure=structure, actor=SYSTEM, at=at)
    log.info("the operator opened structure %s again", structure.uid)
    return structure


def _close(*, structure: Structure, actor: Actor, at: datetime) -> None:
    structure.is_active, structure.is_closed_by_operator = False, actor.author is None
    is_open = Structure.objects.filter(pk=structure.pk, is_active=True)
    if not is_open.update(is_active=False, is_closed_by_operator=structure.is_closed_by_operator):
        raise CannotClose(f"« {structure} » est déjà fermée.")
    _tell(structure=structure, kind=ActivityEntry.Kind.CLOSED, actor=actor, at=at)


def _reopen(*, structure: Structure, actor: Actor, at: datetime) -> None:
    heir = queries.heir_of(structure=structure)
    if heir is not None:
        raise CannotClose(f"« {structure} » ne se rouvre pas\u00a0: elle a un nouveau numéro, {heir.known_as}.")
    structure.is_active, structure.is_closed_by_operator = True, False
    is_closed = Structure.objects.filter(pk=structure.pk, is_active=False)
    if not is_closed.update(is_active=True, is_closed_by_operator=False):
        raise CannotClose(f"« {structure} » est déjà ouverte.")
    _tell(structure=structure, kind=ActivityEntry.Kind.REOPENED, actor=actor, at=at)


def _tell(*, structure: Structure, kind: ActivityEntry.Kind, actor: Actor, at: datetime) -> None:
    is_operator = actor.author is None
    origin = ActivityEntry.Origin.COMMAND if is_operator else ActivityEntry.Origin.PAGE
    note(structure=structure, kind=kind, actor=actor, at=at, origin=origin)
    for person in queries.accepted_people(structure=structure):
        mail = mails.closed_or_open(structure=structure, actor=None if is_operator else actor)
        post(
            kind="structure_closed" if kind == ActivityEntry.Kind.CLOSED else "structure_reopened",
            recipient=person.notice_address,
            mail=mail,
            event=f"{structure.uid}:{at.isoformat()}",
            at=at,
        )
