"""Bank details: who changes them, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.structures import bank_accounts, memberships, operations
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_member, a_structure

pytestmark = pytest.mark.django_db
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def account(pottery: Structure, manager: User, at: datetime) -> BankAccount:
    return bank_accounts.add(structure=pottery, actor=Actor(manager), label="Courant", iban=IBAN, bic="", at=at)


@pytest.fixture
def colleague(pottery: Structure, manager: User, enrol: Callable[[str], User], at: datetime) -> User:
    jean = enrol("Jean")
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="", at=at)
    memberships.decide(membership=request, actor=Actor(manager), accept=True, at=at)
    return jean


def test_a_colleague_changes_nothing(account: BankAccount, colleague: User, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        bank_accounts.add(
            structure=account.structure, actor=Actor(colleague), label="X", iban="DE89370400440532013000", bic="", at=at
        )
    with pytest.raises(NotAllowed):
        bank_accounts.rename(account=account, actor=Actor(colleague), label="X", at=at)
    with pytest.raises(NotAllowed):
        bank_accounts.close(account=account, actor=Actor(colleague), at=at)
    with pytest.raises(NotAllowed):
        operations.edit_sheet(
            structure=account.structure, actor=Actor(colleague), sheet=operations.StructureDetails(city="Brest"), at=at
        )


def test_the_same_iban_twice_is_refused_with_the_name_of_the_first(
    account: BankAccount, manager: User, at: datetime
) -> None:
    with pytest.raises(bank_accounts.DuplicateBankAccount) as refusal:
        bank_accounts.add(structure=account.structure, actor=Actor(manager), label="Autre", iban=IBAN, bic="", at=at)
    assert "Courant" in refusal.value.sentence
    assert refusal.value.field == "iban"


def test_a_closed_account_is_closed_once_and_renamed_no_more(account: BankAccount, manager: User, at: datetime) -> None:
    bank_accounts.close(account=account, actor=Actor(manager), at=at)
    with pytest.raises(bank_accounts.BankAccountClosed):
        bank_accounts.close(account=account, actor=Actor(manager), at=at)
    with pytest.raises(bank_accounts.BankAccountClosed):
        bank_accounts.rename(account=account, actor=Actor(manager), label="X", at=at)
    assert BankAccount.objects.get().label == "Courant"


def test_what_is_done_to_an_account_is_done_to_no_other_and_an_iban_may_be_of_two_structures(
    account: BankAccount, manager: User, at: datetime
) -> None:
    elsewhere, before = a_structure(at=at), at - timedelta(days=4)
    chief = a_member(structure=elsewhere, at=before, is_manager=True)
    a_member(structure=elsewhere, at=before, name="Jeanne")  # who has to confirm it there
    same = bank_accounts.add(structure=elsewhere, actor=Actor(chief), label="Le même", iban=IBAN, bic="", at=at)
    bank_accounts.rename(account=account, actor=Actor(manager), label="Principal", at=at)
    bank_accounts.close(account=account, actor=Actor(manager), at=at)
    same.refresh_from_db()
    assert (same.label, same.is_waiting) == ("Le même", True)


def test_a_closed_iban_may_be_added_again(account: BankAccount, manager: User, at: datetime) -> None:
    bank_accounts.close(account=account, actor=Actor(manager), at=at)
    bank_accounts.add(structure=account.structure, actor=Actor(manager), label="De retour", iban=IBAN, bic="", at=at)
    assert BankAccount.objects.count() == 2


def test_adding_and_closing_are_told_to_everybody_with_a_masked_iban(
    pottery: Structure, manager: User, colleague: User, at: datetime
) -> None:
    User.objects.filter(pk=colleague.pk).update(contact_email="jean@ailleurs.fr")
    account = bank_accounts.add(structure=pottery, actor=Actor(manager), label="Courant", iban=IBAN, bic="", at=at)
    bank_accounts.close(account=account, actor=Actor(manager), at=at + timedelta(minutes=1))
    for kind in ("bank_account_added", "bank_account_closed"):
        messages = Message.objects.filter(kind=kind)
        assert {message.recipient for message in messages} == {
            "marie@exemple.fr",
            "jean@exemple.fr",
            "jean@ailleurs.fr",
            "atelier@exemple.fr",
        }
        for message in messages:
            assert "0189" in message.body
            assert IBAN not in message.body.replace(" ", "").replace("\u00a0", "")
            assert "vérifié" not in message.body


def test_renaming_tells_nobody(account: BankAccount, manager: User, at: datetime) -> None:
    Message.objects.all().delete()
    bank_accounts.rename(account=account, actor=Actor(manager), label="Crédit agricole", at=at)
    assert BankAccount.objects.get().label == "Crédit agricole"
    assert not Message.objects.exists()
