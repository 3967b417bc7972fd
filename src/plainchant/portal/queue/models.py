"""Work to do later, as rows of the same database: a rolled-back operation leaves no job behind."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One call of one task. Deleted when done; kept with its error when it has failed too often."""

    task = models.CharField(max_length=100)
    key = models.CharField(max_length=200)  # what it is about: at most one job waits for a (task, key)
    arguments = models.JSONField(default=dict)  # ids only: a job never carries data that could grow stale
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)  # while a worker has it; past = that worker died
    lease = models.UUIDField(null=True)  # whose it is: a worker that woke up late must not finish another's job
    attempts = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"],
                condition=Q(leased_until__isnull=True, failed_at__isnull=True),
                name="queue_one_waiting_job_for_a_key",
            )
        ]
        indexes = [models.Index(fields=["run_at"], condition=Q(failed_at__isnull=True), name="queue_due")]

    def __str__(self) -> str:
        return f"{self.task}({self.key})"
