"""The lifecycle's tables say what the guide and the portal's papers say."""

from __future__ import annotations

import pytest

from plainchant.portal.invoices.lifecycle import (
    FINAL,
    IN_WORKS,
    MOVE_OF,
    MOVES,
    STATUS_ROWS,
    STATUSES,
    Action,
    Mood,
    Side,
    Status,
    moves_from,
    moves_of,
)
from plainchant.portal.rights.rights import Right

IN_BUYERS_HANDS = {Status.AVAILABLE, Status.COMPLETED}
STEPS = [Status.SERVICE_DONE, Status.ORDERED, Status.AT_ACCOUNTANT, Status.ACCOUNTED, Status.PAID_OUT]
FIRST, SECOND = Status.TO_VALIDATE_1, Status.TO_VALIDATE_2
AT_MOE, AT_MOA = {Status.AT_MOE, Status.TAKEN_BY_MOE}, {Status.AT_MOA, Status.TAKEN_BY_MOA}
AGREED = {Status.VALIDATED_1, Status.SILENT_1, Status.VALIDATED_2, Status.SILENT_2}
# Action → who, with which right, from where, to where: once more, so that no row changes unnoticed.
EXPECTED: dict[Action, tuple[Side, Right | None, set[Status], Status]] = {
    Action.CREATE: (Side.SELLER, Right.PREPARE, set(), Status.DRAFT),
    Action.DELETE: (Side.SELLER, Right.PREPARE, {Status.DRAFT}, Status.DELETED),
    Action.SUBMIT: (Side.SELLER, Right.SEND, {Status.DRAFT}, Status.DEPOSITED),
    Action.FORWARD: (Side.SYSTEM, None, {Status.DEPOSITED}, Status.FORWARDING),
    Action.MAKE_AVAILABLE: (Side.SYSTEM, None, {Status.FORWARDING}, Status.AVAILABLE),
    Action.SEND_BACK: (Side.BUYER, Right.PROCESS, IN_BUYERS_HANDS, Status.TO_RECYCLE),
    Action.SUSPEND: (Side.BUYER, Right.PROCESS, IN_BUYERS_HANDS, Status.SUSPENDED),
    Action.REJECT: (Side.BUYER, Right.PROCESS, IN_BUYERS_HANDS, Status.REJECTED),
    Action.RECYCLE: (Side.SELLER, Right.ANSWER, {Status.TO_RECYCLE}, Status.DEPOSITED),
    Action.COMPLETE: (Side.SELLER, Right.ANSWER, {Status.SUSPENDED}, Status.COMPLETED),
    Action.CONFIRM_SERVICE: (Side.BUYER, Right.PROCESS, IN_BUYERS_HANDS, Status.SERVICE_DONE),
    Action.ORDER_PAYMENT: (Side.BUYER, Right.PAY, IN_BUYERS_HANDS | set(STEPS[:1]), Status.ORDERED),
    Action.HAND_TO_ACCOUNTANT: (Side.BUYER, Right.PAY, IN_BUYERS_HANDS | set(STEPS[:2]), Status.AT_ACCOUNTANT),
    Action.ACCOUNT: (Side.BUYER, Right.PAY, IN_BUYERS_HANDS | set(STEPS[:3]), Status.ACCOUNTED),
    Action.PAY_OUT: (Side.BUYER, Right.PAY, IN_BUYERS_HANDS | set(STEPS[:4]), Status.PAID_OUT),
    Action.ADMIT_PART: (Side.BUYER, Right.PROCESS, IN_BUYERS_HANDS, Status.SERVICE_DONE),
    Action.ASK_VALIDATION: (Side.SELLER, Right.SEND, {Status.DRAFT}, FIRST),
    Action.VALIDATE: (Side.VALIDATOR, Right.VALIDATE, {FIRST}, Status.VALIDATED_1),
    Action.REFUSE: (Side.VALIDATOR, Right.VALIDATE, {FIRST}, Status.REFUSED_1),
    Action.DISOWN: (Side.VALIDATOR, Right.VALIDATE, {FIRST}, Status.WRONG_VALIDATOR_1),
    Action.NAME_VALIDATOR: (Side.SELLER, Right.ANSWER, {Status.WRONG_VALIDATOR_1}, FIRST),
    Action.ACCEPT_SILENCE: (Side.SYSTEM, None, {FIRST}, Status.SILENT_1),
    Action.ASK_SECOND: (Side.SYSTEM, None, {Status.VALIDATED_1}, SECOND),
    Action.VALIDATE_SECOND: (Side.VALIDATOR, Right.VALIDATE, {SECOND}, Status.VALIDATED_2),
    Action.REFUSE_SECOND: (Side.VALIDATOR, Right.VALIDATE, {SECOND}, Status.REFUSED_2),
    Action.DISOWN_SECOND: (Side.VALIDATOR, Right.VALIDATE, {SECOND}, Status.WRONG_VALIDATOR_2),
    Action.NAME_SECOND: (Side.VALIDATOR, Right.VALIDATE, {Status.WRONG_VALIDATOR_2}, SECOND),
    Action.ACCEPT_SECOND_SILENCE: (Side.SYSTEM, None, {SECOND}, Status.SILENT_2),
    Action.RELEASE: (Side.SYSTEM, None, AGREED, Status.DEPOSITED),
    Action.ASK_VALIDATION_AGAIN: (Side.SELLER, Right.ANSWER, {Status.TO_RECYCLE}, FIRST),
    Action.SUBMIT_TO_MOE: (Side.SELLER, Right.SEND, {Status.DRAFT}, Status.AT_MOE),
    Action.SUBMIT_TO_MOA: (Side.SELLER, Right.SEND, {Status.DRAFT}, Status.AT_MOA),
    Action.TAKE_AS_MOE: (Side.WORKS, Right.WORK, {Status.AT_MOE}, Status.TAKEN_BY_MOE),
    Action.ASSOCIATE_AS_MOE: (Side.WORKS, Right.WORK, AT_MOE | AT_MOA, Status.ASSOCIATED),
    Action.ASK_COMPLEMENT: (Side.WORKS, Right.WORK, AT_MOE, Status.TO_COMPLETE),
    Action.COMPLETE_FOR_MOE: (Side.SELLER, Right.ANSWER, {Status.TO_COMPLETE}, Status.AT_MOE),
    Action.REFUSE_AS_MOE: (Side.WORKS, Right.WORK, AT_MOE, Status.REFUSED_BY_MOE),
    Action.DISOWN_AS_MOE: (Side.WORKS, Right.WORK, AT_MOE, Status.WRONG_MOE),
    Action.NAME_MOE: (Side.SELLER, Right.ANSWER, {Status.WRONG_MOE}, Status.AT_MOE),
    Action.SEND_TO_MOA: (Side.WORKS, Right.WORK, {Status.DRAFT}, Status.AT_MOA),
    Action.SEND_AS_MOE: (Side.WORKS, Right.WORK, {Status.DRAFT}, Status.DEPOSITED),
    Action.TAKE_AS_MOA: (Side.WORKS, Right.WORK, {Status.AT_MOA}, Status.TAKEN_BY_MOA),
    Action.ASSOCIATE_AS_MOA: (Side.WORKS, Right.WORK, AT_MOA, Status.ASSOCIATED),
    Action.REFUSE_AS_MOA: (Side.WORKS, Right.WORK, AT_MOA, Status.REFUSED_BY_MOA),
    Action.DISOWN_AS_MOA: (Side.WORKS, Right.WORK, AT_MOA, Status.WRONG_MOA),
    Action.NAME_MOA: (Side.SELLER, Right.ANSWER, {Status.WRONG_MOA}, Status.AT_MOA),
    Action.SEND_AS_MOA: (Side.WORKS, Right.WORK, {Status.DRAFT}, Status.DEPOSITED),
    Action.SEND_TO_SELLER: (Side.WORKS, Right.WORK, {Status.DRAFT}, Status.AT_SELLER),
    Action.ASSOCIATE_AS_SELLER: (Side.SELLER, Right.SEND, AT_MOA | {Status.AT_SELLER}, Status.ASSOCIATED),
    Action.REFUSE_GENERAL: (Side.SELLER, Right.ANSWER, {Status.AT_SELLER}, Status.REFUSED_BY_SELLER),
    Action.REPLACE_BY_TACIT: (Side.SELLER, Right.SEND, AT_MOE | AT_MOA, Status.REPLACED),
}


@pytest.mark.parametrize("action", Action)
def test_each_move_is_made_by_the_right_people_from_the_right_states(action: Action) -> None:
    move = MOVE_OF[action]
    assert (move.party, move.right, set(move.sources), move.target) == EXPECTED[action]


def test_the_supplier_is_mailed_of_what_moves_her_invoice_and_not_of_what_she_does_herself() -> None:
    silent = {row.status for row in STATUSES if not row.mails_seller}
    of_works = {Status.TAKEN_BY_MOE, Status.TAKEN_BY_MOA, Status.REFUSED_BY_SELLER, Status.REPLACED}
    assert silent == {Status.DRAFT, Status.DELETED, Status.FORWARDING, Status.COMPLETED} | of_works


def test_only_an_order_of_payment_asks_for_its_number() -> None:
    asking = [move.action for move in MOVES if getattr(move, "asks_payment_order", False)]
    assert asking == [Action.ORDER_PAYMENT]


def test_the_moves_of_each_side_are_offered_in_the_order_of_the_table() -> None:
    for side in Side:
        assert moves_of(party=side) == tuple(move for move in MOVES if EXPECTED[move.action][0] == side)


def test_each_status_has_one_row_and_each_action_one_move() -> None:
    assert len(STATUS_ROWS) == len(STATUSES) == len(Status)
    assert len(MOVE_OF) == len(MOVES) == len(Action)


def test_the_twelve_codes_of_a_simple_invoice_are_those_of_the_edi() -> None:
    codes = {row.edi: row.status.value for row in STATUSES if row.edi and row.status not in IN_WORKS}
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
    refused = {Status.REFUSED_1, Status.REFUSED_2}
    of_works = {Status.REFUSED_BY_MOE, Status.REFUSED_BY_MOA, Status.REFUSED_BY_SELLER}
    followed = {Status.ASSOCIATED, Status.REPLACED}
    assert {Status.REJECTED, Status.PAID_OUT, Status.DELETED} | refused | of_works | followed == FINAL


def test_a_recipient_must_say_why_he_stops_an_invoice_and_only_then() -> None:
    asking = {Action.SUSPEND, Action.SEND_BACK, Action.REJECT, Action.REFUSE, Action.REFUSE_SECOND, Action.ADMIT_PART}
    of_works = {Action.ASK_COMPLEMENT, Action.REFUSE_AS_MOE, Action.REFUSE_AS_MOA}
    assert {move.action for move in MOVES if move.needs_reason} == asking | of_works


def test_payment_steps_may_be_skipped_and_never_taken_back() -> None:
    reachable = {move.target for move in moves_from(status=Status.ORDERED, party=Side.BUYER)}
    assert reachable == {Status.AT_ACCOUNTANT, Status.ACCOUNTED, Status.PAID_OUT}


@pytest.mark.parametrize("status", [Status.DEPOSITED, Status.FORWARDING])
def test_nobody_but_the_portal_moves_an_invoice_on_its_way(status: Status) -> None:
    assert moves_from(status=status, party=Side.SELLER) == ()
    assert moves_from(status=status, party=Side.BUYER) == ()


def test_the_supplier_is_asked_to_act_exactly_where_a_move_is_hers() -> None:
    moves = {status: moves_from(status=status, party=Side.SELLER) for status in Status}
    # Of the tacit procedure of works she may, once the others have been silent for long enough: nobody asks her to.
    hers = {status for status, hers in moves.items() if any(move.makes is None for move in hers)}
    assert hers == {row.status for row in STATUSES if row.mood is Mood.NEEDS_YOU}
