"""A list read by pages is the whole list, in its order, both ways; and nothing of it is anybody else's."""

from __future__ import annotations

import base64
import json
import math
import random
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import exports, histories
from plainchant.portal.invoices.criteria import CRITERIA, criteria_of, narrowed, words_sought
from plainchant.portal.invoices.exports import exported_rows
from plainchant.portal.invoices.lifecycle import BUYER_MUST_ACT, HIDDEN_FROM, Action, Side, Status
from plainchant.portal.invoices.listed import listed_columns
from plainchant.portal.invoices.lists import LAST, MOST_COUNTED, ORDERS, InvoiceList, InvoiceReach, Order
from plainchant.portal.invoices.models import DepositMode, Event, Invoice, StatusChange
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Service, Structure
from tests.making import a_member, a_service, a_structure, a_town, thawed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
STATUSES = (Status.AVAILABLE, Status.COMPLETED, Status.SUSPENDED, Status.PAID_OUT, Status.DEPOSITED, Status.DRAFT)


@dataclass
class World:
    """Two suppliers of one person, one of nobody's; two bodies, one with services; 240 invoices between them."""

    artist: User
    clerk: User  # of the whole town
    librarian: User  # of one service of it, and of a whole other body
    sellers: list[Structure]
    town: Structure
    library: Service


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        sellers = [a_structure(at=at, name=name) for name in ("Atelier Été", "atelier eau", "Zinc et fils")]
        artist = a_member(structure=sellers[0], at=at)
        artist.memberships.create(
            structure=sellers[1], state="VALIDEE", is_manager=True, requested_at=at, decided_at=at
        )
        town, school = a_town(at=at), a_town(at=at, name="Lycée de Valbrume", label="Le lycée")
        library, sports = a_service(structure=town, code="BIB"), a_service(structure=town, code="SPORT")
        clerk = a_member(structure=town, at=at, name="Basile")
        librarian = a_member(structure=school, at=at, name="Chloé")
        in_part = librarian.memberships.create(
            structure=town, state="VALIDEE", requested_at=at, decided_at=at, is_manager=False
        )
        in_part.grants.create(service=library, space="FACTURES_RECUES", mode="MODIFICATION")
        by_luck = random.Random(7)
        for n in range(240):
            seller, buyer = by_luck.choice(sellers), by_luck.choice([town, town, school])
            service = by_luck.choice([library, sports, None]) if buyer is town else None
            status = by_luck.choice(STATUSES)
            moved = at - timedelta(hours=by_luck.choice([0, 0, 1, 2, 3, 90]))
            amount = by_luck.choice([None, Decimal(0), Decimal(120), Decimal("120.5"), Decimal(99999)])
            invoice = Invoice(
                seller=seller, status=status, status_at=moved, created_at=at, created_by=artist, updated_at=at,
                deposit_mode=DepositMode.ENTRY, deposited_at=moved, remarks=by_luck.choice([[], [{"rule": "X"}]]),
                made_available_at=None if status in HIDDEN_FROM[Side.BUYER] else moved,
                due_on=by_luck.choice([None, TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=9)]),
            )  # fmt: skip
            values = {
                "buyer": buyer,
                "buyer_service": service,
                "number": f"F-{n:03d}",
                "issue_date": by_luck.choice([None, TODAY, TODAY - timedelta(days=by_luck.randrange(9))]),
                "type_code": by_luck.choice(["380", "380", "381"]),
                "commitment": by_luck.choice(["", "EJ-4477"]),
                "comment": by_luck.choice(["", "L’été à l’École"]),
                "payable_amount": amount,
                "tax_inclusive_amount": amount,
            }
            for name, value in listed_columns(invoice, values).items():
                setattr(invoice, name, value)
            invoice.save()
        return World(artist, clerk, librarian, sellers, town, library)


def seen_by(user: User, side: Side, **more: Any) -> InvoiceList:
    actor = Actor(user)
    permission, right = {
        Side.SELLER: (SEE_ISSUED_INVOICE, Right.SEE_ISSUED),
        Side.BUYER: (SEE_RECEIVED_INVOICE, Right.SEE_RECEIVED),
    }[side]
    return InvoiceList(
        side=side,
        scope=permission.reached_by(actor),
        reach=InvoiceReach.of(actor=actor, right=right, side=side),
        **more,
    )


def walked(listed: InvoiceList, order: Order, falling: bool, *, size: int = 17) -> list[Invoice]:
    """Every page from the first to the last."""
    found, place = [], ""
    while True:
        sheet = listed.sheet(order=order, falling=falling, place=place, size=size)
        found += sheet.invoices
        if not sheet.after:
            return found
        place = sheet.after


def walked_back(listed: InvoiceList, order: Order, falling: bool, *, size: int = 17) -> list[Invoice]:
    found: list[Invoice] = []
    place = LAST
    while place:
        sheet = listed.sheet(order=order, falling=falling, place=place, size=size)
        # The first page is shown whole: it may hold what the second does.
        known = {invoice.pk for invoice in found}
        found = [invoice for invoice in sheet.invoices if invoice.pk not in known] + found
        place = sheet.before
    return found


def expected(listed: InvoiceList, order: Order, falling: bool) -> list[int]:
    """What the database sorts by itself, rows without a value last."""
    from django.db.models import F

    column = F(order.column)
    by = column.desc(nulls_last=True) if falling else column.asc(nulls_last=True)
    rows = listed.narrow(listed.scope)
    if listed.statuses is not None:
        rows = rows.filter(status__in=listed.statuses)
    return list(rows.order_by(by, "-pk" if falling else "pk").values_list("pk", flat=True))


PEOPLE = [("artist", Side.SELLER), ("clerk", Side.BUYER), ("librarian", Side.BUYER)]


@pytest.mark.parametrize(("who", "side"), PEOPLE)
@pytest.mark.parametrize("falling", [True, False])
def test_the_pages_of_every_order_make_the_whole_list(world: World, who: str, side: Side, falling: bool) -> None:
    listed = seen_by(getattr(world, who), side)
    for order in ORDERS[side]:
        whole = expected(listed, order, falling)
        assert len(whole) > 50
        assert [invoice.pk for invoice in walked(listed, order, falling)] == whole, order
        assert [invoice.pk for invoice in walked_back(listed, order, falling)] == whole, order


def test_what_is_looked_for_narrows_every_page(world: World) -> None:
    listed = seen_by(
        world.clerk,
        Side.BUYER,
        statuses=tuple(sorted(BUYER_MUST_ACT)),
        narrow=lambda rows: narrowed(rows, values={"retard": True}, side=Side.BUYER, today=TODAY),
    )
    for order in ORDERS[Side.BUYER]:
        found = walked(listed, order, False, size=3)
        assert [invoice.pk for invoice in found] == expected(listed, order, False)
        assert {invoice.status for invoice in found} == BUYER_MUST_ACT
        assert all(invoice.due_on < TODAY for invoice in found if invoice.due_on)
    assert listed.count() == len(found) > 3
    assert not replace(listed, statuses=()).exists()
    assert replace(listed, statuses=()).sheet(order=order, falling=True, size=5).invoices == []


def test_a_page_is_read_in_the_scope_of_the_visitors_right(world: World) -> None:
    mine, theirs = seen_by(world.artist, Side.SELLER), seen_by(world.clerk, Side.BUYER)
    order = ORDERS[Side.SELLER][0]
    assert (
        replace(mine, reach=InvoiceReach(structures=(world.sellers[2].pk,)))
        .sheet(order=order, falling=True, size=50)
        .invoices
        == []
    )
    shown = walked(theirs, ORDERS[Side.BUYER][0], True)
    assert {invoice.buyer_id for invoice in shown} == {world.town.pk}
    assert not {invoice.status for invoice in shown} & HIDDEN_FROM[Side.BUYER]
    of_service = [i for i in walked(seen_by(world.librarian, Side.BUYER), order, True) if i.buyer_id == world.town.pk]
    assert {invoice.buyer_service_id for invoice in of_service} == {world.library.pk}


@pytest.mark.parametrize("several", [1, 3, 900])
def test_a_page_asks_as_much_whoever_one_acts_for(world: World, several: int) -> None:
    keys = tuple(structure.pk for structure in world.sellers[:2])[:several] + tuple(range(10**6, 10**6 + several - 1))
    listed = replace(seen_by(world.artist, Side.SELLER), reach=InvoiceReach(structures=keys))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sheet = listed.sheet(order=ORDERS[Side.SELLER][0], falling=True, size=25)
    assert len(asked) == 2
    assert len(sheet.invoices) == 25


def a_place(value: Any, key: Any, side: str = "a") -> str:
    return f"{side}.{base64.urlsafe_b64encode(json.dumps([value, key]).encode()).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "place",
    [
        "a", "a.", "z.WzEsMl0", "a.%%%", "\x00", "a." + "A" * 5_000, a_place(None, 1), a_place("hier", 1),
        a_place("2026-11-02", 1), a_place("2026-11-02T10:00:00", 1), a_place("2026-11-02T10:00:00+00:00", "1"),
        a_place("2026-11-02T10:00:00+00:00", True), a_place("2026-11-02T10:00:00+00:00", 2**70), a_place([], {}),
        a_place("0001-01-01T00:00:00+23:59", 1), a_place("9999-12-31T23:59:59-23:59", 1),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_understood_is_the_first_page(world: World, place: str) -> None:
    listed, order = seen_by(world.artist, Side.SELLER), ORDERS[Side.SELLER][0]
    first = listed.sheet(order=order, falling=True, size=5).invoices
    assert listed.sheet(order=order, falling=True, place=place, size=5).invoices == first


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e999999", "1e-9", "99999999999999999999", "a\x00b", "\ud800", 7]
)
def test_nor_does_a_value_that_its_column_cannot_hold_break_a_page(world: World, value: Any) -> None:
    listed = seen_by(world.artist, Side.SELLER)
    for order in ORDERS[Side.SELLER]:
        for side in "ab":
            assert listed.sheet(order=order, falling=True, place=a_place(value, 3, side), size=5) is not None


def test_no_more_are_counted_than_are_said(world: World, at: datetime) -> None:
    listed = seen_by(world.artist, Side.SELLER)
    assert listed.count() == len(expected(listed, ORDERS[Side.SELLER][0], True))
    Invoice.objects.bulk_create(
        Invoice(
            seller=world.sellers[0], status=Status.DRAFT, status_at=at, created_at=at, created_by=world.artist,
            updated_at=at, deposit_mode=DepositMode.ENTRY, uid=uuid.uuid4(),
        )
        for _ in range(MOST_COUNTED)
    )  # fmt: skip
    assert listed.count() == MOST_COUNTED + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’ÉTÉ  à l'école", ["l'ete", "a", "l'ecole"]),
        ("1 200,5 €", ["1200,50"]),
        ("1 200", ["1200"]),
        ("732 829 320 00012", ["73282932000012"]),
        ("\u1369,5", ["\u1369,5"]),  # an Ethiopic one: a digit, and no decimal
        ("", []),
    ],
)
def test_the_words_of_a_search_are_compared_as_those_of_an_invoice(text: str, words: list[str]) -> None:
    assert words_sought(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ETE ecole", lambda i: "École" in i.comment),
        ("f-01", lambda i: i.number.startswith("F-01")),
        ("été", lambda i: i.comment or i.seller_name == "Atelier Été"),
        ("ej-44 bib", lambda i: i.commitment and i.buyer_service and i.buyer_service.code == "BIB"),
        ("120,50", lambda i: i.payable_amount == Decimal("120.5")),
        ("120.50 €", lambda i: i.payable_amount == Decimal("120.5")),
        ("1.120,50", lambda _i: False),
        ("lycee valbrume", lambda i: i.buyer_name == "Le lycée"),
        ('" OR 1', lambda _i: False),
        ("%", lambda _i: False),
        ("f_01", lambda _i: False),
    ],
)
def test_every_word_is_found_wherever_it_stands(world: World, text: str, found: Callable[[Invoice], Any]) -> None:
    listed = seen_by(
        world.artist, Side.SELLER, narrow=lambda r: narrowed(r, values={}, text=text, side=Side.SELLER, today=TODAY)
    )
    order = ORDERS[Side.SELLER][0]
    everything = walked(seen_by(world.artist, Side.SELLER), order, True)
    wanted = [invoice.pk for invoice in everything if found(Invoice.objects.get(pk=invoice.pk))]
    assert [invoice.pk for invoice in walked(listed, order, True)] == wanted


SOME = {
    "attribuee": ("personne", lambda _i: True),
    "status": (["MISE_A_DISPOSITION"], lambda i: i.status == "MISE_A_DISPOSITION"),
    "retard": (True, lambda i: i.due_on and i.due_on < TODAY),
    "delai": (True, lambda i: i.to_pay and i.to_pay > 0),
    "encaissee": (True, lambda _i: False),
    "motif": ("AUTRE", lambda _i: False),
    "semaine": (True, lambda i: i.due_on and i.due_on <= TODAY + timedelta(days=7)),
    "service": ("bib", lambda i: i.buyer_service and i.buyer_service.code == "BIB"),
    "numero": ("-01", lambda i: "-01" in i.number),
    "type": ("381", lambda i: i.type_code == "381"),
    "cadre": ("A1", lambda _i: True),
    "engagement": ("4477", lambda i: i.commitment),
    "marche": ("x", lambda _i: False),
    "origine": ("x", lambda _i: False),
    "facture": ((TODAY, TODAY), lambda i: i.issue_date == TODAY),
    "echeance": ((TODAY, None), lambda i: i.due_on and i.due_on >= TODAY),
    "a-payer": ((Decimal(120), Decimal(121)), lambda i: i.payable_amount and 120 <= i.payable_amount <= 121),
    "ttc": ((None, Decimal(0)), lambda i: i.tax_inclusive_amount == 0),
    "ht": ((Decimal(1), None), lambda _i: False),
    "valideur": ("zzz", lambda _i: False),
    "compte": ("0189", lambda _i: False),
    "auteur": ("zzz", lambda _i: False),
    "mode": ("SAISIE_PORTAIL", lambda _i: True),
    "telechargee": (False, lambda _i: True),
    "refus-classe": (False, lambda i: i.status == Status.REJECTED),
    "remarques": (True, lambda i: i.remarks),
}
MOVED = ("depot", "recue", "depuis")  # of the same instant in this world


@pytest.mark.parametrize("row", CRITERIA, ids=lambda row: row.name)
def test_each_criterion_narrows_to_what_it_says(world: World, row: Any, at: datetime) -> None:
    day = (at - timedelta(hours=90)).date()
    if row.name in MOVED:
        value, holds = (day, day), lambda i: i.status_at < at - timedelta(hours=50)
    elif row.name == "partie":
        value, holds = world.sellers[0].identifier, lambda i: i.seller_id == world.sellers[0].pk
    else:
        value, holds = SOME[row.name]
    side = Side.BUYER if Side.BUYER in row.sides else Side.SELLER
    assert row in criteria_of(side)
    scope = seen_by(world.clerk if side is Side.BUYER else world.artist, side).scope
    found = narrowed(scope, values={row.name: value}, side=side, today=TODAY)
    assert {invoice.pk for invoice in found} == {invoice.pk for invoice in scope if holds(invoice)}


def number_column(listed: InvoiceList, order: Order, falling: bool) -> list[Any]:
    return [row[0] for row in exported_rows(listed, order=order, falling=falling, today=TODAY)]


@pytest.mark.parametrize(("who", "side"), PEOPLE)
def test_an_export_is_the_pages_of_the_list(world: World, who: str, side: Side, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "_SLICE", 17)
    searches: list[tuple[dict[str, Any], str, tuple[str, ...] | None]] = [
        ({}, "", None),
        ({"retard": True}, "", None),
        ({"facture": (TODAY, None)}, "f-0", None),
        ({}, "ete", ("MISE_A_DISPOSITION", "COMPLETEE")),
        ({"numero": "inconnu"}, "", None),
        ({}, "", ()),
    ]
    for (values, text, statuses), order in zip(searches, ORDERS[side], strict=False):
        narrow = partial(narrowed, values=values, text=text, side=side, today=TODAY)
        listed = seen_by(getattr(world, who), side, narrow=narrow, statuses=statuses)
        for falling in (True, False):
            pages = [invoice.number for invoice in walked(listed, order, falling)]
            assert number_column(listed, order, falling) == pages, (values, order)


def test_each_slice_of_an_export_asks_as_much_as_the_others(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "_SLICE", 20)
    for who, side, most in (("artist", Side.SELLER, 9), ("librarian", Side.BUYER, 10)):
        listed, order = seen_by(getattr(world, who), side), ORDERS[side][1]
        with CaptureQueriesContext(connection) as asked:
            count = len(number_column(listed, order, False))
        assert len(asked) <= most * math.ceil(count / 20)
        assert count > 60


def test_a_cell_says_what_the_histories_and_the_row_do(world: World, at: datetime) -> None:
    invoice = Invoice.objects.filter(seller=world.sellers[0], buyer=world.town, status=Status.PAID_OUT).first()
    assert invoice is not None
    histories.add([Event(invoice=invoice, kind=Event.Kind.PAID, at=at, day=date(2026, 10, 1))])
    Invoice.objects.filter(pk=invoice.pk).update(due_on=date(2026, 9, 28), to_pay=Decimal("-120.5"))

    def cells(side: Side) -> dict[str, Any]:
        who = {Side.SELLER: world.artist, Side.BUYER: world.clerk}[side]
        narrow = partial(narrowed, values={"numero": invoice.number}, side=side, today=TODAY)
        (row,) = exported_rows(seen_by(who, side, narrow=narrow), order=ORDERS[side][0], falling=True, today=TODAY)
        return dict(zip((column.label for column in exports.columns_of(side)), row, strict=True))

    def goes(action: Action, status: Status, **more: str) -> None:
        with thawed():
            histories.add(
                [StatusChange(invoice=invoice, action=action, to_status=status, at=at, party="buyer", **more)]
            )

    goes(Action.SUSPEND, Status.SUSPENDED, reason_code="JUSTIF_ABS", comment="Le bon de livraison")
    assert (cells(Side.BUYER)["Motif"], cells(Side.BUYER)["Payée"]) == (REASON_OF["JUSTIF_ABS"].label, None)
    goes(Action.ORDER_PAYMENT, Status.ORDERED, payment_order="M-7")
    goes(Action.PAY_OUT, Status.PAID_OUT, comment="=HYPERLINK(1)")
    seller, buyer = cells(Side.SELLER), cells(Side.BUYER)
    assert (seller["Statut"], seller["Code du statut"], seller["Motif"]) == ("Mise en paiement", "11", "")
    assert (seller["Commentaire"], seller["Numéro de mandat"]) == ("=HYPERLINK(1)", "M-7")
    assert (seller["Jours de retard"], seller["Montant à payer"]) == (3, Decimal("-120.5"))
    assert seller["Payée"] == date(2026, 10, 1)  # noted by the supplier: the recipient reads when it said that it paid
    assert (buyer["Payée"], buyer["Jours de retard"]) == (day_in_paris(at), (TODAY - date(2026, 9, 28)).days)
    assert seller["Envoyée par"] == str(world.artist)
    assert not {"Envoyée par", "Compte bancaire"} & set(buyer)


def test_a_list_that_is_too_long_is_not_exported_in_part(world: World, monkeypatch: Any) -> None:
    listed, order = seen_by(world.artist, Side.SELLER), ORDERS[Side.SELLER][0]
    count = listed.count()
    monkeypatch.setattr(exports, "MOST_EXPORTED", count)
    exports.require_exportable(listed)
    monkeypatch.setattr(exports, "MOST_EXPORTED", count - 1)
    with pytest.raises(exports.TooManyToExport, match="Précisez la recherche"):
        exports.require_exportable(listed)
    assert len(number_column(listed, order, True)) == count - 1  # one that arrived meanwhile
