"""Bank accounts confirmed, withdrawn and added at once: one wins, the others get a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime

import pytest
from django.db import connection

from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import bank_accounts
from tests.portal.structures.test_bank_confirmation import a_firm

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]


def outcomes_of(*doings: Callable[[], object]) -> list[str]:
    start, outcomes = threading.Barrier(len(doings)), []

    def run(do: Callable[[], object]) -> None:
        try:
            start.wait()
            do()
            outcomes.append("done")
        except (bank_accounts.WaitsNoMore, bank_accounts.DuplicateBankAccount) as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(do,)) for do in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_one_of_several_answers_wins(at: datetime) -> None:
    firm = a_firm(at, with_draft=False)
    for round_number in range(10):
        account = firm.add(f"FR76{round_number:023}")
        assert outcomes_of(
            lambda: bank_accounts.confirm(account=deepcopy(account), actor=Actor(firm.grace), at=firm.at),  # noqa: B023
            lambda: bank_accounts.confirm(account=deepcopy(account), actor=Actor(firm.grace), at=firm.at),  # noqa: B023
            lambda: bank_accounts.withdraw(account=deepcopy(account), actor=Actor(firm.ada), at=firm.at),  # noqa: B023
        ) == ["bank_account_waits_no_more", "bank_account_waits_no_more", "done"]


def test_one_of_several_additions_of_an_iban_wins(at: datetime) -> None:
    firm = a_firm(at, with_draft=False)
    for round_number in range(10):
        iban = f"FR76{round_number:023}"
        outcomes = outcomes_of(*[lambda: firm.add(iban)] * 3)  # noqa: B023
        assert outcomes == ["done", "duplicate_bank_account", "duplicate_bank_account"]
