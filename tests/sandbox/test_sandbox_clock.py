"""The clock of a sandbox: it goes forward, at any speed, and two processes read the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plainchant.sandbox.clock import Backwards, SandboxClock, instant

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Machine:
    """A real clock that only the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(tmp_path: Path, machine: Machine) -> SandboxClock:
    return SandboxClock(tmp_path / "clock.json", real=machine)


def test_it_shows_the_machine_s_time_until_it_is_set(clock: SandboxClock, machine: Machine) -> None:
    assert (clock(), clock.speed) == (NOON, 1.0)
    machine.at += timedelta(hours=1)
    assert clock() == NOON + timedelta(hours=1)


def test_another_process_reads_what_one_has_set(clock: SandboxClock, machine: Machine) -> None:
    other = SandboxClock(clock.file, real=machine)
    assert other() == NOON
    clock.advance(timedelta(days=3))
    assert other() == NOON + timedelta(days=3)
    machine.at += timedelta(minutes=2)
    assert other() == NOON + timedelta(days=3, minutes=2)


def test_it_runs_faster_and_stands_still(clock: SandboxClock, machine: Machine) -> None:
    clock.run(speed=3600)
    machine.at += timedelta(seconds=10)
    assert clock() == NOON + timedelta(hours=10)
    clock.run(speed=0)
    machine.at += timedelta(days=1)
    assert clock() == NOON + timedelta(hours=10)
    clock.put(NOON + timedelta(days=1))
    assert (clock(), clock.speed) == (NOON + timedelta(days=1), 0.0)


def test_it_is_never_put_back_but_begins_again(clock: SandboxClock) -> None:
    clock.advance(timedelta(days=30))
    with pytest.raises(Backwards):
        clock.put(NOON)
    clock.begin(NOON - timedelta(days=365))
    assert clock() == NOON - timedelta(days=365)
    clock.begin(None)
    assert clock() == NOON


def test_a_clock_that_is_held_goes_on_as_before(clock: SandboxClock, machine: Machine) -> None:
    clock.run(speed=60)
    clock.hold()
    clock.hold()
    machine.at += timedelta(hours=1)
    clock.put(NOON + timedelta(days=1))
    assert (clock(), clock.speed) == (NOON + timedelta(days=1), 0.0)
    other = SandboxClock(clock.file, real=machine)  # the first was killed
    other.resume()
    machine.at += timedelta(seconds=1)
    assert (other(), other.speed) == (NOON + timedelta(days=1, minutes=1), 60.0)


def test_a_clock_that_somebody_stopped_stays_so(clock: SandboxClock) -> None:
    clock.resume()
    assert clock.speed == 1.0
    clock.run(speed=0)
    clock.resume()
    assert clock.speed == 0.0


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59-14:00", "1999-12-31", "2101-01-01", "x", ""])
def test_what_it_cannot_show(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|not of the years"):
        instant(text)


def test_an_instant_is_of_paris_where_it_names_no_zone() -> None:
    assert instant("2026-12-01T13:00") == instant("2026-12-01T12:00Z") == NOON
