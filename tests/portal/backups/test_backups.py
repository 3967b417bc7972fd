"""A backup put back elsewhere is the portal of its instant, each document the one handed in; if not, it is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from plainchant.portal.backups.databases import BackupUnusable, Postgresql, Sqlite, known_migrations
from plainchant.portal.backups.manifest import backups_in, read_manifest
from plainchant.portal.backups.operations import Outcome, RestorePlaceFull, make, restore, verify
from plainchant.portal.backups.sealing import Seal, new_key, secret_in
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from tests.making import a_person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
]
OPEN = Seal()


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime, tmp_path_factory) -> Path:
    """A portal with three documents; its database as a file."""
    if connection.vendor != "sqlite":
        pytest.skip("copies the SQLite database of the tests; the other engine: tests/cli/test_backup_commands.py")
    with once_a_module():
        a_person(at=at)
        for content in (b"facture", b"annexe", b"x" * 3_000_000):
            register(kept=[keep(file=ContentFile(content), name="f.pdf", media_type="application/pdf", at=at)])
        path = tmp_path_factory.mktemp("portal") / "plainchant.sqlite3"
        connection.ensure_connection()
        path.write_bytes(connection.connection.serialize())
    return path


@pytest.fixture
def portal(built: Path) -> Sqlite:
    return Sqlite(built)


@pytest.fixture
def taken(portal: Sqlite, tmp_path: Path, at: datetime) -> Callable[..., Outcome]:
    def taken(*, seal: Seal = OPEN, hours: int = 0, **more: Any) -> Outcome:
        later = at + timedelta(hours=hours)
        return make(folder=tmp_path / "backups", database=portal, seal=seal, plainchant="0.1.0", at=later, **more)

    return taken


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Any) -> Callable[[], Sqlite]:
    """From then on the portal is another one, empty."""

    def elsewhere() -> Sqlite:
        moved = deepcopy(settings.STORAGES)
        moved["documents"]["OPTIONS"]["location"] = str(tmp_path / "elsewhere" / "documents")
        settings.STORAGES = moved
        return Sqlite(tmp_path / "elsewhere" / "plainchant.sqlite3")

    return elsewhere


def content_of(path: str) -> bytes:
    with storages["documents"].open(path) as file:
        return file.read()


def known(outcome: Outcome) -> set[str]:
    return set(outcome.manifest.migrations)


@pytest.mark.parametrize("is_sealed", [False, True], ids=["open", "sealed"])
def test_what_is_put_back_is_what_was_there(taken, elsewhere, is_sealed: bool) -> None:
    public, secret = new_key()
    outcome = taken(seal=Seal(recipient=public if is_sealed else ""))
    assert (outcome.new_documents, outcome.fault_count) == (3, 0)
    contents = {stored.path: content_of(stored.path) for stored in StoredFile.objects.all()}
    held = b"".join(path.read_bytes() for path in outcome.folder.parent.rglob("*") if path.is_file())
    assert (b"facture" in held) is not is_sealed
    assert (b"SQLite format" in held) is not is_sealed
    seal = Seal(identity=secret_in(f"# a comment\n{secret}\n") if is_sealed else "")
    assert verify(backup=outcome.folder, seal=seal).fault_count == 0
    database = elsewhere()
    restored = restore(backup=outcome.folder, database=database, seal=seal, known_migrations=known(outcome))
    assert restored.fault_count == 0
    assert {path: content_of(path) for path in contents} == contents
    with database.opened() as copy:
        assert copy.counts() == outcome.manifest.counts
        assert copy.counts()["accounts_user"] == 1
        assert [document.path for document in copy.documents()] == sorted(contents)


def test_a_sealed_backup_opens_with_its_own_key_alone(taken) -> None:
    outcome = taken(seal=Seal(recipient=new_key()[0]))
    for seal in (OPEN, Seal(identity=new_key()[1])):
        with pytest.raises(BackupUnusable):
            verify(backup=outcome.folder, seal=seal)
    for keys in ({"recipient": "age1nonsense"}, {"identity": "nonsense"}):
        with pytest.raises(BackupUnusable):
            Seal(**keys)


def test_a_second_backup_copies_only_what_is_new_and_the_oldest_go(taken, at: datetime) -> None:
    first = taken()
    second = taken(hours=1)
    assert second.new_documents == 0
    assert backups_in(first.folder.parent) == [first.folder, second.folder]
    stray = first.folder.parent / "documents" / "00" / "stray"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"named by an old backup alone")
    third = taken(hours=2, keep=2)
    assert backups_in(first.folder.parent) == [second.folder, third.folder]
    assert not stray.exists()
    assert verify(backup=second.folder, seal=OPEN).fault_count == 0


def document(outcome: Outcome) -> Path:
    path = StoredFile.objects.earliest("pk").path
    return outcome.folder.parent / "documents" / path


@pytest.mark.parametrize("damage", ["gone", "changed", "shorter"])
def test_a_damaged_document_is_said_and_never_put_back(taken, elsewhere, damage: str) -> None:
    outcome = taken()
    match damage:
        case "gone":
            document(outcome).unlink()
        case "changed":
            document(outcome).write_bytes(b"facturE")
        case "shorter":
            document(outcome).write_bytes(b"f")
    assert verify(backup=outcome.folder, seal=OPEN).fault_count == 1
    restored = restore(backup=outcome.folder, database=elsewhere(), seal=OPEN, known_migrations=known(outcome))
    assert restored.fault_count == 1
    path = StoredFile.objects.earliest("pk").path
    assert path in restored.faults[0]
    assert not storages["documents"].exists(path)


@pytest.mark.parametrize("name", ["database.sqlite3", "documents.jsonl"])
def test_a_damaged_database_is_not_put_back(taken, elsewhere, name: str) -> None:
    outcome = taken()
    file = outcome.folder / name
    content = file.read_bytes()
    # A name, which no index holds: the database is sound, and not what was copied.
    file.write_bytes(content.replace(b"Ada", b"Eve").replace(b'"size": 7', b'"size": 8'))
    assert file.read_bytes() != content
    assert verify(backup=outcome.folder, seal=OPEN).fault_count > 0
    database = elsewhere()
    with pytest.raises(BackupUnusable, match="abîmé"):
        restore(backup=outcome.folder, database=database, seal=OPEN, known_migrations=known(outcome))
    assert database.is_empty()


def test_a_document_that_the_portal_has_lost_is_a_fault_of_the_backup(taken) -> None:
    stored = StoredFile.objects.earliest("pk")
    Path(storages["documents"].path(stored.path)).write_bytes(b"autre")
    outcome = taken()
    assert (outcome.new_documents, outcome.fault_count) == (2, 1)
    assert "n’est plus celui qui a été déposé" in outcome.faults[0]


def test_a_full_place_is_not_touched(taken, portal: Sqlite, elsewhere, at: datetime) -> None:
    outcome = taken()
    with pytest.raises(RestorePlaceFull, match="base de données"):
        restore(backup=outcome.folder, database=portal, seal=OPEN, known_migrations=known(outcome))
    database = elsewhere()
    storages["documents"].save("de/ja/la", ContentFile(b"d"))
    with pytest.raises(RestorePlaceFull, match="de/ja/la"):
        restore(backup=outcome.folder, database=database, seal=OPEN, known_migrations=known(outcome))
    assert database.is_empty()


def test_a_restore_that_was_cut_goes_on(taken, elsewhere) -> None:
    outcome = taken()
    database = elsewhere()
    first, second = StoredFile.objects.order_by("pk")[:2]
    storages["documents"].save(first.path, ContentFile(b"facture"))
    storages["documents"].save(second.path, ContentFile(b""))  # what a power cut has left
    restored = restore(backup=outcome.folder, database=database, seal=OPEN, known_migrations=known(outcome))
    assert restored.fault_count == 0
    assert content_of(second.path) == b"annexe"


def test_a_backup_of_a_newer_version_or_an_unfinished_one_is_refused(taken, elsewhere) -> None:
    outcome = taken()
    with pytest.raises(BackupUnusable, match="plus récente"):
        restore(backup=outcome.folder, database=elsewhere(), seal=OPEN, known_migrations=set())
    (outcome.folder / "manifest.json").unlink()
    assert backups_in(outcome.folder.parent) == []
    with pytest.raises(BackupUnusable, match="entière"):
        read_manifest(outcome.folder)


def test_two_backups_of_one_instant_are_not_mixed(taken) -> None:
    first = taken()
    with pytest.raises(BackupUnusable, match="existe déjà"):
        taken()
    assert verify(backup=first.folder, seal=OPEN).fault_count == 0


def test_a_backup_goes_back_into_the_engine_that_it_comes_from_and_whole(taken, elsewhere) -> None:
    outcome = taken()
    given = {"backup": outcome.folder, "seal": OPEN, "known_migrations": known(outcome)}
    with pytest.raises(BackupUnusable, match="le même moteur"):
        restore(database=Postgresql({}), **given)
    database = elsewhere()
    (outcome.folder / database.file_name).unlink()
    with pytest.raises(BackupUnusable, match=f"{database.file_name} manque"):
        restore(database=database, **given)
    assert database.is_empty()


def test_a_database_of_before_the_migrations_were_made_one_is_of_no_newer_version() -> None:
    assert {"invoices.0003_frozen", "invoices.0016_part_admitted", "auth.0001_initial"} <= known_migrations()
