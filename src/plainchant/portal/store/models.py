"""Documents as they were handed in: the bytes never change and are never deleted while a row names them."""

from __future__ import annotations

import uuid

from django.db import models

from .antivirus import Scan


class PendingFile(models.Model):
    """Bytes on their way into the store: noted before the first one is written, forgotten with the row that names them.

    What stays here is what a crash left behind. Cleaning up by this list can never touch a document that the database
    does not know, as an older or a wrong database would not.
    """

    path = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class HandedIn(models.Model):
    """What one person or one structure handed in on a day, for `quotas`. ``owner``: « person:12 »."""

    owner = models.CharField(max_length=40)
    day = models.DateField()  # in Paris
    size = models.PositiveBigIntegerField(default=0)  # bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="store_one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.owner} {self.day}"


class StoredFile(models.Model):
    """Bytes in the document store, with what proves that they are the same bytes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.CharField(max_length=100, unique=True)  # in the store; made by us, never from the sender's name
    name = models.CharField(max_length=200)  # as the sender called it; only ever shown
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=8, choices=Scan.choices, default=Scan.NOT_SCANNED, blank=True)
    created_at = models.DateTimeField()
    # Of a PDF whose pages have been shown: see `pages`. Columns, so that the reader is not asked at each visit.
    page_count = models.PositiveIntegerField(null=True)
    page_sizes = models.JSONField(default=list)  # [[width, height]] in points, of the first pages
    page_trouble = models.CharField(max_length=20, blank=True)  # `FailureReason` of the last failure
    page_trouble_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
