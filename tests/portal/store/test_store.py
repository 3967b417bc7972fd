"""Documents: bytes first, then the row; what a crash leaves behind goes away, and nothing else does."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.operations import (
    forget,
    keep,
    keep_many,
    looked_at,
    places_noted,
    register,
    remove_orphans,
)
from plainchant.portal.store.pages import NOT_TRIED_AGAIN_FOR, count_pages, one_try
from plainchant.portal.store.queries import local_file, read_bytes
from plainchant.portal.store.storage import StoreAway
from plainchant.reader.sandbox import FailureReason, ReaderFailed
from tests.making import an_invoice_pdf

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 1000


def stored_of(content: bytes, *, at: datetime, name: str = "f.pdf") -> StoredFile:
    stored = keep(file=ContentFile(content), name=name, media_type="application/pdf", at=at)
    register(kept=[stored])
    return stored


def stored_names() -> set[str]:
    root = Path(storages["documents"].path(""))
    return {path.name for path in root.rglob("*") if path.is_file()}


def test_what_comes_back_is_what_was_handed_in(at: datetime) -> None:
    stored = stored_of(CONTENT, at=at, name="é.pdf")
    assert read_bytes(stored=stored) == CONTENT
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert not PendingFile.objects.exists()


def test_nobody_else_on_the_machine_may_read_a_document(at: datetime) -> None:
    stored = stored_of(CONTENT, at=at)
    path = Path(storages["documents"].path(stored.path))
    assert [place.stat().st_mode & 0o777 for place in (path, *path.parents[:2])] == [0o600, 0o700, 0o700]


def test_the_senders_name_never_names_a_file_on_the_disk(at: datetime) -> None:
    stored_of(b"x", at=at, name="../../etc/passwd")
    assert all(len(name) == 32 for name in stored_names())


def test_the_bytes_are_on_the_disk_before_the_row_is_written(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    real = StoredFile.objects.bulk_create

    def create(rows: Any) -> Any:
        seen.append(stored_names())
        return real(rows)

    monkeypatch.setattr(StoredFile.objects, "bulk_create", create)
    stored = stored_of(CONTENT, at=at)
    assert seen == [{Path(stored.path).name}]


def test_a_crash_between_bytes_and_row_leaves_bytes_that_go_away_after_a_day(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = stored_of(b"kept", at=at)

    def crash(rows: Any) -> None:
        raise SystemExit

    lost = keep(file=ContentFile(b"lost"), name="f.pdf", media_type="application/pdf", at=at)
    monkeypatch.setattr(StoredFile.objects, "bulk_create", crash)
    with pytest.raises(SystemExit), transaction.atomic():  # the transaction of whoever hands it in
        register(kept=[lost])
    monkeypatch.undo()
    assert len(stored_names()) == 2
    assert remove_orphans(at=at + timedelta(hours=1)) == 0
    assert remove_orphans(at=at + timedelta(hours=25)) == 1
    assert stored_names() == {Path(kept.path).name}


def test_many_at_once_are_each_what_was_handed_in_and_flushed_before_they_have_a_name(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_flush, real_rename = os.fsync, Path.rename

    def flush(descriptor: int) -> None:
        done.append("flush")
        real_flush(descriptor)

    def rename(place: Path, target: Path) -> Path:
        done.append("rename")
        return real_rename(place, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "rename", rename)
    contents = [looked_at(content=CONTENT[:n], name=f"{n}.xml", media_type="application/xml") for n in range(1, 8)]
    kept = keep_many(contents=contents, at=at)
    assert done == ["flush"] * 7 + ["rename"] * 7 + ["flush"] * 3
    assert PendingFile.objects.count() == 7
    register(kept=kept)
    assert not PendingFile.objects.exists()
    for stored, content in zip(StoredFile.objects.order_by("size"), contents, strict=True):
        assert read_bytes(stored=stored) == content.content
        assert stored.sha256 == hashlib.sha256(content.content).hexdigest()


def test_what_is_done_with_one_document_says_nothing_of_another(at: datetime) -> None:
    waiting = keep(file=ContentFile(b"waiting"), name="f.pdf", media_type="application/pdf", at=at)
    first, second = stored_of(b"no PDF at all", at=at), stored_of(b"another", at=at)
    assert [note.path for note in PendingFile.objects.all()] == [waiting.path]
    with places_noted(count=1, at=at):
        assert PendingFile.objects.count() == 2
    assert [note.path for note in PendingFile.objects.all()] == [waiting.path]
    with pytest.raises(ReaderFailed):
        count_pages(stored=second, at=at)
    first.refresh_from_db()
    assert first.page_trouble == ""
    forget(stored=second, at=at)
    assert list(StoredFile.objects.all()) == [first]


def test_the_pages_of_one_document_are_counted_for_it_alone(at: datetime) -> None:
    first, second = stored_of(b"another", at=at), stored_of(an_invoice_pdf(), at=at)
    count_pages(stored=second, at=at)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.page_count, second.page_count) == (None, 1)


def test_a_document_that_could_not_be_read_is_tried_again_after_an_hour(at: datetime) -> None:
    stored = stored_of(b"x", at=at)
    with pytest.raises(ReaderFailed), one_try(stored=stored, at=at):
        raise ReaderFailed(FailureReason.TIMEOUT)
    stored.refresh_from_db()
    with pytest.raises(ReaderFailed) as kept, one_try(stored=stored, at=at + timedelta(minutes=59)):
        raise AssertionError("tried within the hour")
    assert kept.value.reason is FailureReason.TIMEOUT
    with one_try(stored=stored, at=at + NOT_TRIED_AGAIN_FOR):
        pass


def test_a_store_that_deletes_nothing_is_said_to_be_away_after_a_few_tries(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def delete(name: str) -> None:
        asked.append(name)
        raise OSError("read-only")

    for number in range(9):
        PendingFile.objects.create(path=f"aa/bb/{number}", created_at=at)
    monkeypatch.setattr(storages["documents"], "delete", delete)
    with pytest.raises(StoreAway):
        remove_orphans(at=at + timedelta(days=2))
    assert len(asked) == 4
    assert PendingFile.objects.count() == 9


def test_documents_the_database_does_not_know_are_left_alone(at: datetime) -> None:
    """A restored, older database must not make the store forget what came after it."""
    stored_of(b"newer than the backup", at=at)
    StoredFile.objects.all().delete()
    assert remove_orphans(at=at + timedelta(days=365)) == 0
    assert len(stored_names()) == 1


def test_the_same_on_s3(at: datetime, settings: Any) -> None:
    pytest.importorskip("storages", reason="the s3 extra is not installed")
    from moto import mock_aws

    options = {"bucket_name": "documents", "access_key": "a", "secret_key": "b", "region_name": "eu-west-3"}
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    with mock_aws():
        import boto3

        boto3.client("s3", region_name="eu-west-3", aws_access_key_id="a", aws_secret_access_key="b").create_bucket(
            Bucket="documents", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
        )
        settings.STORAGES = {**settings.STORAGES, "documents": backend}
        stored = stored_of(CONTENT, at=at)
        assert read_bytes(stored=stored) == CONTENT
        assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()
        with local_file(stored=stored) as file:  # what the reader is given
            assert os.pread(file.fileno(), len(CONTENT) + 1, 0) == CONTENT
        PendingFile.objects.create(path="aa/bb/cc", created_at=at)
        assert remove_orphans(at=at + timedelta(days=2)) == 1
