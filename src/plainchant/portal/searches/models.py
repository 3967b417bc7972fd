"""A search of a list that a person keeps under a name of their own."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

MAX_NAME, MAX_QUERY = 60, 2_000


class SavedSearch(models.Model):
    """What was looked for and in which order, as the address of the list says it. It gives no right: it is a link."""

    class Listing(models.TextChoices):
        ISSUED = "envoyees", "Vos factures"
        TO_PROCESS = "a-traiter", "Factures à traiter"
        RECEIVED = "recues", "Factures reçues"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches")
    listing = models.CharField(max_length=20, choices=Listing.choices)
    name = models.CharField(max_length=MAX_NAME)
    query = models.CharField(max_length=MAX_QUERY)  # without « ? »
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "listing", "name"], name="searches_one_of_a_name")]

    def __str__(self) -> str:
        return self.name
