"""What every test shares. The database is chosen by DATABASE_URL: the suite runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

MORNING = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)  # a Tuesday, 10 h 30 in Paris


@pytest.fixture
def at() -> datetime:
    """The instant at which a test takes place."""
    return MORNING


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official samples kept beside the project; tests that need it are skipped without it."""
    place = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).parents[2] / "shared"))
    if not (place / "corpora").is_dir():
        pytest.skip("no ../shared (or PLAINCHANT_SHARED) with the official samples")
    return place


@pytest.fixture(autouse=True)
def _documents_of_this_test(tmp_path: Path, settings: object) -> None:
    """Each test has a document store of its own."""
    from copy import deepcopy

    storages = deepcopy(settings.STORAGES)  # type: ignore[attr-defined]
    for alias in ("default", "documents"):
        if "location" in storages[alias].get("OPTIONS", {}):
            storages[alias]["OPTIONS"]["location"] = str(tmp_path / "documents")
    settings.STORAGES = storages  # type: ignore[attr-defined]
