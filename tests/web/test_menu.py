"""The menu at the head of a page: its entries, its counts, and what it asks the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import queries
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drafts.queries import MOST_COUNTED
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.web.context import NavItem
from plainchant.web.home import due
from plainchant.web.templatetags import plainchant as template_filters
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def people(at: datetime) -> tuple[User, User]:
    """A supplier with a draft, and the agent of a town that has received two invoices."""
    seller, town = a_structure(at=at), a_town(at=at)
    supplier, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at)
    a_draft(seller=seller, user=supplier, at=at, buyer=town)
    for _ in range(2):
        invoice = a_draft(seller=seller, user=supplier, at=at, buyer=town)
        submit(draft=invoice.draft, actor=Actor(supplier), at=at)
        made_available(invoice=invoice, at=at)
    return supplier, agent


def menu(client: Client, person: User | None) -> dict[str, int | None]:
    if person:
        client.force_login(person)
    items: list[NavItem] = client.get("/annuaire/").context["nav_items"]
    assert [item.label for item in items if item.current] == ["Annuaire"]
    return {item.label: item.count for item in items}


def test_a_stranger_verifies_searches_and_logs_in(client: Client) -> None:
    assert list(menu(client, None)) == ["Vérifier une facture", "Annuaire", "Se connecter", "Créer un compte"]


def test_each_side_reads_how_many_invoices_wait_for_it(client: Client, people: tuple[User, User]) -> None:
    supplier, agent = people
    invoicing = {"Déposer une facture": None, "Saisir une facture": None}
    everywhere = {"Annuaire": None, "Mes structures": None}
    assert menu(client, supplier) == {**invoicing, "Suivi": 1, **everywhere}
    # A body that invoices too has both, in fewer words.
    received, own = {"À traiter": 2, "Reçues": None}, {"Déposer": None, "Saisir": None, "Suivi": None}
    assert menu(client, agent) == {**received, **own, "Annuaire": None, "Structures": None}


def test_the_menu_has_what_one_uses(client: Client, at: datetime) -> None:
    everywhere = {"Annuaire": None, "Mes structures": None}
    town, workshop = a_town(at=at), a_structure(at=at)
    for structure, profile, expected in (
        (town, AccessProfile.PROCESS, {"À traiter": None, "Factures reçues": None}),
        (town, AccessProfile.READ, {"Factures reçues": None}),  # nothing to process
        (workshop, AccessProfile.FOLLOW, {"Suivi": None}),
        (None, None, {"Déposer une facture": None, "Saisir une facture": None, "Suivi": None}),
    ):
        person = a_person(at=at)
        if structure is not None and profile is not None:
            an_attachment(person=person, structure=structure, at=at, profiles=[profile])
        assert menu(client, person) == {**expected, **everywhere}


def test_a_part_of_a_page_asks_nothing_for_the_menu(
    client: Client,
    people: tuple[User, User],
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    client.force_login(people[1])
    client.get("/annuaire/", {"q": "valbrume"})
    with django_assert_num_queries(3):  # who is it, twice, and whether the directory has changed
        client.get("/annuaire/", {"q": "valbrume"}, headers={"HX-Request": "true"})


def test_the_first_page_counts_what_waits_once(client: Client, people: tuple[User, User]) -> None:
    client.force_login(people[1])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get("/")
    assert page.context["received_figures"][0].value == "2 factures"
    most = f"LIMIT {MOST_COUNTED + 1}"
    counting = [query["sql"] for query in asked if most in query["sql"] and "invoices_invoice" in query["sql"]]
    assert len(counting) == 6  # to process, to answer, to send, refused, to validate, of works


def test_an_error_page_counts_no_invoices(client: Client, people: tuple[User, User]) -> None:
    client.force_login(people[1])
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "À traiter" in {item.label for item in answer.context["nav_items"]}
    assert [query["sql"] for query in asked if "invoices_invoice" in query["sql"]] == []


def test_counts_stop_at_99(client: Client, people: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queries, due, template_filters):
        monkeypatch.setattr(module, "MOST_COUNTED", 1)
    client.force_login(people[1])
    page = client.get("/").text
    assert "Plus de 1 factures<" in page
    assert '<span class="count">1+</span>' in page
    assert "1+ à traiter" in page
