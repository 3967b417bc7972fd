"""Choosing the recipient of a draft in the directory."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from plainchant.demo import directory
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from tests.making import a_draft, a_member, a_service, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


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


def test_the_services_offered_are_those_of_today_not_of_the_day_the_draft_was_touched(
    client: Client, draft: Invoice
) -> None:
    today = day_in_paris(now())
    town = a_town(at=draft.created_at)
    a_service(structure=town, code="NOUVEAU", valid_from=today)
    a_service(structure=town, code="ANCIEN", valid_until=today - timedelta(days=1))
    client.post(f"/deposer/{draft.uid}/destinataire/", {"buyer": town.identifier})
    Invoice.objects.filter(pk=draft.pk).update(updated_at=now() - timedelta(days=30))
    page = client.get(f"/deposer/{draft.uid}/").text
    assert "(NOUVEAU)" in page
    assert "(ANCIEN)" not in page
