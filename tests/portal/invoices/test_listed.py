"""What lists are sorted and searched by is that of the invoice, whatever was done to it last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.drafts import issuers
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.listed import fill, in_french
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, an_attachment
from tests.portal.invoices.arrivals import carry
from tests.portal.invoices.listing import as_it_should

pytestmark = pytest.mark.django_db


def test_every_operation_leaves_them_right(at: datetime) -> None:
    seller, town = a_structure(at=at, name="Atelier Été"), a_town(at=at, email="courrier@valbrume.example")
    artist = Actor(a_member(structure=seller, at=at))
    agent = Actor(a_member(structure=town, at=at, name="Basile"))
    invoice = a_draft(seller=seller, user=artist.person, at=at, buyer=town, number="F-1", commitment="EJ-9")
    assert as_it_should(invoice).words.startswith("f-1 ej-9 atelier ete ")
    drafts.change(draft=invoice.draft, fields={"comment": "Merci à l’École"}, actor=artist, at=at)
    assert "merci a l'ecole" in as_it_should(invoice).words
    submit(draft=invoice.draft, actor=artist, at=at)
    assert as_it_should(invoice).due_on is None
    carry(invoice, at)
    assert as_it_should(invoice).due_on == date(2026, 12, 3)

    def processed(action: Action, days: int, **given: Any) -> None:
        when = at + timedelta(days=days)
        operations.process(invoice=as_it_should(invoice), action=action, actor=agent, at=when, **given)

    processed(Action.SUSPEND, 10, reason_code="JUSTIF_ABS")
    assert as_it_should(invoice).due_on is None
    operations.complete(
        invoice=as_it_should(invoice), files=[], comment="Voici.", actor=artist, at=at + timedelta(days=20)
    )
    assert as_it_should(invoice).due_on == date(2026, 12, 23)
    processed(Action.SEND_BACK, 21, reason_code="SIRET_ERR")
    other = a_town(at=at, name="Ville d’Orée")
    a_member(structure=other, at=at, name="Chloé")
    later = at + timedelta(days=22)
    routing = operations.Routing(buyer=other, commitment="EJ-10")
    operations.recycle(invoice=as_it_should(invoice), routing=routing, comment="", actor=artist, at=later)
    row = as_it_should(invoice)
    assert (row.buyer_name, row.due_on) == ("Ville d’Orée", None)
    assert "ej-10" in row.words
    assert "valbrume" not in row.words
    carry(invoice, later)
    assert as_it_should(invoice).due_on == date(2026, 12, 25)
    agent = Actor(other.memberships.get().user)
    processed(Action.PAY_OUT, 30)
    assert as_it_should(invoice).due_on is None


def test_a_draft_in_another_name_is_found_by_that_name(at: datetime) -> None:
    seller, heir = a_structure(at=at), a_structure(at=at, name="Collectif Umbra")
    artist = a_member(structure=seller, at=at)
    an_attachment(person=artist, structure=heir, at=at)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    issuers.change_issuer(draft=invoice.draft, seller=heir, actor=Actor(artist), at=at)
    assert as_it_should(invoice).seller_name == "Collectif Umbra"


def test_a_credit_note_is_less_than_nothing_to_pay(at: datetime) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    row = as_it_should(a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at), type_code="381"))
    assert row.to_pay == -1200
    assert in_french(row.payable_amount) in row.words  # type: ignore[arg-type]


def test_rows_of_before_are_filled_once(at: datetime) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    town = a_town(at=at, email="courrier@valbrume.example")
    invoices = [a_draft(seller=seller, user=artist, at=at, buyer=town) for _ in range(3)]
    submit(draft=invoices[0].draft, actor=Actor(artist), at=at)
    carry(invoices[0], at)
    Invoice.objects.update(words="", seller_name="", buyer_name="", to_pay=None, due_on=None)
    assert fill(lot=2) == 3
    assert as_it_should(invoices[0]).due_on == date(2026, 12, 3)
    for invoice in invoices[1:]:
        as_it_should(invoice)
    assert fill() == 0
