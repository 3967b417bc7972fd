"""The embedded engine: nothing is forgotten, nothing is done for a transaction that did not commit."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from plainchant.portal.queue.models import Job
from plainchant.portal.queue.operations import LEASE, LEFT_TO_OTHERS_FOR, MAX_ATTEMPTS, Task, enqueue, run_one

pytestmark = pytest.mark.django_db


def test_a_rolled_back_operation_leaves_no_job(at: datetime) -> None:
    def rolled_back() -> None:
        with transaction.atomic():
            enqueue(task="t", key="k", at=at)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rolled_back()
    assert not Job.objects.exists()


def test_at_most_one_job_waits_for_a_key(at: datetime) -> None:
    for _ in range(3):
        enqueue(task="t", key="k", at=at)
    assert Job.objects.count() == 1


def test_a_job_done_is_gone(at: datetime) -> None:
    done: list[int] = []
    enqueue(task="t", key="k", at=at, arguments={"number": 7})
    assert run_one(tasks={"t": lambda number: done.append(number)}, at=at)
    assert done == [7]
    assert not Job.objects.exists()
    assert not run_one(tasks={}, at=at)


def test_work_asked_for_while_it_is_being_done_is_done_again(at: datetime) -> None:
    runs: list[int] = []

    def task() -> None:
        runs.append(1)
        if len(runs) == 1:
            enqueue(task="t", key="k", at=at)

    enqueue(task="t", key="k", at=at)
    while run_one(tasks={"t": task}, at=at):
        pass
    assert len(runs) == 2


def test_a_clock_that_was_put_back_keeps_no_job_waiting(at: datetime) -> None:
    done: list[int] = []
    tomorrow = at + timedelta(hours=26)
    enqueue(task="t", key="asked for", at=tomorrow)
    enqueue(task="t", key="begun", at=at)
    Job.objects.filter(key="begun").update(leased_until=tomorrow + LEASE)
    while run_one(tasks={"t": lambda: done.append(1)}, at=at):
        pass
    assert len(done) == 2


def fails() -> None:
    raise RuntimeError("the mail server is away")


def test_a_failing_job_comes_back_later_each_time_twice_as_late(at: datetime) -> None:
    enqueue(task="t", key="k", at=at)
    run_one(tasks={"t": fails}, at=at)
    job = Job.objects.get()
    assert job.run_at == at + timedelta(seconds=2)
    assert "the mail server is away" in job.last_error
    assert not run_one(tasks={"t": fails}, at=at)
    run_one(tasks={"t": fails}, at=job.run_at)
    job.refresh_from_db()
    assert job.run_at == at + timedelta(seconds=2 + 4)


def test_after_too_many_failures_it_stays_with_its_error_and_blocks_nothing(at: datetime) -> None:
    enqueue(task="t", key="k", at=at)
    for day in range(MAX_ATTEMPTS):
        run_one(tasks={"t": fails}, at=at + timedelta(days=day))
    assert Job.objects.get().failed_at is not None
    enqueue(task="t", key="k", at=at)
    assert Job.objects.count() == 2


def dies() -> None:
    raise SystemExit  # what a kill leaves behind: a lease nobody gives back


def test_the_job_of_a_worker_that_died_is_taken_over_once_its_lease_is_over(at: datetime) -> None:
    enqueue(task="t", key="k", at=at)
    with pytest.raises(SystemExit):
        run_one(tasks={"t": dies}, at=at)
    done: list[int] = []
    assert not run_one(tasks={"t": lambda: done.append(1)}, at=at + LEASE / 2)
    assert run_one(tasks={"t": lambda: done.append(1)}, at=at + LEASE + timedelta(seconds=1))
    assert done == [1]


def test_a_job_that_another_worker_takes_at_the_same_moment_is_left_to_it(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    enqueue(task="t", key="k", at=at)
    lease = uuid.uuid4

    def meanwhile() -> uuid.UUID:  # asked for between the look at a job and its claim
        monkeypatch.setattr(uuid, "uuid4", lease)
        with pytest.raises(SystemExit):
            run_one(tasks={"t": dies}, at=at)
        return lease()

    monkeypatch.setattr(uuid, "uuid4", meanwhile)
    assert run_one(tasks={"t": lambda: done.append("by the second")}, at=at)
    assert done == []
    assert Job.objects.get().attempts == 1


@pytest.mark.parametrize("ends", [lambda: None, lambda: fails()], ids=["well", "badly"])
def test_a_worker_that_was_given_up_changes_nothing_of_a_job_that_another_has(
    at: datetime, ends: Callable[[], None]
) -> None:
    """It was slower than its lease, and went on."""
    enqueue(task="t", key="k", at=at)

    def slow() -> None:
        with pytest.raises(SystemExit):
            run_one(tasks={"t": dies}, at=at + LEASE + timedelta(seconds=1))
        ends()

    assert run_one(tasks={"t": slow}, at=at)
    job = Job.objects.get()
    assert (job.attempts, job.last_error, job.lease is None) == (2, "", False)


def test_of_each_key_of_each_task_the_last_failure_stays(at: datetime) -> None:
    for _ in range(2):
        for task, key in (("t", "k"), ("t", "other"), ("other", "k")):
            enqueue(task=task, key=key, at=at)
            Job.objects.filter(failed_at=None).update(attempts=MAX_ATTEMPTS - 1)
            run_one(tasks={"t": fails, "other": fails}, at=at)
    assert set(Job.objects.values_list("task", "key")) == {("t", "k"), ("t", "other"), ("other", "k")}
    assert Job.objects.count() == 3


def test_a_job_during_which_its_worker_ended_again_and_again_stays_with_its_error(at: datetime) -> None:
    """Killed, or ended because it hung: nobody counted these attempts as failures."""
    enqueue(task="t", key="k", at=at)
    Job.objects.update(attempts=MAX_ATTEMPTS, leased_until=at, lease=uuid.uuid4())
    assert run_one(tasks={"t": _of_this_version}, at=at + timedelta(seconds=1))
    job = Job.objects.get()
    assert (job.failed_at, job.last_error) == (at + timedelta(seconds=1), "NeverEnded: its worker ended 8 times")


def _of_this_version(*, number: int) -> None:
    raise AssertionError("what another version asked for was done")


@pytest.mark.parametrize(
    ("tasks", "error"),
    [({}, "UnknownTask: t"), ({"t": _of_this_version}, "UnknownTask: t: got an unexpected keyword argument 'lot'")],
    ids=["a name", "an argument"],
)
def test_a_job_that_only_another_version_knows_is_left_to_it_for_an_hour(
    at: datetime, tasks: dict[str, Task], error: str
) -> None:
    """Machines are upgraded in turn: a worker of the former version meets what one of the next has asked for."""
    enqueue(task="t", key="k", at=at, arguments={"number": 7, "lot": 1})
    assert run_one(tasks=tasks, at=at)
    later = at + LEFT_TO_OTHERS_FOR - timedelta(seconds=1)
    assert run_one(tasks=tasks, at=later)
    job = Job.objects.get()
    assert (job.attempts, job.failed_at, job.last_error) == (0, None, error)
    assert run_one(tasks=tasks, at=later + timedelta(minutes=1))
    assert Job.objects.get().failed_at == later + timedelta(minutes=1)


def test_one_that_was_left_is_done_by_a_worker_that_knows_it(at: datetime) -> None:
    done: list[int] = []
    enqueue(task="t", key="k", at=at, arguments={"number": 7, "lot": 1})
    assert run_one(tasks={"t": _of_this_version}, at=at)
    later = at + timedelta(minutes=1)
    assert run_one(tasks={"t": lambda number, lot: done.append(number)}, at=later)
    assert done == [7]
    assert not Job.objects.exists()
