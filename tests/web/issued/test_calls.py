"""What waits for a supplier stands on top of the invoice, with the way to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import lifecycle, operations
from plainchant.portal.invoices.lifecycle import MOVE_OF, MOVES, Action, SellersMove
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from tests.access.holding import holding
from tests.making import a_draft, a_mandate, a_member, a_structure, a_town, an_entry, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ASKED = [(Action.SUSPEND, "JUSTIF_ABS", Action.COMPLETE), (Action.SEND_BACK, "SIRET_ERR", Action.RECYCLE)]


@pytest.fixture
def invoice(at: datetime, client: Client) -> Invoice:
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    a_member(structure=town, at=at, name="Agent")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    client.force_login(artist)
    return invoice


def asked_by_the_buyer(invoice: Invoice, action: Action, reason: str, at: datetime) -> None:
    agent = invoice.buyer.memberships.get().user
    operations.process(
        invoice=invoice, action=action, actor=Actor(agent), at=at, reason_code=reason, comment="Le RIB ?"
    )


@pytest.mark.parametrize(("action", "reason", "answer"), ASKED)
def test_an_invoice_that_waits_for_its_supplier_says_for_what_and_leads_there(
    client: Client, invoice: Invoice, at: datetime, action: Action, reason: str, answer: Action
) -> None:
    move = MOVE_OF[answer]
    assert move.call.format(**invoice.kind.words) not in client.get(f"/factures/{invoice.uid}/").text
    asked_by_the_buyer(invoice, action, reason, at)
    page = client.get(f"/factures/{invoice.uid}/").text
    for words in (
        move.call.format(**invoice.kind.words),
        move.label,
        "Le RIB ?",
        reverse(f"issued_{answer}", args=[invoice.uid]),
    ):
        assert words in page


@pytest.mark.parametrize(("reason", "first"), [("CALCUL_ERR", "Déposer une"), ("DOUBLON", "J’ai lu ce refus")])
def test_what_a_refusal_asks_for_stands_out(
    client: Client, invoice: Invoice, at: datetime, reason: str, first: str
) -> None:
    asked_by_the_buyer(invoice, Action.REJECT, reason, at)
    page = html.fromstring(client.get(f"/factures/{invoice.uid}/").text)
    [button] = page.xpath("//*[contains(@class, 'callout')]//*[contains(@class, 'btn-primary')]")
    assert button.text.startswith(first)


def test_a_sellers_move_without_a_page_yet_is_said_without_a_button(
    client: Client, invoice: Invoice, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(MOVE_OF[Action.COMPLETE], action="explain", call="Une explication est attendue")
    monkeypatch.setattr(lifecycle, "MOVES", (*MOVES, new))
    asked_by_the_buyer(invoice, Action.SUSPEND, "JUSTIF_ABS", at)
    assert new.call in client.get(f"/factures/{invoice.uid}/").text


def test_every_answer_of_the_table_has_its_page(invoice: Invoice) -> None:
    answers = [move for move in MOVES if isinstance(move, SellersMove) and move.call]
    assert [reverse(f"issued_{move.action}", args=[invoice.uid]) for move in answers]


@pytest.mark.parametrize(("action", "reason", "answer"), ASKED)
def test_somebody_who_may_not_answer_reads_what_waits_without_a_button(
    client: Client,
    invoice: Invoice,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    action: Action,
    reason: str,
    answer: Action,
) -> None:
    asked_by_the_buyer(invoice, action, reason, at)
    holding(monkeypatch, frozenset(Right) - {Right.ANSWER})
    page = client.get(f"/factures/{invoice.uid}/").text
    assert MOVE_OF[answer].call.format(**invoice.kind.words) in page
    assert reverse(f"issued_{answer}", args=[invoice.uid]) not in page


@pytest.mark.parametrize("held", [frozenset(Right), frozenset(Right) - {Right.PREPARE}])
def test_a_copy_and_a_credit_note_are_offered_to_those_who_prepare_invoices(
    client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch, held: frozenset[Right]
) -> None:
    seller = a_structure(at=at, address_line="1 rue des Essais", postcode="99120")
    town = a_town(at=at, address_line="1 place", postcode="99120")
    artist = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=artist, at=at)
    draft = an_entry(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=draft, actor=Actor(artist), at=at)
    holding(monkeypatch, held)
    client.force_login(artist)
    page = client.get(f"/factures/{draft.invoice.uid}/").text
    for name in ("entry_duplicate", "entry_credit"):
        assert (reverse(name, args=[draft.invoice.uid]) in page) == (Right.PREPARE in held)
