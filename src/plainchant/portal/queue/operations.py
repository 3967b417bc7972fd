"""Ask for work to be done later, and the embedded engine that does it.

One interface, two engines (``settings.QUEUE``). Both write in the caller's transaction; both let at most one job wait
for a (task, key). Neither is trusted to remember: ``tasks.sweep`` asks again for every row that has waited too long,
so every task must be safe to run twice.
"""

from __future__ import annotations

import inspect
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from plainchant.portal.lib.outages import dependency_of

from .models import Job

if TYPE_CHECKING:
    import procrastinate

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
AGAIN_WHEN_AWAY = timedelta(seconds=30)  # what a task needs is away: that is no attempt
LEFT_TO_OTHERS_FOR = timedelta(hours=1)  # a job of another version, while machines are upgraded in turn

Task = Callable[..., None]


class UnknownTask(LookupError):
    """A job of another version of the portal, or of none: nothing here has its name, or takes its arguments."""


class NeverEnded(RuntimeError):
    """Whoever had the job ended before the job did, each time: killed, or hung because of it."""


def task_for(*, task: Task | None, name: str, arguments: Mapping[str, object]) -> Task:
    """``task``, if it takes these arguments. Raises UnknownTask where it does not, or where there is none."""
    if task is None:
        raise UnknownTask(name)
    try:
        inspect.signature(task).bind(**arguments)
    except TypeError as error:
        raise UnknownTask(f"{name}: {error}") from error
    return task


work_is_waiting = threading.Event()  # wakes the embedded engine of this process at once; others poll


def enqueue(*, task: str, key: str, at: datetime, arguments: Mapping[str, object] | None = None) -> None:
    """Have ``task`` called with ``arguments`` as soon as the caller's transaction has committed.

    Nothing happens if a job for the same (task, key) is already waiting.
    """
    if settings.QUEUE == "procrastinate":
        _defer_to_procrastinate(task=task, key=key, arguments=arguments or {})
        return
    Job.objects.bulk_create(
        [Job(task=task, key=key, arguments=dict(arguments or {}), created_at=at, run_at=at)],
        ignore_conflicts=True,
    )
    transaction.on_commit(work_is_waiting.set)


def _defer_to_procrastinate(*, task: str, key: str, arguments: Mapping[str, object]) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    try:
        with transaction.atomic():  # a savepoint: the refused INSERT must not spoil the caller's transaction
            _in_djangos_transaction().configure_task(task, queueing_lock=f"{task}:{key}").defer(**arguments)  # type: ignore[arg-type]
    except AlreadyEnqueued:
        pass


@cache
def _in_djangos_transaction() -> procrastinate.App:
    """An App that always writes through Django's connection.

    The one procrastinate offers writes through a connection of its own inside a worker: a task's job would then start
    before the transaction that asked for it has committed.
    """
    import procrastinate
    from procrastinate.contrib.django.django_connector import DjangoConnector

    return procrastinate.App(connector=DjangoConnector())


def run_one(*, tasks: Mapping[str, Task], at: datetime) -> bool:
    """Run the next due job of the embedded engine; False if none was due.

    The claim is a conditional update, so that any number of threads and processes may call this. A job that raises is
    tried again later, each time twice as late; after MAX_ATTEMPTS it stays in the table with its error. What is away
    (`lib.outages`) is no failure: it is tried again until it is back. A job that only another version understands is
    left to a worker of that version for an hour, then stays as one that has failed, as does one during which a worker
    ended MAX_ATTEMPTS times.
    """
    # No wait and no lease is longer than LEASE: one that ends later was given by a clock that has been put back since.
    later = at + LEASE
    due = (
        Q(failed_at__isnull=True)
        & (Q(run_at__lte=at) | Q(run_at__gt=later))
        & (Q(leased_until__isnull=True) | Q(leased_until__lt=at) | Q(leased_until__gt=later))
    )
    job = Job.objects.filter(due).order_by("run_at", "id").first()
    if job is None:
        return False
    lease = uuid.uuid4()
    claimed = Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        leased_until=at + LEASE, lease=lease, attempts=job.attempts + 1
    )
    if not claimed:
        return True  # another worker took it: there may be more
    try:
        if job.attempts >= MAX_ATTEMPTS:
            raise NeverEnded(f"its worker ended {job.attempts} times")
        task_for(task=tasks.get(job.task), name=job.task, arguments=job.arguments)(**job.arguments)
    except UnknownTask as error:
        is_left = at < job.created_at + LEFT_TO_OTHERS_FOR
        log.log(logging.WARNING if is_left else logging.ERROR, "%s is of another version (%s)", job, error)
        attempts = 0 if is_left else MAX_ATTEMPTS
        _give_back(job_id=job.pk, lease=lease, attempts=attempts, error=error, at=at, wait=AGAIN_WHEN_AWAY)
    except Exception as error:
        log.exception("task %s failed (attempt %d)", job, job.attempts + 1)
        _give_back(job_id=job.pk, lease=lease, attempts=job.attempts + 1, error=error, at=at)
    else:
        Job.objects.filter(pk=job.pk, lease=lease).delete()
    return True


def _give_back(
    *, job_id: int, lease: uuid.UUID, attempts: int, error: Exception, at: datetime, wait: timedelta | None = None
) -> None:
    mine = Job.objects.filter(pk=job_id, lease=lease)
    message = f"{type(error).__name__}: {error}"[:2000]
    if dependency_of(error) is not None:
        attempts, wait = attempts - 1, AGAIN_WHEN_AWAY
    wait = wait or timedelta(seconds=2**attempts)
    if attempts >= MAX_ATTEMPTS:
        job = Job.objects.get(pk=job_id)
        Job.objects.filter(
            task=job.task, key=job.key, failed_at__isnull=False
        ).delete()  # one failure a key says it all
        mine.update(failed_at=at, leased_until=None, lease=None, last_error=message)
        return
    try:
        with transaction.atomic():
            mine.update(leased_until=None, lease=None, attempts=attempts, last_error=message, run_at=at + wait)
    except IntegrityError:  # the same work was asked for again meanwhile: that job will do it
        mine.delete()
