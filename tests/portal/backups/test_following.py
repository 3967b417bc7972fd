"""A PostgreSQL whose log is streamed elsewhere: what is put back has every row of the point, and every document of it.

The commands are those of docs/operating.md, on a PostgreSQL of one's own that is destroyed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from plainchant.cli import main
from plainchant.portal.backups.databases import BackupUnusable, Postgresql, of_url
from plainchant.portal.backups.following import follow, put_back
from plainchant.portal.backups.sealing import Seal
from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.hour import DOCUMENT, blocks
from tests.campaigns.loss import BLOCKS, another_machine

pytestmark = pytest.mark.skipif(not Path("/usr/lib/postgresql").is_dir(), reason="a PostgreSQL of one's own")
OPEN = Seal()


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE store_storedfile (path text, sha256 text, size int)")
        yield server


@pytest.fixture
def place(server: Cluster, settings: Any, tmp_path: Path) -> Path:
    """The folder of the documents; there are none."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DELETE FROM store_storedfile")
    moved = deepcopy(settings.STORAGES)
    moved["documents"]["OPTIONS"]["location"] = str(tmp_path / "documents")
    settings.STORAGES = moved
    return tmp_path / "documents"


def deposit(server: Cluster, content: bytes) -> None:
    """The bytes, then the row that names them."""
    path = storages["documents"].save(f"2026/{content.decode()}.pdf", ContentFile(content))
    row = [path, hashlib.sha256(content).hexdigest(), len(content)]
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("INSERT INTO store_storedfile VALUES (%s, %s, %s)", row)


def database_of(server: Cluster) -> Postgresql:
    database = of_url(server.url)
    assert isinstance(database, Postgresql)
    return database


def test_a_point_is_noted_only_where_the_log_and_every_document_have_arrived(
    server: Cluster, place: Path, tmp_path: Path, at: datetime
) -> None:
    """Else a restore would stop short of it, or find a row without its document."""
    folder, database = tmp_path / "away", database_of(server)
    deposit(server, b"first")
    followed = follow(folder=folder, database=database, seal=OPEN, at=at, patience=0)
    assert (followed.new_documents, followed.point, (folder / "point").exists()) == (1, "", False)
    assert followed.faults == ["Le journal de PostgreSQL n’arrive plus sur l’autre machine : regardez pg_receivewal."]
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("INSERT INTO store_storedfile VALUES ('2026/lost.pdf', 'x', 1)")
    followed = follow(folder=folder, database=database, seal=OPEN, at=at, patience=0)
    assert any("lost.pdf" in fault for fault in followed.faults)
    assert not (folder / "point").exists()


def test_a_role_that_may_not_mark_the_log_is_told_what_to_grant(server: Cluster, tmp_path: Path, at: datetime) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE portal LOGIN")
    database = Postgresql({**database_of(server).parameters, "user": "portal"})
    with pytest.raises(BackupUnusable, match="GRANT EXECUTE ON FUNCTION pg_create_restore_point"):
        follow(folder=tmp_path, database=database, seal=OPEN, at=at)


def test_documents_come_back_from_a_folder_that_has_them(server: Cluster, place: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="Il n’y a pas de documents"):
        put_back(folder=tmp_path, database=database_of(server), seal=OPEN)


def test_what_is_put_back_is_the_last_point_with_every_document(server: Cluster, place: Path, at: datetime) -> None:
    with ExitStack() as stack:
        away = stack.enter_context(another_machine(server))
        away.begin()
        deposit(server, b"first")
        assert follow(folder=away.folder, database=database_of(server), seal=OPEN, at=at).new_documents == 1
        deposit(server, b"second")
        followed = follow(folder=away.folder, database=database_of(server), seal=OPEN, at=at + timedelta(seconds=15))
        assert (followed.new_documents, followed.faults) == (1, [])
        assert away.point() == (at + timedelta(seconds=15)).replace(microsecond=0).timestamp()
        deposit(server, b"since")
        server.kill()
        away.end()
        for path in place.rglob("*.pdf"):
            path.unlink()
        restored = stack.enter_context(cluster(restored_by=away.restore))
        copied = put_back(folder=away.folder, database=database_of(restored), seal=OPEN)
        assert (copied.new_documents, copied.faults) == (2, [])
        assert put_back(folder=away.folder, database=database_of(restored), seal=OPEN).new_documents == 0
        assert sorted(path.read_bytes() for path in place.rglob("*.pdf")) == [b"first", b"second"]
        with psycopg.connect(restored.url) as connection:
            rows = connection.execute("SELECT size FROM store_storedfile ORDER BY size").fetchall()
        assert rows == [(5,), (6,)]


@pytest.mark.parametrize(("command", "sentence"), [("follow", "Seul le journal"), ("put-back", "plainchant restore")])
def test_on_sqlite_there_is_no_log_to_follow(command: str, sentence: str, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's answer")
    done = CliRunner().invoke(main, ["backup", command, str(tmp_path)])
    assert (done.exit_code, sentence in done.output) == (1, True)


def test_every_block_of_the_page_is_played() -> None:
    assert tuple(blocks(DOCUMENT.read_text(encoding="utf-8"), "log")) == BLOCKS
