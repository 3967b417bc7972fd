"""A public body leaves out steps of processing that it never reports: nobody is offered them, and none is made."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.directory.services import BodyDemands, set_demands
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.errors import StepNotUsed
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.permissions import moves_for
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(at: datetime) -> Invoice:
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


@pytest.fixture
def manager(invoice: Invoice, at: datetime) -> Actor:
    assert invoice.buyer is not None
    return Actor(a_member(structure=invoice.buyer, at=at, name="Maud", is_manager=True))


def left_out(town: Structure, manager: Actor, at: datetime, steps: str) -> None:
    set_demands(structure=town, actor=manager, demands=BodyDemands(unused_steps=steps), at=at)


def test_what_is_left_out_is_neither_offered_nor_made_and_the_others_are(
    invoice: Invoice, manager: Actor, at: datetime
) -> None:
    assert invoice.buyer is not None
    left_out(invoice.buyer, manager, at, "confirm_service account")
    invoice.buyer.refresh_from_db()
    offered = {move.action for move in moves_for(actor=manager, invoice=invoice, side=Side.BUYER)}
    assert offered == {
        Action.SEND_BACK, Action.SUSPEND, Action.REJECT, Action.ADMIT_PART, Action.ORDER_PAYMENT,
        Action.HAND_TO_ACCOUNTANT, Action.PAY_OUT,
    }  # fmt: skip
    with pytest.raises(StepNotUsed, match="Service fait"):
        process(invoice=invoice, action=Action.CONFIRM_SERVICE, actor=manager, at=at)
    process(invoice=invoice, action=Action.ORDER_PAYMENT, actor=manager, at=at)
    assert invoice.status == Status.ORDERED


def test_what_is_no_step_of_processing_cannot_be_left_out(invoice: Invoice, manager: Actor, at: datetime) -> None:
    assert invoice.buyer is not None
    left_out(invoice.buyer, manager, at, "reject suspend pay_out")
    invoice.buyer.refresh_from_db()
    process(invoice=invoice, action=Action.REJECT, actor=manager, at=at, reason_code="DOUBLON")
    assert invoice.status == Status.REJECTED


@pytest.mark.one_database
def test_managers_choose_them_on_the_page_of_what_the_body_demands(
    invoice: Invoice, manager: Actor, client: Client
) -> None:
    town = invoice.buyer
    assert town is not None
    client.force_login(manager.account)
    page = f"/structures/{town.uid}/demandes/"
    shown = client.get(page).text
    assert shown.count('name="steps"') == shown.count("checked", shown.index('name="steps"')) == 4
    typed = {"address": "none", "steps": ["order_payment", "hand_to_accountant", "account"]}
    assert client.post(page, typed).status_code == 302
    town.refresh_from_db()
    assert town.unused_steps == "confirm_service"
    assert "Elle ne signale pas ces étapes\u00a0: Service fait." in client.get(f"/structures/{town.uid}/").text
    offered = client.get("/recues/").text
    assert "/confirm-service/" not in offered
    assert "/order-payment/" in offered
