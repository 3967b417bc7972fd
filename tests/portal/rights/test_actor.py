"""Who acts, as rows and histories name them."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.rights.actor import SYSTEM, Actor, Behalf
from tests.making import a_person

pytestmark = pytest.mark.django_db


def test_a_person_signs_with_their_name(at: datetime) -> None:
    ada = a_person(at=at)
    assert (Actor(ada).name, Actor(ada).account) == ("Ada Essai", ada)


def test_whom_one_acts_for_is_said(at: datetime) -> None:
    assert Actor(a_person(at=at), Behalf("Atelier Lumen", "Cabinet Mercier", 1)).name == (
        "Ada Essai (Cabinet Mercier), pour Atelier Lumen"
    )


def test_the_portal_signs_with_its_own_name_and_has_no_account() -> None:
    assert SYSTEM.name == "Plainchant"
    with pytest.raises(ValueError, match="no account"):
        _ = SYSTEM.account
