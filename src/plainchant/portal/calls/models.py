"""What a program was answered to a call that bears a key."""

from __future__ import annotations

from django.db import models

from plainchant.portal.structures.models import TechnicalAccount

MAX_KEY = 255


class KeyedCall(models.Model):
    """One call that was done. The row is written in the transaction of what it did: there is neither without the other.

    ``fingerprint``: SHA-256 of what was asked. ``answer`` is its JSON, as it was sent.
    """

    account = models.ForeignKey(TechnicalAccount, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_KEY)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="calls_one_of_a_key")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.key}"
