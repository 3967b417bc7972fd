"""Write the directory: bodies and services as a directory file gives them, and the index of the search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.accounts.models import AddressClaim
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import closing, managers, naming
from plainchant.portal.structures import operations as sheets
from plainchant.portal.structures.models import Service, Structure, StructureNature

from .imports.records import BODY_COLUMNS, SERVICE_COLUMNS, BodyRecord, ImportColumn, Remark, ServiceRecord
from .models import Entry, Word
from .search import index

BATCH = 2_000

_KEPT_BY_UPSERT = {"id", "uid", "identifier_type", "identifier", "created_at"}
_BODY_FIELDS = [f.name for f in Structure._meta.concrete_fields if f.name not in _KEPT_BY_UPSERT]
_SERVICE_FIELDS = [f.name for f in Service._meta.concrete_fields if f.name not in {"id", "structure", "code"}]


@dataclass
class Recorded:
    """What became of some records."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def record_bodies(*, bodies: Sequence[BodyRecord], at: datetime) -> Recorded:
    """Create or update public bodies, at most a few thousand at once, and their place in the search: all or nothing.

    A record changes only what it names. Of two records for one identifier the last counts.
    """
    recorded = Recorded()
    claimed: list[Structure] = []
    by_identifier = {record.identifier: record for record in bodies}
    with transaction.atomic():
        index.lock()
        present = {
            structure.identifier: structure
            for structure in Structure.objects.filter(identifier_type=SIRET_TYPE, identifier__in=list(by_identifier))
        }
        written: list[Structure] = []
        for identifier, record in by_identifier.items():
            known = present.get(identifier)
            values = {**record.values, "nature": StructureNature.PUBLIC}
            if known is not None and known.is_public:
                _leave_own(known, values, record.line, BODY_COLUMNS, recorded)
            if known is None:
                recorded.created += 1
                written.append(Structure(identifier=identifier, created_at=at, **values))
            elif _differs(known, values):
                recorded.updated += 1
                if not known.is_public:
                    claimed.append(known)
                kept = {name: getattr(known, name) for name in _BODY_FIELDS}
                if not known.is_public:
                    kept |= dict.fromkeys({"email", "phone", "label", "own_columns"}, "")
                written.append(Structure(identifier=identifier, created_at=known.created_at, **{**kept, **values}))
            else:
                recorded.unchanged += 1
        Structure.objects.bulk_create(
            written,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["identifier_type", "identifier"],
            update_fields=_BODY_FIELDS,
        )
        # Whoever registered this SIRET before the directory named it a public body was never appointed to one.
        managers.question_memberships(structures=claimed, at=at)
        index.write(written)
    return recorded


def record_services(*, services: Sequence[ServiceRecord], at: datetime) -> Recorded:
    """Create or update services of known public bodies: all or nothing. Those of unknown bodies are refused."""
    recorded = Recorded()
    with transaction.atomic():
        index.lock()  # not of the index, but of the one writer: two imports would wait for each other's rows
        bodies = dict(
            Structure.objects.filter(
                identifier_type=SIRET_TYPE,
                nature=StructureNature.PUBLIC,
                identifier__in={record.identifier for record in services},
            ).values_list("identifier", "pk")
        )
        by_key: dict[tuple[int, str], ServiceRecord] = {}
        for record in services:
            if record.identifier in bodies:
                by_key[bodies[record.identifier], record.code] = record
            else:
                recorded.refused.append(
                    Remark(
                        record.line,
                        f"le SIRET {record.identifier} n’est pas dans l’annuaire. "
                        "Importez d’abord le fichier des structures qui le contient.",
                    )
                )
        present = {
            (service.structure_id, service.code): service
            for service in Service.objects.filter(
                structure__in={pk for pk, _ in by_key}, code__in={code for _, code in by_key}
            )
        }
        written: list[Service] = []
        for (structure_id, code), record in by_key.items():
            known = present.get((structure_id, code))
            values = dict(record.values)
            if known is not None:
                _leave_own(known, values, record.line, SERVICE_COLUMNS, recorded)
            if known is None:
                recorded.created += 1
                written.append(Service(structure_id=structure_id, code=code, **values))
            elif _differs(known, values):
                recorded.updated += 1
                kept = {name: getattr(known, name) for name in _SERVICE_FIELDS}
                written.append(Service(structure_id=structure_id, code=code, **{**kept, **values}))
            else:
                recorded.unchanged += 1
        Service.objects.bulk_create(
            written,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["structure", "code"],
            update_fields=_SERVICE_FIELDS,
        )
    return recorded


def _leave_own(
    row: Structure | Service, values: dict[str, object], line: int, columns: list[ImportColumn], recorded: Recorded
) -> None:
    """Take out of ``values`` what the managers of the body have set, and say where the file disagrees with it."""
    own = set(row.own_columns.split()) & values.keys()
    if isinstance(row, Structure) and row.is_closed_by_operator:
        own |= {"is_active"} & values.keys()
    differing = [
        column.words
        for column in columns
        if column.field in own and _differs(row, {column.field: values[column.field]})
    ]
    for name in own:
        del values[name]
    if differing:
        recorded.warnings.append(
            Remark(line, f"gardé comme l’organisme l’a choisi lui-même\u00a0: {', '.join(differing)}.")
        )


def _differs(row: Structure | Service, values: dict[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def deactivate_all_but(*, identifiers: Iterable[str], at: datetime) -> int:
    """Deactivate the active bodies that a complete directory no longer names; how many there were.

    A directory names SIRETs alone: a body known by another identifier is none of its business.
    """
    named = set(identifiers)
    active = Structure.objects.filter(identifier_type=SIRET_TYPE, nature=StructureNature.PUBLIC, is_active=True)
    gone = [pk for pk, identifier in active.values_list("pk", "identifier").iterator() if identifier not in named]
    for start in range(0, len(gone), BATCH):
        with transaction.atomic():
            index.lock()
            batch = Structure.objects.filter(pk__in=gone[start : start + BATCH])
            batch.update(is_active=False)
            index.write(batch)
    return len(gone)


def refresh(*, structures: Iterable[Structure]) -> None:
    """Bring the search up to date after these sheets have been changed elsewhere. Private structures leave it."""
    structures = list(structures)
    with transaction.atomic():
        index.lock()
        index.write([structure for structure in structures if structure.is_public])
        index.remove([structure.pk for structure in structures if not structure.is_public])


def edit_sheet(
    *, structure: Structure, actor: Actor, sheet: sheets.StructureDetails, at: datetime
) -> AddressClaim | None:
    """Change the sheet of a structure, and what the search knows of it; see that of structures. Raises NotAllowed."""
    with transaction.atomic():
        index.lock()  # first, as an import does: in the other order the two would wait for each other for ever
        claim = sheets.edit_sheet(structure=structure, actor=actor, sheet=sheet, at=at)
        refresh(structures=[structure])
    return claim


def correct_name(*, structure: Structure, actor: Actor, name: naming.LegalName, at: datetime) -> str:
    """Correct the legal name of a structure, and what the search knows of it: see `naming`."""
    with transaction.atomic():
        index.lock()
        former = naming.correct_name(structure=structure, actor=actor, name=name, at=at)
        refresh(structures=[structure])
    return former


def correct_name_as_operator(*, siret: str, name: str, at: datetime) -> str:
    """The same, by the operator; the former name. Raises CannotCorrect."""
    with transaction.atomic():
        index.lock()
        structure, former = naming.correct_name_as_operator(siret=siret, name=name, at=at)
        refresh(structures=[structure])
    return former


def close_as_operator(*, siret: str, at: datetime) -> Structure:
    """Close a structure to new invoices, and mark it in the search: see `closing`."""
    return _in_the_search(closing.close_as_operator, siret=siret, at=at)


def reopen_as_operator(*, siret: str, at: datetime) -> Structure:
    """Open a structure again, and mark it in the search: see `closing`."""
    return _in_the_search(closing.reopen_as_operator, siret=siret, at=at)


def _in_the_search(operation: Callable[..., Structure], *, siret: str, at: datetime) -> Structure:
    with search_kept_for([]) as changed:
        structure = operation(siret=siret, at=at)
        changed.append(structure)
    return structure


@contextmanager
def search_kept_for(structures: list[Structure]) -> Iterator[list[Structure]]:
    """A transaction that changes these sheets, and those that it adds to the list; the search follows at its end."""
    with transaction.atomic():
        index.lock()
        yield structures
        refresh(structures=Structure.objects.filter(pk__in=[structure.pk for structure in structures]))


def rebuild() -> int:
    """Make the whole index of the search anew from the sheets; how many bodies it holds."""
    count = 0
    with transaction.atomic():
        index.lock()
        Entry.objects.all().delete()
        Word.objects.all().delete()
        batch: list[Structure] = []
        for structure in Structure.objects.filter(nature=StructureNature.PUBLIC).iterator(chunk_size=BATCH):
            batch.append(structure)
            if len(batch) == BATCH:
                index.write(batch)
                count += len(batch)
                batch = []
        index.write(batch)
    index.refresh_statistics()
    return count + len(batch)
