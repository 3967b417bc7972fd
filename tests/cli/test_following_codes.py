"""The statuses after which `plainchant watch` waits no more are statuses."""

from __future__ import annotations

from plainchant.cli.remote.following import FINAL
from plainchant.einvoice.codes.statuses import STATUS_CODES
from plainchant.portal.invoices.lifecycle import MOVES


def test_nothing_leads_out_of_a_status_that_is_waited_for_no_more() -> None:
    assert {row.code for row in STATUS_CODES} >= FINAL
    assert [move.action for move in MOVES if move.sources & FINAL] == []
