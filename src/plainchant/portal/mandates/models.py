"""Billing mandates (mandats de facturation): a supplier lets the portal draw up its invoices from what is typed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure


class BillingMandate(models.Model):
    """One mandate, from its subscription to its revocation. ``facts`` is all that its page says, frozen that day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="mandates")
    name = models.CharField(max_length=100)
    text_version = models.CharField(max_length=10)  # of `text.VERSIONS`
    facts = models.JSONField()
    subscribed_at = models.DateTimeField()
    subscribed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=models.Q(revoked_at__isnull=True),
                name="mandates_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None


class MandateFile(models.Model):
    """A document filed with a mandate: a power of attorney, a statute."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mandate = models.ForeignKey(BillingMandate, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mandate", "name"], name="mandates_one_file_a_name")]

    def __str__(self) -> str:
        return self.name
