"""Lists are read from the replica while it keeps up, and nobody misses what they have just done.

Here one PostgreSQL plays both: the second connection only reads, as a replica does. A real one streams in
`tests/campaigns/test_streaming_replica.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.lib import replica
from plainchant.web.routes import HAS_JUST_WRITTEN
from tests.making import a_draft, a_member, a_structure, a_town

ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
pytestmark = [
    # Two connections: one sees what the other has committed.
    pytest.mark.django_db(transaction=True, databases=["default", replica.REPLICA]),
    pytest.mark.skipif(not ON_POSTGRESQL, reason="a replica of PostgreSQL"),
]


@pytest.fixture(scope="module", autouse=True)
def _two_databases(django_db_setup: None) -> Iterator[None]:
    row = connections.databases["default"]
    connections.databases[replica.REPLICA] = {
        **row,
        "OPTIONS": {"options": "-c default_transaction_read_only=on"},
        "TEST": {**row["TEST"], "MIRROR": "default"},  # what one test leaves is swept away on the other side
    }
    yield
    del connections.databases[replica.REPLICA]


@pytest.fixture
def copy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(replica, "_look", replica._Look())
    settings.DATABASE_ROUTERS = ["plainchant.portal.lib.replica.Router"]
    yield connections[replica.REPLICA]
    connections[replica.REPLICA].close()
    del connections[replica.REPLICA]


@pytest.fixture
def visitor(at: datetime) -> Client:
    """A supplier's person, who has a draft BR-1."""
    seller = a_structure(at=at)
    user = a_member(structure=seller, at=at)
    a_draft(seller=seller, user=user, at=at, buyer=a_town(at=at), number="BR-1")
    client = Client()
    client.force_login(user)
    return client


def _asked(visitor: Client, address: str, copy: Any, *words: str) -> tuple[int, int]:
    """How many questions about ``words`` the two answered for a page: the primary, the replica."""
    with CaptureQueriesContext(connection) as primary, CaptureQueriesContext(copy) as other:
        assert visitor.get(address).status_code == 200
    counts = [sum(all(word in row["sql"] for word in words) for row in seen) for seen in (primary, other)]
    return counts[0], counts[1]


def test_lists_and_searches_are_read_from_the_replica_and_nothing_else_is(visitor: Client, copy: Any) -> None:
    for address, table, by_replica in (
        ("/factures/", "invoices_invoice", True),
        ("/factures/", "accounts_login", False),
        ("/annuaire/?q=mairie", "directory_", True),
        ("/saisir/", "structures_structure", False),
    ):
        primary, other = _asked(visitor, address, copy, table)
        assert (primary == 0, other > 0) == (by_replica, by_replica), (address, table, primary, other)


def test_who_has_just_written_reads_the_primary_until_the_replica_cannot_lack_it(visitor: Client, copy: Any) -> None:
    visitor.post("/pieces/ajouter/", {})
    written = visitor.cookies[HAS_JUST_WRITTEN]
    assert written["max-age"] == replica.OWN_WRITES_SECONDS
    assert written["httponly"]
    primary, other = _asked(visitor, "/factures/", copy, "invoices_invoice")
    assert primary > 0
    assert other == 0
    del visitor.cookies[HAS_JUST_WRITTEN]  # as the browser does after so many seconds
    assert _asked(visitor, "/factures/", copy, "invoices_invoice")[1] > 0


def test_without_a_replica_no_cookie_is_set(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(connections.databases, replica.REPLICA)
    visitor.post("/pieces/ajouter/", {})
    assert HAS_JUST_WRITTEN not in visitor.cookies


def test_a_replica_that_is_away_costs_nobody_a_page(visitor: Client, copy: Any) -> None:
    copy.settings_dict = {**copy.settings_dict, "PORT": "1"}
    with CaptureQueriesContext(connection) as primary:
        page_read = visitor.get("/factures/")
    assert b"BR-1" in page_read.content
    assert any("invoices_invoice" in row["sql"] for row in primary)


def test_a_replica_that_breaks_off_within_a_page_costs_nobody_a_page(visitor: Client, copy: Any) -> None:
    assert b"BR-1" in visitor.get("/factures/").content

    def break_off(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "invoices_invoice" in sql:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [copy.connection.info.backend_pid])
        return execute(sql, params, many, context)

    with copy.execute_wrapper(break_off):
        page_read = visitor.get("/factures/")
    assert page_read.status_code == 200
    assert b"BR-1" in page_read.content
    # Left alone for a while: the next page does not try it.
    assert _asked(visitor, "/factures/", copy, "invoices_invoice")[1] == 0
