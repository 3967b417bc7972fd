"""Machines on one switch, in this kernel: network namespaces whose cables can be pulled out.

    with network() as switch:
        web, data = switch.machine("web"), switch.machine("data")
        subprocess.Popen([*web.inside, "granian", "--host", web.address, …])
        with data.entered():
            socket.create_server((data.address, 5432))  # a socket belongs to where it was made
        switch.pull(web)        # nothing reaches it any more, and nothing is told: connections stay half open
        switch.plug(web)
        switch.part(web, data)  # these two no longer hear each other, everybody else hears both
        switch.join(web, data)
        switch.power_cycle(data)  # it forgets its connections; the others still believe in them

Inside of ``with network()`` the thread, and every thread and process that it starts, are in a namespace of their own:
the machines are reached by their ``address``, the network of the computer is not. All of it is gone with the process
that made it, even if that is killed. Needs root, `ip`, `nsenter` and `iptables`; `missing()` says what is not there.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

_CLONE_NEWNET = 0x40000000
_OURS = "/proc/thread-self/ns/net"
_libc = ctypes.CDLL(None, use_errno=True)


def missing() -> str:
    """Why there can be no machines here, as a sentence; nothing if there can."""
    if os.geteuid() != 0:
        return "network namespaces are made by root alone"
    absent = [name for name in ("ip", "nsenter", "iptables") if shutil.which(name) is None]
    return f"{', '.join(absent)} not found (apt install iproute2 util-linux iptables)" if absent else ""


@dataclass(frozen=True)
class Machine:
    """``inside`` goes before a command, which then runs on this machine, in the same process."""

    name: str
    address: str
    inside: tuple[str, ...]
    namespace: int  # a descriptor

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What this thread does with sockets happens on the machine, and so do the threads and processes it starts."""
        with _come_back():
            _enter(self.namespace)
            yield


class Switch:
    """Made by `network`. Machines are numbered from 2; 1 is whoever made the switch."""

    def __init__(self, cleanup: ExitStack) -> None:
        self._cleanup = cleanup
        self._machines: list[Machine] = []
        self.address = "10.99.0.1"
        _ip("link", "set", "lo", "up")
        _ip("link", "add", "switch", "type", "bridge")
        _ip("address", "add", f"{self.address}/24", "dev", "switch")
        _ip("link", "set", "switch", "up")

    def machine(self, name: str) -> Machine:
        """One more machine; ``name`` has at most ten letters."""
        namespace = _new_namespace()
        self._cleanup.callback(os.close, namespace)
        inside = ("nsenter", f"--net=/proc/{os.getpid()}/fd/{namespace}", "--")
        made = Machine(name, f"10.99.0.{len(self._machines) + 2}", inside, namespace)
        self._machines.append(made)
        self._connect(made)
        return made

    def power_cycle(self, machine: Machine) -> None:
        """The machine is there again, without a memory of its connections. Kill what runs on it first."""
        _ip("link", "delete", f"to-{machine.name}")
        namespace = _new_namespace()
        os.dup2(namespace, machine.namespace, inheritable=False)
        os.close(namespace)
        self._connect(machine)

    @staticmethod
    def _connect(machine: Machine) -> None:
        port, place = f"to-{machine.name}", machine.inside[1].removeprefix("--net=")
        _ip("link", "add", port, "type", "veth", "peer", "name", "cable", "netns", place)
        _ip("link", "set", port, "master", "switch", "up")
        last = int(machine.address.rpartition(".")[2])
        with machine.entered():
            _ip("link", "set", "lo", "up")
            _ip("link", "set", "cable", "address", f"02:00:00:00:00:{last:02x}")
            _ip("address", "add", f"{machine.address}/24", "dev", "cable")
            _ip("link", "set", "cable", "up")

    def pull(self, machine: Machine) -> None:
        _ip("link", "set", f"to-{machine.name}", "down")

    def plug(self, machine: Machine) -> None:
        _ip("link", "set", f"to-{machine.name}", "up")

    def part(self, one: Machine, other: Machine) -> None:
        self._deafen("-A", one, other)

    def join(self, one: Machine, other: Machine) -> None:
        self._deafen("-D", one, other)

    @staticmethod
    def _deafen(change: str, one: Machine, other: Machine) -> None:
        # What arrives is dropped: a sender whose packet is refused on its own machine would be told so.
        for hearer, speaker in ((one, other), (other, one)):
            with hearer.entered():
                _run("iptables", "-w", change, "INPUT", "-s", speaker.address, "-j", "DROP")


@contextmanager
def network() -> Iterator[Switch]:
    """A switch without machines. Raises OSError where `missing` says something."""
    with ExitStack() as cleanup, _come_back():
        _check(_libc.unshare(_CLONE_NEWNET))
        yield Switch(cleanup)


def _new_namespace() -> int:
    with _come_back():
        _check(_libc.unshare(_CLONE_NEWNET))
        return os.open(_OURS, os.O_RDONLY | os.O_CLOEXEC)


@contextmanager
def _come_back() -> Iterator[None]:
    before = os.open(_OURS, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        _enter(before)
        os.close(before)


def _enter(namespace: int) -> None:
    _check(_libc.setns(namespace, _CLONE_NEWNET))


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
