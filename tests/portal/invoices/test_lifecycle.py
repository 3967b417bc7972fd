"""The lifecycle's tables say what the guide and the portal's papers say."""

from __future__ import annotations

import pytest

from plainchant.portal.invoices.lifecycle import (
    FINAL,
    MOVE_OF,
    MOVES,
    STATUS_ROWS,
    STATUSES,
    Action,
    Mood,
    Side,
    Status,
    moves_from,
)


def test_each_status_has_one_row_and_each_action_one_move() -> None:
    assert len(STATUS_ROWS) == len(STATUSES) == len(Status)
    assert len(MOVE_OF) == len(MOVES) == len(Action)


def test_the_twelve_codes_of_a_simple_invoice_are_those_of_the_edi() -> None:
    codes = {row.edi: row.status.value for row in STATUSES if row.edi}
    assert codes == {
        "01": "DEPOSEE",
        "02": "EN_COURS_ACHEMINEMENT",
        "03": "MISE_A_DISPOSITION",
        "04": "A_RECYCLER",
        "05": "REJETEE",
        "06": "SUSPENDUE",
        "07": "SERVICE_FAIT",
        "08": "MANDATEE",
        "09": "MISE_A_DISPOSITION_COMPTABLE",
        "10": "COMPTABILISEE",
        "11": "MISE_EN_PAIEMENT",
        "12": "COMPLETEE",
    }


def test_nothing_follows_a_rejection_a_payment_or_a_deletion() -> None:
    assert {Status.REJECTED, Status.PAID_OUT, Status.DELETED} == FINAL


def test_a_recipient_must_say_why_he_stops_an_invoice_and_only_then() -> None:
    assert {move.action for move in MOVES if move.needs_reason} == {Action.SUSPEND, Action.SEND_BACK, Action.REJECT}


def test_payment_steps_may_be_skipped_and_never_taken_back() -> None:
    reachable = {move.target for move in moves_from(status=Status.ORDERED, party=Side.BUYER)}
    assert reachable == {Status.AT_ACCOUNTANT, Status.ACCOUNTED, Status.PAID_OUT}


@pytest.mark.parametrize("status", [Status.DEPOSITED, Status.FORWARDING])
def test_nobody_but_the_portal_moves_an_invoice_on_its_way(status: Status) -> None:
    assert moves_from(status=status, party=Side.SELLER) == ()
    assert moves_from(status=status, party=Side.BUYER) == ()


def test_the_supplier_is_asked_to_act_exactly_where_a_move_is_hers() -> None:
    hers = {status for status in Status if moves_from(status=status, party=Side.SELLER)}
    assert hers == {row.status for row in STATUSES if row.mood is Mood.NEEDS_YOU}
