"""The page of the programming interface: for anybody, where the operator lets programs in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from plainchant.api.openapi import document
from plainchant.web.programs.views import DOCUMENT


@pytest.mark.django_db
@pytest.mark.one_database
def test_it_is_there_where_programs_are_let_in(client: Client, settings: LazySettings) -> None:
    page = client.get("/logiciels/interface/")
    assert page.status_code == 200
    assert f'data-explorer="{DOCUMENT}"' in page.content.decode()
    assert client.get(DOCUMENT).json() == document()
    settings.API = False
    assert client.get("/logiciels/interface/").status_code == 404
