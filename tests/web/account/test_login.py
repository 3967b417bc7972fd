"""Logging in and out, forgotten and changed passwords, « Mon compte »."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plainchant.portal.accounts import links
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.time import PARIS
from plainchant.portal.mail.models import Message

pytestmark = pytest.mark.django_db
PathIn = Callable[[str], str]
NEW = {"password1": "quatre pots verts", "password2": "quatre pots verts"}


def log_in(client: Client, email: str = "marie@potiers.fr", password: str = "trois vases bleus") -> Any:
    return client.post("/compte/connexion/", {"login": email, "password": password})


def test_wrong_password_unknown_address_and_unactivated_account_get_the_same_page(
    marie: User, signup: Callable[..., Any], bare: Callable[[Any, str], bytes]
) -> None:
    signup(email="attend@potiers.fr", email2="attend@potiers.fr")
    pages = {
        bare(log_in(Client(), email, "cinq bols jaunes"), email)
        for email in ("marie@potiers.fr", "attend@potiers.fr", "inconnu@potiers.fr")
    }
    assert len(pages) == 1
    assert "Compte pas encore activé" in pages.pop().decode()


@pytest.mark.one_database
@pytest.mark.parametrize("email", ["", "marie", "\x00", "a" * 5000 + "@b.fr", "é@è.fr"])
@pytest.mark.parametrize("password", ["", "\x00", "x" * 2000])
def test_odd_input_is_answered_with_a_page(email: str, password: str, client: Client) -> None:
    assert log_in(client, email, password).status_code == 200


def test_a_closed_account_learns_so_only_with_the_right_password(client: Client, marie: User) -> None:
    User.objects.update(is_active=False)
    assert "ne vont pas ensemble" in log_in(client, password="cinq bols jaunes").content.decode()
    answer = log_in(client)
    assert answer.headers["Location"] == "/compte/ferme/"
    assert "_auth_user_id" not in client.session


def test_ten_wrong_passwords_stop_that_visitor_and_not_the_owner_elsewhere(client: Client, marie: User) -> None:
    for _ in range(10):
        assert "ne vont pas ensemble" in log_in(client, password="faux faux faux").content.decode()
    began = time.time()
    refused = log_in(client).text
    hour, minute = map(int, re.search(r"Réessayez à partir de (\d{1,2})\u00a0h\u00a0(\d\d)", refused).groups())  # type: ignore[union-attr]
    until = datetime.fromtimestamp(began, PARIS).replace(hour=hour, minute=minute)
    assert 0 <= (until.timestamp() - began) % 86_400 <= 17 * 60
    owner = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(owner).status_code == 302


def test_an_account_that_is_tried_from_everywhere_is_opened_by_a_link_only(
    client: Client, marie: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_account": "3/h/key"}
    for place in range(3):
        log_in(Client(REMOTE_ADDR=f"192.0.2.{place}"), password="faux faux faux")
    for email in ("marie@potiers.fr", "inconnu@potiers.fr"):
        for place in range(10, 14):
            answer = log_in(Client(REMOTE_ADDR=f"192.0.2.{place}"), email=email)
        assert re.search(r"venus de plusieurs endroits.*avant \d{1,2}\u00a0h\u00a0\d\d", answer.text)
    assert "choisissez un nouveau mot de passe" in answer.text


def test_a_right_password_counts_as_no_try(client: Client, marie: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_account": "2/h/key"}
    assert [log_in(Client()).status_code for _ in range(4)] == [302] * 4


def test_logging_in_with_capitals_rotates_the_session_and_ends_with_the_browser(client: Client, marie: User) -> None:
    client.get("/compte/connexion/")
    session = client.session
    session["before"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    assert log_in(client, "Marie@Potiers.FR").headers["Location"] == "/"
    assert client.session.session_key != before
    assert client.session.get_expire_at_browser_close()


def test_the_page_one_wanted_comes_after_logging_in_unless_it_is_elsewhere(client: Client, marie: User) -> None:
    typed = {"login": "marie@potiers.fr", "password": "trois vases bleus"}
    assert client.get("/structures/").headers["Location"] == "/compte/connexion/?next=/structures/"
    assert client.post("/compte/connexion/?next=/structures/", typed).headers["Location"] == "/structures/"
    client.post("/compte/deconnexion/")
    assert client.post("/compte/connexion/?next=//evil.example/", typed).headers["Location"] == "/"


@pytest.mark.one_database
def test_opening_the_log_out_page_does_not_log_out(client: Client, marie: User) -> None:
    client.force_login(marie)
    assert client.get("/compte/deconnexion/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/compte/deconnexion/")
    assert "_auth_user_id" not in client.session


def test_forgotten_password_answers_the_same_for_anyone(
    marie: User, signup: Callable[..., Any], bare: Callable[[Any, str], bytes]
) -> None:
    signup(email="attend@potiers.fr", email2="attend@potiers.fr")
    pages = set()
    for email in ("marie@potiers.fr", "attend@potiers.fr", "inconnu@potiers.fr"):
        visitor = Client()
        answer = visitor.post("/compte/mot-de-passe/oublie/", {"email": email})
        pages.add(
            (answer.status_code, answer.headers["Location"], bare(visitor.get(answer.headers["Location"]), email))
        )
    assert len(pages) == 1
    kinds = dict(Message.objects.order_by("pk").values_list("recipient", "kind"))
    assert kinds == {
        "marie@potiers.fr": "password_reset",
        "attend@potiers.fr": "activation",
        "inconnu@potiers.fr": "no_account",
    }


def test_a_reset_link_works_once_and_logs_in(client: Client, marie: User, path_in: PathIn) -> None:
    client.post("/compte/mot-de-passe/oublie/", {"email": "Marie@potiers.fr"})
    form = client.get(path_in("password_reset")).headers["Location"]
    assert "set-password" in form
    assert client.post(form, NEW).status_code == 302
    assert "_auth_user_id" in client.session
    assert User.objects.get().check_password("quatre pots verts")
    again = Client().get(path_in("password_reset"))
    assert "Ce lien ne sert plus" in again.content.decode()


def test_two_pages_of_the_same_reset_link_cannot_both_be_sent(marie: User, path_in: PathIn) -> None:
    first, second = Client(), Client()
    first.post("/compte/mot-de-passe/oublie/", {"email": "marie@potiers.fr"})
    forms = [visitor.get(path_in("password_reset")).headers["Location"] for visitor in (first, second)]
    assert first.post(forms[0], NEW).status_code == 302
    late = second.post(forms[1], {"password1": "cinq bols jaunes", "password2": "cinq bols jaunes"})
    assert "Ce lien ne sert plus" in late.content.decode()
    assert User.objects.get().check_password("quatre pots verts")


@pytest.mark.one_database
@pytest.mark.parametrize("key", ["1-", "zzzzzzzzzzzzz-abc", "1-set-password", "0-%00"])
def test_an_invented_reset_link_is_answered_with_a_page(key: str, client: Client, marie: User) -> None:
    assert client.get(f"/compte/mot-de-passe/nouveau/{key}/").status_code in (200, 404)


def test_changing_the_password_needs_the_present_one(client: Client, marie: User) -> None:
    client.force_login(marie)
    answer = client.post("/compte/mot-de-passe/", {"oldpassword": "faux faux faux", **NEW})
    assert "pas votre mot de passe actuel" in answer.content.decode()
    assert User.objects.get().check_password("trois vases bleus")


def test_changing_the_password_keeps_this_device_and_ends_the_others(client: Client, marie: User) -> None:
    other = Client()
    log_in(other)
    log_in(client)
    answer = client.post("/compte/mot-de-passe/", {"oldpassword": "trois vases bleus", **NEW})
    assert answer.headers["Location"] == "/compte/"
    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302
    assert Message.objects.get().kind == "password_changed"


def test_ones_account_shows_and_keeps_what_one_writes(client: Client, marie: User) -> None:
    client.force_login(marie)
    typed = {"first_name": "Marie-Line", "last_name": "Le Goff", "contact_email": "", "phone": "06 12 34 56 78"}
    assert client.post("/compte/", {**typed, "email": "autre@y.fr", "is_superuser": "on"}).status_code == 302
    me = User.objects.get()
    assert (me.first_name, me.contact_email, me.email) == ("Marie-Line", "", "marie@potiers.fr")
    assert not me.is_superuser
    assert "Le Goff" in client.get("/compte/").content.decode()


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/compte/", "/compte/mot-de-passe/", "/structures/", "/structures/ajouter/"])
def test_a_stranger_is_sent_to_the_log_in_page(path: str, client: Client) -> None:
    assert client.get(path).headers["Location"] == f"/compte/connexion/?next={path}"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path",
    ["/compte/signup/", "/compte/email/", "/compte/password/set/", "/compte/confirm-email/", "/accounts/login/",
     "/compte/login/code/confirm/", "/compte/reauthenticate/"],
)  # fmt: skip
def test_other_addresses_of_allauth_do_not_exist(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.one_database
def test_the_addresses_of_messages_are_those_of_the_pages() -> None:
    root = links.public("")
    assert links.home() == root + reverse("home")
    assert links.signup() == root + reverse("account_signup")
    assert links.activate(token="t") == root + reverse("account_activate", kwargs={"token": "t"})
    assert links.resend_activation() == root + reverse("account_resend_activation")
    assert links.login() == root + reverse("account_login")
    assert links.reset_password() == root + reverse("account_reset_password")
    assert links.my_structures() == root + reverse("structures_mine")
    reset = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "k"})
    assert links.choose_new_password(key="1-k") == root + reset
