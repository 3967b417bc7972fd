"""The outbox made visible, where no mail server is set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import post

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def visible(settings: Any) -> None:
    settings.MAILBOX_IS_VISIBLE = True
    settings.PUBLIC_URL = "http://127.0.0.1:8000"


def write(subject: str, *, to: str = "marie@exemple.fr", body: str = "Bonjour", at: datetime) -> Message:
    post(kind="test", recipient=to, mail=Mail(subject, body), event=subject, at=at)
    return Message.objects.get(subject=subject)


def test_where_messages_really_leave_there_is_no_mailbox(settings: Any, client: Client, at: datetime) -> None:
    message = write("Un", at=at)
    settings.MAILBOX_IS_VISIBLE = False
    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{message.pk}/").status_code == 404
    assert client.get(f"/mailbox/{message.pk}/html/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_an_absent_message_is_absent(number: str, client: Client) -> None:
    assert client.get(f"/mailbox/{number}/").status_code == 404
    assert client.get(f"/mailbox/{number}/html/").status_code == 404


@pytest.mark.parametrize("query", ["recipient=%00", "recipient=" + "a" * 9000, "page=x", "page=-1", "page=" + "9" * 90])
def test_odd_filters_are_answered(query: str, client: Client, at: datetime) -> None:
    write("Un", at=at)
    assert client.get(f"/mailbox/?{query}").status_code == 200


def test_the_newest_message_comes_first_and_says_whether_it_left(client: Client, at: datetime) -> None:
    old = write("Ancien", at=at)
    write("Nouveau", at=at + timedelta(minutes=1))
    Message.objects.filter(pk=old.pk).update(sent_at=at)
    text = client.get("/mailbox/").content.decode()
    assert text.index("Nouveau") < text.index("Ancien")
    assert "en attente" in text
    assert "remis" in text


def test_messages_are_found_by_recipient(client: Client, at: datetime) -> None:
    write("Pour elle", at=at)
    write("Pour lui", to="jean@exemple.fr", at=at)
    text = client.get("/mailbox/?recipient=JEAN").content.decode()
    assert "Pour lui" in text
    assert "Pour elle" not in text


def test_only_our_own_addresses_become_links_and_nothing_becomes_markup(client: Client, at: datetime) -> None:
    body = (
        "Ici : http://127.0.0.1:8000/compte/activer/a-b_c/ et http://evil.example/x "
        "http://127.0.0.1:8000.evil.example/y <script>alert(1)</script>"
    )
    message = write("Liens", body=body, at=at)
    text = client.get(f"/mailbox/{message.pk}/").content.decode()
    assert '<a href="http://127.0.0.1:8000/compte/activer/a-b_c/">' in text
    assert 'href="http://evil' not in text
    assert 'href="http://127.0.0.1:8000.evil' not in text
    assert "<script>alert" not in text


def test_a_message_is_shown_as_a_mail_program_would(client: Client, at: datetime) -> None:
    message = write("Mis en forme", at=at)
    address = f"/mailbox/{message.pk}/html/"
    assert address in client.get(f"/mailbox/{message.pk}/").content.decode()
    answer = client.get(address)
    assert "<h1" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    Message.objects.update(content=None)
    assert client.get(address).status_code == 404
    assert address not in client.get(f"/mailbox/{message.pk}/").content.decode()
