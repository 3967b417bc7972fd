"""Write to the outbox; hand a message of the outbox on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.outages import Dependency
from plainchant.portal.queue.operations import enqueue

from .mails import Mail, from_stored, html
from .models import Message
from .strangers import without_links

DELIVER = "mail.deliver"
MOST_IN_A_JOB = 5  # messages: a slow mail server has taken them before the job counts as forgotten
BLANKED = "(contenu retiré après l’envoi)"
GIVE_UP_AFTER = timedelta(days=15)  # a mail server that says no for so long needs an operator
LONGEST_WAIT = timedelta(hours=6)
AWAY_FOR = timedelta(minutes=1)  # until a mail server that could not be reached is tried again


class MailServerAway(OSError):
    """The mail server could not be reached, or does not let us in."""

    away = Dependency.MAIL


@dataclass(frozen=True)
class OutboxMail:
    """A message to be put in the outbox.

    ``mute_token``: what `stop_url` needs to have no more of them; empty where somebody must be told.
    ``event`` names what is announced among all of its kind (an invoice and its history row's number, a token's id): the
    same (kind, event, recipient) is written once, however often it is asked for. ``is_secret``: the body opens an
    account, and is not kept.
    """

    kind: str
    event: str
    recipient: str
    mail: Mail
    is_secret: bool = False
    mute_token: str = ""

    @property
    def dedup_key(self) -> str:
        return dedup_key(kind=self.kind, event=self.event, recipient=self.recipient)


def dedup_key(*, kind: str, event: str, recipient: str) -> str:
    """What a message of this kind about this event to this address bears, and no other."""
    # Hashed: it travels through queues and logs, where nobody's address has any business.
    return hashlib.sha256(f"{kind}|{event}|{recipient}".encode()).hexdigest()


def post(
    *,
    kind: str,
    event: str,
    recipient: str,
    mail: Mail,
    at: datetime,
    is_secret: bool = False,
    mute_token: str = "",
) -> None:
    """Put one message in the outbox and have it delivered, in the caller's transaction: see `OutboxMail`."""
    post_all(mails=[OutboxMail(kind, event, recipient, mail, is_secret, mute_token)], at=at)


def post_all(*, mails: Sequence[OutboxMail], at: datetime) -> None:
    """Put messages in the outbox and have them delivered, in the caller's transaction."""
    deliver_later(keys=write(mails=mails, at=at), at=at)


def write(*, mails: Sequence[OutboxMail], at: datetime) -> list[str]:
    """Put messages in the outbox; their keys, for the caller to have them delivered.

    A job costs more than a message: the steps of one transaction share one.
    """
    Message.objects.bulk_create([_written(mail, at) for mail in mails], ignore_conflicts=True)
    return [mail.dedup_key for mail in mails]


def _written(mail: OutboxMail, at: datetime) -> Message:
    shown = mail.mail.through(without_links)  # but ours
    return Message(
        kind=mail.kind,
        recipient=mail.recipient,
        subject=_one_line(shown.subject),
        body=shown.text(),
        content=shown.stored(),
        mute_token=mail.mute_token,
        is_secret=mail.is_secret,
        dedup_key=mail.dedup_key,
        created_at=at,
    )


def deliver_later(*, keys: Sequence[str], at: datetime) -> None:
    """Have the messages of these ``dedup_key``s handed on, a few in a job, in the caller's transaction."""
    for first in range(0, len(keys), MOST_IN_A_JOB):
        some = list(keys[first : first + MOST_IN_A_JOB])
        enqueue(task=DELIVER, key=some[0], at=at, arguments={"dedup_keys": some})


def _one_line(subject: str) -> str:
    # A line break in a subject is how a header is forged.
    return " ".join(subject.split())[:200]


class NotUnsent(Refused):
    """A message that there is no reason to send again."""

    code = "message_not_unsent"


def send_again(*, numbers: Collection[int], at: datetime) -> int:
    """The operator has messages that have not left tried at once, and for as long as new ones; how many there are.

    Raises NotUnsent where one of ``numbers`` is unknown, or has left.
    """
    with transaction.atomic():
        unsent = Message.objects.filter(pk__in=numbers, sent_at__isnull=True)
        keys = dict(unsent.values_list("pk", "dedup_key"))
        others = sorted(set(numbers) - set(keys))
        if others:
            raise NotUnsent(
                f"Aucun message en attente n’a le numéro {others[0]}\u00a0: il est déjà parti, ou n’existe pas. Voyez "
                "plainchant mails unsent."
            )
        unsent.update(asked_again_at=at, retry_at=None)
        for dedup_key in keys.values():
            deliver_later(keys=[dedup_key], at=at)
    return len(keys)


def hand_on(*, message: Message) -> bool:
    """Give the message to the mail server (or to nobody, where the mailbox page shows the outbox).

    False if another worker has meanwhile. Raises MailServerAway, or whatever the mail server answers to this message.
    The caller records that it was sent, in the transaction that also records what the sending means: a crash between
    the two sends the message again, and never loses it.
    """
    if not Message.objects.filter(pk=message.pk, sent_at__isnull=True).update(attempts=F("attempts") + 1):
        return False
    server = get_connection()
    try:
        server.open()
    except Exception as error:
        raise MailServerAway(f"{type(error).__name__}: {error}") from error
    try:
        _to_send(message, server).send()
    finally:
        server.close()
    return True


def _to_send(message: Message, server: object) -> EmailMultiAlternatives:
    """The text, and the same in HTML unless it was written by a version that knew none."""
    headers = {
        "Message-ID": f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S}@plainchant>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no absence notice comes back
    }
    if message.mute_token:  # RFC 8058: mail programs show a button for it
        headers["List-Unsubscribe"] = f"<{stop_url(message.mute_token)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=message.subject, body=message.body, to=[message.recipient], headers=headers, connection=server
    )
    page = html_of(message)
    if page:
        email.attach_alternative(page, "text/html")
    return email


def html_of(message: Message) -> str:
    """The message as HTML; empty for one that is text alone."""
    if message.content is None:
        return ""
    return html(from_stored(subject=message.subject, stored=message.content))


def stop_url(token: str) -> str:
    """Where one has no more of the mails that bear this token."""
    return f"{settings.PUBLIC_URL}/compte/notifications/arreter/{token}/"


def has_to_wait(*, message: Message, at: datetime) -> bool:
    """Whether it is not to be tried yet. Nothing waits longer than LONGEST_WAIT: a clock has been put back since."""
    return message.retry_at is not None and at < message.retry_at <= at + LONGEST_WAIT


def record_sent(*, message: Message, at: datetime) -> bool:
    """Note that the message has left; False if that was known already."""
    if message.is_secret and not settings.MAILBOX_IS_VISIBLE:
        Message.objects.filter(pk=message.pk).update(body=BLANKED, content=None)
    return bool(Message.objects.filter(pk=message.pk, sent_at__isnull=True).update(sent_at=at, last_error=""))


def record_server_away(*, message: Message, error: MailServerAway, at: datetime) -> None:
    """Nothing was wrong with this message, and no other would leave either: none is tried for a while.

    Attempts that found nobody count once, so that a message that is refused after an outage is not kept for hours.
    """
    Message.objects.filter(pk=message.pk).update(attempts=max(message.attempts, 1), last_error=str(error)[:2000])
    waiting = Message.objects.filter(sent_at__isnull=True)
    waiting.filter(Q(retry_at__isnull=True) | Q(retry_at__lt=at + AWAY_FOR)).update(retry_at=at + AWAY_FOR)


def record_failure(*, message: Message, error: Exception, at: datetime) -> None:
    """Keep the mail server's answer where an operator will look for it, and say when to try again."""
    message.refresh_from_db(fields=["attempts"])
    wait = min(timedelta(minutes=2 ** min(message.attempts, 10)), LONGEST_WAIT)
    Message.objects.filter(pk=message.pk).update(
        last_error=f"{type(error).__name__}: {error}"[:2000], retry_at=at + wait
    )
