"""Keep documents on a shelf: add, describe, replace, remove. What an invoice holds is never touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from plainchant.einvoice import wording
from plainchant.einvoice.codes.attachment_types import ATTACHMENT_TYPE_OF, Validity
from plainchant.einvoice.codes.attachments import ATTACHMENT_EXTENSIONS
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.attachments import check_attachment, extension_of
from plainchant.portal.store.operations import forget, keep, register
from plainchant.portal.structures.models import Structure

from .models import LibraryFile
from .permissions import ADD_STRUCTURE_PIECE, CHANGE_PIECE, KEEP_PIECES

MAX_FILES = 100  # of one shelf


class LibraryRefused(Refused):
    """A document that cannot be kept so. Each reason has its code."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is said of a document. Where its type holds for a civil year, days left out are those of this year."""

    type_code: str
    name: str = ""  # the file's own when empty; its extension may be left out
    valid_from: date | None = None
    valid_until: date | None = None


def add(
    *,
    file: File,
    file_name: str,
    size: int,
    description: Description,
    actor: Actor,
    at: datetime,
    structure: Structure | None = None,
) -> LibraryFile:
    """Put a document on this person's shelf, or on that of a structure.

    Raises NotAllowed, UploadRefused (name, size, extension), LibraryRefused (type, days, a name taken, a full shelf),
    one of antivirus.REFUSALS.
    Nothing has been kept then. The bytes are durable before the row exists.
    """
    _require_shelf(actor, structure)
    name = _full_name(description.name, file_name)
    check_attachment(name=name, size=size)
    checked = _checked(description, at)
    _refuse_without_room(_shelf(actor.account, structure), name)
    stored = keep(file=file, name=name, media_type="application/octet-stream", at=at)
    try:
        with transaction.atomic():
            _require_shelf(actor, structure)  # again: keeping the bytes took a while
            register(kept=[stored])
            return LibraryFile.objects.create(
                owner=actor.account if structure is None else None,
                structure=structure,
                stored=stored,
                name=name,
                added_at=at,
                added_by=actor.account,
                type_code=checked.type_code,
                valid_from=checked.valid_from,
                valid_until=checked.valid_until,
            )
    except IntegrityError as error:
        raise _taken(name) from error


@transaction.atomic
def describe(*, file: LibraryFile, description: Description, actor: Actor, at: datetime) -> LibraryFile:
    """Give a document another name, type or other days. Raises NotAllowed, UploadRefused, LibraryRefused."""
    kept = _locked(file, actor)
    name = _full_name(description.name, kept.name)
    check_attachment(name=name, size=kept.stored.size)
    checked = _checked(description, at)
    changed = {
        "name": name,
        "type_code": checked.type_code,
        "valid_from": checked.valid_from,
        "valid_until": checked.valid_until,
    }
    try:
        with transaction.atomic():
            LibraryFile.objects.filter(pk=kept.pk).update(**changed)
    except IntegrityError as error:
        raise _taken(name) from error
    kept.refresh_from_db()
    return kept


def replace(
    *,
    file: LibraryFile,
    new: File,
    file_name: str,
    size: int,
    description: Description,
    actor: Actor,
    at: datetime,
) -> LibraryFile:
    """Put another file in a document's place, such as this year's certificate; invoices keep the one they hold.

    Raises NotAllowed, UploadRefused, LibraryRefused, one of antivirus.REFUSALS; nothing has changed then.
    """
    with transaction.atomic():
        _locked(file, actor)  # before any byte is kept; again below, since keeping them takes a while
    name = _full_name(description.name, file_name)
    check_attachment(name=name, size=size)
    checked = _checked(description, at)
    stored = keep(file=new, name=name, media_type="application/octet-stream", at=at)
    try:
        with transaction.atomic():
            kept = _locked(file, actor)
            former = kept.stored
            register(kept=[stored])
            LibraryFile.objects.filter(pk=kept.pk).update(
                stored=stored,
                name=name,
                added_at=at,
                added_by=actor.account,
                type_code=checked.type_code,
                valid_from=checked.valid_from,
                valid_until=checked.valid_until,
            )
            forget(stored=former, at=at)
    except IntegrityError as error:
        raise _taken(name) from error
    kept.refresh_from_db()
    return kept


@transaction.atomic
def remove(*, file: LibraryFile, actor: Actor, at: datetime) -> None:
    """Take a document off its shelf; the invoices that it goes with keep it. Twice is harmless. Raises NotAllowed."""
    if not LibraryFile.objects.filter(pk=file.pk).exists():
        return
    kept = _locked(file, actor)
    stored = kept.stored
    kept.delete()
    forget(stored=stored, at=at)


def _locked(file: LibraryFile, actor: Actor) -> LibraryFile:
    """The row, held until the transaction ends, if the actor may change it now."""
    kept = LibraryFile.objects.select_for_update().filter(pk=file.pk).first()
    if kept is None:
        raise LibraryRefused(
            f"La pièce « {file.name} » a été retirée entre-temps. Ajoutez-la de nouveau.", code="piece_removed"
        )
    require(actor, CHANGE_PIECE, kept)
    return kept


def _shelf(owner: User, structure: Structure | None) -> QuerySet[LibraryFile]:
    return LibraryFile.objects.filter(structure=structure) if structure else LibraryFile.objects.filter(owner=owner)


def _require_shelf(actor: Actor, structure: Structure | None) -> None:
    if structure is None:
        require(actor, KEEP_PIECES)
    else:
        require(actor, ADD_STRUCTURE_PIECE, structure)


def _refuse_without_room(shelf: QuerySet[LibraryFile], name: str) -> None:
    """Before any byte is kept; the database has the last word on names."""
    if shelf.filter(name=name).exists():
        raise _taken(name)
    if shelf.count() >= MAX_FILES:
        raise LibraryRefused(
            f"Il y a déjà {MAX_FILES} pièces ici. Retirez celles qui ne servent plus, puis ajoutez.", code="shelf_full"
        )


def _taken(name: str) -> LibraryRefused:
    return LibraryRefused(
        f"Une pièce s’appelle déjà « {name} ». Donnez un autre nom à celle-ci, ou remplacez l’autre.",
        code="piece_name_taken",
        field="name",
    )


def _full_name(wanted: str, file_name: str) -> str:
    """The name that was asked for, with the file's extension."""
    wanted = wanted.strip()
    if not wanted:
        return file_name
    if extension_of(wanted) in ATTACHMENT_EXTENSIONS:
        wanted = PurePath(wanted).stem  # of the file that is replaced
    return wanted + PurePath(file_name).suffix


def _checked(description: Description, at: datetime) -> Description:
    """With the days that its type gives. Raises LibraryRefused."""
    kind = ATTACHMENT_TYPE_OF.get(description.type_code)
    if kind is None:
        raise LibraryRefused(
            "Dites quel document c’est : choisissez dans la liste.", code="piece_type_missing", field="type_code"
        )
    start, end = description.valid_from, description.valid_until
    if kind.validity is Validity.CIVIL_YEAR:
        year = (start or end or day_in_paris(at)).year
        start, end = start or date(year, 1, 1), end or date(year, 12, 31)
    if start is not None and end is not None and end < start:
        raise LibraryRefused(
            f"La pièce finirait de valoir (le {wording.day(end)}) avant d’avoir commencé (le {wording.day(start)}). "
            "Corrigez l’une des deux dates.",
            code="piece_dates_reversed",
            field="valid_until",
        )
    return Description(type_code=kind.code, name=description.name, valid_from=start, valid_until=end)
