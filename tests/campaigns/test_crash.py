"""Five kills of the real portal while people deposit; `crash` runs a hundred and more."""

from __future__ import annotations

import os

import pytest

from tests.campaigns.crash import crashes
from tests.campaigns.rounds import campaign

URL = os.environ.get("DATABASE_URL", "")


@pytest.mark.both_databases
@pytest.mark.long
@pytest.mark.skipif(not URL.startswith("postgres"), reason="several processes on one database need PostgreSQL")
def test_five_kills_lose_nothing_that_was_acknowledged() -> None:
    # A seed that kills the web, its worker, the readers and both workers once each.
    with crashes(url=URL) as scene:
        outcome = campaign(scene, rounds=5, seed=4789, clients=2, most=20)
    assert outcome.is_good, str(outcome)
    assert outcome.faults.total() == 5
    assert len(outcome.acknowledged.deposits) + len(outcome.acknowledged.flows) >= 5
