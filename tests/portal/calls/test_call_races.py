"""Two calls of one key at once: one is done, the other waits for it and is answered alike."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, connections

from plainchant.portal.calls.operations import do_once
from tests.making import a_member, a_program, a_structure

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]


def test_of_two_at_once_the_second_waits_for_the_first(at: datetime) -> None:
    assert connection.vendor == "postgresql"
    structure = a_structure(at=at)
    a_member(structure=structure, at=at, is_manager=True)
    account, _ = a_program(structure=structure, at=at)
    together, runs = threading.Barrier(2), []

    def run() -> str:
        runs.append(1)
        return "fait"

    def call(_: int) -> tuple[str, bool]:
        try:
            together.wait(10)
            return do_once(account=account, key="k", fingerprint="f", files=0, run=run, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(call, range(2))) == [("fait", False), ("fait", True)]
    assert len(runs) == 1
