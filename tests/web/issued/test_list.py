"""The supplier's list: one search in both of its views, and each view keeps it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import HIDDEN_FROM, STATUSES, Side
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from plainchant.web.filters import FilterForm
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment, made_available
from tests.spellings import spellings

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> object:
    """Two drafts and a sent invoice, for two towns."""
    with once_a_module():
        seller = a_structure(at=at)
        user = a_member(structure=seller, at=at)
        first, second = (
            a_town(at=at, name="Commune de Valbrume"),
            a_town(at=at, name="Ville d’Orée", label="Orée-Plage"),
        )
        a_draft(seller=seller, user=user, at=at, buyer=first, number="BR-1")
        a_draft(seller=seller, user=user, at=at, buyer=second, number="BR-2")
        sent = a_draft(seller=seller, user=user, at=at, buyer=second, number="EN-1")
        submit(draft=sent.draft, actor=Actor(user), at=at)
        return user


def test_an_amount_is_listed_in_its_own_currency(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    user, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at)
    sent = a_draft(seller=seller, user=user, at=at, buyer=town, currency="CHF")
    submit(draft=sent.draft, actor=Actor(user), at=at)
    made_available(invoice=sent, at=at)
    visitor = Client()
    for person, address in ((user, "/factures/"), (agent, "/recues/"), (agent, "/recues/toutes/")):
        visitor.force_login(person)
        assert '<span class="money">1 200,00 CHF</span>' in visitor.get(address).text.replace("\u202f", " ")


@pytest.fixture
def client(built: object) -> Client:
    client = Client()
    client.force_login(deepcopy(built))
    return client


def listed(client: Client, address: str) -> list[str]:
    return re.findall(r"data-row-link>([^<]+)</a>", client.get(address).text)


def test_the_search_narrows_what_waits_as_it_does_everything(client: Client) -> None:
    assert sorted(listed(client, "/factures/")) == ["BR-1", "BR-2", "EN-1"]
    assert sorted(listed(client, "/factures/?vue=a-faire")) == ["BR-1", "BR-2"]
    assert listed(client, "/factures/?vue=a-faire&q=valbrume") == ["BR-1"]
    assert listed(client, "/factures/?vue=a-faire&q=zzzz&status=REJETEE") == []
    assert listed(client, "/factures/?vue=a-faire&status=DEPOSEE") == []
    assert listed(client, "/factures/?status=DEPOSEE") == ["EN-1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("br-", ["BR-1", "BR-2"]),
        ("orée-plage", ["BR-2", "EN-1"]),
        ("ville d’or", ["BR-2", "EN-1"]),
        ("  en-1 ", ["EN-1"]),
    ],
)
def test_one_looks_for_a_number_or_a_name(client: Client, text: str, found: list[str]) -> None:
    assert sorted(listed(client, f"/factures/?q={text}")) == found


def test_one_looks_for_the_beginning_of_a_siret_with_or_without_blanks(client: Client) -> None:
    town = re.search(r"\d{14}", client.get("/factures/").text)
    from plainchant.portal.structures.models import Structure

    siret = Structure.objects.get(name="Commune de Valbrume").identifier
    assert town is None  # the list shows names
    for text in spellings(siret):
        assert listed(client, f"/factures/?{urlencode({'q': text})}") == ["BR-1"], text
    assert listed(client, "/factures/?q=--") == []


def test_a_filter_that_cannot_be_understood_says_so_and_narrows_nothing(client: Client) -> None:
    assert listed(client, "/factures/?status=INCONNU&q=BR-1") == ["BR-1"]
    page = client.get("/factures/?facture-du=hier&a-payer-min=beaucoup").text
    assert len(re.findall(r"data-row-link", page)) == 3
    assert page.count('class="field has-error"') == 2
    assert '<details class="fold" open' in page


def test_filtering_stays_in_the_view_and_the_other_view_keeps_the_filter(client: Client) -> None:
    page = client.get("/factures/?vue=a-faire&q=BR&status=BROUILLON").text
    (form,) = re.findall(r'<form class="filters".*?</form>', page, re.DOTALL)
    assert '<input type="hidden" name="vue" value="a-faire">' in form
    (views,) = re.findall(r'<nav class="views".*?</nav>', page, re.DOTALL)
    addresses = [html.unescape(address) for address in re.findall(r'href="([^"]+)"', views)]
    assert addresses == ["/factures/?q=BR&status=BROUILLON", "/factures/?vue=a-faire&q=BR&status=BROUILLON"]
    assert re.findall(r'views-count">(\d+)<', views) == ["2", "2"]
    assert 'name="vue"' not in client.get("/factures/").text
    assert 'href="/factures/"' in client.get("/factures/").text


@pytest.mark.parametrize(("clients", "is_dense"), [(1, False), (2, True)])
def test_whoever_invoices_for_several_has_many_rows_on_a_screen_of_one_of_them_too(
    at: datetime, clients: int, is_dense: bool
) -> None:
    structures = [a_structure(at=at) for _ in range(clients)]
    person = a_person(at=at)
    for structure in structures:
        an_attachment(person=person, structure=structure, at=at)
        a_draft(seller=structure, user=person, at=at, buyer=a_town(at=at))
    client = Client()
    client.force_login(person)
    for address in ("/factures/", f"/factures/?structure={structures[0].uid}"):
        page = client.get(address).text
        assert "data-row-link" in page
        assert ("plainchant/dense" in page) is is_dense


@pytest.mark.parametrize("side", list(Side)[:2])
def test_the_statuses_to_choose_from_are_those_a_side_can_see(side: Side) -> None:
    offered = {
        code
        for code, _ in FilterForm(QueryDict(), side=side, structures=Structure.objects.none()).fields["status"].choices
        if code
    }  # type: ignore[attr-defined]
    assert offered == {row.status for row in STATUSES} - HIDDEN_FROM[side]
