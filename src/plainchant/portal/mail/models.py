"""The outbox: a message exists as soon as the operation that caused it has committed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One e-mail to one address. Written with the data it announces, handed to SMTP afterwards, never deleted.

    ``kind`` says what it announces and ``about`` which object; with the address they name the message, so that
    the same event never writes it twice.
    """

    kind = models.CharField(max_length=50)
    about = models.CharField(max_length=100, blank=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    is_secret = models.BooleanField(default=False)  # carries a link that opens an account: blanked once sent
    dedup_key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)  # not before: each failure waits twice as long, six hours at most
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="mail_unsent"),
            models.Index(fields=["about", "kind"], name="mail_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"
