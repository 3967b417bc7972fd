"""What a key of a call stands for: one call of one program, for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError

from plainchant.portal.calls.models import KeyedCall
from plainchant.portal.calls.operations import KEPT_FOR, KeyTaken, counted, do_once, forget
from plainchant.portal.structures.models import TechnicalAccount
from tests.making import a_member, a_program, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def account(at: datetime) -> TechnicalAccount:
    structure = a_structure(at=at)
    a_member(structure=structure, at=at, is_manager=True)
    return a_program(structure=structure, at=at)[0]


def call(
    account: TechnicalAccount, at: datetime, *, key: str = "k", fingerprint: str = "f", answer: str = "fait"
) -> tuple[str, bool]:
    return do_once(account=account, key=key, fingerprint=fingerprint, files=0, run=lambda: answer, at=at)


def test_a_repetition_is_answered_as_the_first_for_a_day(account: TechnicalAccount, at: datetime) -> None:
    assert call(account, at) == ("fait", False)
    assert call(account, at + KEPT_FOR - timedelta(seconds=1), answer="refait") == ("fait", True)
    assert call(account, at + KEPT_FOR, answer="refait") == ("refait", False)


def test_a_key_frees_neither_another_key_nor_another_program(account: TechnicalAccount, at: datetime) -> None:
    other, _ = a_program(structure=account.structure, at=at, name="Devis Facile")
    for caller, key in ((account, "k"), (account, "autre"), (other, "k")):
        assert call(caller, at, key=key, answer=f"{caller.name} {key}") == (f"{caller.name} {key}", False)
    assert call(account, at + KEPT_FOR) == ("fait", False)
    kept = KeyedCall.objects.order_by("pk").values_list("account__name", "key", "answer")
    assert list(kept) == [
        (account.name, "autre", f"{account.name} autre"),
        (other.name, "k", "Devis Facile k"),
        (account.name, "k", "fait"),
    ]


def test_a_key_that_stands_for_another_request_is_refused(account: TechnicalAccount, at: datetime) -> None:
    call(account, at)
    with pytest.raises(KeyTaken, match="a déjà servi à une autre requête"):
        call(account, at, fingerprint="g")
    assert call(account, at) == ("fait", True)


def test_what_failed_leaves_the_key_free(account: TechnicalAccount, at: datetime) -> None:
    def fails() -> str:
        raise DatabaseError("la base a refusé")

    with pytest.raises(DatabaseError):
        do_once(account=account, key="k", fingerprint="f", files=0, run=fails, at=at)
    assert call(account, at, fingerprint="g") == ("fait", False)


def test_only_what_is_older_is_counted_and_forgotten(account: TechnicalAccount, at: datetime) -> None:
    call(account, at, key="ancienne")
    call(account, at + timedelta(seconds=1), key="nouvelle")
    limit = at + timedelta(seconds=1)
    assert counted(before=limit) == 1
    assert forget(before=limit) == 1
    assert KeyedCall.objects.get().key == "nouvelle"
