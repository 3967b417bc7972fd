"""A server is hung when it has answered before and leaves question after question without an answer; never earlier."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainchant.cli.probe import LivenessProbe
from plainchant.cli.supervisor import Supervisor
from tests.cli.test_supervisor import numbers, until

PATIENCE = 10.0  # of instants that are given: nobody waits for them here


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def probe(server: socket.socket) -> Iterator[LivenessProbe]:
    probe = LivenessProbe(*server.getsockname(), patience=PATIENCE, most_unanswered=3)
    yield probe
    probe.hang_up()


def answer(server: socket.socket, probe: LivenessProbe, *, at: float) -> None:
    """The server answers the question that was asked."""
    assert not probe.finds_it_hung(at=at)  # sent by now
    caller, _ = server.accept()
    with caller:
        assert caller.recv(100).startswith(b"GET /health HTTP/1.1\r\n")
        caller.sendall(b"HTTP/1.1 503 Later\r\n\r\n")
    assert not probe.finds_it_hung(at=at)


def test_a_server_that_has_answered_and_then_says_nothing_is_hung_after_so_many_questions(
    server: socket.socket, probe: LivenessProbe
) -> None:
    assert not probe.finds_it_hung(at=10)  # asks
    answer(server, probe, at=10)
    found = [probe.finds_it_hung(at=at) for at in (20, 30, 40, 49, 50)]
    assert found == [False, False, False, False, True]


def test_an_answer_in_between_begins_the_count_again(server: socket.socket, probe: LivenessProbe) -> None:
    probe.finds_it_hung(at=10)
    answer(server, probe, at=10)
    assert not any(probe.finds_it_hung(at=at) for at in (20, 30, 40))
    for _ in range(2):
        server.accept()[0].close()  # questions that were left
    answer(server, probe, at=41)
    assert not any(probe.finds_it_hung(at=at) for at in (51, 61, 71, 80))
    assert probe.finds_it_hung(at=81)


def test_before_its_first_answer_a_server_has_all_the_time_it_takes(probe: LivenessProbe) -> None:
    assert not any(probe.finds_it_hung(at=at) for at in range(10, 10_000, 10))


def test_one_that_was_started_again_owes_no_answer(server: socket.socket, probe: LivenessProbe) -> None:
    probe.finds_it_hung(at=10)
    answer(server, probe, at=10)
    assert not any(probe.finds_it_hung(at=at) for at in (20, 30, 40))
    probe.begin(at=45)
    assert not any(probe.finds_it_hung(at=at) for at in range(50, 1_000, 10))


def test_a_machine_that_was_paused_gets_its_time(server: socket.socket, probe: LivenessProbe) -> None:
    probe.finds_it_hung(at=10)
    answer(server, probe, at=10)
    probe.finds_it_hung(at=20)
    assert not probe.finds_it_hung(at=10_000)


def test_a_server_that_hangs_is_ended_and_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SIGSTOP: its port takes calls, and nobody answers them."""
    place = tmp_path / "numbers"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "import http.server as h\n"
        "class Health(h.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200); self.end_headers()\n"
        f"server = h.HTTPServer(('127.0.0.1', {port}), Health)\n"
        f"import os; print(os.getpid(), file=open({str(place)!r}, 'a'))\n"
        "server.serve_forever()"
    )
    supervisor = Supervisor(first_wait=0.001)
    probe = LivenessProbe("127.0.0.1", port, patience=1.0, most_unanswered=2)
    try:
        supervisor.add("the server", [sys.executable, "-c", code], probe=probe)
        until(lambda: probe.has_answered, lambda: supervisor.wait(0.05))
        os.kill(numbers(place)[0], signal.SIGSTOP)
        until(lambda: len(numbers(place)) == 2, lambda: supervisor.wait(0.05))
        until(lambda: probe.has_answered, lambda: supervisor.wait(0.05))
    finally:
        supervisor.stop()
    assert "the server gives no sign of life: it is ended" in capsys.readouterr().err
