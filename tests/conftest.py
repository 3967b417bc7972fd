"""What every test shares. The database is chosen by DATABASE_URL: the suite runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.samples import official_samples

MORNING = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)  # a Tuesday, 10 h 30 in Paris
_DOCUMENTS_OF_THE_MODULE = pytest.StashKey[Path]()


@pytest.fixture(scope="session", autouse=True)
def _emptied_in_spite_of_its_triggers() -> Iterator[None]:
    """SQLite cannot tell Django's flush, after a test that commits, from a deletion that the database refuses."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    ordinary = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refuses_delete'"
            )
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*dropped, *ordinary(self, *args, **kwargs), *(sql for _, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


def pytest_configure() -> None:
    """Ten thousand tests and all that they import are looked at again and again in vain by Python's collector."""
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first; on PostgreSQL, without what would only be the same again (it uses no database, or any one)."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        left_out = [item for item in items if not _depends_on_the_database(item)]
        items[:] = [item for item in items if _depends_on_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _depends_on_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("both_databases"):
        return True
    uses_it = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)  # type: ignore[attr-defined]
    return bool(uses_it) and not item.get_closest_marker("one_database")


@pytest.fixture(scope="session")
def at() -> datetime:
    """The instant at which a test takes place."""
    return MORNING


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official samples kept beside the project; tests that need it are skipped without it."""
    return official_samples()


@pytest.fixture(scope="module", autouse=True)
def _numbered_anew() -> None:
    from tests.making import number_invoices_anew

    number_invoices_anew()


@pytest.fixture(scope="module")
def once_a_module(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Lets a fixture of a module make rows and documents that each of its tests then finds as they were made.

    What a test changes is undone at its end, as ever. Python objects are not: hand out a deep copy of those.

        @pytest.fixture(scope="module")
        def built(once_a_module, at):
            with once_a_module():
                return a_structure(at=at)

        @pytest.fixture
        def structure(built):
            return deepcopy(built)

    Not for tests marked `django_db(transaction=True)`, which empty every table.
    """
    from django.conf import settings
    from django.db import transaction
    from django.test import override_settings

    documents = tmp_path_factory.mktemp("documents")
    request.node.stash[_DOCUMENTS_OF_THE_MODULE] = documents
    everything = transaction.atomic()
    with django_db_blocker.unblock():
        everything.__enter__()

    @contextmanager
    def making() -> Iterator[None]:
        with django_db_blocker.unblock(), override_settings(STORAGES=_stored_in(documents, settings)):
            yield

    yield making
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _documents_of_this_test(request: pytest.FixtureRequest) -> None:
    """Each test that may use the database has a document store of its own, with the documents of its module to begin.

    Those marked `one_store` share that of their module: what one adds, the others do not meet.
    """
    if request.node.get_closest_marker("django_db") is None and not {"db", "transactional_db"} & set(
        request.fixturenames
    ):
        return  # two thirds of all tests: a folder for each would take longer than most of them
    documents = request.getfixturevalue("tmp_path") / "documents"
    made = request.node.getparent(pytest.Module).stash.get(_DOCUMENTS_OF_THE_MODULE, None)
    if made is not None and request.node.get_closest_marker("one_store"):
        documents = made
    elif made is not None:
        shutil.copytree(made, documents)
    settings = request.getfixturevalue("settings")
    settings.STORAGES = _stored_in(documents, settings)


def _stored_in(folder: Path, settings: Any) -> dict[str, Any]:
    storages = deepcopy(settings.STORAGES)
    for alias in ("default", "documents"):
        if "location" in storages[alias].get("OPTIONS", {}):
            storages[alias]["OPTIONS"]["location"] = str(folder)
    return dict(storages)
