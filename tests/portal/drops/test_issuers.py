"""In whose name a person may hand documents in."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from tests.making import a_person, a_structure, an_attachment

pytestmark = pytest.mark.django_db


def test_only_the_open_structures_whose_invoices_one_prepares(at: datetime) -> None:
    person = a_person(at=at)
    prepared, followed, closed = (a_structure(at=at), a_structure(at=at), a_structure(at=at, is_active=False))
    for structure, profile in (
        (prepared, AccessProfile.INVOICE),
        (followed, AccessProfile.FOLLOW),
        (closed, AccessProfile.INVOICE),
    ):
        an_attachment(person=person, structure=structure, at=at, profiles=[profile])
    assert list(issuers_for(actor=Actor(person))) == [prepared]
