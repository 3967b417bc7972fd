"""The same tasks and the same sweep for procrastinate, on PostgreSQL with any number of worker machines."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

import procrastinate
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as portal_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from plainchant.portal.lib.outages import Dependency, database_trouble, dependency_of
from plainchant.portal.lib.postgresql.base import AsyncConnection
from plainchant.portal.lib.time import now
from plainchant.portal.queue.operations import (
    AGAIN_WHEN_AWAY,
    LEASE,
    LEFT_TO_OTHERS_FOR,
    MAX_ATTEMPTS,
    Task,
    UnknownTask,
    task_for,
)

from .sweep import sweep, take_out_orphans
from .table import FORMER_NAMES, TASKS
from .watch import DEADLINES, SILENT_SECONDS

log = logging.getLogger(__name__)

_SETTLED_SECONDS = 10.0
_MOST_EARLY_ENDS = 8
_LONGEST_WAIT_SECONDS = 10.0
_SECONDS_FOR_A_CONNECTION = 5.0
_TURN_EVERY = 5.0


def register(app: App) -> None:
    """Tell procrastinate about every task of the table, the sweep, and the removal of orphans.

    Called by procrastinate's Django app once Django is ready (`PROCRASTINATE_ON_APP_READY`).
    """
    for name, task in TASKS.items():
        # No retry of its own: a retried job collides with the one the sweep asks for. The sweep is the retry.
        former = [old for old, new in FORMER_NAMES.items() if new == name]
        app.task(name=name, aliases=former)(left_to_the_sweep(task))

    @app.periodic(cron="* * * * *")
    @app.task(name="sweep", queueing_lock="sweep", pass_context=False)
    def run_sweep(timestamp: int) -> None:
        sweep(at=now())

    @app.periodic(cron="17 */6 * * *")
    @app.task(name="store.take_out_orphans", queueing_lock="store.take_out_orphans")
    def run_take_out_orphans(timestamp: int) -> None:
        take_out_orphans(at=now())

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="queue.retry_stalled", queueing_lock="queue.retry_stalled", pass_context=True)
    async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        # A worker that was killed leaves its job « doing » for ever; its heartbeat stopped, so start the job again.
        for job in await app.job_manager.get_stalled_jobs():
            if job.attempts >= MAX_ATTEMPTS:  # it may be what ends them
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                await _put_back(app, job, at=now())


async def _put_back(app: App, job: Job, *, at: datetime) -> None:
    """To be done later than ``at``, by whoever comes first, unless the same work has been asked for meanwhile."""
    try:
        await app.job_manager.retry_job(job, retry_at=at)
    except UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


class _PatientWorker(Worker):
    """Procrastinate's, but a job that nothing here has the name of is left to a worker of the next version.

    For as long as machines are upgraded in turn; then it stays as one that has failed.
    """

    async def _process_job(self, context: JobContext) -> None:
        job = context.job
        if job.task_name in self.app.tasks or job.attempts * AGAIN_WHEN_AWAY >= LEFT_TO_OTHERS_FOR:
            await super()._process_job(context)
            return
        log.warning("%s is of another version (no task of that name): left to its workers", job.task_name)
        await _put_back(self.app, job, at=now() + AGAIN_WHEN_AWAY)


def left_to_the_sweep(task: Task) -> Task:
    """The task; what it could not do because something is away is no failure of it: the sweep asks again.

    Nor is a job with arguments that only the next version knows, while machines are upgraded in turn.
    """

    @wraps(task)
    def run(**arguments: object) -> None:
        try:
            task_for(task=task, name=task.__qualname__, arguments=arguments)(**arguments)
        except Exception as error:
            if dependency_of(error) is None and not isinstance(error, UnknownTask):
                raise
            log.warning("%s is left to the sweep", task.__qualname__, exc_info=True)

    return run


def run_forever(*, concurrency: int) -> None:
    """Run a worker until SIGTERM or SIGINT, then finish the tasks at hand. One that a database has left starts again.

    Raises RuntimeError for a worker that ends at once though the database answers, again and again, and whatever else
    ends it.
    """
    asyncio.run(_run_forever(concurrency))


async def _run_forever(concurrency: int) -> None:
    stop = asyncio.Event()
    turning = asyncio.create_task(_show_that_the_loop_turns())
    try:
        await _work_until(stop, concurrency)
    finally:
        turning.cancel()


async def _work_until(stop: asyncio.Event, concurrency: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    early_ends = 0
    while await _database_answers(stop):
        began = time.monotonic()
        try:
            await _until(stop, _work(concurrency))
        except Exception as error:
            if dependency_of(error) is None:
                raise
            log.warning("the worker has lost its database", exc_info=True)
        if stop.is_set():
            return
        # Procrastinate's worker also ends, without a word, when its connection for notifications is lost.
        early_ends = early_ends + 1 if time.monotonic() - began < _SETTLED_SECONDS else 1
        if early_ends >= _MOST_EARLY_ENDS:
            raise RuntimeError(f"the worker has ended {early_ends} times as soon as it was started")
        log.warning("the worker is started again")
        await _until(stop, asyncio.sleep(min(0.25 * 2**early_ends, _LONGEST_WAIT_SECONDS)))


async def _work(concurrency: int, *, wait: bool = True) -> None:
    """Until it is cancelled, or until nothing is left to do if it is not to ``wait`` for more."""
    # The worker's own says goodbye to a database that is away for half a minute before it notices.
    connector = PsycopgConnector(
        kwargs=connector_params(), timeout=_SECONDS_FOR_A_CONNECTION, connection_class=AsyncConnection
    )
    with portal_app.replace_connector(connector) as app:
        async with app.open_async():
            app.perform_import_paths()
            options = app.worker_defaults  # among them what closes Django's connections that a database has left
            worker = _PatientWorker(
                app,
                concurrency=concurrency,
                wait=wait,
                delete_jobs="successful",
                install_signal_handlers=False,
                task_middleware=[*(options.get("task_middleware") or ()), _within_its_deadline],
            )
            await worker.run()


def _within_its_deadline(task: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    with DEADLINES.within(f"{context.job.task_name}, job {context.job.id}", seconds=LEASE.total_seconds()):
        return task()


async def _show_that_the_loop_turns() -> None:
    key = object()
    try:
        while True:
            DEADLINES.renew("the event loop", seconds=SILENT_SECONDS, key=key)
            await asyncio.sleep(_TURN_EVERY)
    finally:
        DEADLINES.forget(key)


async def _database_answers(stop: asyncio.Event) -> bool:
    """Wait until the database answers; False if ``stop`` was set before."""
    wait = 0.5
    while not stop.is_set():
        trouble = await asyncio.to_thread(database_trouble)
        if not trouble:
            return True
        log.warning("the task worker waits: %s", trouble, extra={"away": Dependency.DATABASE})
        await _until(stop, asyncio.sleep(wait))
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
    return False


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do ``work``, which is cancelled when ``stop`` is set; it is waited for. Raises what it raises."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
