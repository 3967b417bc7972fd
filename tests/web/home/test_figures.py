"""The first page's figures: a supplier's money, what falls due at a recipient's, what each client needs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.einvoice.codes.invoice_types import INVOICE
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Service, Structure
from tests.making import a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db


@dataclass
class World:
    bookkeeper: User
    artist: User
    agent: User
    stranger: User
    sellers: list[Structure]
    town: Structure
    services: list[Service]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        sellers = [a_structure(at=at, name=f"Atelier {number}") for number in range(4)]
        town = a_town(at=at)
        services = [a_service(structure=town, code=code) for code in ("CULTURE", "ECOLES")]
        people = [a_person(at=at, name=name) for name in ("Fulbert", "Ada", "Basile", "Zoé")]
        world = World(people[0], people[1], people[2], people[3], sellers, town, services)
        for seller in sellers:
            an_attachment(person=world.bookkeeper, structure=seller, at=at, is_manager=True)
        an_attachment(person=world.artist, structure=sellers[0], at=at)
        an_attachment(person=world.agent, structure=town, at=at, is_manager=True)
        an_attachment(person=world.stranger, structure=a_structure(at=at), at=at, is_manager=True)
        an_attachment(person=world.stranger, structure=a_town(at=at, name="Autre commune"), at=at, is_manager=True)
        _invoices(world)
        return world


def _invoices(world: World) -> None:
    today, made = day_in_paris(now()), []

    def invoice(amount: int, due_in: int | None, *, seller: int = 0, service: int | None = 0, **fields: Any) -> None:
        moved = now() - timedelta(days=20)
        of = None if service is None else world.services[service]
        made.append(
            Invoice(
                **{
                    "status": Status.AVAILABLE,
                    "status_at": moved,
                    "deposit_mode": DepositMode.FLOW,
                    "issue_date": moved.date(),
                    "seller": world.sellers[seller],
                    "buyer": world.town,
                    "buyer_service": of,
                    "service_code": of.code if of else "",
                    "number": f"F-{len(made)}",
                    "type_code": INVOICE,
                    "payable_amount": amount,
                    "tax_inclusive_amount": amount,
                    "to_pay": amount,
                    "due_on": None if due_in is None else today + timedelta(days=due_in),
                    "created_at": moved,
                    "created_by": world.artist,
                    "updated_at": moved,
                    "deposited_at": moved,
                    "made_available_at": moved,
                    "words": "x",
                    "document": {},
                }
                | fields
            )
        )

    invoice(100, -3)
    invoice(40, 2)
    invoice(60, 2, currency="CHF", service=1)
    invoice(500, 25, service=1)
    invoice(30, 6, service=None, seller=1)
    invoice(70, None, status=Status.REJECTED, seller=2)
    invoice(90, 3, status=Status.ORDERED, seller=3)
    Invoice.objects.bulk_create(made)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def sums(client: Client, name: str) -> dict[str, str]:
    return {sum.label: plain(sum.value) for sum in client.get("/").context[name]}


def test_a_supplier_reads_what_comes_what_is_late_and_the_next_payment(client: Client, world: World) -> None:
    client.force_login(world.artist)
    assert sums(client, "money") == {
        "À recevoir": "60,00 CHF et 640,00 €",
        "Dont en retard": "100,00 €",
        "À faire": "Rien",
    }
    shown = client.get("/").context
    assert shown["next"]["number"] == "F-1"
    bars = [(bar.bar.label, plain(bar.bar.text)) for bar in shown["expected"].plot.bars]
    assert bars[0][0] == "En retard"
    assert [row["cells"][0] for row in shown["expected"].rows] == [label for label, _ in bars]
    assert "clients" not in shown


def test_the_table_of_the_drawing_is_on_the_page_and_nothing_in_it_takes_the_focus(
    client: Client, world: World
) -> None:
    client.force_login(world.artist)
    side = client.get("/").text.partition('<aside class="side"')[2].partition("</aside>")[0]
    table = side.partition("<table")[2].partition("</table>")[0]
    assert "En retard" in table
    assert "<a " not in table
    assert 'aria-hidden="true"' in side


def test_an_agent_reads_what_falls_due_by_service_and_opens_the_first(client: Client, world: World) -> None:
    client.force_login(world.agent)
    assert sums(client, "received_figures") == {
        "À traiter": "5 factures",
        "À payer sous 7 jours": "4 factures",
        "Dont en retard": "1 facture",
    }
    shown = client.get("/").context
    assert {row["cells"][0]: [plain(str(cell)) for cell in row["cells"][1:4]] for row in shown["services"]} == {
        "Service Culture (CULTURE)": ["2 factures", "{'late': '1 facture'}", "140,00 €"],
        "Service Ecoles (ECOLES)": ["1 facture", "{'late': ''}", "60,00 CHF"],
        "Sans service": ["1 facture", "{'late': ''}", "30,00 €"],
    }
    first = client.get(shown["first"])
    assert first.context["invoice"].number == "F-0"
    behind = client.get(shown["services"][0]["url"]).text
    assert "F-0" in behind
    assert "F-2" not in behind


def test_who_acts_for_several_reads_which_of_them_need_something_refusals_first(client: Client, world: World) -> None:
    client.force_login(world.bookkeeper)
    shown = client.get("/").context
    assert [[plain(cell) for cell in row["cells"]] for row in shown["clients"]] == [
        ["Atelier 2", "1 refus", "", ""],
        ["Atelier 0", "rien", "100,00 €", "60,00 CHF et 640,00 €"],
    ]
    assert sums(client, "money")["À faire"] == "1 facture"


def test_figures_are_those_of_the_structure_one_has_chosen_to_act_for(client: Client, world: World) -> None:
    client.force_login(world.bookkeeper)
    client.post("/structures/choisir/", {"structure": str(world.sellers[1].uid)})
    assert sums(client, "money") == {"À recevoir": "30,00 €", "Dont en retard": "0,00 €", "À faire": "Rien"}
    assert "clients" not in client.get("/").context


def test_nobody_reads_anything_of_others(client: Client, world: World) -> None:
    client.force_login(world.stranger)
    page = client.get("/")
    assert "money" not in page.context
    assert page.context["services"] == []
    assert page.context["first"] == ""
    assert "F-1" not in page.text


def test_forty_clients_cost_no_more_queries_than_two(client: Client, world: World, at: datetime) -> None:
    client.force_login(world.bookkeeper)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(10):
        seller = a_structure(at=at, name=f"Encore {number}")
        an_attachment(person=world.bookkeeper, structure=seller, at=at, is_manager=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


def test_who_acts_for_several_has_dense_lists_that_name_the_supplier(client: Client, world: World) -> None:
    client.force_login(world.bookkeeper)
    shown = client.get("/factures/?structure=").text
    assert "plainchant/dense." in shown
    assert "Au nom de" in shown
    client.force_login(world.artist)
    assert '<body class="desk wide"' in client.get("/factures/").text
