"""Hand the outbox's messages on, and record what their sending means."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction

from plainchant.portal.invoices.operations import record_notification
from plainchant.portal.lib.outages import Dependency, dependency_of
from plainchant.portal.lib.time import now
from plainchant.portal.mail import operations
from plainchant.portal.mail.models import Message

log = logging.getLogger(__name__)


def deliver(*, dedup_keys: Sequence[str] = (), dedup_key: str = "") -> None:
    """Send each message, or note why it could not be and when to try again.

    ``dedup_key``: in a job that an older version asked for.
    """
    wanted = Message.objects.filter(dedup_key__in=dedup_keys or [dedup_key], sent_at__isnull=True)
    for message in wanted.order_by("pk"):
        if operations.has_to_wait(message=message, at=now()):
            continue  # the sweep asks when it is time
        if not _deliver(message):
            return


def _deliver(message: Message) -> bool:
    """False where the next would not leave either."""
    try:
        if not operations.hand_on(message=message):
            return True
    except operations.MailServerAway as away:
        log.warning("messages wait", exc_info=True)
        operations.record_server_away(message=message, error=away, at=now())
        return False
    except Exception as error:
        if dependency_of(error) is Dependency.DATABASE:
            raise  # no answer to this message
        # Not the queue's to try again: the sweep does, later and later, for days.
        log.warning("message %d was not taken: %s", message.pk, error)
        operations.record_failure(message=message, error=error, at=now())
        return True
    with transaction.atomic():
        at = now()
        if operations.record_sent(message=message, at=at):
            record_notification(message=message, at=at)
    return True
