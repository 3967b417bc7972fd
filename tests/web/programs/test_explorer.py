"""The page of the programming interface: for anybody, where the operator lets programs in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from plainchant.api.french import SENTENCES
from plainchant.api.openapi import document
from plainchant.api.table import TABLE
from plainchant.web.programs.views import DOCUMENT


@pytest.mark.django_db
@pytest.mark.one_database
def test_it_is_there_where_programs_are_let_in(client: Client, settings: LazySettings) -> None:
    page = client.get("/logiciels/interface/")
    assert page.status_code == 200
    assert f'data-explorer="{DOCUMENT}"' in page.content.decode()
    assert "data-sandbox" not in page.content.decode()
    assert client.get(DOCUMENT).json() == document()
    settings.API = False
    assert client.get("/logiciels/interface/").status_code == 404


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_sandbox_offers_its_own_accounts(client: Client, settings: LazySettings) -> None:
    settings.SANDBOX = True
    page = client.get("/logiciels/interface/").content.decode()
    assert 'data-sandbox="/sandbox/"' in page
    assert "Au nom de" in page


def test_every_operation_is_explained_in_french() -> None:
    assert SENTENCES.keys() == {row.run.__name__ for row in TABLE}
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
    shown = document()["paths"]["/cpro/factures/v1/soumettre"]["post"]
    assert shown["x-summary-fr"] == SENTENCES["soumettre"]
    assert shown["summary"].startswith("Send an invoice")
