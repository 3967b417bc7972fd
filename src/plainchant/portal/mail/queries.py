"""Read the outbox."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Message


def outbox(*, recipient: str = "") -> QuerySet[Message]:
    """Messages, newest first; with ``recipient``, those to addresses that contain it."""
    messages = Message.objects.order_by("-created_at", "-pk")
    return messages.filter(recipient__icontains=recipient) if recipient else messages
