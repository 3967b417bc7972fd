"""A table of invoices that is looked at first: what would leave is shown, and what was shown is what leaves, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import process, receive
from plainchant.portal.flows.proposal import LOOK, ProposalHasChanged, confirm, digest_of, look
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.mandates.models import BillingMandate
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_member, a_service, a_structure, a_town, mandated
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Hand = Callable[[list[dict[str, object]]], Flow]


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at, address_line="1 rue des Essais", postcode="99120", vat_number="FR57902100015")


@pytest.fixture
def user(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    BankAccount.objects.create(
        structure=seller, label="A", iban="FR7600000000010000000017736", created_at=at, created_by=person
    )
    mandated(seller, by=person, at=at)
    return person


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at, address_line="1 place du Marché", postcode="99120")


@pytest.fixture
def hand_in(seller: Structure, user: User, at: datetime) -> Hand:
    def hand_in(rows: list[dict[str, object]]) -> Flow:
        content = a_table(rows)
        flow = receive(
            structure=seller,
            file=ContentFile(content, name="novembre.xlsx"),
            name="novembre.xlsx",
            size=len(content),
            actor=Actor(user),
            at=at,
            deposit_mode=DepositMode.FLOW,
            is_confirmed=False,
        )
        look(flow=flow, at=at)
        flow.refresh_from_db()
        return flow

    return hand_in


@pytest.fixture
def line(seller: Structure, town: Structure) -> Callable[..., dict[str, object]]:
    return lambda number, **changes: a_row(number, **{"seller": seller.identifier, "buyer": town.identifier, **changes})


def shown(flow: Flow) -> list[tuple[str, str, str | None]]:
    return [(row["number"], row["state"], row["amount"]) for row in flow.proposal or []]


def send(flow: Flow, user: User, at: datetime, digest: str | None = None) -> None:
    confirm(flow=flow, digest=digest or digest_of(flow), actor=Actor(user), at=at)
    flow.refresh_from_db()
    process(flow=flow, at=at)
    flow.refresh_from_db()


def test_nothing_leaves_before_it_is_confirmed_and_then_what_was_shown(
    hand_in: Hand, line: Any, user: User, town: Structure, at: datetime
) -> None:
    flow = hand_in([line("F-1"), line("F-2", issue_date="hier"), line("F-3", price=100)])
    assert process(flow=flow, at=at)
    assert (Invoice.objects.count(), flow.state) == (0, State.PROPOSED)
    assert shown(flow) == [("F-1", "leaves", "250.00"), ("F-2", "stays", None), ("F-3", "leaves", "100.00")]
    assert [row["seller"] for row in flow.proposal or []] == [str(flow.structure)] * 3
    assert {row["buyer"] for row in flow.proposal or []} == {str(town)}
    send(flow, user, at)
    assert set(Invoice.objects.values_list("number", flat=True)) == {"F-1", "F-3"}
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 2, 1)
    confirm(flow=flow, digest="", actor=Actor(user), at=at)  # the second press
    assert Invoice.objects.count() == 2


def test_what_is_no_longer_what_was_shown_does_not_leave(
    hand_in: Hand, line: Any, user: User, seller: Structure, at: datetime
) -> None:
    flow = hand_in([line("F-1"), line("F-2", service="NOUVEAU")])
    assert [state for _, state, _ in shown(flow)] == ["leaves", "stays"]
    with pytest.raises(ProposalHasChanged):
        confirm(flow=flow, digest="x", actor=Actor(user), at=at)
    a_service(structure=Structure.objects.get(nature="PUBLIQUE"), code="NOUVEAU")
    Structure.objects.filter(pk=seller.pk).update(address_line="2 rue Neuve")
    send(flow, user, at)
    assert not Invoice.objects.exists()
    codes = [[finding["rule"] for finding in row.findings] for row in FlowInvoice.objects.filter(flow=flow)]
    assert codes[0] == ["TABLEAU-CHANGE"]
    assert codes[1] != []


def test_without_a_mandate_the_page_asks_for_it_and_looks_again(
    hand_in: Hand, line: Any, user: User, seller: Structure, client: Client, at: datetime
) -> None:
    BillingMandate.objects.update(revoked_at=at)
    flow = hand_in([line("F-1")])
    client.force_login(user)
    page = client.get(f"/flux/{flow.uid}/").text
    assert "1 attend un mandat" in page
    assert f"/mandats/structure/{seller.uid}/donner/" in page
    assert "SAISIE-" not in page
    mandated(seller, by=user, at=at)
    assert client.post(f"/flux/{flow.uid}/relire/").status_code == 302
    assert Job.objects.filter(task=LOOK).exists()
    flow.refresh_from_db()
    look(flow=flow, at=at)
    flow.refresh_from_db()
    page = client.get(f"/flux/{flow.uid}/").text
    assert "1 facture partirait" in page
    assert str(seller) in page
    answer = client.post(f"/flux/{flow.uid}/envoyer/", {"digest": digest_of(flow)})
    assert answer["Location"] == f"/flux/{flow.uid}/"
    flow.refresh_from_db()
    assert flow.state == State.RECEIVED


def test_a_colleague_sees_it_and_cannot_send_it(
    hand_in: Hand, line: Any, seller: Structure, client: Client, at: datetime
) -> None:
    flow = hand_in([line("F-1")])
    client.force_login(a_member(structure=seller, at=at, name="Bob"))
    assert "Envoyer cette facture" not in client.get(f"/flux/{flow.uid}/").text
    client.post(f"/flux/{flow.uid}/envoyer/", {"digest": digest_of(flow)})
    flow.refresh_from_db()
    assert flow.state == State.PROPOSED


def test_rows_of_one_number_are_the_lines_of_one_invoice(
    hand_in: Hand, line: Any, user: User, town: Structure, at: datetime
) -> None:
    more = {"issue_date": None, "buyer": None}
    flow = hand_in(
        [
            line("F-1", vat="20", name="Ateliers", quantity=2, price=100),
            line("F-2", vat="20"),
            line("F-1", vat="5,5", name="Livres", price=50, **more),
            line("F-1", vat="franchise", name="Droits", price=10),
            line("F-3", vat="20"),
            line("F-3", vat="20", issue_date="03/11/2026"),
            line("F-4", vat="20"),
            line("F-4", vat="20", price="cher", **more),
            line("F-5", vat="franchise"),
            line("F-5", vat="association"),
        ]
    )
    assert [(number, state) for number, state, _ in shown(flow)] == [
        ("F-1", "leaves"), ("F-2", "leaves"), ("F-3", "stays"), ("F-4", "stays"), ("F-5", "stays"),
    ]  # fmt: skip
    rows = {row["number"]: row for row in flow.proposal or []}
    assert rows["F-1"]["amount"] == "302.75"
    assert rows["F-1"]["row"] == "Factures, lignes 2 à 5"
    found = {
        number: [(one["rule"], one["path"]) for one in rows[number]["findings"]] for number in ("F-3", "F-4", "F-5")
    }
    assert found == {
        "F-3": [("TABLEAU-LIGNES", "E7")], "F-4": [("TABLEAU-NOMBRE", "M9")], "F-5": [("TABLEAU-TVA-MELEE", "N11")],
    }  # fmt: skip
    send(flow, user, at)
    made = Invoice.objects.get(number="F-1")
    assert [row["name"] for row in made.draft.composed["lines"]] == ["Ateliers", "Livres", "Droits"]
    assert (made.tax_exclusive_amount, made.payable_amount) == (260, made.tax_inclusive_amount)


@pytest.mark.parametrize("typed", ["culture", "Cult ure", "CULTURE"])
def test_a_service_code_is_understood_in_any_case(hand_in: Hand, line: Any, town: Structure, typed: str) -> None:
    a_service(structure=town, code="CULTURE")
    flow = hand_in([line("F-1", service=typed)])
    assert shown(flow) == [("F-1", "leaves", "250.00")]


def test_a_number_used_before_is_told_before_anything_leaves(
    hand_in: Hand, line: Any, user: User, at: datetime
) -> None:
    send(hand_in([line("F-1")]), user, at)
    flow = hand_in([line("F-1"), line("F-1", price=3, name="Autre"), line("F-2")])
    assert [(number, state) for number, state, _ in shown(flow)] == [("F-1", "stays"), ("F-2", "leaves")]
    again = hand_in([line("F-1"), line("F-2")])
    assert [state for _, state, _ in shown(again)] == ["left-before", "leaves"]
