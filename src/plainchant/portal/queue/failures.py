"""Jobs that wait or that failed for good, whichever engine runs them: count them, look at them, try again, drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Min

from .models import Job


@dataclass(frozen=True)
class FailedJob:
    """``error`` is empty with procrastinate, which keeps none: it is in the log."""

    number: int
    task: str
    key: str
    failed_at: datetime | None
    attempts: int
    error: str


@dataclass(frozen=True)
class DueJobs:
    """Jobs that should be running by now; the age of the oldest is 0 where there are none."""

    number: int
    oldest_seconds: float


def due(*, at: datetime) -> DueJobs:
    """What waits for a worker."""
    if settings.QUEUE == "procrastinate":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), min(coalesce(job.scheduled_at, "
                "(SELECT min(at) FROM procrastinate_events WHERE job_id = job.id))) "
                "FROM procrastinate_jobs job WHERE job.status = 'todo' AND coalesce(job.scheduled_at, %s) <= %s",
                [at, at],
            )
            number, oldest = cursor.fetchone()
    else:
        waiting = Job.objects.filter(run_at__lte=at, failed_at__isnull=True, leased_until__isnull=True)
        found = waiting.aggregate(number=Count("pk"), oldest=Min("run_at"))
        number, oldest = found["number"], found["oldest"]
    return DueJobs(number, max(0.0, (at - oldest).total_seconds()) if oldest else 0.0)


def failed_jobs() -> list[FailedJob]:
    """All of them, the oldest first."""
    if settings.QUEUE == "procrastinate":
        return _failed_in_procrastinate()
    return [
        FailedJob(job.pk, job.task, job.key, job.failed_at, job.attempts, job.last_error)
        for job in Job.objects.filter(failed_at__isnull=False).order_by("failed_at", "pk")
    ]


def retry(*, numbers: Sequence[int], at: datetime) -> int:
    """Have these failed jobs run again from now; how many will be.

    One whose work has been asked for again meanwhile is dropped: the other job does it.
    """
    return sum(_retry(number, at) for number in numbers)


def drop(*, numbers: Sequence[int]) -> int:
    """Forget these failed jobs; how many there were. Work that still waits is asked for again by the sweep."""
    if settings.QUEUE == "procrastinate":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'failed'", [list(numbers)])
            return int(cursor.rowcount)
    return Job.objects.filter(pk__in=numbers, failed_at__isnull=False).delete()[0]


def _retry(number: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            if settings.QUEUE == "procrastinate":
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = %s "
                        "WHERE id = %s AND status = 'failed'",
                        [at, number],
                    )
                    return bool(cursor.rowcount)
            waiting = {"failed_at": None, "attempts": 0, "run_at": at, "last_error": ""}
            return bool(Job.objects.filter(pk=number, failed_at__isnull=False).update(**waiting))
    except IntegrityError:
        drop(numbers=[number])
        return False


def _failed_in_procrastinate() -> list[FailedJob]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.id, job.task_name, coalesce(job.queueing_lock, ''), job.attempts, "
            "(SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'failed') "
            "FROM procrastinate_jobs job WHERE job.status = 'failed' ORDER BY job.id"
        )
        return [
            FailedJob(number, task, key.removeprefix(f"{task}:"), failed_at, attempts, "")
            for number, task, key, attempts, failed_at in cursor.fetchall()
        ]
