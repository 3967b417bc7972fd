"""What `once_a_module` promises: each test finds the rows and documents of its module as they were made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from plainchant.portal.structures.models import Structure
from tests.making import a_structure

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Structure:
    with once_a_module():
        storages["documents"].save("rib.txt", ContentFile(b"as made"))
        return a_structure(at=at, name="As made")


@pytest.fixture
def structure(built: Structure) -> Structure:
    return deepcopy(built)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_finds_everything_as_it_was_made(structure: Structure, turn: int) -> None:
    assert structure.name == "As made"
    assert [found.name for found in Structure.objects.all()] == ["As made"]
    with storages["documents"].open("rib.txt") as document:
        assert document.read() == b"as made"
    structure.name = "Changed"
    structure.save()
    a_structure(at=structure.created_at, name="One more", identifier="90210001500012")
    storages["documents"].delete("rib.txt")
