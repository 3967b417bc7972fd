"""What a table of payments would do is said row by row; what is confirmed moves once, by the move of the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from plainchant.capture.payment_table import PaymentRow
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.payment_imports import LookedAt, Payment, RowMatch, looked_at, pay_out
from plainchant.portal.invoices.payments import paid_on
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_structure, a_town, thawed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
ROW = PaymentRow(2, "F-1", "", "", "1200.00", "2026-11-20")


@dataclass
class World:
    clerk: User
    artist: User
    seller: Structure
    other: Structure


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    """F-1 of two suppliers, F-2 of one that is suspended, F-3 to a town of others; all of 1 200 €."""
    with once_a_module():
        town, elsewhere = a_town(at=at), a_town(at=at, name="Ville d’Orée")
        seller = a_structure(at=at, name="Atelier Été", identifier="90111111100011")
        other = a_structure(at=at, name="Zinc et fils", identifier="90222222200011")
        artist, plumber = a_member(structure=seller, at=at), a_member(structure=other, at=at)
        clerk = a_member(structure=town, at=at, name="Basile")
        for number, who, whom, to in (
            ("F-1", artist, seller, town), ("F-1", plumber, other, town), ("F-2", artist, seller, town),
            ("F-3", artist, seller, elsewhere),
        ):  # fmt: skip
            submit(draft=a_draft(seller=whom, user=who, at=at, buyer=to, number=number).draft, actor=Actor(who), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        suspended = Invoice.objects.get(number="F-2")
        process(invoice=suspended, action=Action.SUSPEND, actor=Actor(clerk), at=at, reason_code="JUSTIF_ABS")
        return World(clerk, artist, seller, other)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def looked(world: World, *rows: PaymentRow, who: User | None = None) -> list[LookedAt]:
    return looked_at(rows=rows, actor=Actor(who or world.clerk), today=TODAY)


def test_a_row_pays_the_invoice_of_its_supplier_however_that_is_named(world: World) -> None:
    for named in (
        {"identifier": world.seller.identifier},
        {"identifier": world.seller.identifier[:9]},
        {"supplier": "ATELIER ete"},
        {"supplier": world.seller.name},
    ):
        (found,) = looked(world, replace(ROW, **named))
        assert found.match is RowMatch.PAYS, found.why
        assert found.payment is not None
        assert (found.payment.invoice.seller, found.payment.day) == (world.seller, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("changes", "match", "why"),
    [
        ({}, RowMatch.AMBIGUOUS, "Plusieurs factures portent ce numéro : Atelier Été, Zinc et fils"),
        ({"number": "F-9"}, RowMatch.NOT_MOVED, "Aucune facture reçue ne porte le numéro F-9"),
        ({"number": "F-3"}, RowMatch.NOT_MOVED, "Aucune facture reçue ne porte le numéro F-3"),  # another town's
        ({"supplier": "Personne"}, RowMatch.NOT_MOVED, "n’est pas de ce fournisseur"),
        ({"identifier": "99999999900001"}, RowMatch.NOT_MOVED, "n’est pas de ce fournisseur"),
        (
            {"supplier": "Zinc", "amount": "300"},
            RowMatch.NOT_MOVED,
            "Paiement partiel : 300,00 € sur 1\u202f200,00 €",
        ),
        ({"supplier": "Zinc", "amount": "1200.01"}, RowMatch.NOT_MOVED, "Le montant n’est pas le sien"),
        ({"supplier": "Zinc", "amount": "-1200"}, RowMatch.NOT_MOVED, "Le montant n’est pas le sien"),
        ({"supplier": "Zinc", "day": "2026-12-01"}, RowMatch.NOT_MOVED, "n’est pas encore venu"),
        ({"supplier": "Zinc", "day": "2026-10-30"}, RowMatch.NOT_MOVED, "est avant la date de la facture"),
        ({"number": "F-2"}, RowMatch.NOT_MOVED, "Elle est « Suspendue »"),
        ({"trouble": "« Montant payé » est vide."}, RowMatch.NOT_MOVED, "« Montant payé » est vide."),
    ],
)
def test_what_a_row_does_not_pay_is_said(world: World, changes: dict[str, str], match: RowMatch, why: str) -> None:
    (found,) = looked(world, replace(ROW, **changes))
    assert (found.match, found.payment) == (match, None)
    assert why in found.why.replace("\u00a0", " ")


def test_a_credit_note_is_not_paid_and_an_invoice_once_in_a_table(world: World) -> None:
    with thawed():
        Invoice.objects.filter(seller=world.other).update(type_code="381")
    (found,) = looked(world, replace(ROW, supplier="Zinc"))
    assert "c’est un avoir" in found.why
    first, second = looked(world, replace(ROW, supplier="Atelier"), replace(ROW, supplier="Atelier", row=7))
    assert (first.match, second.match) == (RowMatch.PAYS, RowMatch.NOT_MOVED)
    assert "La ligne 2" in second.why


def test_who_may_not_pay_finds_nothing(world: World) -> None:
    (found,) = looked(world, replace(ROW, supplier="Atelier"), who=world.artist)
    assert (found.match, found.payment) == (RowMatch.NOT_MOVED, None)
    (found,) = looked(world, replace(ROW, supplier="Atelier"))
    assert found.payment is not None
    moved, refused = pay_out(payments=[found.payment], actor=Actor(world.artist), at=found.payment.invoice.status_at)
    assert (moved, len(refused)) == ([], 1)


def test_what_is_confirmed_moves_once_with_its_day_its_history_and_its_mail(world: World, at: datetime) -> None:
    later, row = at + timedelta(days=27), replace(ROW, supplier="Atelier")
    (found,) = looked(world, row)
    assert found.payment is not None
    payment = found.payment
    mails = Message.objects.count()
    assert pay_out(payments=[payment, payment], actor=Actor(world.clerk), at=later)[0] == [payment.invoice]
    invoice = Invoice.objects.get(pk=payment.invoice.pk)
    assert invoice.status == Status.PAID_OUT
    last = invoice.history.last()
    assert last is not None
    assert (last.action, last.actor, last.at, last.day) == (Action.PAY_OUT, world.clerk, later, date(2026, 11, 20))
    assert paid_on(history=list(invoice.history.all()), noted=None) == date(2026, 11, 20)
    assert Message.objects.count() == mails + 1
    (again,) = looked(world, row)
    assert (again.match, again.payment) == (RowMatch.ALREADY, None)
    assert "depuis le 20\u00a0novembre\u00a02026" in again.why
    moved, refused = pay_out(payments=[payment], actor=Actor(world.clerk), at=later)
    assert (moved, [invoice.number for invoice, _ in refused]) == ([], ["F-1"])


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 10, 30)])
def test_a_day_that_cannot_be_is_refused_when_it_is_confirmed_too(world: World, at: datetime, day: date) -> None:
    invoice = Invoice.objects.get(seller=world.other)
    moved, ((_, reason),) = pay_out(
        payments=[Payment(invoice=invoice, day=day)], actor=Actor(world.clerk), at=at + timedelta(days=27)
    )
    assert moved == []
    assert "n’est pas encore venu" in str(reason) or "avant la date de la facture" in str(reason)
