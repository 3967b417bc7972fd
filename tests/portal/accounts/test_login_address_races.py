"""Two people, one new address, two machines."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import connection

from plainchant.portal.accounts import login_address
from plainchant.portal.accounts.claims import ClaimRefused
from plainchant.portal.accounts.models import AddressClaim
from tests.making import a_person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]
NEW = "ada@ailleurs.example"


def test_of_two_people_who_confirm_the_same_address_at_once_one_has_it(at: datetime) -> None:
    people = [a_person(at=at, name=name) for name in ("Anne", "Jean")]
    asked = [login_address.ask(user=user, address=NEW, at=at) for user in people]
    start, outcomes = threading.Barrier(2), []

    def confirm(claim: AddressClaim) -> None:
        try:
            start.wait()
            login_address.confirm(claim=claim, at=at)
            outcomes.append("done")
        except ClaimRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(claim,)) for claim in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
