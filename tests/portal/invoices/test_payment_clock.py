"""When an invoice must be paid: worked examples of the code de la commande publique."""

from __future__ import annotations

from datetime import date

import pytest

from plainchant.portal.invoices.payment_clock import ClockState, Interruption, payment_clock

THIRD_OF_NOVEMBER = date(2026, 11, 3)


def test_the_delay_has_not_started_before_the_buyer_is_told() -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=None)
    assert (clock.state, clock.due_on) == (ClockState.NOT_STARTED, None)


@pytest.mark.parametrize(
    ("category", "due"),
    [
        ("ETAT", date(2026, 12, 3)),
        ("LOCAL", date(2026, 12, 3)),
        ("SANTE", date(2026, 12, 23)),
        ("ENTREPRISE", date(2027, 1, 2)),
        ("", date(2026, 12, 3)),
    ],
)
def test_each_kind_of_payer_has_its_own_limit(category: str, due: date) -> None:
    assert payment_clock(payer_category=category, notified_on=THIRD_OF_NOVEMBER).due_on == due


def test_a_suspension_stops_the_delay() -> None:
    clock = payment_clock(
        payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, interruptions=[Interruption(date(2026, 11, 10))]
    )
    assert (clock.state, clock.due_on, clock.stopped_on) == (ClockState.STOPPED, None, date(2026, 11, 10))


def test_after_the_answer_thirty_fresh_days_run() -> None:
    clock = payment_clock(
        payer_category="LOCAL",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[Interruption(date(2026, 11, 10), date(2026, 11, 20))],
    )
    assert clock.due_on == date(2026, 12, 20)


def test_a_hospital_that_had_more_than_thirty_days_left_keeps_them() -> None:
    clock = payment_clock(
        payer_category="SANTE",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[Interruption(date(2026, 11, 10), date(2026, 11, 20))],
    )
    assert clock.due_on == date(2027, 1, 2)  # 43 days were left on 10 November


def test_a_second_suspension_changes_nothing_and_is_counted() -> None:
    first = Interruption(date(2026, 11, 10), date(2026, 11, 20))
    clock = payment_clock(
        payer_category="LOCAL",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[first, Interruption(date(2026, 11, 25))],
    )
    assert (clock.state, clock.due_on, clock.extra_interruptions) == (ClockState.RUNNING, date(2026, 12, 20), 1)
    assert clock.interrupted_on == date(2026, 11, 10)


def test_a_paid_invoice_keeps_its_date_for_the_record() -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, ended=True)
    assert (clock.state, clock.due_on) == (ClockState.ENDED, date(2026, 12, 3))


def test_an_answer_that_came_before_the_notice_changes_nothing() -> None:
    clock = payment_clock(
        payer_category="LOCAL",
        notified_on=date(2026, 11, 20),
        interruptions=[Interruption(date(2026, 11, 2), date(2026, 11, 5)), Interruption(date(2026, 11, 25))],
    )
    assert (clock.state, clock.extra_interruptions) == (ClockState.STOPPED, 0)
    assert clock.interrupted_on == date(2026, 11, 25)  # the second in its history


def test_an_invoice_refused_before_the_buyer_was_told_has_no_delay_any_more() -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=None, ended=True)
    assert (clock.state, clock.due_on) == (ClockState.ENDED, None)


def test_an_answer_of_the_day_of_the_notice_does_not_use_up_the_one_interruption() -> None:
    clock = payment_clock(
        payer_category="LOCAL",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[Interruption(date(2026, 11, 2), THIRD_OF_NOVEMBER), Interruption(date(2026, 11, 10))],
    )
    assert (clock.state, clock.stopped_on) == (ClockState.STOPPED, date(2026, 11, 10))


def test_a_suspension_before_the_notice_takes_no_day_of_the_delay() -> None:
    clock = payment_clock(
        payer_category="SANTE",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[Interruption(date(2026, 10, 20), date(2026, 11, 10))],
    )
    assert clock.due_on == date(2026, 12, 30)  # all of the 50 days were left


def test_a_delay_that_was_never_interrupted_counts_no_other_suspension() -> None:
    clocks = [payment_clock(payer_category="LOCAL", notified_on=day) for day in (None, THIRD_OF_NOVEMBER)]
    assert [clock.extra_interruptions for clock in clocks] == [0, 0]


def test_nothing_is_owed_on_a_credit_note() -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, owed=False)
    assert (clock.state, clock.due_on) == (ClockState.NOT_OWED, None)


def test_work_done_after_the_notice_starts_the_delay() -> None:
    clock = payment_clock(
        payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, performed_on=date(2026, 11, 20)
    )  # R2192-13
    assert (clock.started_on, clock.due_on, clock.starts_at_performance) == (
        date(2026, 11, 20),
        date(2026, 12, 20),
        True,
    )


@pytest.mark.parametrize("performed_on", [None, date(2026, 10, 15), THIRD_OF_NOVEMBER])
def test_work_done_before_changes_nothing(performed_on: date | None) -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, performed_on=performed_on)
    assert (clock.started_on, clock.due_on, clock.starts_at_performance) == (
        THIRD_OF_NOVEMBER,
        date(2026, 12, 3),
        False,
    )


def test_a_suspension_before_the_work_is_done_takes_no_day_of_the_delay() -> None:
    clock = payment_clock(
        payer_category="SANTE",
        notified_on=THIRD_OF_NOVEMBER,
        performed_on=date(2026, 11, 20),
        interruptions=[Interruption(date(2026, 11, 10), date(2026, 11, 30))],
    )
    assert clock.due_on == date(2027, 1, 19)  # all of the 50 days were left


def test_work_alone_starts_nothing_before_the_notice() -> None:
    clock = payment_clock(payer_category="LOCAL", notified_on=None, performed_on=date(2026, 10, 15))
    assert (clock.state, clock.due_on) == (ClockState.NOT_STARTED, None)


@pytest.mark.parametrize(
    ("stopped_on", "due", "extra"),
    [(date(2026, 12, 3), date(2027, 1, 9), 0), (date(2026, 12, 4), date(2026, 12, 3), 1)],
    ids=["on the last day", "the day after"],
)
def test_a_delay_that_is_over_is_not_stopped(stopped_on: date, due: date, extra: int) -> None:
    clock = payment_clock(
        payer_category="LOCAL",
        notified_on=THIRD_OF_NOVEMBER,
        interruptions=[Interruption(stopped_on, date(2026, 12, 10))],
    )
    assert (clock.state, clock.due_on, clock.extra_interruptions) == (ClockState.RUNNING, due, extra)
    assert clock.interrupted_on == (None if extra else stopped_on)


def test_what_asks_in_vain_to_stop_a_delay_that_is_over_leaves_it_late() -> None:
    clock = payment_clock(
        payer_category="LOCAL", notified_on=THIRD_OF_NOVEMBER, interruptions=[Interruption(date(2026, 12, 20))]
    )
    assert (clock.state, clock.due_on, clock.stopped_on) == (ClockState.RUNNING, date(2026, 12, 3), None)
