"""`/health` says that the process lives and asks nothing; `/ready` says what is missing, without secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.lib.time import now
from plainchant.portal.queue.operations import enqueue
from plainchant.reader import sandbox
from plainchant.web import monitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing was seen before, and the readers are not started for real."""
    monkeypatch.setattr(monitor, "_store", monitor.KeptLook(monitor._see_store, kept_seconds=0))
    monkeypatch.setattr(monitor, "_facts", monitor.KeptLook(monitor._look, kept_seconds=0))
    monkeypatch.setattr(sandbox, "is_up", lambda: True)
    return


def test_alive_without_a_database_a_session_or_a_name(client: Client, django_assert_num_queries: Any) -> None:
    client.cookies["sessionid"] = "a" * 32
    with django_assert_num_queries(0):
        answer = client.get("/health", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (200, {"alive": True}, "no-store")
    assert client.post("/health").status_code == 405


def test_ready_says_so_part_by_part(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True  # a monitor asks in the clear
    answer = client.get("/ready", headers={"Host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True, "database": "ok", "store": "ok", "disk": "ok", "readers": "ok", "queue": "ok",
        "queue_oldest_seconds": 0,
    }  # fmt: skip


def test_what_is_away_is_named_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_(part: str, value: str) -> None:
        answer = client.get("/ready")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert (answer.json()[part], answer.json()["ready"]) == (value, False)
        assert "secret" not in answer.text

    with monkeypatch.context() as patch:
        patch.setattr(monitor, "database_trouble", lambda: "no host secret.example")
        with_("database", "away")
        assert client.get("/ready").json()["queue"] == "unknown"
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "is_up", lambda: False)
        with_("readers", "away")
    with monkeypatch.context() as patch:
        patch.setattr(monitor, "LEAST_FREE_BYTES", 1 << 60)
        with_("disk", "full")


def test_a_store_that_is_no_folder_is_away(client: Client, settings: Any, tmp_path: Path) -> None:
    place = tmp_path / "secret"
    place.write_text("not a folder")
    settings.STORAGES["documents"]["OPTIONS"]["location"] = str(place / "documents")
    from django.core.files.storage import storages

    storages._storages.pop("documents", None)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["store"]) == (503, "away")


def test_a_late_queue_is_told_but_other_machines_would_be_no_better(client: Client) -> None:
    enqueue(task="t", key="1", at=now() - timedelta(minutes=10))
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["queue"]) == (200, "late")
    assert 590 < answer.json()["queue_oldest_seconds"] < 700


def test_one_look_is_kept_for_all_who_ask() -> None:
    looks: list[int] = []
    seen = monitor.KeptLook(lambda: looks.append(1), kept_seconds=60)
    for _ in range(3):
        seen.seen()
    assert len(looks) == 1
