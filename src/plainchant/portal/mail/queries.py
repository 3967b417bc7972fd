"""Read the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Message
from .operations import GIVE_UP_AFTER, LONGEST_WAIT


def outbox(*, recipient: str = "") -> QuerySet[Message]:
    """Messages, newest first; with ``recipient``, those to addresses that contain it."""
    messages = Message.objects.order_by("-created_at", "-pk")
    return messages.filter(recipient__icontains=recipient) if recipient else messages


def waiting(*, at: datetime, asked_before: datetime) -> QuerySet[Message]:
    """Messages that should have left by now and may be tried again, oldest first.

    Those of a clock that has been put back since, too: created later than now, or to be tried later than any is.
    """
    return Message.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at) | Q(retry_at__gt=at + LONGEST_WAIT),
        Q(created_at__gt=at - GIVE_UP_AFTER) | Q(asked_again_at__gt=at - GIVE_UP_AFTER),
        Q(created_at__lt=asked_before) | Q(created_at__gt=at),
        sent_at__isnull=True,
    ).order_by("created_at")


def unsent() -> QuerySet[Message]:
    """Every message that has not left, given up or not, oldest first."""
    return Message.objects.filter(sent_at__isnull=True).order_by("created_at", "pk")


def is_given_up(message: Message, *, at: datetime) -> bool:
    """Whether it is no longer tried, until an operator asks for it."""
    return (message.asked_again_at or message.created_at) <= at - GIVE_UP_AFTER
