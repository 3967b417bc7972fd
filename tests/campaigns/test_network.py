"""The cables of the campaigns are cables: what is pulled out hears nothing, and is told nothing."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.campaigns.network import Machine, missing, network

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
_PATIENCE = 0.2  # of whoever calls a machine that cannot answer


def _hears(caller: Machine, machine: Machine, *, patience: float = 20) -> bool:
    with machine.entered(), socket.create_server((machine.address, 4000)), caller.entered():
        try:
            socket.create_connection((machine.address, 4000), timeout=patience).close()
        except OSError:
            return False
        return True


def test_machines_hear_each_other_unless_a_cable_is_out_or_they_are_parted() -> None:
    with network() as switch:
        web, data, other = (switch.machine(name) for name in ("web", "data", "other"))
        assert _hears(web, data)
        switch.pull(data)
        assert not _hears(web, data, patience=_PATIENCE)
        switch.plug(data)
        assert _hears(web, data)
        switch.part(web, data)
        assert not _hears(web, data, patience=_PATIENCE)
        assert not _hears(data, web, patience=_PATIENCE)
        assert _hears(other, data)
        switch.join(web, data)
        assert _hears(data, web)


def test_a_connection_stays_half_open_and_goes_on_once_the_cable_is_back() -> None:
    with network() as switch:
        web, data = switch.machine("web"), switch.machine("data")
        with ExitStack() as sockets:
            with data.entered():
                listener = sockets.enter_context(socket.create_server((data.address, 4000)))
            with web.entered():
                client = sockets.enter_context(socket.create_connection((data.address, 4000), timeout=5))
            server = sockets.enter_context(listener.accept()[0])
            switch.pull(web)
            client.sendall(b"lost?")
            server.settimeout(_PATIENCE)
            with pytest.raises(TimeoutError):
                server.recv(5)
            switch.plug(web)
            server.settimeout(10)
            assert server.recv(5) == b"lost?"


def test_the_network_of_the_computer_is_out_of_reach_meanwhile() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with network(), pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_a_machine_that_was_power_cycled_has_forgotten_what_others_still_believe_in() -> None:
    with network() as switch, ExitStack() as sockets:
        web, data = switch.machine("web"), switch.machine("data")
        with data.entered():
            listener = sockets.enter_context(socket.create_server((data.address, 4000)))
        with web.entered():
            client = sockets.enter_context(socket.create_connection((data.address, 4000), timeout=10))
        switch.pull(data)
        listener.close()
        switch.power_cycle(data)
        client.sendall(b"still there?")
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        assert _hears(web, data)
