"""Take over a table of commitments, whole or not at all: in addition to what is there, or instead of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from plainchant.capture.commitment_table import MAX_COMMITMENTS, CommitmentRow
from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.einvoice.wording import counted
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.activity import note
from plainchant.portal.structures.models import ActivityEntry, Structure

from .models import Commitment
from .permissions import KEEP_COMMITMENTS

_COLUMNS = (
    "number", "service", "identifier", "supplier", "subject", "contract", "amount", "first_day", "last_day",
    "imported_at",
)  # fmt: skip
_LOT = 500
MOST_TROUBLES = 20  # that are named: whoever has more has the wrong table


class CommitmentsNotRead(Refused):
    """Some rows could not be understood: nothing has been taken. A finding for each of the first of them."""

    code = "commitments_not_read"

    def __init__(self, sentence: str, troubles: Sequence[str] = ()) -> None:
        super().__init__(sentence, field="file")
        self.findings += [replace(self.findings[0], message=trouble) for trouble in troubles[:MOST_TROUBLES]]
        if (rest := len(troubles) - MOST_TROUBLES) > 0:
            self.findings.append(replace(self.findings[0], message=f"Et {counted(rest, 'autre')}."))


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a table: how many were new, written anew, taken away."""

    added: int
    changed: int
    removed: int


def import_rows(
    *, structure: Structure, rows: Sequence[CommitmentRow], replaces: bool, actor: Actor, at: datetime
) -> Imported:
    """Take over all of ``rows``, or nothing. ``replaces``: what the table does not have is taken away.

    Raises NotAllowed, CommitmentsNotRead.
    """
    if len(rows) > MAX_COMMITMENTS:
        raise CommitmentsNotRead(f"Ce tableau a plus de {MAX_COMMITMENTS} lignes. Répartissez-les en plusieurs.")
    with transaction.atomic():
        require(actor, KEEP_COMMITMENTS, structure)
        # Two imports of one body come one after the other.
        Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
        services = {service.code.casefold(): service for service in structure.services.all()}
        troubles: list[str] = []
        values = dict(_values(rows, services, troubles, at))
        if troubles or not values:
            why = "Corrigez ces lignes, puis recommencez." if troubles else "Aucune ligne du tableau n’est remplie."
            raise CommitmentsNotRead(f"Rien n’a changé. {why}", troubles)
        return _write(structure, values, replaces=replaces, actor=actor, at=at)


def _values(
    rows: Sequence[CommitmentRow], services: dict[str, Any], troubles: list[str], at: datetime
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key → the columns of each row that can be read; why the others cannot goes to ``troubles``."""
    first_of: dict[str, int] = {}
    for row in rows:
        key = commitment_key(row.number)
        service = services.get(row.service.casefold()) if row.service else None
        why = row.trouble
        if not why and row.service and service is None:
            why = f"Vous n’avez pas de service « {row.service[:40]} »."
        elif not why and key in first_of:
            why = f"Ce numéro est déjà à la ligne {first_of[key]}."
        if why:
            number = f", engagement {row.number[:40]}" if row.number else ""
            troubles.append(f"Ligne {row.row}{number} : {why}")
            continue
        first_of[key] = row.row
        yield (
            key,
            {
                "number": row.number,
                "service": service,
                "identifier": row.identifier,
                "supplier": row.supplier,
                "subject": row.subject,
                "contract": row.contract,
                "amount": Decimal(row.amount),
                "first_day": date.fromisoformat(row.first_day) if row.first_day else None,
                "last_day": date.fromisoformat(row.last_day) if row.last_day else None,
                "imported_at": at,
            },
        )


def _write(
    structure: Structure,
    values: dict[str, dict[str, Any]],
    *,
    replaces: bool,
    actor: Actor,
    at: datetime,
) -> Imported:
    there = {row.key: row for row in Commitment.objects.filter(structure=structure).select_related("service")}
    new = [Commitment(structure=structure, key=key, **row) for key, row in values.items() if key not in there]
    changed = []
    for key, row in values.items():
        known = there.get(key)
        if known is not None and any(
            getattr(known, name) != value for name, value in row.items() if name != "imported_at"
        ):
            for name, value in row.items():
                setattr(known, name, value)
            changed.append(known)
    gone = [row.pk for key, row in there.items() if key not in values] if replaces else []
    Commitment.objects.bulk_create(new, batch_size=_LOT)
    Commitment.objects.bulk_update(changed, _COLUMNS, batch_size=100)
    for place in range(0, len(gone), _LOT):
        Commitment.objects.filter(pk__in=gone[place : place + _LOT]).delete()
    imported = Imported(added=len(new), changed=len(changed), removed=len(gone))
    note(
        structure=structure,
        kind=ActivityEntry.Kind.COMMITMENTS,
        actor=actor,
        at=at,
        about=f"{imported.added} de plus, {counted(imported.changed, 'changé')}, {counted(imported.removed, 'retiré')}",
    )
    return imported
