"""Whether a replica keeps up, asked of a real one: streaming, paused, behind, caught up again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper

from plainchant.portal.lib.replica import is_near
from tests.campaigns.cluster import Cluster, cluster

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.long,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres") or not Path("/usr/lib/postgresql").is_dir(),
        reason="two PostgreSQL of one's own",
    ),
]


def _connection(server: Cluster) -> DatabaseWrapper:
    row = environ.Env.db_url_config(server.url)
    defaults = {"CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": None, "AUTOCOMMIT": True, "TIME_ZONE": None}
    made = DatabaseWrapper({**defaults, "ATOMIC_REQUESTS": False, "OPTIONS": {}, **row}, "one")
    made.inc_thread_sharing()
    return made


@pytest.fixture
def servers(django_db_blocker: object) -> Iterator[tuple[DatabaseWrapper, DatabaseWrapper, Cluster]]:
    with cluster() as primary, primary.replica() as replica, django_db_blocker.unblock():  # type: ignore[attr-defined]
        one, other = _connection(primary), _connection(replica)
        yield one, other, replica
        one.close()
        other.close()


def test_a_replica_is_near_until_it_stands_still_and_again_once_it_has_caught_up(
    servers: tuple[DatabaseWrapper, DatabaseWrapper, Cluster],
) -> None:
    primary, copy, server = servers

    def say(database: DatabaseWrapper, statement: str) -> None:
        with database.cursor() as cursor:
            cursor.execute(statement)

    def is_caught_up() -> bool:
        deadline = time.monotonic() + 60
        while not is_near(primary=primary, replica=copy, most_seconds=0):
            if time.monotonic() > deadline:
                return False
        return True

    say(primary, "CREATE TABLE written (n int)")
    assert is_caught_up()
    say(copy, "SELECT pg_wal_replay_pause()")
    say(primary, "INSERT INTO written VALUES (1)")
    # It lacks what has just been written: its last transaction is the measure, and no second old yet.
    assert not is_near(primary=primary, replica=copy, most_seconds=0)
    assert is_near(primary=primary, replica=copy, most_seconds=600)
    say(copy, "SELECT pg_wal_replay_resume()")
    assert is_caught_up()
    server.kill()
    with pytest.raises(OperationalError):
        is_near(primary=primary, replica=copy)
