"""What a permission reaches is asked with a text that is written once: the one that would be written anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from plainchant.access.table import TABLE
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import Acting, Actor, Behalf, Software, acting
from plainchant.portal.rights.permissions import Permission, is_asked_by_keys

BY_KEYS = [row for row in TABLE if is_asked_by_keys(row)]
PERSON = User(pk=41, email="ada@essai.example", is_active=True, operator_since=datetime(2026, 1, 5, tzinfo=UTC))
ACTORS = [
    Actor(PERSON),
    Actor(PERSON, behalf=Behalf("Atelier", "Cabinet", 3)),
    Actor(None, software=Software(43, "Logiciel", "Atelier", PERSON)),
]


@written_once(User)
def reached(permission: Permission, who: Acting, *, key: int, sought: int) -> QuerySet[Any]:
    return permission.reached_by(who.by(key)).filter(pk=sought)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", BY_KEYS, ids=lambda row: row.name)
def test_it_is_the_text_that_would_be_written_anew(permission: Permission) -> None:
    for actor in ACTORS:
        who, key = acting(actor)
        try:
            fresh = permission.reached_by(actor).filter(pk=7).query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            assert reached.statement(permission, who, key=key, sought=7) is None
            continue
        reached.statement(permission, who, key=99, sought=98)  # somebody else's, before
        kept = reached.statement(permission, who, key=key, sought=7)
        assert kept is not None
        assert (kept[0], kept[1]) == (fresh[0], list(fresh[1]))


def test_an_actor_stands_for_all_of_a_kind_on_a_day() -> None:
    person, _, program = (acting(actor)[0] for actor in ACTORS)
    assert acting(Actor(User(pk=5)))[0] == person != program
    assert [acting(actor)[1] for actor in ACTORS] == [41, 41, 43]
    assert Acting(is_program=False, day=person.day + timedelta(days=1)) != person


def test_those_that_every_call_of_a_program_asks_are() -> None:
    assert SEE_ISSUED_INVOICE in BY_KEYS
    assert {"SEND_INVOICES", "BEGIN_INVOICE", "SEND_INVOICE", "SEE_RECEIVED_INVOICE"} <= {row.name for row in BY_KEYS}
