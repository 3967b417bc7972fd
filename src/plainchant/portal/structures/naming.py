"""What a structure is officially called, and how that is corrected: by its manager, or by the operator."""

from __future__ import annotations

import logging
from dataclasses import dataclass
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
from .ownership import own
from .permissions import MANAGE_STRUCTURE

log = logging.getLogger(__name__)


class CannotCorrect(Refused):
    """A structure, or a name, that cannot be used was named."""

    code = "cannot_correct"


@dataclass(frozen=True, kw_only=True)
class LegalName:
    """What a structure is officially called: a raison sociale; of a PARTICULIER, first name and last name."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""

    @property
    def whole(self) -> str:
        return self.name or f"{self.first_name} {self.last_name}".strip()

    @property
    def columns(self) -> dict[str, str]:
        return {"name": self.whole, "first_name": self.first_name, "last_name": self.last_name}

    @classmethod
    def of_text(cls, text: str, *, structure: Structure) -> LegalName:
        """A name written in one piece. The first word of a PARTICULIER is the first name."""
        words = text.split()
        if structure.is_individual:
            return cls(first_name=" ".join(words[:1]), last_name=" ".join(words[1:]))
        return cls(name=" ".join(words))


def correct_name(*, structure: Structure, actor: Actor, name: LegalName, at: datetime) -> str:
    """The manager corrects the legal name; returns the former one. The people attached are told.

    What has been sent says what it said; drafts say the new name. Raises NotAllowed, CannotCorrect.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        return _rename(structure=structure, name=name, actor=actor, at=at)


def correct_name_as_operator(*, siret: str, name: str, at: datetime) -> tuple[Structure, str]:
    """The operator corrects the legal name of the structure that ``siret`` (or another identifier) names.

    Returns it, and its former name. Otherwise as `correct_name`. Raises CannotCorrect.
    """
    with transaction.atomic():
        structure = known_structure(siret, refusal=CannotCorrect)
        former = _rename(structure=structure, name=LegalName.of_text(name, structure=structure), actor=SYSTEM, at=at)
    log.info("the operator corrected the name of structure %s", structure.uid)
    return structure, former


def _rename(*, structure: Structure, name: LegalName, actor: Actor, at: datetime) -> str:
    columns = name.columns
    for column, text in columns.items():
        longest = getattr(Structure._meta.get_field(column), "max_length", None) or 0
        is_missing = not text and (column == "name" or structure.is_individual)
        if is_missing or len(text) > longest:
            raise CannotCorrect(f"Un nom a entre 1 et {longest} caractères. Corrigez-le.", field=column)
    former = structure.name
    seen = Structure.objects.filter(pk=structure.pk, name=former)
    if not seen.exclude(**columns).update(**columns):
        raise CannotCorrect(
            f"{former} s’appelle déjà ainsi, ou son nom vient d’être corrigé. Relisez la fiche.",
            field="last_name" if structure.is_individual else "name",
        )
    for column, text in columns.items():
        setattr(structure, column, text)
    own(structure=structure, columns=["name"])
    is_operator = actor.author is None
    note(
        structure=structure,
        kind=ActivityEntry.Kind.RENAMED,
        actor=actor,
        at=at,
        about=f"{former} → {structure.name}",
        origin=ActivityEntry.Origin.COMMAND if is_operator else ActivityEntry.Origin.PAGE,
    )
    for person in queries.accepted_people(structure=structure):
        mail = mails.name_corrected(structure=structure, former=former, actor=None if is_operator else actor)
        post(
            kind="name_corrected",
            recipient=person.notice_address,
            mail=mail,
            event=f"{structure.uid}:{at.isoformat()}",
            at=at,
        )
    return former
