"""Figures of public bodies: for anyone where the operator wants it, and never so that a supplier is recognised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE
from plainchant.portal.invoices import open_figures
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import BodyFigures, DepositMode, Invoice, StatusChange
from plainchant.portal.lib import deeds
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.queue.models import Job
from plainchant.portal.structures.models import Structure
from plainchant.tasks.sweep import sweep
from tests.making import a_person, a_structure, a_town, thawed

pytestmark = pytest.mark.django_db
PAGE = "/statistiques/"


@dataclass
class World:
    town: Structure
    small: Structure
    sellers: list[Structure]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        sellers = [a_structure(at=at, name=f"Fournisseur {number}") for number in range(6)]
        world = World(a_town(at=at, name="Valbrume"), a_town(at=at, name="Petite commune"), sellers)
        _receives(world.town, sellers, at, count=24)
        _receives(world.small, sellers, at, count=19)
        return world


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def _receives(
    body: Structure, sellers: list[Structure], at: datetime, *, count: int, day: date | None = None, **fields: Any
) -> None:
    """Invoices of 1,000 euros, from each seller in turn: paid after 1, 2, 3… days, the last five rejected at once.

    ``day``: on which the body says that it paid.
    """
    begun = at - timedelta(days=100)
    user = a_person(at=at)
    first = Invoice.objects.count()
    rows = [
        Invoice(
            **{
                "status": Status.REJECTED if number >= count - 5 else Status.PAID_OUT, "status_at": at,
                "deposit_mode": DepositMode.FLOW, "seller": sellers[number % len(sellers)], "buyer": body,
                "number": f"S-{first + number}", "type_code": INVOICE, "payable_amount": 1000, "to_pay": 1000,
                "created_at": begun, "created_by": user, "updated_at": at, "made_available_at": begun, "words": "x",
            } | fields
        )
        for number in range(count)
    ]  # fmt: skip
    made = Invoice.objects.bulk_create(rows)
    with thawed():
        StatusChange.objects.bulk_create(
            StatusChange(
                invoice=invoice, sequence=1, action="x", to_status=invoice.status, party="buyer", actor_name="",
                at=begun + timedelta(days=0 if invoice.status == Status.REJECTED else number + 1, hours=1),
                reason_code="DOUBLON" if invoice.status == Status.REJECTED else "",
                day=day if invoice.status == Status.PAID_OUT else None,
            )
            for number, invoice in enumerate(made)
        )  # fmt: skip


def figures(body: Structure, at: datetime) -> open_figures.PublishedFigures | None:
    return open_figures.figures_of(body=body, since=at - open_figures.PERIOD)


def test_medians_reasons_and_volumes_are_counted_and_rounded(world: World, at: datetime) -> None:
    _receives(world.town, world.sellers, at, count=6, type_code=CREDIT_NOTE, to_pay=-100, status=Status.AVAILABLE)
    found = figures(world.town, at)
    assert found == open_figures.PublishedFigures(
        invoices=30,
        euros=23_000,
        days={"MISE_EN_PAIEMENT": 10, "REJETEE": 0},
        refusals={"DOUBLON": 5},
        rejected=17,
        limit=30,
    )


def test_nothing_is_published_of_which_a_supplier_could_be_recognised(world: World, at: datetime) -> None:
    assert figures(world.small, at) is None  # nineteen invoices
    few = a_town(at=at)
    _receives(few, world.sellers[:4], at, count=40)
    assert figures(few, at) is None  # four suppliers
    of_one = a_town(at=at)
    _receives(of_one, world.sellers, at, count=24)
    assert figures(of_one, at) is not None
    _receives(of_one, world.sellers[:1], at, count=25)
    assert figures(of_one, at) is None  # most of the invoices
    dear = a_town(at=at)
    _receives(dear, world.sellers, at, count=24)
    _receives(dear, world.sellers[:1], at, count=1, to_pay=30_000, payable_amount=30_000)
    assert figures(dear, at) is None  # most of the money
    old = a_town(at=at)
    _receives(old, world.sellers, at, count=24, made_available_at=at - timedelta(days=366))
    assert figures(old, at) is None


def test_a_delay_or_a_reason_that_few_invoices_are_behind_is_left_out(world: World, at: datetime) -> None:
    _receives(world.small, world.sellers, at, count=4, status=Status.SUSPENDED)
    found = figures(world.small, at)
    assert found is not None
    assert "SUSPENDUE" not in found.days
    assert set(found.refusals) <= {"DOUBLON"}


@pytest.mark.parametrize(("named", "days"), [(3, 3), (-3, 0)])  # the other was paid on paper before it was here
def test_days_end_on_the_day_that_the_body_names(world: World, at: datetime, named: int, days: int) -> None:
    body = a_town(at=at)
    _receives(body, world.sellers, at, count=24, day=day_in_paris(at - timedelta(days=100 - named)))
    found = figures(body, at)
    assert found is not None
    assert found.days["MISE_EN_PAIEMENT"] == days


def test_bodies_are_counted_once_a_day_some_in_each_job_where_the_operator_wants_it(
    world: World, at: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_figures, "IN_A_JOB", 1)
    deeds.note(deeds.Deed.FIGURES, at=at - timedelta(days=1))
    asked = Job.objects.filter(task=open_figures.COUNT)
    sweep(at=at)
    assert not asked.exists()
    settings.OPEN_STATISTICS = True
    sweep(at=at)
    sweep(at=at + timedelta(hours=1))
    assert asked.count() == 1
    gone = BodyFigures.objects.create(body=a_town(at=at), counted_on=day_in_paris(at) - timedelta(days=1), figures={})
    day = day_in_paris(at)
    open_figures.count(day=day, after=0, at=at)
    assert BodyFigures.objects.filter(pk=gone.pk).exists()  # the next jobs have not run
    open_figures.count(day=day, after=min(world.town.pk, world.small.pk), at=at)
    assert [(row.body, row.counted_on) for row in BodyFigures.objects.all()] == [(world.town, day)]


def test_the_page_is_there_only_where_the_operator_publishes(
    client: Client, world: World, at: datetime, settings: Any
) -> None:
    addresses = (PAGE, f"{PAGE}organismes.csv", f"{PAGE}{world.town.identifier}/")
    open_figures.count(day=day_in_paris(at), after=0, at=at)
    assert {client.get(address).status_code for address in addresses} == {404}
    assert PAGE not in client.get("/annuaire/").content.decode()
    settings.OPEN_STATISTICS = True
    with CaptureQueriesContext(connection) as queried:
        page = client.get(PAGE).content.decode()
    assert not any("invoices_invoice" in query["sql"] for query in queried)
    assert "Valbrume" in page
    assert "Petite commune" not in page
    assert "Fournisseur" not in page
    page = client.get(addresses[2]).content.decode()
    assert "La facture a déjà été reçue" in page
    assert '<svg class="plot"' in page
    assert "Valbrume;" in client.get(addresses[1]).content.decode()
    assert client.get(f"{PAGE}{world.small.identifier}/").status_code == 404
    assert "Rien n’est publié" in client.get(f"{PAGE}?q=petite").content.decode()
    assert PAGE in client.get("/annuaire/").content.decode()
