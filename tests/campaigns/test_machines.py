"""Nine machines, each of which goes once, and an upgrade of all in turn: minutes, so only where asked for."""

from __future__ import annotations

import os

import pytest

from tests.campaigns.machines import absent, campaign


@pytest.mark.both_databases
@pytest.mark.long
@pytest.mark.skipif(bool(absent()), reason=absent())
@pytest.mark.skipif(not os.environ.get("PLAINCHANT_TEST_SLOW"), reason="takes ten minutes: PLAINCHANT_TEST_SLOW=1")
def test_whatever_goes_nothing_that_was_acknowledged_is_lost() -> None:
    report = campaign(seed=1, clients=2, deposits=3)
    assert report.outcome.wrong == report.outcome.gave_up == [], str(report)
    assert set(report.by_version) == {"this", "next"}, str(report)
