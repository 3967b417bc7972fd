"""A bank account waits for a second person, wherever there is one who may confirm it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.checking import check
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import bank_accounts, managers, memberships
from plainchant.portal.structures.models import ActivityEntry, BankAccount, Membership, Structure
from tests.making import a_draft, a_member, a_person, a_structure, an_attachment

pytestmark = pytest.mark.django_db
IBAN, OTHER_IBAN = "FR7630006000011234567890189", "DE89370400440532013000"
SETTLED = timedelta(hours=72)


@dataclass
class Firm:
    """Ada manages it; Grace sends its invoices, Nora joined a day ago, Fiona only follows. ``at``: three days on."""

    structure: Structure
    ada: User
    grace: User
    nora: User
    fiona: User
    draft: Invoice
    at: datetime

    def add(self, iban: str = IBAN, *, by: User | None = None) -> BankAccount:
        return bank_accounts.add(
            structure=self.structure, actor=Actor(by or self.ada), label="Courant", iban=iban, bic="", at=self.at
        )


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Firm:
    with once_a_module():
        return a_firm(at)


def a_firm(at: datetime, *, with_draft: bool = True) -> Firm:
    structure, later = a_structure(at=at, email="atelier@example.org"), at + SETTLED
    ada = a_member(structure=structure, at=at, name="Ada", is_manager=True)
    grace = a_member(structure=structure, at=at, name="Grace")
    nora = a_member(structure=structure, at=later - timedelta(days=1), name="Nora")
    fiona = a_person(at=at, name="Fiona")
    an_attachment(person=fiona, structure=structure, at=at, profiles=[AccessProfile.FOLLOW])
    draft = a_draft(seller=structure, user=grace, at=at) if with_draft else Invoice()
    return Firm(structure, ada, grace, nora, fiona, draft, later)


@pytest.fixture
def firm(built: Firm) -> Firm:
    return deepcopy(built)


def test_an_account_waits_for_a_colleague_and_no_invoice_names_it_before(firm: Firm) -> None:
    account = firm.add()
    assert (account.is_active, account.is_waiting, account.opened_at) == (False, True, None)
    draft = firm.draft.draft
    draft.typed["fields"]["bank_account"] = str(account.uid)
    draft.save()
    assert "attend d’être confirmé" in str([f.message for f in check(draft=draft, at=firm.at).findings])
    bank_accounts.confirm(account=account, actor=Actor(firm.grace), at=firm.at + timedelta(hours=1))
    assert (account.is_active, account.is_waiting) == (True, False)
    assert (account.opened_at, account.confirmed_by) == (firm.at + timedelta(hours=1), firm.grace)
    assert "attend d’être confirmé" not in str([f.message for f in check(draft=draft, at=firm.at).findings])
    kinds = ActivityEntry.objects.filter(structure=firm.structure).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["COMPTE_DEMANDE", "COMPTE_CONFIRME"]


def test_everybody_is_told_of_the_request_and_of_the_answer_and_whoever_was_just_put_out(firm: Firm) -> None:
    theirs = Membership.objects.get(user=firm.fiona)
    memberships.detach(membership=theirs, actor=Actor(firm.ada), at=firm.at - timedelta(hours=1))
    memberships.leave(structure=firm.structure, actor=Actor(firm.nora), at=firm.at)  # of their own will: not told
    account = firm.add()
    bank_accounts.confirm(account=account, actor=Actor(firm.grace), at=firm.at)
    for kind in ("bank_account_asked", "bank_account_confirmed"):
        messages = Message.objects.filter(kind=kind)
        assert {message.recipient for message in messages} == {
            firm.ada.email,
            firm.grace.email,
            firm.fiona.email,
            "atelier@example.org",
        }
        assert all("0189" in message.body and IBAN[4:-4] not in message.body for message in messages)
    assert "Ada Essai" in Message.objects.filter(kind="bank_account_confirmed")[0].body  # who had added it


def test_who_added_it_does_not_confirm_it(firm: Firm) -> None:
    account = firm.add()
    with pytest.raises(bank_accounts.NotTheSecondPerson):
        bank_accounts.confirm(account=account, actor=Actor(firm.ada), at=firm.at)
    account.refresh_from_db()
    assert account.is_waiting


def test_who_has_just_joined_does_not_confirm_it_but_may_refuse_it(firm: Firm) -> None:
    account = firm.add()
    with pytest.raises(bank_accounts.AttachedTooLately):
        bank_accounts.confirm(account=account, actor=Actor(firm.nora), at=firm.at)
    bank_accounts.confirm(account=account, actor=Actor(firm.nora), at=firm.at + timedelta(days=2))
    other = firm.add(OTHER_IBAN)
    bank_accounts.refuse(account=other, actor=Actor(firm.nora), comment="Je ne le connais pas", at=firm.at)
    other.refresh_from_db()
    assert (other.is_waiting, other.is_active, other.opened_at) == (False, False, None)
    assert "Je ne le connais pas" in Message.objects.filter(kind="bank_account_refused")[0].body


def test_nobody_waits_for_those_who_could_not_answer(firm: Firm) -> None:
    memberships.detach(membership=Membership.objects.get(user=firm.grace), actor=Actor(firm.ada), at=firm.at)
    account = firm.add()  # Nora has just joined, Fiona only looks
    assert (account.is_active, account.is_waiting, account.opened_at) == (True, False, firm.at)
    with pytest.raises(NotAllowed):
        bank_accounts.confirm(account=account, actor=Actor(firm.fiona), at=firm.at)


def test_one_answer_counts(firm: Firm) -> None:
    account, other = firm.add(), firm.add(OTHER_IBAN)
    bank_accounts.confirm(account=account, actor=Actor(firm.grace), at=firm.at)
    bank_accounts.withdraw(account=other, actor=Actor(firm.ada), at=firm.at)
    for gone in (account, other):
        for late in (
            lambda gone=gone: bank_accounts.confirm(account=gone, actor=Actor(firm.grace), at=firm.at),
            lambda gone=gone: bank_accounts.refuse(account=gone, actor=Actor(firm.grace), comment="", at=firm.at),
            lambda gone=gone: bank_accounts.withdraw(account=gone, actor=Actor(firm.ada), at=firm.at),
        ):
            with pytest.raises(bank_accounts.WaitsNoMore):
                late()
    assert Message.objects.filter(kind="bank_account_withdrawn").exists()
    assert BankAccount.objects.get(pk=account.pk).is_active
    assert not BankAccount.objects.get(pk=other.pk).is_active


def test_the_same_iban_is_not_added_beside_one_that_is_open_or_waits(firm: Firm) -> None:
    account = firm.add()
    with pytest.raises(bank_accounts.DuplicateBankAccount, match="attend d’être confirmé"):
        firm.add()
    bank_accounts.confirm(account=account, actor=Actor(firm.grace), at=firm.at)
    with pytest.raises(bank_accounts.DuplicateBankAccount, match="déjà enregistré"):
        firm.add()
    BankAccount.objects.filter(pk=account.pk).update(is_active=False)
    waiting = firm.add()
    BankAccount.objects.filter(pk=account.pk).update(is_active=True)  # opened while the other waited
    with pytest.raises(bank_accounts.DuplicateBankAccount):
        bank_accounts.confirm(account=waiting, actor=Actor(firm.grace), at=firm.at)
    assert Message.objects.filter(kind="bank_account_confirmed").count() == 5  # of the first alone


def test_neither_a_closed_iban_nor_that_of_another_structure_stands_in_the_way(firm: Firm) -> None:
    closed = firm.add()
    bank_accounts.confirm(account=closed, actor=Actor(firm.grace), at=firm.at)
    bank_accounts.close(account=closed, actor=Actor(firm.ada), at=firm.at)
    elsewhere = a_structure(at=firm.at)
    alone = Actor(a_member(structure=elsewhere, at=firm.at, is_manager=True))
    for iban in (IBAN, OTHER_IBAN):
        bank_accounts.add(structure=elsewhere, actor=alone, label="Le leur", iban=iban, bic="", at=firm.at)
    assert [firm.add(iban).is_waiting for iban in (IBAN, OTHER_IBAN)] == [True, True]


def test_attachments_that_are_questioned_take_every_account_with_them(firm: Firm) -> None:
    bank_accounts.confirm(account=firm.add(), actor=Actor(firm.grace), at=firm.at)
    firm.add("DE89370400440532013000")
    with CaptureQueriesContext(connection) as asked:
        managers.question_memberships(structures=[firm.structure], at=firm.at)
    accounts = BankAccount.objects.filter(structure=firm.structure)
    assert list(accounts.values_list("is_active", "is_waiting")) == [(False, False)] * 2
    updates = [query["sql"].split()[1] for query in asked if query["sql"].startswith("UPDATE")]
    assert len(updates) == len(set(updates))  # each table once
