"""A ticket (sollicitation): a question to a public body about an invoice, or to whoever runs the portal."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from plainchant.portal.invoices.models import MAX_ACTOR_NAME, Invoice
from plainchant.portal.lib.time import PARIS
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Service, Structure

from .subjects import TicketState

MAX_TITLE = 120
MAX_TEXT = 4000


class Ticket(models.Model):
    """``body`` answers it, or one service of it; None: the operators of the portal do."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tickets")
    asker_name = models.CharField(max_length=MAX_ACTOR_NAME)  # as it was then
    structure = models.ForeignKey(Structure, null=True, on_delete=models.PROTECT, related_name="+")  # the asker's
    body = models.ForeignKey(Structure, null=True, on_delete=models.PROTECT, related_name="tickets")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(max_length=12)  # a Subject
    title = models.CharField(max_length=MAX_TITLE)
    state = models.CharField(max_length=16)  # a TicketState
    state_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asker", "-state_at"], name="tickets_asked"),
            models.Index(fields=["body", "state", "-state_at"], name="tickets_received"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people quote it: « S-2026-000012 »."""
        return f"S-{self.created_at.astimezone(PARIS).year}-{self.pk:06}"

    @property
    def is_open(self) -> bool:
        return self.state != TicketState.CLOSED


class TicketMessage(models.Model):
    """One message of the thread. Rows are added, never changed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="thread")
    step = models.CharField(max_length=12)  # a Step
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=MAX_ACTOR_NAME)  # as it was then
    text = models.TextField(max_length=MAX_TEXT, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.step}"


class TicketFile(models.Model):
    """A file that came with a message: byte for byte as it was handed in, and only ever saved, not shown."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name
