"""« Tableau de bord »: each line counts what the list behind its link holds, and nobody's invoices but one's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.dashboard import StretchStep, delays_by_body, expected_by
from plainchant.portal.invoices.lifecycle import Side, Status
from plainchant.portal.invoices.lists import InvoiceList, InvoiceReach
from plainchant.portal.invoices.models import DepositMode, Event, Invoice, StatusChange
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached
from plainchant.web.filters import FilterForm
from tests.making import a_person, a_structure, a_town, an_attachment, thawed

pytestmark = pytest.mark.django_db
PAGE = "/factures/tableau-de-bord/"


@dataclass
class World:
    artist: User
    stranger: User
    sellers: list[Structure]
    town: Structure
    hospital: Structure
    today: date


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        sellers = [a_structure(at=at, name=name) for name in ("Atelier Lumen", "Studio Nocturne", "Autre")]
        town = a_town(at=at, name='=cmd|"/C calc"!A0')
        hospital = a_town(at=at, name="Hôpital")
        Structure.objects.filter(pk=hospital.pk).update(payer_category="SANTE")
        artist, stranger = a_person(at=at), a_person(at=at, name="Zoé")
        for seller in sellers[:2]:
            an_attachment(person=artist, structure=seller, at=at, is_manager=True)
        an_attachment(person=stranger, structure=sellers[2], at=at, is_manager=True)
        world = World(artist, stranger, sellers, town, hospital, now().date())
        _invoices(world)
        return world


def _invoices(world: World) -> None:
    made: list[Invoice] = []

    def invoice(status: Status, *, amount: int = 100, seller: int = 0, days: int = 30, **fields: Any) -> Invoice:
        day = world.today - timedelta(days=days)
        moved = now() - timedelta(days=days)
        is_note = fields.get("type_code") == CREDIT_NOTE
        row = Invoice(
            **{
                "status": status, "status_at": moved, "deposit_mode": DepositMode.FLOW, "issue_date": day,
                "seller": world.sellers[seller], "buyer": world.town, "number": f"F-{len(made)}", "type_code": INVOICE,
                "payable_amount": amount, "tax_inclusive_amount": amount, "to_pay": -amount if is_note else amount,
                "created_at": moved, "created_by": world.artist, "updated_at": moved, "deposited_at": moved,
                "made_available_at": moved, "words": "x", "document": {},
            } | fields
        )  # fmt: skip
        made.append(row)
        return row

    available, rejected, paid = Status.AVAILABLE, Status.REJECTED, Status.PAID_OUT
    for number in range(3):
        invoice(available, amount=50, due_on=world.today + timedelta(days=20 + 30 * number))
    invoice(available, due_on=world.today - timedelta(days=1), seller=1)
    invoice(available, due_on=world.today + timedelta(days=900))
    invoice(available, due_on=world.today + timedelta(days=5), currency="CHF", amount=70)
    noted = invoice(Status.ORDERED, due_on=world.today + timedelta(days=6))
    taken_back = invoice(Status.ORDERED, due_on=world.today + timedelta(days=6))
    invoice(Status.SUSPENDED, due_on=world.today + timedelta(days=6))
    invoice(available, amount=900, type_code=CREDIT_NOTE)
    for body, took in ((world.town, 20), (world.town, 31), (world.hospital, 45)):
        paid_at = now() - timedelta(days=1)
        invoice(paid, buyer=body, status_at=paid_at, notified_at=paid_at - timedelta(days=took))
    invoice(paid, type_code=CREDIT_NOTE, status_at=now(), notified_at=now() - timedelta(days=200))
    invoice(paid)  # of which nobody was told
    refused = [
        (invoice(rejected, seller=number % 2), code) for number, code in enumerate(("AUTRE", "DOUBLON", "AUTRE"))
    ]
    invoice(available, days=500, due_on=world.today - timedelta(days=3))
    invoice(Status.DRAFT)
    invoice(rejected, seller=2)
    Invoice.objects.bulk_create(made)
    with thawed():
        _refused(refused)
    for row, kinds in ((noted, ["PAID"]), (taken_back, ["PAID", "NOT_PAID"])):
        for kind in kinds:
            Event.objects.create(invoice=row, kind=Event.Kind[kind], at=now(), day=world.today)


def _refused(refused: list[tuple[Invoice, str]]) -> None:
    """Each suspended before, for another reason."""
    for row, code in refused:
        for sequence, to_status, reason in ((1, "SUSPENDUE", "DOUBLON"), (2, "REJETEE", code)):
            StatusChange.objects.create(
                invoice=row, sequence=sequence, action="x", to_status=to_status, at=now(), party="buyer",
                actor_name="", reason_code=reason,
            )  # fmt: skip


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def tables(client: Client, address: str = "") -> dict[str, list[tuple[str, list[Any]]]]:
    """By the name of each table: the address and the cells of its lines."""
    shown = client.get(PAGE + address).context["tables"]
    return {table["name"]: [(row["url"], row["cells"]) for row in table["figures"].rows] for table in shown}


def _plain(cell: object) -> str:
    return str(cell).replace("\u202f€", " €").replace("\u202fCHF", " CHF").replace("\u202f", "").replace("\xa0", " ")


def count_behind(url: str, person: User) -> int:
    """How many invoices the list at this address holds, as its page counts them."""
    actor = Actor(person)
    structures = reached(actor=actor, right=Right.SEE_ISSUED)
    form = FilterForm(QueryDict(urlsplit(url).query), side=Side.SELLER, structures=structures)
    assert form.is_valid(), form.errors
    assert set(parse_qs(urlsplit(url).query)) <= set(form.fields) | {"structure"}
    listed = InvoiceList(
        side=Side.SELLER,
        scope=SEE_ISSUED_INVOICE.reached_by(actor),
        reach=InvoiceReach.of(actor=actor, right=Right.SEE_ISSUED, side=Side.SELLER, structure=form.whose),
        narrow=form.narrowing(today=now().date()),
        statuses=form.statuses_among(),
    )
    return listed.count()


def test_each_line_counts_what_the_list_behind_it_holds(client: Client, world: World) -> None:
    client.force_login(world.artist)
    for address in ("", "?mois=24&par=semaine", f"?structure={world.sellers[1].uid}"):
        shown = tables(client, address)
        assert all(shown.values()) or "structure" in address
        for name, rows in shown.items():
            for url, cells in rows:
                assert count_behind(url, world.artist) == cells[1], (name, cells)


def test_figures_are_of_ones_own_invoices_in_the_period_with_credit_notes_taken_off(
    client: Client, world: World
) -> None:
    client.force_login(world.artist)
    plain = {
        name: {cells[0]: [_plain(cell) for cell in cells[1:]] for _, cells in rows}
        for name, rows in tables(client).items()
    }
    assert plain["statuts"]["Mise à disposition"] == ["7", "70,00 CHF et −550,00 €"]
    assert "Brouillon" not in plain["statuts"]
    assert plain["motifs"] == {"Autre raison": ["2", "200,00 €"], "La facture a déjà été reçue": ["1", "100,00 €"]}
    assert plain["delais"] == {
        str(world.town): ["3", "25,5 jours", "31 jours", "30 jours"],
        "Hôpital": ["1", "45 jours", "45 jours", "50 jours"],
    }
    late = plain["attendu"].pop("En retard")
    assert late == ["2", "200,00 €"]  # whatever the date of the invoice
    assert sum(int(count) for count, _ in plain["attendu"].values()) == 6
    assert plain["attendu"]["Plus tard"] == ["1", "100,00 €"]
    longer = {cells[0]: cells[1] for _, cells in tables(client, "?mois=24")["statuts"]}
    assert longer["Mise à disposition"] == 8


def test_a_delay_ends_on_the_day_that_the_body_names(world: World) -> None:
    paid = Invoice.objects.filter(buyer=world.hospital, status=Status.PAID_OUT, notified_at__isnull=False)
    invoice = paid.get()
    notified = invoice.notified_at
    assert notified is not None

    def is_paid(sequence: int, day: date | None) -> None:
        with thawed():
            StatusChange.objects.create(
                invoice=invoice, sequence=sequence, action="x", to_status=Status.PAID_OUT, at=now(), party="buyer",
                actor_name="", day=day,
            )  # fmt: skip

    def longest() -> int:
        (row,) = delays_by_body(sent=paid)
        assert row.longest is not None
        return int(row.longest)

    is_paid(1, None)
    assert longest() == 45
    is_paid(2, (notified + timedelta(days=12)).date())  # as an import of payments names it
    midnight = datetime.combine(notified.date(), time(), tzinfo=UTC)
    assert longest() == round((midnight + timedelta(days=13) - notified) / timedelta(days=1))
    is_paid(3, (notified - timedelta(days=3)).date())  # on paper, before it was here
    assert longest() == 0


def test_a_stranger_reads_nothing_of_them(client: Client, world: World) -> None:
    client.force_login(world.stranger)
    shown = tables(client, f"?structure={world.sellers[0].uid}")
    assert {name: len(rows) for name, rows in shown.items()} == {"statuts": 1, "delais": 0, "motifs": 0, "attendu": 0}
    onlooker = a_person(at=now())
    an_attachment(person=onlooker, structure=world.sellers[0], at=now(), profiles=[AccessProfile.READ])
    client.force_login(onlooker)
    assert not any(tables(client).values())
    assert Client().get(PAGE).status_code == 302


def test_the_page_draws_bars_that_need_no_script_and_have_their_table(client: Client, world: World) -> None:
    client.force_login(world.artist)
    page = client.get(PAGE).content.decode()
    assert page.count('<svg class="plot"') == page.count('<table class="list"') == 4
    assert "style=" not in page.split("<main")[1].split("</main>")[0]
    assert 'class="plot-zero"' in page  # something is less than nothing
    assert page.count('class="plot-limit"') == 2
    assert "=cmd|&quot;" in page


def test_a_table_is_taken_away_as_a_file_in_which_nothing_is_a_formula(client: Client, world: World) -> None:
    client.force_login(world.artist)
    answer = client.get(f"{PAGE}delais.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][0].startswith("'=cmd")
    assert rows[1][2:] == ["3", "25,5", "31", "30"]
    rows = list(csv.reader(io.StringIO(client.get(f"{PAGE}statuts.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert ["Mise à disposition", "7", "-550,00", "EUR"] in rows
    assert client.get(f"{PAGE}autre.csv").status_code == 404


def test_what_cannot_be_understood_asks_for_the_usual(client: Client, world: World) -> None:
    client.force_login(world.artist)
    assert tables(client, "?mois=-1&par=an&structure=x") == tables(client)


@pytest.mark.one_database
def test_the_database_is_asked_as_often_whatever_there_is(client: Client, world: World) -> None:
    client.force_login(world.artist)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    client.force_login(world.stranger)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    assert len(many) - len(few) <= 2  # of two structures one is asked for


@pytest.mark.parametrize("step", StretchStep)
@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2027, 12, 31), date(2028, 2, 29)])
def test_stretches_follow_each_other_from_today_on(world: World, step: StretchStep, today: date) -> None:
    Invoice.objects.bulk_create(
        Invoice(
            status=Status.AVAILABLE, status_at=now(), deposit_mode=DepositMode.FLOW, seller=world.sellers[2],
            buyer=world.town, number=f"S-{days}", payable_amount=1, to_pay=Decimal(1), created_at=now(),
            created_by=world.artist, updated_at=now(), words="x", due_on=today + timedelta(days=days),
        )
        for days in range(-1, 200)
    )  # fmt: skip
    found = expected_by(issued=Invoice.objects.filter(number__startswith="S-"), step=step, today=today)
    assert [found[0].first, found[1].first, found[-1].last] == [None, today, None]
    for before, after in pairwise(found):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)
    assert sum(row.totals.count for row in found) == 201
