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
