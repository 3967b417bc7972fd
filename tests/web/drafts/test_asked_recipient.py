"""What an address of the forms says: whom an invoice is for."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from plainchant.portal.lib.time import now
from plainchant.web.drafts.addresses import asked_recipient
from tests.making import a_town
from tests.spellings import spellings

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_recipient_of_an_address_is_found_however_its_siret_is_written() -> None:
    town = a_town(at=now())
    for text in [town.identifier, *spellings(town.identifier)]:
        assert asked_recipient(RequestFactory().get("/saisir/", {"destinataire": text})) == town, text


@pytest.mark.parametrize("text", ["", "x", "\x00", "2199000160001", "21990001600011" * 20])
def test_an_address_that_names_nobody_asks_for_nobody(text: str) -> None:
    a_town(at=now(), identifier="21990001600011")
    assert asked_recipient(RequestFactory().get("/saisir/", {"destinataire": text})) is None
