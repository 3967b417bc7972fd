"""A document that takes off an advance: which, kept once, and seen by whom it concerns."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.deposits import open_deposits
from plainchant.portal.drafts.models import DepositDeduction, Draft
from plainchant.portal.drafts.operations import change, submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at)


@pytest.fixture
def artist(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at, is_manager=True)


@pytest.fixture
def deposit(seller: Structure, town: Structure, artist: User, at: datetime) -> Invoice:
    """An advance that was deposited as a document."""
    draft = a_draft(seller=seller, user=artist, at=at, buyer=town).draft
    change(draft=draft, fields={"type_code": "386", "number": "AC-1"}, actor=Actor(artist), at=at)
    submit(draft=draft, actor=Actor(artist), at=at)
    draft.invoice.refresh_from_db()
    return draft.invoice


def test_the_advance_that_a_document_takes_off_is_ticked_on_its_page_and_counts_once(
    client: Client, deposit: Invoice, seller: Structure, town: Structure, artist: User, at: datetime
) -> None:
    final = a_draft(seller=seller, user=artist, at=at, buyer=town)
    before = (final.tax_inclusive_amount, final.payable_amount)
    client.force_login(artist)
    page = client.get(f"/deposer/{final.uid}/").text
    [box] = re.findall(rf'<input[^>]*name="deducts-{deposit.uid}"[^>]*>', page)
    assert "checked" not in box
    draft = Draft.objects.get(pk=final.draft.pk)
    answer = client.post(
        f"/deposer/{final.uid}/",
        {**draft.fields, "deposits": "shown", f"deducts-{deposit.uid}": "1", "go": "save", "version": draft.revision},
    )
    assert answer.status_code == 302
    assert (
        "checked"
        in re.findall(rf'<input[^>]*name="deducts-{deposit.uid}"[^>]*>', client.get(f"/deposer/{final.uid}/").text)[0]
    )
    submit(draft=Draft.objects.get(pk=draft.pk), actor=Actor(artist), at=at)
    final.refresh_from_db()
    assert (final.tax_inclusive_amount, final.payable_amount) == before, "the totals are the document's"
    assert [(row.deposit, row.final) for row in DepositDeduction.objects.all()] == [(deposit, final)]
    assert open_deposits(seller=seller, buyer=town) == []
    assert "AC-1" not in client.get(f"/deposer/{a_draft(seller=seller, user=artist, at=at, buyer=town).uid}/").text


def test_the_recipient_reads_which_advance_it_follows_and_not_what_has_not_reached_it(
    client: Client, deposit: Invoice, seller: Structure, town: Structure, artist: User, at: datetime
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=town).draft
    change(draft=draft, fields={"number": "SOLDE-1", "deducts": str(deposit.uid)}, actor=Actor(artist), at=at)
    submit(draft=draft, actor=Actor(artist), at=at)
    made_available(invoice=deposit, at=at)
    client.force_login(a_member(structure=town, at=at, name="Basile"))
    assert "SOLDE-1" not in client.get(f"/recues/{deposit.uid}/").text
    made_available(invoice=draft.invoice, at=at)
    assert "SOLDE-1" in client.get(f"/recues/{deposit.uid}/").text
    assert f'href="/recues/{deposit.uid}/"' in client.get(f"/recues/{draft.invoice.uid}/").text
