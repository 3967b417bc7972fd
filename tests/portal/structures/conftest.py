"""People and structures for these tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from plainchant.portal.accounts import operations as accounts
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import operations
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails

SIRET = "73282932000074"


@pytest.fixture
def enrol(at: datetime) -> Callable[[str], User]:
    def enrol(name: str) -> User:
        return accounts.enrol(
            email=f"{name.lower()}@exemple.fr",
            first_name=name,
            last_name="Martin",
            password="trois vases bleus",
            at=at,
        )

    return enrol


@pytest.fixture
def manager(enrol: Callable[[str], User]) -> User:
    return enrol("Marie")


@pytest.fixture
def pottery(manager: User, at: datetime) -> Structure:
    sheet = StructureDetails(address_line="1 rue du Port", postcode="29000", city="Quimper")
    made = operations.create(
        actor=Actor(manager), identifier=SIRET, name=LegalName(name="Poterie du Pont"), sheet=sheet, at=at
    ).structure
    Structure.objects.filter(pk=made.pk).update(email="atelier@exemple.fr")  # as if it had been confirmed
    made.refresh_from_db()
    return made


@pytest.fixture
def town(at: datetime) -> Structure:
    """A public body of the directory, whom nobody manages yet."""
    return Structure.objects.create(
        nature=StructureNature.PUBLIC, identifier="21290232800016", name="Commune de Quimper", created_at=at
    )
