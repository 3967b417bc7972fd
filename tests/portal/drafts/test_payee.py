"""What whoever pays is told of the account that an invoice names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drafts.payee import payee_of
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_draft, a_member, a_structure, a_town, made_available
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OLD, NEW, STRANGE = "FR7630006000011234567890189", "DE89370400440532013000", "FR1420041010050500013M02606"
DAY = timedelta(days=1)


@dataclass
class Dealings:
    """A supplier whose first invoice named an account that it had had for long."""

    seller: Structure
    town: Structure
    ada: User
    agent: User
    first: Invoice
    at: datetime

    def account(self, iban: str, *, since: datetime, **state: Any) -> BankAccount:
        return BankAccount.objects.create(
            structure=self.seller, label=iban[-4:], iban=iban, created_at=since, created_by=self.ada,
            **{"opened_at": since, **state},
        )  # fmt: skip

    def sent(self, account: BankAccount | None, *, at: datetime) -> Invoice:
        invoice = a_draft(seller=self.seller, user=self.ada, at=at, buyer=self.town, bank_account=account)
        submit(draft=invoice.draft, actor=Actor(self.ada), at=at)
        made_available(invoice=invoice, at=at)
        return invoice


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Dealings:
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        ada, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
        made = Dealings(seller, town, ada, agent, Invoice(), at)
        made.first = made.sent(made.account(OLD, since=at - 90 * DAY), at=at)
        return made


@pytest.fixture
def dealings(built: Dealings) -> Dealings:
    return deepcopy(built)


def test_an_account_of_long_ago_calls_for_nothing(dealings: Dealings) -> None:
    payee = payee_of(invoice=dealings.first, at=dealings.at + DAY)
    assert payee is not None
    assert (payee.iban, payee.is_to_check, payee.same, payee.other) == (OLD, False, None, None)
    again = dealings.sent(dealings.first.bank_account, at=dealings.at + DAY)
    payee = payee_of(invoice=again, at=dealings.at + DAY)
    assert payee is not None
    assert payee.same is not None
    assert (payee.same.sent_at, payee.is_to_check) == (dealings.at, False)


def test_a_new_account_is_told_for_good_on_the_invoices_that_it_began_with(dealings: Dealings) -> None:
    opened_at = dealings.at + DAY
    account = dealings.account(NEW, since=opened_at)
    within, after = opened_at + timedelta(hours=71), opened_at + timedelta(hours=73)
    early, late = dealings.sent(account, at=within), dealings.sent(account, at=after)
    first, second = (payee_of(invoice=invoice, at=after + 30 * DAY) for invoice in (early, late))
    assert first is not None
    assert second is not None
    assert first.changed_at == opened_at
    assert first.other is not None
    assert (first.is_other, first.other.iban) == (True, OLD)
    assert (second.changed_at, second.is_other) == (None, False)
    assert not second.is_to_check


def test_an_account_that_came_to_the_sheet_after_the_invoice_is_new_for_three_days(dealings: Dealings) -> None:
    invoice = dealings.sent(None, at=dealings.at + DAY)
    reading = DocumentReading.objects.get(invoice=invoice)
    reading.result["fields"]["iban"] = {"value": STRANGE}
    reading.save()
    opened_at = dealings.at + 10 * DAY
    dealings.account(STRANGE, since=opened_at)
    within, after = (payee_of(invoice=invoice, at=opened_at + timedelta(hours=hours)) for hours in (71, 72))
    assert within is not None
    assert after is not None
    assert (within.changed_at, within.is_unknown) == (opened_at, False)
    assert (after.changed_at, after.is_unknown) == (None, False)
    assert after.is_other  # and that stays


def test_an_account_that_is_on_no_sheet_is_told_whatever_brought_it(dealings: Dealings) -> None:
    later = dealings.at + DAY
    for is_waiting in (True, False):  # one that waits, one that was refused
        dealings.account(STRANGE, since=later, is_active=False, is_waiting=is_waiting, opened_at=None)
    content = xml_invoice("X-1", seller=dealings.seller.identifier, buyer=dealings.town.identifier)
    content = content.replace(
        b"<cac:TaxTotal>",
        b"<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>"
        + STRANGE.encode()
        + b"</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans><cac:TaxTotal>",
        1,
    )
    a_flow(content, structure=dealings.seller, user=dealings.ada, at=later)
    by_flow = Invoice.objects.get(number="X-1")
    assert by_flow.bank_account is None
    assert (by_flow.document or {})["payment_account"] == STRANGE
    payee = payee_of(invoice=by_flow, at=later)
    assert payee is not None
    assert (payee.is_unknown, payee.is_other, payee.changed_at) == (True, True, None)


def test_a_page_that_came_without_a_choice_of_account_speaks_for_itself(dealings: Dealings) -> None:
    invoice = dealings.sent(None, at=dealings.at + DAY)
    assert payee_of(invoice=invoice, at=dealings.at + DAY) is None
    reading = DocumentReading.objects.get(invoice=invoice)
    reading.result["fields"]["iban"] = {"value": STRANGE}
    reading.save()
    payee = payee_of(invoice=invoice, at=dealings.at + DAY)
    assert payee is not None
    assert (payee.iban, payee.is_unknown) == (STRANGE, True)


def test_the_recipient_reads_it_before_paying(dealings: Dealings) -> None:
    account = dealings.account(NEW, since=dealings.at + DAY)
    invoice = dealings.sent(account, at=dealings.at + DAY)
    client = Client()
    client.force_login(dealings.agent)
    text = client.get(f"/recues/{invoice.uid}/").text.replace("\u00a0", " ")
    assert "Ces coordonnées bancaires ont changé le mercredi 4 novembre 2026" in text
    assert "par un numéro que vous connaissez déjà" in text
    assert "FR76 •••• •••• 0189" in text
    assert text.index("ont changé le") < text.index("Mandater")
    known = client.get(f"/recues/{dealings.first.uid}/").text
    assert "ont changé le" not in known
    assert "la première fois que ce fournisseur" in known


def test_the_supplier_reads_what_the_recipient_reads_and_expects_a_call(dealings: Dealings) -> None:
    account = dealings.account(NEW, since=dealings.at + DAY)
    invoice = dealings.sent(account, at=dealings.at + DAY)
    client = Client()
    client.force_login(dealings.ada)
    text = client.get(f"/factures/{invoice.uid}/").text.replace("\u00a0", " ")
    assert "Ces coordonnées bancaires ont changé le mercredi 4 novembre 2026" in text
    assert "Attendez-vous à un appel" in text
    assert "ont changé le" not in client.get(f"/factures/{dealings.first.uid}/").text
