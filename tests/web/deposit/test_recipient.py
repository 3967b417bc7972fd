"""Choosing the recipient of a draft in the directory."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.demo import directory
from plainchant.portal.invoices.models import Invoice
from tests.making import a_draft, a_member, a_structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(at: datetime) -> Invoice:
    directory.seed(at=at)
    seller = a_structure(at=at)
    return a_draft(seller=seller, user=a_member(structure=seller, at=at), at=at)


@pytest.fixture
def client(draft: Invoice) -> Client:
    client = Client()
    client.force_login(draft.created_by)
    return client


def test_a_body_that_takes_no_more_invoices_is_no_choice(client: Client, draft: Invoice) -> None:
    page = client.get(f"/deposer/{draft.uid}/destinataire/", {"q": directory.CLOSED_TOWN}).content.decode()
    assert f'value="{directory.CLOSED_TOWN}" disabled' in page


def test_a_slip_in_the_name_still_finds_it_with_and_without_scripts(client: Client, draft: Invoice) -> None:
    address = f"/deposer/{draft.uid}/destinataire/"
    whole = client.get(address, {"q": "mairi valbrum"}).content.decode()
    part = client.get(address, {"q": "mairi valbrum"}, headers={"HX-Request": "true"}).content.decode()
    assert directory.TOWN_HALL in whole
    assert directory.TOWN_HALL in part
    assert "<html" in whole
    assert "<html" not in part


def test_choosing_keeps_what_was_typed_and_says_what_is_demanded(client: Client, draft: Invoice) -> None:
    number = "N-7"
    client.post(f"/deposer/{draft.uid}/", {"number": number, "go": "recipient"})
    answer = client.post(f"/deposer/{draft.uid}/destinataire/", {"buyer": directory.TOWN_HALL}, follow=True)
    page = answer.content.decode()
    assert f'value="{number}"' in page
    assert "l’un des deux suffit" in page
    assert "Écoles et cantines (ECOLES)" in page
