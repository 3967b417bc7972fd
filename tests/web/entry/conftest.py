"""An author with a mandate, a town that asks for nothing, and a visitor logged in."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.models import Draft
from plainchant.portal.structures.models import Structure
from tests.making import a_mandate, a_member, a_structure, a_town, an_entry


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(
        at=at, name="Camille Rivet", identifier="90210001500012", address_line="1 rue des Essais", postcode="31000"
    )


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at, identifier="21990001600011", address_line="1 place", postcode="06999")


@pytest.fixture
def author(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=person, at=at)
    return person


@pytest.fixture
def visitor(author: User) -> Client:
    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def entry(seller: Structure, town: Structure, author: User, at: datetime) -> Draft:
    """A draft that could be sent."""
    return an_entry(seller=seller, user=author, at=at, buyer=town)
