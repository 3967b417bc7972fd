"""Carry a portal from SQLite to PostgreSQL: every row, compared on the other side. Documents stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import environ
from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.queue.models import Job

from .databases import BackupUnusable

SOURCE, TARGET = "default", "postgresql"
_BATCH = 1_000
# Work to do is asked for again by the sweep, in the words of the other database's queue.
_LEFT_BEHIND: tuple[type[models.Model], ...] = (Job,)


class NotMoved(Refused):
    """A row did not arrive as it was: nothing has been kept on the other side."""

    code = "backup_unusable"


def move(*, url: str) -> dict[str, int]:
    """Copy every row of this SQLite database to the PostgreSQL one of ``url``, whose tables are made and empty.

    The number of rows of each table. Nobody writes to the source meanwhile: it is locked. All or nothing. Raises
    BackupUnusable where the target has rows; NotMoved.
    """
    moved = {}
    with _target(url), transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
        tables = _tables()
        _empty(tables)
        for model in tables:
            _copy(model)
        with connections[TARGET].cursor() as cursor:
            for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
        for model in tables:
            moved[model._meta.db_table] = _compare(model)
    return moved


def _tables() -> list[type[models.Model]]:
    known = apps.get_models(include_auto_created=True)
    return [model for model in known if model._meta.managed and not model._meta.proxy and model not in _LEFT_BEHIND]


def _empty(tables: list[type[models.Model]]) -> None:
    """Take out what making the tables has written by itself; refuse where there is anything else."""
    own = {"django_content_type", "auth_permission"}
    for model in reversed(tables):
        rows = model._base_manager.using(TARGET)
        if model._meta.db_table in own:
            rows.all().delete()
        elif rows.exists():
            raise BackupUnusable(
                f"La base PostgreSQL a déjà des lignes dans {model._meta.db_table} : rien n’a été copié. "
                "Indiquez une base vide."
            )


def _copy(model: type[models.Model]) -> None:
    target = model._base_manager.using(TARGET)
    batch: list[models.Model] = []
    for row in model._base_manager.using(SOURCE).order_by("pk").iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            target.bulk_create(batch)
            batch = []
    target.bulk_create(batch)


def _compare(model: type[models.Model]) -> int:
    """How many rows there are, each with the same values on both sides."""
    number = 0
    for before, after in zip_longest(_rows(model, SOURCE), _rows(model, TARGET)):
        if before != after:
            raise NotMoved(
                f"Une ligne de {model._meta.db_table} n’est pas arrivée telle quelle : rien n’a été copié. "
                f"Signalez-le ({model._meta.pk.attname if model._meta.pk else ''} {(before or after or ('',))[0]})."
            )
        number += 1
    return number


def _rows(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    return model._base_manager.using(alias).order_by("pk").values_list().iterator(chunk_size=_BATCH)


@contextmanager
def _target(url: str) -> Iterator[None]:
    """The other database, under an alias of its own."""
    connections.databases[TARGET] = {**connections.databases[SOURCE], **environ.Env.db_url_config(url), "OPTIONS": {}}
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections.databases[TARGET]
