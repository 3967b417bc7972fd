"""Marie who manages a pottery, Jean who would like to join it, and a town without manager."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts import operations as accounts
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import bank_accounts, operations
from plainchant.portal.structures.models import BankAccount, Service, Structure, StructureNature
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails
from tests.web.proving import proved


def _enrol(name: str, *, at: datetime) -> User:
    return accounts.enrol(
        email=f"{name.lower()}@exemple.fr",
        first_name=name,
        last_name="Martin",
        password="trois vases bleus",
        siret="73282932000074",
        at=at,
    )


@pytest.fixture
def marie(db: None, at: datetime) -> User:
    return _enrol("Marie", at=at)


@pytest.fixture
def jean(db: None, at: datetime) -> User:
    return _enrol("Jean", at=at)


@pytest.fixture
def as_marie(marie: User) -> Client:
    client = Client()
    client.force_login(marie)
    return proved(client)


@pytest.fixture
def as_jean(jean: User) -> Client:
    client = Client()
    client.force_login(jean)
    return client


@pytest.fixture
def pottery(marie: User, at: datetime) -> Structure:
    sheet = StructureDetails(address_line="1 rue du Port", postcode="29000", city="Quimper")
    return operations.create(
        actor=Actor(marie), identifier="73282932000074", name=LegalName(name="Poterie du Pont"), sheet=sheet, at=at
    ).structure


@pytest.fixture
def account(pottery: Structure, marie: User, at: datetime) -> BankAccount:
    return bank_accounts.add(
        structure=pottery, actor=Actor(marie), label="Courant", iban="FR7630006000011234567890189", bic="", at=at
    )


@pytest.fixture
def town(db: None, at: datetime) -> Structure:
    town = Structure.objects.create(
        nature=StructureNature.PUBLIC,
        identifier="21290232800016",
        name="Commune de Quimper",
        requires_service=True,
        created_at=at,
    )
    Service.objects.create(structure=town, code="CULTURE", name="Service de la culture")
    return town
