"""Forget what one supplier has sent and prepared, as if it never had: in a sandbox alone, where nothing is evidence.

The portal itself has no such operation, and its database refuses it: the triggers that freeze histories are taken away
for one transaction. What names a row that goes, goes too; a column that may be empty is emptied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.models import ForeignKey, Model, QuerySet

from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.drops.models import Drop
from plainchant.portal.flows.models import Flow
from plainchant.portal.hooks.models import Webhook
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.mandates.models import BillingMandate
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure
from plainchant.portal.tickets.models import Ticket

Rows = dict[type[Model], set[int]]

# What belongs to a structure that invoices: its people, programs, secrets and bank accounts stay.
_OWN: Mapping[type[Model], str] = {
    Invoice: "seller",
    Flow: "structure",
    Drop: "seller",
    Ticket: "structure",
    Webhook: "structure",
    LibraryFile: "structure",
    BillingMandate: "structure",
    ProgramFile: "added_by__in",
}


def forget(structure: Structure) -> int:
    """Forget all that this structure has sent, prepared and asked, with its documents; how many invoices there were."""
    with transaction.atomic(), _thawed():
        going = _going(structure)
        files = _files_of(going)
        for model, keys in going.items():
            for column in _columns_to(model):
                if column.null:
                    _of(column.model, f"{column.attname}__in", keys).update(**{column.attname: None})
        for model, keys in going.items():
            _delete(model, keys)
        named = {key for column in _columns_to(StoredFile) for key in _values(column, files)}
        unnamed = StoredFile.objects.filter(pk__in=files - named)
        paths = list(unnamed.values_list("path", flat=True))
        _delete(StoredFile, files - named)
    for path in paths:
        storages["documents"].delete(path)
    return len(going[Invoice])


def _going(structure: Structure) -> Rows:
    """Every row that goes: what is the structure's own, and whatever cannot be without it."""
    going: Rows = defaultdict(set)
    programs = list(structure.technical_accounts.values_list("account", flat=True))
    given = {column: programs if column.endswith("__in") else structure for column in _OWN.values()}
    fresh: list[tuple[type[Model], set[int]]] = [
        (model, set(_of(model, column, given[column]).values_list("pk", flat=True))) for model, column in _OWN.items()
    ]
    while fresh:
        model, keys = fresh.pop()
        keys -= going[model]
        going[model] |= keys
        if keys:
            fresh += [
                (column.model, set(_of(column.model, f"{column.attname}__in", keys).values_list("pk", flat=True)))
                for column in _columns_to(model)
                if not column.null
            ]
    return going


def _columns_to(model: type[Model]) -> Iterator[ForeignKey[Model]]:
    """Every column that names a row of this table."""
    for other in apps.get_models(include_auto_created=True):
        for column in other._meta.concrete_fields:
            if isinstance(column, ForeignKey) and column.related_model is model:
                yield column


def _files_of(going: Rows) -> set[int]:
    return {
        key
        for column in _columns_to(StoredFile)
        for key in _of(column.model, "pk__in", going.get(column.model, set())).values_list(column.attname, flat=True)
        if key is not None
    }


def _values(column: ForeignKey[Model], files: set[int]) -> set[int]:
    return set(_of(column.model, f"{column.attname}__in", files).values_list(column.attname, flat=True))


def _of(model: type[Model], name: str, value: object) -> QuerySet[Model]:
    return model._default_manager.filter(**{name: value})


def _delete(model: type[Model], keys: set[int]) -> None:
    """The rows alone: what names them has been seen to, and Django would look at each again."""
    rows = _of(model, "pk__in", keys)
    rows._raw_delete(rows.db)


_FREEZING = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%!_refuses!_%' ESCAPE '!'"


@contextmanager
def _thawed() -> Iterator[None]:
    """Without the triggers by which the database refuses to lose a history (`portal.lib.frozen`), which come back."""
    with connection.cursor() as cursor:
        cursor.execute(_FREEZING)
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)
