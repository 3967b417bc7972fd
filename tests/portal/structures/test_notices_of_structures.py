"""The address that receives a structure's notices, and its sheet: what is changed there is changed nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from plainchant.portal.accounts.claims import ClaimRefused
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.operations import StructureDetails, confirm_address, edit_sheet
from tests.making import a_member, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "compta@lumen.example"


@pytest.fixture
def two(at: datetime) -> tuple[Structure, Structure]:
    return a_structure(at=at, name="Atelier Lumen"), a_structure(at=at, name="Atelier Voisin")


@pytest.fixture
def chief(two: tuple[Structure, Structure], at: datetime) -> User:
    """Somebody who manages both."""
    person = a_member(structure=two[0], at=at, name="Ada", is_manager=True)
    Membership.objects.create(
        user=person, structure=two[1], state=Membership.State.ACCEPTED, is_manager=True, requested_at=at
    )
    return person


def sheet_of(structure: Structure) -> StructureDetails:
    return StructureDetails(city=structure.city, email=structure.email)


def test_a_sheet_and_an_address_are_of_one_structure(
    two: tuple[Structure, Structure], chief: User, at: datetime
) -> None:
    mine, other = two
    before = {name: getattr(other, name) for name in ("city", "email")}
    claim = edit_sheet(
        structure=mine, actor=Actor(chief), sheet=replace(sheet_of(mine), city="Brume", email=NEW), at=at
    )
    assert claim is not None
    assert confirm_address(claim=claim, at=at) == mine
    for structure in two:
        structure.refresh_from_db()
    assert (mine.city, mine.email) == ("Brume", NEW)
    assert {name: getattr(other, name) for name in ("city", "email")} == before


def test_whoever_manages_no_longer_moves_no_notices(
    two: tuple[Structure, Structure], chief: User, at: datetime
) -> None:
    mine, _ = two
    claim = edit_sheet(structure=mine, actor=Actor(chief), sheet=replace(sheet_of(mine), email=NEW), at=at)
    assert claim is not None
    before = mine.email
    Membership.objects.filter(user=chief, structure=mine).update(is_manager=False)
    with pytest.raises(ClaimRefused):
        confirm_address(claim=claim, at=at)
    mine.refresh_from_db()
    assert mine.email == before
