"""Where a structure has its programs told, and what became of it each time."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from plainchant.portal.structures.models import Structure


class Webhook(models.Model):
    """An address that is told of what becomes of the invoices of a structure, on either side of them.

    ``told_until``: the key of the last line of a history that it was told of, or that does not concern it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_until = models.BigIntegerField()
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # nothing is sent before
    ended_at = models.DateTimeField(null=True)
    is_ended_by_portal = models.BooleanField(default=False)  # it failed for too long, or its maker no longer manages

    def __str__(self) -> str:
        return f"{self.structure_id} → {self.url}"


class WebhookDelivery(models.Model):
    """One time that something was sent. ``status``: of the answer, NULL without one; then ``trouble`` says why."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    events = models.PositiveIntegerField()
    first_event = models.CharField(max_length=60)  # its id
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["webhook", "-at"], name="hooks_deliveries_lately")]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.at}: {self.status or self.trouble}"
