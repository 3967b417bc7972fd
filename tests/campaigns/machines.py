"""Two web machines, two workers, a database with a pooler and a replica, a store and a proxy, killed one after another.

Run as root: python -m tests.campaigns.machines [--clients 3] [--deposits 8] [--rounds 1] [--seed 1]

The machines are network namespaces (`network`): each process of the portal reaches the others by address only, as on
machines of their own. Depositors come in by the proxy, nginx with the configuration of `packaging/`. While they
deposit, one after another: a web machine loses power, another loses its cable, a worker machine loses power,
the replica is killed, the database is killed and started again; then every machine is upgraded in turn to the next
version, which is this source with one more column. At the end `judge` looks for everything that was acknowledged.

It prints, for each of these, the longest time that nobody was answered, and the longest that one request had to be sent
again before it was. Namespaces do not show what a disk or a kernel that stops does.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psycopg

from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.depositor import Depositor
from tests.campaigns.judge import Tables, is_quiet, judge
from tests.campaigns.network import Machine, Switch, missing, network
from tests.campaigns.outcome import ELSEWHERE_SECONDS, PROCESS_SECONDS, Outcome
from tests.campaigns.pooler import PGBOUNCER, pooler
from tests.campaigns.services import s3, settings_of_s3

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
MOST = 120  # invoices of a flow


def absent() -> str:
    """Why this cannot be played here; nothing if it can."""
    return missing() or next(
        (f"no {name}" for name, path in (("nginx", NGINX), ("pgbouncer", PGBOUNCER)) if not path), ""
    )


@dataclass
class Phase:
    """What visitors saw while something was away."""

    name: str
    begun: float
    seconds: float = 0.0
    away: float = 0.0  # from the blow until what was hit works again, where it is given back within the phase
    unanswered: float = 0.0  # the longest time between two answers that somebody who asks all the time got
    longest: float = 0.0  # the longest that one request of a depositor took, sent again as often as it was refused
    refused: int = 0  # requests that had to be sent again

    def __str__(self) -> str:
        away = f"{self.away:5.1f} s" if self.away else "      –"
        times = f"{self.seconds:6.0f} s {away}   {self.unanswered:5.1f} s   {self.longest:5.1f} s"
        return f"{self.name:34s} {times}   {self.refused:4d}"


@dataclass
class Report:
    outcome: Outcome
    phases: list[Phase] = field(default_factory=list)
    by_version: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        acknowledged, members = self.outcome.acknowledged, self.outcome.members
        count = len(acknowledged.deposits) + len(acknowledged.flows) + members
        versions = ", ".join(f"{name} {number}" for name, number in sorted(self.by_version.items()))
        return "\n".join(
            [
                f"{'':34s} {'took':>8s} {'away':>7s} {'no answer':>9s} {'a request':>9s} {'sent again':>10s}",
                *map(str, self.phases),
                f"acknowledged: {len(acknowledged.deposits)} PDFs, "
                f"{len(acknowledged.flows)} flows of {members} invoices",
                f"invoices written during the upgrade, by version: {versions}",
                f"answers « later » (503): {self.outcome.unavailable}; other 5xx: {len(self.outcome.server_errors)}",
                self._recovery(),
                f"lost, doubled, changed or half there: {len(self.outcome.wrong)} / {count}",
                *self.outcome.server_errors[:10],
                *self.outcome.wrong[:50],
                *self.outcome.gave_up,
            ]
        )

    def _recovery(self) -> str:
        """How long nobody was answered at most, a machine of the portal or the database being away."""
        parts = []
        for most, is_of_the_database in ((PROCESS_SECONDS, False), (ELSEWHERE_SECONDS, True)):
            worst = max((row.unanswered for row in self.phases if bool(row.away) == is_of_the_database), default=0.0)
            kind = "the database" if is_of_the_database else "a machine"
            reached = "reached" if worst <= most else "missed"
            parts.append(f"{kind}: worst {worst:.1f} s without an answer, goal {most:.0f} s: {reached}")
        return "recovery of " + "; ".join(parts)


# -- The machines ------------------------------------------------------------------------------------------------


class Node:
    """A machine that runs one command of the portal, of the version whose source it has."""

    def __init__(self, machine: Machine, command: str, folder: Path, environment: dict[str, str]) -> None:
        self.machine, self.command, self.folder = machine, command, folder
        self.environment = {**environment, "PLAINCHANT_DATA": str(folder), "PLAINCHANT_HOST": machine.address}
        self.source = ROOT / "src"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.machine.inside, sys.executable, "-m", "plainchant.cli", self.command],
                env={**self.environment, "PYTHONPATH": str(self.source)},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self.command == "run":
            self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://{self.machine.address}:8000/ready", timeout=10) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"{self.machine.name} did not come up:\n" + (self.folder / "log").read_text()[-4000:])

    def setup(self) -> None:
        command = [*self.machine.inside, sys.executable, "-m", "plainchant.cli", "setup"]
        with (self.folder / "log").open("ab") as log:
            environment = {**self.environment, "PYTHONPATH": str(self.source)}
            subprocess.run(command, env=environment, cwd=self.folder, stdout=log, stderr=log, check=True)

    def stop(self) -> None:
        """As an operator does."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=120)

    def lose_power(self) -> None:
        lose_power(self.machine)
        if self.process is not None:
            self.process.wait()


def lose_power(machine: Machine) -> None:
    """SIGKILL for every process that runs there. Readers, whose network is none, end with those that started them."""
    there = os.fstat(machine.namespace)
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.path.samestat(os.stat(place / "ns" / "net"), there):  # noqa: PTH116 - a link to no path
                os.kill(int(place.name), signal.SIGKILL)


@dataclass
class Portal:
    """All of it. ``address`` is the proxy's."""

    switch: Switch
    folder: Path
    database: Cluster
    data: Machine
    replica: Cluster
    documents: Callable[[], Path]
    address: str
    web: list[Node]
    workers: list[Node]

    @property
    def nodes(self) -> list[Node]:
        return [*self.workers, *self.web]


@contextmanager
def portal() -> Iterator[Portal]:
    with ExitStack() as left:
        folder = Path(tempfile.mkdtemp(prefix="plainchant-machines-"))
        left.callback(shutil.rmtree, folder, ignore_errors=True)
        switch = left.enter_context(network())
        names = ("proxy", "web1", "web2", "work1", "work2", "data", "copy", "pool", "store")
        machines = {name: switch.machine(name) for name in names}
        for machine in machines.values():
            left.callback(lose_power, machine)
        database = left.enter_context(_server(machines["data"]))
        replica = left.enter_context(_server(machines["copy"], copy_of=database.url))
        inside = {"address": machines["pool"].address, "port": 6432, "inside": machines["pool"].inside}
        pages = left.enter_context(pooler(database.url, sessions=20, **inside))  # type: ignore[arg-type]
        store = machines["store"]
        port, documents = left.enter_context(s3(host=store.address, inside=store.inside))
        address = f"http://{machines['proxy'].address}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "DATABASE_URL": database.url,
            **settings_of_s3(host=store.address, port=port),
            "PLAINCHANT_URL": address,
            "PLAINCHANT_LOG_LEVEL": "WARNING",
        }
        nodes = {}
        for name in ("web1", "web2", "work1", "work2"):
            (folder / name).mkdir()
            nodes[name] = Node(machines[name], "run" if "web" in name else "worker", folder / name, environment)
        for name in ("web1", "web2"):
            nodes[name].environment |= {
                "PLAINCHANT_HOSTS": f"{machines['proxy'].address},{machines[name].address}",
                "PLAINCHANT_TRUSTED_PROXIES": "1",
                "PLAINCHANT_POOLER_URL": pages,
                "PLAINCHANT_REPLICA_URL": replica.url,
            }
        left.enter_context(_proxy(machines["proxy"], [machines["web1"], machines["web2"]], folder))
        made = Portal(
            switch=switch,
            folder=folder,
            database=database,
            data=machines["data"],
            replica=replica,
            documents=documents,
            address=address,
            web=[nodes["web1"], nodes["web2"]],
            workers=[nodes["work1"], nodes["work2"]],
        )
        for node in [*made.web, *made.workers]:
            node.start()
        yield made


def _server(machine: Machine, *, copy_of: str = "") -> AbstractContextManager[Cluster]:
    return cluster(host=machine.address, inside=machine.inside, copy_of=copy_of)


@contextmanager
def _proxy(machine: Machine, webs: list[Machine], folder: Path) -> Iterator[None]:
    """nginx as `packaging/` has it, but for TLS."""
    shipped = (ROOT / "packaging" / "nginx.conf").read_text(encoding="utf-8")
    plain = re.sub(r"server \{\s*listen 80;.*?\n\}\n", "", shipped, flags=re.DOTALL)
    plain = re.sub(r"listen 443 [^;]*;", "listen 80;", re.sub(r"\n +ssl_\w+ [^\n]*", "", plain))
    plain = re.sub(r"access_log [^;]*;", "access_log off;", plain)
    servers = " ".join(f"server {web.address}:8000 fail_timeout=3s;" for web in webs)
    plain = plain.replace("server web:8000;", servers)
    assert servers in plain
    temporary = "".join(
        f"{name}_temp_path {folder}/nginx-{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    place = folder / "nginx.conf"
    place.write_text(
        f"user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off;\n"
        f"events {{}}\nhttp {{ {temporary}\n{plain}\n}}\n"
    )
    for name, value in _PATIENCE.items():
        subprocess.run([*machine.inside, "sysctl", "-q", "-w", f"{name}={value}"], check=True)
    process = subprocess.Popen([*machine.inside, str(NGINX), "-c", str(place)], start_new_session=True)
    try:
        _wait_for(f"http://{machine.address}")
        yield
    finally:
        process.terminate()
        process.wait()


# Of the proxy's kernel, when a machine no longer says anything: docs/operating.md.
_PATIENCE = {
    "net.ipv4.tcp_retries2": 5,
    "net.ipv4.tcp_keepalive_time": 5,
    "net.ipv4.tcp_keepalive_intvl": 2,
    "net.ipv4.tcp_keepalive_probes": 3,
}


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")


# -- The next version --------------------------------------------------------------------------------------------

_MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "{last}")]
    operations = [
        migrations.AddField(
            "invoice", "written_by", models.CharField(max_length=10, default="next", db_default="this", editable=False)
        )
    ]
"""


def next_version(folder: Path) -> Path:
    """This source with one more column, which says which version wrote a row; the path to import it from."""
    source = folder / "next"
    shutil.copytree(ROOT / "src", source)  # with what is compiled: nine machines would do it again on two cores
    app = source / "plainchant" / "portal" / "invoices"
    last = max(path.stem for path in (app / "migrations").glob("0*.py"))
    (app / "migrations" / f"{int(last[:4]) + 1:04d}_written_by.py").write_text(_MIGRATION.format(last=last))
    models = (app / "models.py").read_text(encoding="utf-8")
    column = '    written_by = models.CharField(max_length=10, default="next", db_default="this", editable=False)\n'
    anchor = "    status = models.CharField(max_length=28"
    assert models.count(anchor) == 1
    (app / "models.py").write_text(models.replace(anchor, column + anchor), encoding="utf-8")
    return source


# -- The campaign ------------------------------------------------------------------------------------------------


class Watch(threading.Thread):
    """Somebody who asks for a page of the database all the time, and notes when an answer came."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address = f"{address}/annuaire/?q=mairie"
        self.answers: list[float] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            with contextlib.suppress(OSError), urllib.request.urlopen(self.address, timeout=3) as answer:
                if answer.status == 200:
                    self.answers.append(time.monotonic())
            time.sleep(0.05)

    def longest_gap(self, since: float, until: float) -> float:
        times = [since, *(at for at in list(self.answers) if since < at < until), until]
        return max(after - before for before, after in pairwise(times))


class Campaign:
    def __init__(self, portal: Portal, *, seed: int, clients: int, deposits: int, rounds: int) -> None:
        self.portal, self.deposits, self.rounds = portal, deposits, rounds
        self.report = Report(Outcome(seed=seed))
        self.watch = Watch(portal.address)
        self.people = [
            Depositor(n, portal.address, self.report.outcome, random.Random(f"{seed}-{n}"), MOST)
            for n in range(clients)
        ]

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        """Begun when it is entered; over when ``deposits`` more have been acknowledged afterwards."""
        phase = Phase(name, time.monotonic())
        yield phase
        self.deposit()
        over = time.monotonic()
        phase.seconds = over - phase.begun
        phase.unanswered = self.watch.longest_gap(phase.begun, over)
        # A request that was under way at the blow counts too.
        for person in self.people:
            for at, seconds, tries in list(person.visitor.answers):
                if at + seconds > phase.begun and at < over:
                    phase.longest = max(phase.longest, seconds)
                    phase.refused += tries > 1
        self.report.phases.append(phase)
        sys.stderr.write(f"{phase}\n")

    def _acknowledged(self) -> int:
        acknowledged = self.report.outcome.acknowledged
        return len(acknowledged.deposits) + len(acknowledged.flows)

    def deposit(self) -> None:
        enough = self._acknowledged() + self.deposits
        deadline = time.monotonic() + 300
        while self._acknowledged() < enough:
            if time.monotonic() > deadline or not any(person.is_alive() for person in self.people):
                raise RuntimeError("nobody can deposit any more: " + "; ".join(one.failure for one in self.people))
            time.sleep(0.05)

    def run(self) -> Report:
        self.watch.start()
        for person in self.people:
            person.start()
        self.deposit()
        with self.phase("nothing is away"):
            pass
        for _ in range(self.rounds):
            self._blows()
        self._upgrade()
        for person in self.people:
            person.is_over.set()
        for person in self.people:
            person.join(timeout=300)
            if person.failure or person.is_alive():
                self.report.outcome.gave_up.append(f"{person.name}: {person.failure or 'never came back'}")
        self.watch.is_over.set()
        self._judge()
        return self.report

    def _blows(self) -> None:
        portal = self.portal
        first, second = portal.web
        with self.phase("a web machine loses power"):
            first.lose_power()
        first.start()
        with self.phase("a web machine's cable is pulled"):
            portal.switch.pull(second.machine)
        portal.switch.plug(second.machine)
        with self.phase("a worker machine loses power"):
            portal.workers[0].lose_power()
        portal.workers[0].start()
        with self.phase("the replica is killed"):
            portal.replica.kill()
        portal.replica.start()
        with self.phase("the database is killed") as phase, _away(phase):
            portal.database.kill()
            portal.database.start()
        with self.phase("the database's cable is out for 5 s") as phase, _away(phase):
            portal.switch.pull(portal.data)
            time.sleep(5)
            portal.switch.plug(portal.data)

    def _upgrade(self) -> None:
        source = next_version(self.portal.folder)
        with psycopg.connect(self.portal.database.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE campaign AS SELECT max(id) AS last FROM invoices_invoice")
        workers, webs = self.portal.workers, self.portal.web
        workers[0].source = source
        with self.phase("upgrade: tables"):
            workers[0].setup()
        with self.phase("upgrade: this version starts again"):  # on the tables of the next
            webs[0].lose_power()
            webs[0].start()
        for node in [*workers, *webs]:
            with self.phase(f"upgrade: {node.machine.name}"):
                node.stop()
                node.source = source
                node.start()

    def _judge(self) -> None:
        outcome = self.report.outcome
        with Tables(self.portal.database.url) as tables:
            deadline = time.monotonic() + 400  # the sweep asks again after two minutes for what a dead worker had
            while not is_quiet(tables) and time.monotonic() < deadline:
                time.sleep(1)
            outcome.wrong += judge(tables, self.portal.documents(), outcome.acknowledged)
            written = (
                "SELECT written_by, count(*) FROM invoices_invoice WHERE id > (SELECT last FROM campaign) GROUP BY 1"
            )
            self.report.by_version = dict(tables.rows(written))


@contextmanager
def _away(phase: Phase) -> Iterator[None]:
    begun = time.monotonic()
    yield
    phase.away = time.monotonic() - begun


def campaign(*, seed: int, clients: int, deposits: int, rounds: int = 1) -> Report:
    """Raises RuntimeError where something does not come up or nobody can deposit any more."""
    with portal() as machines:
        return Campaign(machines, seed=seed, clients=clients, deposits=deposits, rounds=rounds).run()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=3)
    asked.add_argument("--deposits", type=int, default=8, help="acknowledged in each phase, at least")
    asked.add_argument("--rounds", type=int, default=1, help="times that everything is killed before the upgrade")
    asked.add_argument("--seed", type=int, default=20261129)
    chosen = asked.parse_args()
    why = absent()
    if why:
        sys.stderr.write(f"cannot be played here: {why}\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    report = campaign(seed=chosen.seed, clients=chosen.clients, deposits=chosen.deposits, rounds=chosen.rounds)
    sys.stdout.write(f"{report}\n")
    return 1 if report.outcome.wrong or report.outcome.gave_up else 0


if __name__ == "__main__":
    sys.exit(main())
