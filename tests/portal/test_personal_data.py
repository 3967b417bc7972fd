"""What the portal keeps of a person: handed to them without a secret, erased where no law keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from plainchant.portal.accounts import departures, operations
from plainchant.portal.accounts.models import LogIn, User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.personal_data import erase, export, to_erase
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.departures import close_account
from plainchant.portal.structures.models import Membership
from plainchant.portal.tickets.operations import TicketQuestion, ask
from plainchant.portal.tickets.subjects import Subject
from tests.making import a_draft, a_person, a_structure, a_town, an_attachment
from tests.portal.library.test_library import keep
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    with once_a_module():
        structure, town = a_structure(at=at), a_town(at=at)
        ada = a_person(at=at, contact_email="avis@ailleurs.example", phone="0102030405")
        an_attachment(person=ada, structure=structure, at=at, is_manager=True)
        sent = a_draft(seller=structure, user=ada, at=at, buyer=town, number="F-DONNEES")
        submit(draft=sent.draft, actor=Actor(ada), at=at)
        a_draft(seller=structure, user=ada, at=at, buyer=town, number="F-BROUILLON")
        keep(user=ada, at=at, name="rib.pdf")
        TOTP.activate(ada, SECRET)
        end = at + timedelta(days=1)
        LogIn.objects.create(
            session_key="the-key", session_data="x", expire_date=end, user=ada, begun_at=at, device="Firefox"
        )
        operations.ask_contact(user=ada, address="autre@ailleurs.example", at=at)
        return ada


@pytest.fixture
def ada(built: User) -> User:
    return deepcopy(built)


def test_a_person_takes_everything_away_and_no_secret(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    assert client.post("/compte/mes-donnees/").status_code == 403  # a proof first
    assert client.get("/compte/mes-donnees/").headers["Location"].startswith("/compte/securite/preuve/")
    proved(client, method="mfa")
    assert "Télécharger" in client.get("/compte/mes-donnees/").text
    answer = client.post("/compte/mes-donnees/")
    assert answer.streaming
    assert 'filename="mes-donnees-' in answer.headers["Content-Disposition"]
    text = answer.getvalue().decode()
    data = json.loads(text)
    assert (data["compte"]["email"], data["compte"]["phone"]) == (ada.email, "0102030405")
    assert [row["number"] for row in data["factures_deposees"]] == ["F-DONNEES"]
    assert {row["invoice__number"] for row in data["gestes_sur_les_factures"]} >= {"F-DONNEES"}
    assert [row["name"] for row in data["pieces"]] == ["rib.pdf"]
    assert "Firefox" in [row["device"] for row in data["connexions"]]
    assert data["rattachements"][0]["is_manager"]
    assert data["messages_recus"]
    for secret in ("the-key", SECRET, ada.password, "argon2", "token"):
        assert secret not in text


def test_nothing_of_others_is_in_it(ada: User, at: datetime) -> None:
    data = json.loads("".join(export(user=a_person(at=at, name="Grace"))))
    assert data.pop("compte")["first_name"] == "Grace"
    assert not any(data.values())


def test_what_was_asked_to_be_erased_goes_after_a_month_and_histories_stay(ada: User, at: datetime) -> None:
    question = TicketQuestion(subject=Subject.OTHER, title="Où ?", text="Où en est-elle ?")
    ticket = ask(question=question, uploads=[], actor=Actor(ada), at=at)
    close_account(actor=Actor(ada), at=at, erase=True)
    assert erase(before=at, at=at + MONTH) == 0  # not before its time
    later = at + timedelta(seconds=1)
    assert list(to_erase(before=later)) == [ada]
    assert erase(before=later, at=at + MONTH) == 1
    user = User.objects.get(pk=ada.pk)
    assert (user.email, user.get_full_name()) == (f"efface-{ada.pk}@plainchant.invalid", "Compte effacé")
    assert (user.contact_email, user.phone, user.is_active, user.closed_by_owner_at) == ("", "", False, None)
    assert not user.check_password("un mot de passe de test")
    for model in (LogIn, Authenticator):
        assert not model.objects.filter(user=ada).exists()
    assert not user.address_claims.exists()
    assert not LibraryFile.objects.filter(owner=ada).exists()
    assert Membership.objects.get(user=ada).state == Membership.State.REMOVED
    assert Invoice.objects.filter(created_by=ada, number="F-DONNEES").exists()
    assert StatusChange.objects.filter(actor=ada).first().actor_name == "Ada Essai"  # type: ignore[union-attr]
    ticket.refresh_from_db()
    assert (ticket.asker_name, ticket.thread.get().author_name) == ("Compte effacé", "Compte effacé")
    assert ticket.thread.get().text == "Où en est-elle ?"
    assert erase(before=later, at=at + MONTH) == 0
    operations.register(
        email=ada.email, first_name="X", last_name="Y", contact_email="", phone="", siret="", at=at + MONTH
    )  # the address is free again
    assert User.objects.filter(email=ada.email).exists()


def test_whoever_comes_back_or_has_not_asked_is_not_erased(ada: User, at: datetime) -> None:
    close_account(actor=Actor(ada), at=at)
    assert not to_erase(before=at + MONTH).exists()
    operations.reopen(email=ada.email, at=at)
    departures.close(user=ada, at=at + timedelta(days=1), erase=True)
    assert to_erase(before=at + MONTH).exists()
    operations.reopen(email=ada.email, at=at + timedelta(days=2))
    assert not User.objects.get(pk=ada.pk).erasure_asked_at
    departures.close(user=ada, at=at + timedelta(days=3))
    assert not to_erase(before=at + MONTH).exists()
