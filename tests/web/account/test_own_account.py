"""The pages with which somebody changes the login address, closes the account and comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from tests.making import a_person
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "marie@ailleurs.example"
LOGIN, CLOSE = "/compte/adresse/connexion/", "/compte/fermer/"
PathIn = Callable[[str], str]


def log_in(client: Client, email: str = "marie@potiers.fr", password: str = "trois vases bleus") -> Any:
    return client.post("/compte/connexion/", {"login": email, "password": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def visitor(client: Client, marie: User) -> Client:
    log_in(client)
    return client


def test_the_login_address_is_changed_by_its_reader(visitor: Client, path_in: PathIn) -> None:
    assert visitor.post(LOGIN, {"email": "marie@potiers.fr"}).context["form"].errors
    page = visitor.post(LOGIN, {"email": NEW}, follow=True)
    assert "attend d’être confirmée" in page.text
    link = path_in("confirm_login_address")
    elsewhere, reader = Client(), Client()
    log_in(elsewhere)
    assert "Vous vous connecterez" in reader.get(link).text
    assert "Connectez-vous désormais" in reader.post(link).text
    assert elsewhere.get("/compte/").status_code == 302
    assert not is_in(log_in(Client()).client)
    assert is_in(log_in(Client(), NEW).client)
    stop = path_in("login_address_changed")
    assert "Rendre l’adresse d’avant" in reader.get(stop).text
    assert "C’est arrêté" in reader.post(stop).text
    assert reader.get(stop).status_code == 410
    assert User.objects.get().email == "marie@potiers.fr"
    assert not is_in(log_in(Client()).client)  # another password is chosen first


def test_asking_says_nothing_of_other_accounts_and_needs_a_proof(
    visitor: Client, path_in: PathIn, bare: Callable[[Any, str], bytes]
) -> None:
    other = a_person(at=User.objects.get().created_at, name="Grace")
    answers = []
    for address in (other.email, NEW):
        visitor.post(LOGIN, {"wanted": "give_up"})
        visitor.get("/compte/")  # the message of before is shown there
        answers.append(bare(visitor.post(LOGIN, {"email": address}, follow=True), address))
    assert answers[0] == answers[1]
    assert Message.objects.filter(kind="login_address_taken", recipient=other.email).exists()
    proved(visitor, ago=301)
    for path, form in ((LOGIN, {"email": NEW}), (CLOSE, {"understood": "on"})):
        assert "Est-ce bien vous" in visitor.post(path, form).text
    profile = {"first_name": "Marie", "last_name": "Durand", "contact_email": "", "phone": ""}
    assert visitor.post("/compte/", profile).status_code == 302
    assert visitor.post("/compte/", {**profile, "contact_email": NEW}).status_code == 403


def test_whoever_wants_to_be_erased_reads_when(visitor: Client) -> None:
    assert "effacées dans trente jours" in visitor.post(CLOSE, {"understood": "on", "erase": "on"}).text


def test_an_account_is_closed_and_its_door_says_nothing(visitor: Client, path_in: PathIn) -> None:
    assert "Cochez la case" in visitor.post(CLOSE, {}).text
    closed = visitor.post(CLOSE, {"understood": "on"}).text
    assert "Votre compte est fermé" in closed
    assert "effacées" not in closed
    assert not is_in(visitor)
    Message.objects.all().delete()
    right, wrong = log_in(Client()), log_in(Client(), password="faux faux faux")
    assert right.context["form"].errors == wrong.context["form"].errors
    assert Message.objects.filter(kind="closed_by_owner").count() == 1  # of the right password alone
    link = path_in("closed_by_owner")
    reader = Client()
    assert "Rouvrir mon compte" in reader.get(link).text
    assert not User.objects.get().is_active  # a scanner opens every link
    assert "est rouvert" in reader.post(link).text
    assert reader.get(link).status_code == 410
    assert reader.post(link).status_code == 410
    assert is_in(log_in(Client()).client)
