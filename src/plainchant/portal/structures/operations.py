"""Create a structure and keep its sheet. Who joins it stands in `memberships`, its bank accounts in `bank_accounts`.

Whatever the page has asked, each operation asks the same row of `permissions` again.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.lib.errors import Refused
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import mails, queries
from .activity import note
from .managers import known_siret
from .memberships import ask_to_join
from .models import ActivityEntry, Membership, Structure, StructureNature
from .permissions import JOIN_STRUCTURE, MANAGE_STRUCTURE

log = logging.getLogger(__name__)


class CannotCorrect(Refused):
    """The operator named a structure, or a name, that cannot be used."""

    code = "cannot_correct"


_SHEET_WORDS = {
    "label": "nom d’usage",
    "address_line": "adresse",
    "address_extra_1": "complément d’adresse",
    "address_extra_2": "complément d’adresse",
    "postcode": "code postal",
    "city": "ville",
    "country": "pays",
    "vat_number": "numéro de TVA",
    "email": "adresse électronique",
    "phone": "téléphone",
}


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
            note(structure=structure, kind=ActivityEntry.Kind.CREATED, actor=actor, at=at)
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


def edit_sheet(*, structure: Structure, actor: Actor, sheet: StructureDetails, at: datetime) -> None:
    """Change the sheet, except what identifies the structure: its SIRET and its legal name. Raises NotAllowed."""
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        changed = {name: value for name, value in asdict(sheet).items() if value != getattr(structure, name)}
        Structure.objects.filter(pk=structure.pk).update(**asdict(sheet))
        if changed:
            names = ", ".join(_SHEET_WORDS[name] for name in changed)
            note(structure=structure, kind=ActivityEntry.Kind.EDITED, actor=actor, at=at, about=names)
    structure.refresh_from_db()


def correct_name(*, siret: str, name: str, at: datetime) -> str:
    """The operator corrects the legal name of a structure; returns the former one. The people attached are told.

    What has been sent says what it said. Raises CannotCorrect.
    """
    new = " ".join(name.split())
    with transaction.atomic():
        structure = queries.with_siret(siret=known_siret(siret))
        if structure is None:
            raise CannotCorrect(f"Aucune structure n’a le SIRET {siret}.", field="siret")
        longest = Structure._meta.get_field("name").max_length or 0
        if not new or len(new) > longest:
            raise CannotCorrect(f"Un nom a entre 1 et {longest} caractères. Corrigez-le.", field="name")
        former = structure.name
        if not Structure.objects.filter(pk=structure.pk, name=former).exclude(name=new).update(name=new):
            raise CannotCorrect(f"{former} s’appelle déjà ainsi\u00a0: il n’y a rien à corriger.", field="name")
        structure.name = new
        note(
            structure=structure,
            kind=ActivityEntry.Kind.RENAMED,
            at=at,
            about=f"{former} → {new}",
            origin=ActivityEntry.Origin.COMMAND,
        )
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
