"""Hand the outbox's messages on, and record what their sending means."""

from __future__ import annotations

import logging

from django.db import transaction

from plainchant.portal.invoices.operations import record_notification
from plainchant.portal.lib.outages import Dependency, dependency_of
from plainchant.portal.lib.time import now
from plainchant.portal.mail import operations
from plainchant.portal.mail.models import Message

log = logging.getLogger(__name__)


def deliver(*, dedup_key: str) -> None:
    """Send one message, or note why it could not be and when to try again."""
    message = Message.objects.get(dedup_key=dedup_key)
    if message.sent_at is not None:
        return
    if operations.has_to_wait(message=message, at=now()):
        return  # the sweep asks when it is time
    try:
        operations.hand_on(message=message)
    except operations.MailServerAway as away:
        log.warning("messages wait", exc_info=True)
        operations.record_server_away(message=message, error=away, at=now())
        return
    except Exception as error:
        if dependency_of(error) is Dependency.DATABASE:
            raise  # no answer to this message
        # Not the queue's to try again: the sweep does, later and later, for days.
        log.warning("message %d was not taken: %s", message.pk, error)
        operations.record_failure(message=message, error=error, at=now())
        return
    with transaction.atomic():
        at = now()
        if operations.record_sent(message=message, at=at):
            record_notification(message=message, at=at)
