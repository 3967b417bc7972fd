"""The outbox: a message exists as soon as the operation that caused it has committed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One e-mail to one address. Written with the data it announces, handed to SMTP afterwards, never deleted.

    ``dedup_key`` stands for what it announces, which event of that kind, and to whom: the same event never writes it
    twice. Whoever must know later what a message told of keeps a row that names it (`invoices.models.Notice`).
    """

    kind = models.CharField(max_length=50)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()  # the text, as it is sent
    content = models.JSONField(null=True)  # `mails.Mail.stored`: the HTML is made of it; NULL: of the text alone
    mute_token = models.CharField(max_length=300, default="", db_default="")  # stops such mails (List-Unsubscribe)
    is_secret = models.BooleanField(default=False)  # carries a link that opens an account: blanked once sent
    dedup_key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True)  # by the operator: tried for fifteen days from then
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)  # not before: each failure waits twice as long, six hours at most
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="mail_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"
