"""Documents as they were handed in: the bytes never change and are never deleted while a row names them."""

from __future__ import annotations

import uuid

from django.db import models


class StoredFile(models.Model):
    """Bytes in the document store, with what proves that they are the same bytes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.CharField(max_length=100, unique=True)  # in the store; made by us, never from the sender's name
    name = models.CharField(max_length=200)  # as the sender called it; only ever shown
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
