"""Where the official samples are, which the project does not carry."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def official_samples() -> Path:
    """The folder kept beside the project; the test that asks is skipped without it."""
    place = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).parents[2] / "shared"))
    if not (place / "corpora").is_dir():
        pytest.skip("no ../shared (or PLAINCHANT_SHARED) with the official samples")
    return place
