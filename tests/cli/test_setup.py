"""Two `plainchant setup` at once: one works, the other waits for it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from plainchant.cli.setup import alone


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_one_setup_at_a_time_has_the_lock(capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []
    asks, has_waited = threading.Event(), threading.Event()

    def second() -> None:
        asks.set()
        with alone():
            order.append("second")
        connection.close()

    other = threading.Thread(target=second)
    with alone():
        other.start()
        asks.wait(10)
        while "waiting for it" not in capsys.readouterr().err:
            has_waited.wait(0.01)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
