"""Every document is compared with its fingerprint; a file that no row names is found, and goes when it is asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from plainchant.cli import main
from plainchant.portal.lib.time import now
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.operations import keep, register

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def documents() -> list[StoredFile]:
    kept = [
        keep(file=ContentFile(content), name="f", media_type="text/plain", at=now()) for content in (b"a", b"b", b"c")
    ]
    register(kept=kept)
    return kept


def on_disk(stored: StoredFile) -> Path:
    return Path(storages["documents"].path(stored.path))


def test_a_document_that_is_gone_changed_or_shut_is_named(documents: list[StoredFile]) -> None:
    healthy = CliRunner().invoke(main, ["documents", "verify"])
    assert healthy.exit_code == 0
    assert "3 documents" in healthy.output
    on_disk(documents[0]).unlink()
    on_disk(documents[1]).write_bytes(b"B")
    on_disk(documents[2]).unlink()
    on_disk(documents[2]).mkdir()
    damaged = CliRunner().invoke(main, ["documents", "verify", "--json"])
    assert damaged.exit_code == 1
    assert {row["path"]: row["damage"] for row in json.loads(damaged.stdout)} == dict(
        zip([stored.path for stored in documents], ["absent", "différent", "illisible"], strict=True)
    )


@pytest.fixture
def left(documents: list[StoredFile]) -> Callable[..., str]:
    def left(name: str, *, hours: int) -> str:
        path = storages["documents"].save(f"ab/cd/{name}", ContentFile(b"x"))
        then = (now() - timedelta(hours=hours)).timestamp()
        os.utime(storages["documents"].path(path), (then, then))
        return path

    return left


def test_an_orphan_is_older_than_a_day_and_on_no_list(left: Callable[..., str]) -> None:
    old, _, pending = left("old", hours=25), left("new", hours=23), left("pending", hours=25)
    PendingFile.objects.create(path=pending, created_at=now())
    listed = CliRunner().invoke(main, ["documents", "orphans", "--json"])
    assert [row["path"] for row in json.loads(listed.stdout)] == [old]
    assert storages["documents"].exists(old)
    removed = CliRunner().invoke(main, ["documents", "orphans", "--remove"])
    assert "1 fichier supprimé." in removed.stderr
    assert not storages["documents"].exists(old)
    assert storages["documents"].exists(pending)
    assert "Aucun fichier" in CliRunner().invoke(main, ["documents", "orphans"]).output


def test_under_another_portals_database_nothing_goes(left: Callable[..., str]) -> None:
    paths = [left(f"other{number}", hours=48) for number in range(4)]
    refused = CliRunner().invoke(main, ["documents", "orphans", "--remove"])
    assert refused.exit_code == 1
    assert "autre portail" in refused.stderr
    assert all(storages["documents"].exists(path) for path in paths)
    CliRunner().invoke(main, ["documents", "orphans", "--remove", "--even-if-many"])
    assert not any(storages["documents"].exists(path) for path in paths)
