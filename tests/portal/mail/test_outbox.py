"""The outbox: written once for an event, kept for ever, except what would open an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives

from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import BLANKED, GIVE_UP_AFTER, NotUnsent, hand_on, post, send_again
from plainchant.portal.mail.queries import waiting
from plainchant.tasks.mail import deliver

pytestmark = pytest.mark.django_db


def write(at: datetime, **values: Any) -> Message:
    mail = Mail(values.pop("subject", "s"), *values.pop("parts", ["b"]))
    post(**{"kind": "test", "recipient": "ada@example.org", "event": "1", "at": at, "mail": mail, **values})
    return Message.objects.get()


def test_an_event_is_told_once_however_often_it_is_asked_for(at: datetime) -> None:
    write(at)
    write(at)
    assert Message.objects.count() == 1


def test_a_line_break_in_a_subject_forges_no_header(at: datetime) -> None:
    message = write(at, subject="Facture\r\nBcc: tout@example.org")
    deliver(dedup_key=message.dedup_key)
    assert django_mail.outbox[0].subject == "Facture Bcc: tout@example.org"
    assert django_mail.outbox[0].recipients() == ["ada@example.org"]


def test_delivering_twice_sends_once(at: datetime) -> None:
    message = write(at)
    deliver(dedup_key=message.dedup_key)
    deliver(dedup_key=message.dedup_key)
    assert len(django_mail.outbox) == 1


def test_a_refusal_of_the_mail_server_is_kept_and_the_message_stays_to_be_sent(at: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    message = write(at)
    deliver(dedup_key=message.dedup_key)
    message.refresh_from_db()
    assert message.sent_at is None
    assert message.attempts == 1
    assert "ConnectionRefusedError" in message.last_error
    assert message.retry_at is not None


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("is_waiting", "created", "retried", "sent"),
    [
        (True, SECOND, None, None),
        (False, SECOND, None, SECOND),  # it has left
        (False, timedelta(0), None, None),  # only just asked for
        (True, GIVE_UP_AFTER - SECOND, None, None),
        (False, GIVE_UP_AFTER, None, None),
        (True, SECOND, timedelta(0), None),
        (False, SECOND, -SECOND, None),  # to be tried again in a second
    ],
)
def test_what_waits_is_what_should_have_left_by_now(
    at: datetime, is_waiting: bool, created: timedelta, retried: timedelta | None, sent: timedelta | None
) -> None:
    """Each as long ago as it says."""
    write(at)
    Message.objects.update(
        created_at=at - created,
        retry_at=None if retried is None else at - retried,
        sent_at=None if sent is None else at - sent,
    )
    assert waiting(at=at, asked_before=at).exists() is is_waiting


@pytest.mark.parametrize(("visible", "kept"), [(False, BLANKED), (True, "le lien")])
def test_a_link_that_opens_an_account_is_not_kept_where_mail_really_leaves(
    at: datetime, settings: Any, visible: bool, kept: str
) -> None:
    settings.MAILBOX_IS_VISIBLE = visible
    message = write(at, parts=["le lien"], is_secret=True)
    deliver(dedup_key=message.dedup_key)
    message.refresh_from_db()
    assert "le lien" in django_mail.outbox[0].body
    assert kept in message.body
    assert ("le lien" in f"{message.body}{message.content}") is visible


def sent(message: Message) -> EmailMultiAlternatives:
    deliver(dedup_key=message.dedup_key)
    [email] = django_mail.outbox
    assert isinstance(email, EmailMultiAlternatives)
    return email


def test_text_and_html_leave_together_and_no_absence_notice_comes_back(at: datetime) -> None:
    email = sent(write(at, parts=["Une phrase."]))
    [(page, media_type)] = email.alternatives
    assert media_type == "text/html"
    assert "Une phrase." in email.body
    assert "Une phrase." in page
    assert email.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in email.extra_headers


def test_a_mail_that_may_be_muted_says_how_to_mail_programs(at: datetime) -> None:
    headers = sent(write(at, mute_token="jeton")).extra_headers
    assert headers["List-Unsubscribe"] == "<http://127.0.0.1:8000/compte/notifications/arreter/jeton/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_message_of_a_version_that_knew_no_html_still_leaves(at: datetime) -> None:
    message = write(at)
    Message.objects.update(content=None, body="Bonjour,\n\ncomme avant.")
    email = sent(message)
    assert email.body == "Bonjour,\n\ncomme avant."
    assert email.alternatives == []


def test_an_operator_has_the_messages_tried_again_that_were_named_and_have_not_left(at: datetime) -> None:
    sent_one, named, other = (post_one(at, event) for event in ("1", "2", "3"))
    deliver(dedup_key=sent_one.dedup_key)
    Message.objects.filter(pk__in=[named.pk, other.pk]).update(retry_at=at + timedelta(hours=3))
    for numbers in ([sent_one.pk, named.pk], [named.pk, 10**6]):
        with pytest.raises(NotUnsent):
            send_again(numbers=numbers, at=at)
    assert send_again(numbers=[named.pk], at=at) == 1
    assert [message.asked_again_at for message in Message.objects.order_by("pk")] == [None, at, None]


def test_a_message_is_counted_as_tried_alone(at: datetime) -> None:
    message, other = post_one(at, "1"), post_one(at, "2")
    assert hand_on(message=message)
    other.refresh_from_db()
    assert other.attempts == 0


def test_a_message_that_another_worker_has_sent_meanwhile_is_not_sent_again(at: datetime) -> None:
    message = post_one(at, "1")
    Message.objects.update(sent_at=at)
    assert not hand_on(message=message)
    assert django_mail.outbox == []


def post_one(at: datetime, event: str) -> Message:
    post(kind="test", recipient="ada@example.org", event=event, at=at, mail=Mail("s", "b"))
    return Message.objects.latest("pk")
