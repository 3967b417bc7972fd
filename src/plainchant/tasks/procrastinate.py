"""The same tasks and the same sweep for procrastinate, on PostgreSQL with any number of worker machines."""

from __future__ import annotations

import procrastinate
from procrastinate import App
from procrastinate.jobs import Status

from plainchant.portal.lib.time import now

from .sweep import sweep, take_out_orphans
from .table import TASKS


def register(app: App) -> None:
    """Tell procrastinate about every task of the table, the sweep, and the removal of orphans.

    Called by procrastinate's Django app once Django is ready (`PROCRASTINATE_ON_APP_READY`).
    """
    for name, task in TASKS.items():
        # No retry of its own: a retried job collides with the one the sweep asks for. The sweep is the retry.
        app.task(name=name)(task)

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
            try:
                await app.job_manager.retry_job(job)
            except Exception:  # noqa: BLE001 - the sweep has asked for the same work meanwhile: that job will do it
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
