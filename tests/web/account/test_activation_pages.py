"""Following the link of the activation message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from plainchant.portal.accounts.models import Activation, User
from plainchant.portal.mail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHOSEN = {"password1": "trois vases bleus", "password2": "trois vases bleus"}
Signup = Callable[..., Any]
PathIn = Callable[[str], str]


@pytest.mark.parametrize("token", ["inconnu", "%00", "a" * 3000, "é"])
def test_an_unknown_link_offers_a_new_one(token: str, client: Client) -> None:
    answer = client.get(f"/compte/activer/{token}/")
    assert answer.status_code == 404
    assert "Nous ne connaissons pas ce lien" in answer.content.decode()
    assert 'action="/compte/activer/"' in answer.content.decode()


def test_an_expired_link_offers_a_new_one_and_takes_no_password(
    client: Client, signup: Signup, path_in: PathIn
) -> None:
    signup()
    Activation.objects.update(expires_at=F("expires_at") - timedelta(minutes=61))
    for answer in (client.get(path_in("activation")), client.post(path_in("activation"), CHOSEN)):
        assert answer.status_code == 410
        assert "trop ancien" in answer.content.decode()
        assert 'action="/compte/activer/"' in answer.content.decode()
    assert not User.objects.get().is_active


def test_a_replaced_link_sends_to_the_newer_message(client: Client, signup: Signup, path_in: PathIn) -> None:
    signup()
    first = path_in("activation")
    signup()
    answer = client.post(first, CHOSEN)
    assert answer.status_code == 410
    assert "plus récent" in answer.content.decode()
    assert client.post(path_in("activation"), CHOSEN).status_code == 302


def test_the_page_of_a_link_shows_what_the_account_will_say(client: Client, signup: Signup, path_in: PathIn) -> None:
    """A stranger may have asked for the newer link: what they typed counts with that link only, and is shown."""
    signup()
    signup(first_name="Eve", contact_email="eve@example.org", siret="356 000 000 00048")
    page = client.get(path_in("activation")).text
    assert "Eve Lefèvre" in page
    assert "eve@example.org" in page
    signup(first_name="Marie", phone="01 23 45 67 89")
    page = client.get(path_in("activation")).text
    assert "Marie Lefèvre" in page
    assert "eve@example.org" not in page
    assert client.post(path_in("activation"), CHOSEN).status_code == 302
    user = User.objects.get()
    assert (user.first_name, user.notice_address, user.siret_at_registration) == (
        "Marie", "marie@potiers.fr", "73282932000074",
    )  # fmt: skip


def test_a_used_link_sends_to_the_log_in_page(client: Client, signup: Signup, path_in: PathIn) -> None:
    signup()
    client.post(path_in("activation"), CHOSEN)
    answer = Client().get(path_in("activation"))
    assert answer.status_code == 410
    assert "a déjà servi" in answer.content.decode()
    assert "/compte/connexion/" in answer.content.decode()


def test_a_mail_scanner_that_opens_the_link_uses_nothing(client: Client, signup: Signup, path_in: PathIn) -> None:
    signup()
    for _ in range(3):
        assert Client().get(path_in("activation")).status_code == 200
        assert Client().head(path_in("activation")).status_code == 200
    assert Activation.objects.get().used_at is None
    assert client.post(path_in("activation"), CHOSEN).status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("court", "court", "au moins 12"),
        ("motdepasse2026", "motdepasse2026", "parmi les premiers"),
        ("Marie Lefèvre 1", "Marie Lefèvre 1", "votre nom"),
        ("trois vases bleus", "trois vases verts", "ne sont pas les mêmes"),
        ("trois vases\x00bleus", "x", "nul"),
    ],
)
def test_a_refused_password_leaves_the_link_usable(
    first: str, second: str, sentence: str, client: Client, signup: Signup, path_in: PathIn
) -> None:
    signup()
    answer = client.post(path_in("activation"), {"password1": first, "password2": second})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert first not in answer.content.decode().replace("motdepasse2026\u00a0»", "")
    assert client.post(path_in("activation"), CHOSEN).status_code == 302


def test_the_rules_are_there_before_a_password_is_typed(client: Client, signup: Signup, path_in: PathIn) -> None:
    signup()
    page = client.get(path_in("activation"))
    assert "au moins 12 caractères" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]


def test_choosing_a_password_logs_in_with_a_new_session_and_goes_on_to_the_structure(
    client: Client, signup: Signup, path_in: PathIn
) -> None:
    signup()
    before = client.session.session_key
    answer = client.post(path_in("activation"), CHOSEN)
    assert answer.headers["Location"] == "/structures/ajouter/73282932000074/"
    assert client.session.session_key != before
    assert client.session.get_expire_at_browser_close()
    assert client.get(answer.headers["Location"]).status_code == 200


def test_asking_for_a_new_link_answers_the_same_for_anyone(
    signup: Signup, marie: User, bare: Callable[[Any, str], bytes]
) -> None:
    signup(email="attend@potiers.fr", email2="attend@potiers.fr")
    pages: set[object] = set()
    for email in ("marie@potiers.fr", "attend@potiers.fr", "inconnu@potiers.fr"):
        visitor = Client()
        answer = visitor.post("/compte/activer/", {"email": email})
        pages.add((answer.status_code, answer.headers["Location"]))
        pages.add(bare(visitor.get(answer.headers["Location"]), email))
    assert len(pages) == 2
    assert Message.objects.filter(recipient="inconnu@potiers.fr", kind="no_account").exists()


def test_the_sixth_new_link_in_an_hour_waits_known_or_not(client: Client, marie: User) -> None:
    for email in ("marie@potiers.fr", "inconnu@potiers.fr"):
        codes = [client.post("/compte/activer/", {"email": email}).status_code for _ in range(6)]
        assert codes == [302] * 5 + [429]
