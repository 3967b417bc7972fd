"""The security log: each event once, as JSON, without anything that could be used or that names somebody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts import operations as accounts
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.security import SecurityEvent
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import bank_accounts, memberships
from tests.making import a_member, a_person, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
IBAN = "FR1420041010050500013M02606"


def test_what_happens_to_an_account_is_told_once_and_names_nobody(
    client: Client, marie: User, kept: Callable[[], list[dict[str, Any]]], at: datetime
) -> None:
    def log_in(password: str, email: str = "marie@potiers.fr") -> None:
        client.post("/compte/connexion/", {"login": email, "password": password})

    log_in("faux faux faux")
    log_in("faux faux faux", email="inconnu@potiers.fr")
    log_in("trois vases bleus")
    client.post("/compte/deconnexion/")
    accounts.change_password(user=User.objects.get(), password="quatre pots verts", at=at)
    accounts.update_profile(user=marie, first_name="M", last_name="L", contact_email="m@potiers.fr", phone="", at=at)
    accounts.close(email=marie.email, at=at)
    accounts.reopen(email=marie.email, at=at)
    lines = kept()
    assert [line["event"] for line in lines] == [
        SecurityEvent.LOG_IN_FAILED,
        SecurityEvent.LOG_IN_FAILED,
        SecurityEvent.LOGGED_IN,
        SecurityEvent.LOGGED_OUT,
        SecurityEvent.PASSWORD_CHANGED,
        SecurityEvent.ADDRESS_ASKED,
        SecurityEvent.ACCOUNT_CLOSED,
        SecurityEvent.ACCOUNT_REOPENED,
    ]
    assert [line.get("person") for line in lines] == [marie.pk, None, *[marie.pk] * 6]
    assert {line["visitor"] for line in lines[:4]} == {"127.0.0.1"}
    text = json.dumps(lines, ensure_ascii=False)
    for secret in ("potiers", "Marie", "faux", "vases", "verts"):
        assert secret not in text


def test_what_changes_of_bank_accounts_and_rights_is_told(
    kept: Callable[[], list[dict[str, Any]]], at: datetime
) -> None:
    structure = a_structure(at=at)
    manager = a_member(structure=structure, at=at, is_manager=True)
    account = bank_accounts.add(structure=structure, actor=Actor(manager), label="Courant", iban=IBAN, bic="", at=at)
    bank_accounts.close(account=account, actor=Actor(manager), at=at)
    asked = memberships.ask_to_join(actor=Actor(a_person(at=at)), structure=structure, comment="", at=at)
    memberships.decide(membership=asked, actor=Actor(manager), accept=True, at=at)
    lines = kept()
    assert [(line["event"], line.get("by"), line["structure"]) for line in lines] == [
        (SecurityEvent.BANK_ACCOUNT_ADDED, manager.pk, structure.identifier),
        (SecurityEvent.BANK_ACCOUNT_CLOSED, manager.pk, structure.identifier),
        (SecurityEvent.MEMBER_ACCEPTED, manager.pk, structure.identifier),
    ]
    assert IBAN not in json.dumps(lines)


def test_each_event_has_its_words() -> None:
    assert all(event.label and event.value == event for event in SecurityEvent)
