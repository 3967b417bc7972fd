"""What is owed when a public body pays late, to the cent: worked examples, with the article each of them rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainchant.portal.invoices.late_payment import AmountDue, amount_due
from plainchant.portal.invoices.payment_clock import payment_clock
from plainchant.portal.lib.time import day_in_paris


def due(payable: str, due_on: str, at: str, paid_on: str = "") -> AmountDue:
    return amount_due(
        payable=Decimal(payable),
        due_on=date.fromisoformat(due_on),
        at=date.fromisoformat(at),
        paid_on=date.fromisoformat(paid_on) if paid_on else None,
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """An amount that is owed and until when; what is owed on another day, worked out by hand."""

    article: str
    payable: str
    due_on: str
    at: str
    paid_on: str = ""
    days_late: int
    interest: str | None
    lump_sum: str = "40"
    legal_interest: str | None = "0"
    total: str
    what: str


CASES = (
    # 1 200 × 10,15 % × 45 / 365 = 15,0164…
    Case(what="45 days at 10.15", article="R2192-31", payable="1200", due_on="2026-03-31", at="2026-05-15",
         days_late=45, interest="15.02", total="1255.02"),
    # 1 200 × 10,40 % × 45 / 365 = 15,3863…
    Case(what="45 days at 10.40", article="R2192-31", payable="1200", due_on="2026-08-31", at="2026-10-15",
         days_late=45, interest="15.39", total="1255.39"),
    Case(what="the last day of the delay", article="L2192-12", payable="1200", due_on="2026-03-31", at="2026-03-31",
         days_late=0, interest="0", lump_sum="0", total="1200"),
    # 1 200 × 10,15 % × 1 / 365 = 0,3336…: one day, and the whole of the lump sum
    Case(what="the day after", article="L2192-13", payable="1200", due_on="2026-03-31", at="2026-04-01",
         days_late=1, interest="0.33", total="1240.33"),
    # It begins on 1 July: 1 200 × 10,40 % × 45 / 365
    Case(what="interest that begins in July", article="R2192-31", payable="1200", due_on="2026-06-30", at="2026-08-14",
         days_late=45, interest="15.39", total="1255.39"),
    # It begins on 30 June and keeps that rate: 1 200 × 10,15 % × 45 / 365
    Case(what="that rate holds on", article="R2192-31", payable="1200", due_on="2026-06-29", at="2026-08-13",
         days_late=45, interest="15.02", total="1255.02"),
    # 2024 has 366 days, and is counted in 365 as any other: 1 000 × 12,50 % × 60 / 365 = 20,5479…
    Case(what="a leap year", article="R2192-31", payable="1000", due_on="2024-02-01", at="2024-04-01",
         days_late=60, interest="20.55", total="1060.55"),
    # 36,50 × 8 % × 10 / 365 = 0,08
    Case(what="a round result", article="R2192-31", payable="36.50", due_on="2022-03-01", at="2022-03-11",
         days_late=10, interest="0.08", total="76.58"),
    # 570,3125 × 8 % × 1 / 365 = 0,125
    Case(what="half a cent goes up", article="R2192-31", payable="570.3125", due_on="2022-03-01", at="2022-03-02",
         days_late=1, interest="0.13", total="610.4425"),
    Case(what="a half-year whose rate is not known", article="R2192-31", payable="1200", due_on="2026-12-31",
         at="2027-01-15", days_late=15, interest=None, total="1240"),
    Case(what="a rate that was known on the first day goes on", article="R2192-31", payable="1200",
         due_on="2026-12-30", at="2027-01-15", days_late=16, interest="5.47", total="1245.47"),
    Case(what="paid on the last day", article="L2192-12", payable="1200", due_on="2026-03-31", at="2026-05-15",
         paid_on="2026-03-31", days_late=0, interest="0", lump_sum="0", total="0"),
    Case(what="paid late: interest until that day, included", article="R2192-32", payable="1200", due_on="2026-03-31",
         at="2026-05-20", paid_on="2026-05-15", days_late=45, interest="15.02", total="55.02"),
    Case(what="a payment to come is none yet", article="R2192-32", payable="1200", due_on="2026-03-31", at="2026-05-14",
         paid_on="2026-05-15", days_late=44, interest="14.68", total="1254.68"),
    # 45 days after 2 January are 16 February
    Case(what="the last of the 45 days", article="R2192-36", payable="1200", due_on="2025-11-18", at="2026-02-16",
         paid_on="2026-01-02", days_late=45, interest="15.02", total="55.02"),
    # 55,02 × 2,62 % × 1 / 365 = 0,0039…, then 10 days: 0,0394…
    Case(what="the day after is too little for a cent", article="R2192-36", payable="1200", due_on="2025-11-18",
         at="2026-02-17", paid_on="2026-01-02", days_late=45, interest="15.02", total="55.02"),
    Case(what="ten days after the 45", article="R2192-36", payable="1200", due_on="2025-11-18", at="2026-02-26",
         paid_on="2026-01-02", days_late=45, interest="15.02", legal_interest="0.04", total="55.06"),
    # Paid 1 August 2025, so until 15 September. 12 000 × 11,15 % × 62 / 365 = 227,2767…; with 40, 267,28.
    # 107 days of 2025 at 2,76 % = 2,1625… and 31 of 2026 at 2,62 % = 0,5947…: together 2,7573…
    Case(what="the legal rate changes in January", article="R2192-36", payable="12000", due_on="2025-05-31",
         at="2026-01-31", paid_on="2025-08-01", days_late=62, interest="227.28", legal_interest="2.76", total="270.04"),
    Case(what="a legal rate that is not known", article="R2192-36", payable="1200", due_on="2026-03-31",
         at="2026-08-31", paid_on="2026-05-15", days_late=45, interest="15.02", legal_interest=None, total="55.02"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case.article} {case.what}" for case in CASES])
def test_what_is_owed_is_what_the_law_says(case: Case) -> None:
    owed = due(case.payable, case.due_on, case.at, case.paid_on)
    assert owed.days_late == case.days_late
    assert owed.interest == (None if case.interest is None else Decimal(case.interest))
    assert owed.lump_sum == Decimal(case.lump_sum)
    assert owed.legal_interest == (None if case.legal_interest is None else Decimal(case.legal_interest))
    assert owed.total == Decimal(case.total)
    assert owed.is_whole == (case.interest is not None and case.legal_interest is not None)


def test_both_are_to_be_paid_within_45_days_of_the_principal() -> None:
    assert due("1200", "2026-03-31", "2026-05-20", "2026-05-15").lateness_due_on == date(2026, 6, 29)
    assert due("1200", "2026-03-31", "2026-05-20").lateness_due_on is None


def test_what_is_paid_leaves_nothing_of_the_principal() -> None:
    assert due("1200", "2026-03-31", "2026-05-20", "2026-05-15").principal == 0
    assert due("1200", "2026-03-31", "2026-05-20").principal == 1200


@pytest.mark.parametrize("payable", ["0", "-120"])
def test_nobody_owes_nothing(payable: str) -> None:
    with pytest.raises(ValueError, match="nobody owes"):
        due(payable, "2026-03-31", "2026-05-20")


amounts = st.decimals(min_value="0.01", max_value="100000000", places=2)
lateness = st.integers(min_value=-40, max_value=900)
ends = st.dates(min_value=date(2019, 5, 1), max_value=date(2026, 12, 30))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(payable=amounts, due_on=ends, first=lateness, second=lateness)
def test_paying_later_never_owes_less(payable: Decimal, due_on: date, first: int, second: int) -> None:
    sooner, later = (due_on + timedelta(days=days) for days in sorted((first, second)))
    paid = [amount_due(payable=payable, due_on=due_on, at=day, paid_on=day).total for day in (sooner, later)]
    unpaid = [amount_due(payable=payable, due_on=due_on, at=day).total for day in (sooner, later)]
    waiting = amount_due(payable=payable, due_on=due_on, at=later, paid_on=sooner).total
    assert paid[0] <= paid[1]
    assert unpaid[0] <= unpaid[1]
    assert paid[0] <= waiting  # interest and lump sum that are not paid either
    assert unpaid[1] - paid[1] == payable


PARIS = ZoneInfo("Europe/Paris")
AROUND = ((2026, 3, 29), (2026, 10, 25), (2026, 7, 1), (2026, 1, 1))  # both changes of hour, a half-year, a year


def test_every_minute_around_the_turns_of_hours_and_years_has_its_day() -> None:
    """2,880 instants, 720 around each turn: the day counted in Paris, its last day, and what is owed a day later."""
    tried = 0
    for year, month, day in AROUND:
        turn = datetime(year, month, day, tzinfo=PARIS).astimezone(UTC)
        ends_of_days = [
            datetime(year, month, day, tzinfo=PARIS) + timedelta(days=after) for after in (-1, 0, 1)
        ]  # midnights in Paris: adding a day keeps the hour of the wall
        bounds = [end.astimezone(UTC) for end in ends_of_days]
        for minute in range(-360, 360):
            instant = turn + timedelta(minutes=minute)
            place = sum(bound <= instant for bound in bounds) - 1  # of the midnight it comes after
            expected = ends_of_days[place].date()
            notified_on = day_in_paris(instant)
            clock = payment_clock(payer_category="LOCAL", notified_on=notified_on)
            assert (notified_on, clock.due_on) == (expected, expected + timedelta(days=30))
            assert amount_due(payable=Decimal(1200), due_on=notified_on, at=expected).days_late == 0
            assert amount_due(payable=Decimal(1200), due_on=notified_on, at=expected + timedelta(days=1)).days_late == 1
            tried += 1
    assert tried == 2_880


def test_the_rate_changes_with_the_half_year_and_at_no_other_day() -> None:
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(4 * 365)]
    rates = [
        (period.first_day, period.percent)
        for day in days
        if (period := amount_due(payable=Decimal(100), due_on=day - timedelta(days=1), at=day).period)
    ]
    changes = [after for (_, before_rate), (after, rate) in pairwise(rates) if rate != before_rate]
    assert changes == [
        date(2023, 7, 1), date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 7, 1)
    ]  # fmt: skip
