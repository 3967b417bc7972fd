"""« Exploitation »: nobody finds it but an operator with a second factor, and it names nobody."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.access.permissions import SEE_PORTAL
from plainchant.portal.accounts import operations, second_factor
from plainchant.portal.accounts.models import User
from plainchant.portal.lib import deeds
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import may
from plainchant.reader import sandbox
from plainchant.web import monitor
from tests.making import a_member, a_person, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAGE = "/exploitation/"


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was seen before, and the readers are not started for real."""
    monkeypatch.setattr(monitor, "_facts", monitor.KeptLook(monitor._look, kept_seconds=0))
    monkeypatch.setattr(sandbox, "is_up", lambda: True)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_it_is_there_for_an_operator_with_a_second_factor_alone(at: datetime) -> None:
    manager = a_member(structure=a_structure(at=at), at=at, is_manager=True)
    second_factor.turn_mail_code_on(user=manager, at=at)
    client, absent = as_(manager), as_(manager).get("/exploitatio/").status_code
    assert client.get(PAGE).status_code == absent == 404
    assert "Exploitation" not in client.get("/").content.decode()
    operations.name_operator(email=manager.email, is_one=True, at=at)
    assert client.get(PAGE).status_code == 200
    assert PAGE in client.get("/").content.decode()
    assert client.post(PAGE).status_code == 405
    operations.name_operator(email=manager.email, is_one=False, at=at)
    assert client.get(PAGE).status_code == 404
    assert Client().get(PAGE).headers["Location"].startswith("/compte/connexion/")
    assert Message.objects.filter(kind__startswith="operator_", recipient=manager.email).count() == 2


def test_without_a_second_factor_an_operator_is_led_to_add_one(at: datetime) -> None:
    person = a_person(at=at)
    operations.name_operator(email=person.email, is_one=True, at=at)
    person.refresh_from_db()
    assert not may(Actor(person), SEE_PORTAL)
    client = as_(person)
    assert client.get(PAGE).headers["Location"] == "/compte/securite/"
    second_factor.turn_mail_code_on(user=person, at=at)
    assert client.get(PAGE).status_code == 200
    assert may(Actor(person), SEE_PORTAL)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not may(Actor(person), SEE_PORTAL)
    assert not may(SYSTEM, SEE_PORTAL)


def test_it_says_what_was_done_and_what_is_to_be_looked_at_and_names_nobody(at: datetime) -> None:
    person = a_person(at=at, name="Zoe")
    operations.name_operator(email=person.email, is_one=True, at=at)
    second_factor.turn_mail_code_on(user=person, at=at)
    client = as_(a_person(at=at))
    client = as_(person)
    assert "aucune n’est connue" in client.get(PAGE).content.decode()
    deeds.note(deeds.Deed.BACKUP, at=at, number=2)
    deeds.note(deeds.Deed.SWEEP, at=at, number=0)
    page = client.get(PAGE).content.decode()
    assert "3\u00a0novembre 2026 à\u00a010\u00a0h\u00a030" in page
    assert "avec 2 défauts" in page
    assert "rien n’attendait" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "@" not in main
    assert "Zoe" not in main
