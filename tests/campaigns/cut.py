"""Cut the network between the machines of a portal while people deposit; then the judge speaks.

Run: python -m tests.campaigns.cut [--rounds 100] [--seed 1]                                           (root alone)

Four machines, see `network`: one serves pages and runs a worker, one is a worker alone, one has PostgreSQL, one the
documents (moto's S3). For up to six seconds a machine's cable is out, or two machines do not hear each other; or a
machine comes back without a memory of its connections, which others still believe in. What was sent meanwhile is not
refused: it is lost without a word.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.campaigns.cluster import cluster
from tests.campaigns.crash import database_of_its_own, folder_of_its_own
from tests.campaigns.network import Machine, Switch, missing, network
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import Scene, command
from tests.campaigns.services import s3, settings_of_s3


@contextmanager
def cut_networks() -> Iterator[Scene]:
    with contextlib.ExitStack() as stack:
        switch = stack.enter_context(network())
        web, worker, data, store = (switch.machine(name) for name in ("web", "worker", "data", "store"))
        server = stack.enter_context(cluster(host=data.address, inside=data.inside))
        folder = stack.enter_context(folder_of_its_own())
        database = stack.enter_context(database_of_its_own(server.url))
        port, documents = stack.enter_context(s3(host=store.address, inside=store.inside))
        portal = Portal(
            folder,
            database,
            host=web.address,
            inside=web.inside,
            inside_second=worker.inside,
            settings=settings_of_s3(host=store.address, port=port),
        )
        faults: dict[str, Callable[[random.Random], None]] = {}
        for machine in (web, worker, data, store):
            faults[f"{machine.name}: cable out"] = _pulled(switch, machine)
        for one_machine, other in ((web, data), (web, store), (worker, data), (worker, store)):
            faults[f"{one_machine.name} and {other.name} parted"] = _parted(switch, one_machine, other)

        def data_forgets(rng: random.Random) -> None:
            switch.pull(data)
            server.kill()
            switch.power_cycle(data)
            server.start()

        def worker_forgets(rng: random.Random) -> None:
            switch.pull(worker)
            portal.kill("second worker")
            switch.power_cycle(worker)

        def web_forgets(rng: random.Random) -> None:
            switch.pull(web)
            portal.kill("everything")
            switch.power_cycle(web)

        for forgets in (data_forgets, worker_forgets, web_forgets):
            faults[f"{forgets.__name__.partition('_')[0]}: power cycled"] = forgets
        yield Scene(portal, faults, documents=documents)


def _pulled(switch: Switch, machine: Machine) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        switch.pull(machine)
        time.sleep(rng.uniform(0.5, 6))
        switch.plug(machine)

    return strike


def _parted(switch: Switch, machine: Machine, other: Machine) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        switch.part(machine, other)
        time.sleep(rng.uniform(0.5, 6))
        switch.join(machine, other)

    return strike


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    if reason := missing():
        sys.exit(f"skipped: {reason}")
    with cut_networks() as scene:
        yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen))
